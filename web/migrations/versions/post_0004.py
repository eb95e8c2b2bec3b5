"""What programs of before left unsaid, said."""

from web.migrations.rooms import name_staff

revision, down_revision = "post_0004", "pre_0004"


def upgrade() -> None:
    name_staff()


def downgrade() -> None:
    """Nothing."""
