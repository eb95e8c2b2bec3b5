"""What a need that no hotel has confirmed does next, and when. A table, not a timer.

Each rung is a durable task due at its moment; when it comes, ``climbs`` says whether it still
matters. When a hotel takes its word back, or she is lost on the way, the ladder starts again from
that moment. FABT's hours (1, 2, 3½, 4) are for shelters by day: tonight she is in the street.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from alerts.shelter.machine import NeedPhase, waits


class Rung(StrEnum):
    OPERATORS = "operators"
    #: The operators again: it is still there.
    AGAIN = "again"
    SUPERVISOR = "supervisor"
    DUTY = "duty"


LADDER: tuple[tuple[timedelta, Rung], ...] = (
    (timedelta(minutes=5), Rung.OPERATORS),
    (timedelta(minutes=10), Rung.AGAIN),
    (timedelta(minutes=20), Rung.SUPERVISOR),
    (timedelta(minutes=30), Rung.DUTY),
)
_ORDER = [rung for _, rung in LADDER]


def ladder_from(since: datetime) -> tuple[tuple[Rung, datetime], ...]:
    """When each rung is due for a need without a confirmed room since then."""
    return tuple((rung, since + delay) for delay, rung in LADDER)


def climbs(phase: NeedPhase) -> bool:
    """Whether a rung that has come due must be climbed."""
    return waits(phase)


def starts_again(before: NeedPhase, after: NeedPhase) -> bool:
    """Whether she had a room, and has none any more."""
    return not waits(before) and waits(after)


def higher(reached: Rung | None, rung: Rung) -> Rung:
    """The ladder is not climbed down.

    >>> higher(Rung.SUPERVISOR, Rung.AGAIN).value
    'supervisor'
    """
    return rung if reached is None else max(reached, rung, key=_ORDER.index)
