"""Nothing to tidy up after shelter."""

revision, down_revision = "post_0004", "pre_0004"


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
