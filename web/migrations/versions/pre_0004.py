"""Rooms with staff, silent members, pictures and a draft; the helpline and its tools."""

from web.migrations.line import drop_line, make_line
from web.migrations.rooms import drop_rooms, make_rooms
from web.migrations.tools import drop_tools, make_tools

revision, down_revision = "pre_0004", "post_0003"


def upgrade() -> None:
    make_rooms()
    make_line()
    make_tools()


def downgrade() -> None:
    """What each part loses is said in its own file."""
    drop_tools()
    drop_line()
    drop_rooms()
