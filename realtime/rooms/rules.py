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


#: Those who listen unseen have the numbers after this one.
UNSEEN = 1_000


def seat_for(role: str, seats: Collection[str], *, alone: bool, silent: bool = False) -> str:
    """The name of a new seat, beside these, of those who left too.

    A silent member is numbered apart, so that no number is missing among those who are seen.

    >>> seat_for("aide", ["elle", "aide-1"], alone=False)
    'aide-2'
    >>> seat_for("elle", [], alone=True)
    'elle'
    >>> seat_for("aide", ["elle", "aide-1"], alone=False, silent=True)
    'aide-1002'
    >>> seat_for("aide", ["elle", "aide-1", "aide-1002"], alone=False)
    'aide-2'
    """
    if silent:
        return f"{role}-{UNSEEN + len(seats)}"
    taken = sum(it.partition("-")[0] == role and not is_unseen(it) for it in seats)
    # The only one of a role: a number after it would say nothing.
    return role if alone and not taken else f"{role}-{taken + 1}"


def is_unseen(seat: str) -> bool:
    """Whether it is the seat of somebody who has not been seen under that name."""
    number = seat.rpartition("-")[2]
    return number.isdecimal() and int(number) >= UNSEEN


def may_edit(of: str, *, last: str | None, last_at: datetime | None, now: datetime) -> bool:
    """Whether a message is somebody's last one, and young enough to be changed."""
    return of == last and last_at is not None and now - last_at <= EDIT_FOR
