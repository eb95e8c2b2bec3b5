"""Nothing to tidy up after the accounts."""

revision, down_revision = "post_0003", "pre_0003"


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
