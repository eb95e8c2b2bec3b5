"""Quiet hours, on the wall clock of Paris, right on the two nights a year when it jumps. Pure.

Hours are compared as the clock on the wall shows them: from 22:00 to 07:00 is nine hours on most
nights, eight in March and ten in October, as the person who sleeps would say.
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from matching.helpers.values import Quiet
from realtime.kernel.errors import Malformed

PARIS = ZoneInfo("Europe/Paris")


def is_quiet(quiet: Quiet, now: datetime) -> bool:
    """Whether the wall clock stands in the quiet hours; their end is not part of them.

    >>> night = Quiet(start=time(22), end=time(7))
    >>> is_quiet(night, datetime(2026, 11, 23, 20, 59, tzinfo=UTC))
    False
    >>> is_quiet(night, datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    True
    """
    wall = now.astimezone(PARIS).time()
    if quiet.start <= quiet.end:
        return quiet.start <= wall < quiet.end
    return wall >= quiet.start or wall < quiet.end


def day_began(now: datetime) -> datetime:
    """The last midnight in Paris: from when a day's alerts are counted."""
    midnight = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.astimezone(UTC)


def parsed(start: str, end: str) -> Quiet:
    """Quiet hours from "HH:MM" texts; empty hours (the same twice) are a mistake.

    >>> parsed("22:00", "07:00").end.hour
    7
    """
    try:
        quiet = Quiet(start=_time(start), end=_time(end))
    except ValueError:
        raise Malformed from None
    if quiet.start == quiet.end:
        raise Malformed
    return quiet


def written(moment: time) -> str:
    return moment.isoformat(timespec="minutes")


def _time(text: str) -> time:
    return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
