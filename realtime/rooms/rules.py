"""Every number of a room, and what is decided by them. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

#: Publications in a snapshot; older ones are read by pages of the channel's history.
PAGE = 50
#: Notes in a snapshot.
NOTES = 200
#: For so long may one's last message still be changed.
EDIT_FOR = timedelta(minutes=5)
#: A colleague who writes keeps the others from answering for so long, unless it is asked again.
DRAFT_FOR = timedelta(seconds=15)
#: Pictures in one room, and bytes of all of them as they are kept.
MOST_PICTURES = 60
MOST_PICTURE_BYTES = 40 * 1024 * 1024


def seat_for(role: str, roles: Collection[str], *, alone: bool) -> str:
    """The name of a new seat, among members of these roles, those who left included.

    >>> seat_for("aide", ["elle", "aide"], alone=False)
    'aide-2'
    >>> seat_for("elle", [], alone=True)
    'elle'
    """
    taken = sum(it == role for it in roles)
    # The only one of a role: a number after it would say nothing.
    return role if alone and not taken else f"{role}-{taken + 1}"


def may_edit(of: str, *, last: str | None, last_at: datetime | None, now: datetime) -> bool:
    """Whether a message is somebody's last one, and young enough to be changed."""
    return of == last and last_at is not None and now - last_at <= EDIT_FOR
