"""Nothing to tidy up after accounts and shelter."""

revision, down_revision = "post_0003", "pre_0003"


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
