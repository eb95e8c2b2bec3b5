"""Nothing to tidy up after the first tables."""

revision, down_revision = "post_0001", "pre_0001"


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
