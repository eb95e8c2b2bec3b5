"""The numbers of needs, in one table, and what follows from them. Pure."""

from datetime import datetime, timedelta

from matching.shelter.night import begins, night_of
from matching.shelter.values import Hold, Night
from realtime.kernel.ids import PersonId

#: Needs that one person may ask for in a day: herself, or for others.
OWN_MOST, OTHERS_MOST = 5, 100
ASKED_IN = timedelta(hours=24)
#: What the board shows at most, the oldest first.
BOARD_NEEDS, BOARD_HOTELS, BOARD_ALARMS, BOARD_FOLLOWUPS = 500, 1_000, 100, 200
#: What a worker is shown of her own: as many as she may ask for in two days.
MINE_NEEDS, MINE_FOLLOWUPS = 2 * OTHERS_MOST, 200
#: Alarms are kept so long, and addresses opened.
ALARMS_KEPT, REVEALS_KEPT = timedelta(days=30), timedelta(days=1)
#: A worker is asked to call in the morning, at this hour after the night is over (06:00).
MORNING = timedelta(hours=3)
#: A hotel that does not exist is offered after so many real ones.
BAIT_AFTER = 3
#: Options show so many rooms at most, then ``3+``.
MANY = 3


def night_wanted(first: Night, now: datetime) -> Night:
    """The night a room is looked for: when the first one asked for is over, tonight."""
    return max(first, night_of(now))


def gives_up(first: Night, now: datetime) -> datetime:
    """When nobody can be given that night any more: it is over."""
    return begins(night_wanted(first, now) + timedelta(days=1))


def asked_after(first: Night, day: int) -> datetime:
    """When somebody is to ask how she is, that many days after the night she came."""
    return begins(first + timedelta(days=day)) + MORNING


def second_person(hold: Hold, asker: PersonId | None, person: PersonId) -> bool:
    """Whether somebody may agree to a long stay: she neither asked for it nor took the room."""
    return person not in (hold.by, asker)


def how_many(free: int) -> str:
    """Rooms like this one, as far as it is anybody's business.

    >>> how_many(2), how_many(40)
    ('2', '3+')
    """
    return str(free) if free < MANY else f"{MANY}+"


def whole_km(metres: float) -> int:
    """Whole kilometres, at least one: cells are no finer.

    >>> whole_km(0), whole_km(2_600)
    (1, 3)
    """
    return max(1, round(metres / 1_000))
