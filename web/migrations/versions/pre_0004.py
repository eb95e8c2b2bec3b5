"""Rooms with staff of their own, silent members, pictures and a draft."""

from web.migrations.rooms import drop_rooms, make_rooms

revision, down_revision = "pre_0004", "post_0003"


def upgrade() -> None:
    make_rooms()


def downgrade() -> None:
    """What each part loses is said in its own file."""
    drop_rooms()
