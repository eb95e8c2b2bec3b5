"""Nothing is taken away: programs of before need all that they had."""

revision, down_revision = "post_0005", "pre_0005"


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
