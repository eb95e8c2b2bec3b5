"""Rooms with staff of their own, silent members, pictures and a draft; the helpline."""

from web.migrations.line import drop_line, make_line
from web.migrations.rooms import drop_rooms, make_rooms

revision, down_revision = "pre_0004", "post_0003"


def upgrade() -> None:
    make_rooms()
    make_line()


def downgrade() -> None:
    """What each part loses is said in its own file."""
    drop_line()
    drop_rooms()
