"""Which night it is: they begin at six in the morning in Paris, on the two odd nights too. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matching.shelter.rules import PROMPTS, ROLLOVER
from matching.shelter.values import Night

PARIS = ZoneInfo("Europe/Paris")


def night_of(moment: datetime, rollover: time = ROLLOVER) -> Night:
    """The night that a moment belongs to, named after the evening it begins on.

    >>> night_of(datetime(2026, 11, 25, 4, 59, tzinfo=UTC)).isoformat()
    '2026-11-24'
    >>> night_of(datetime(2026, 11, 25, 5, 0, tzinfo=UTC)).isoformat()
    '2026-11-25'
    """
    wall = moment.astimezone(PARIS)
    before = wall.time() < rollover
    return wall.date() - timedelta(days=1) if before else wall.date()


def begins(night: Night, rollover: time = ROLLOVER) -> datetime:
    """The moment, in UTC, at which a night begins; the one before is over then."""
    return at(night, rollover)


def at(day: date, hour: time) -> datetime:
    """An hour of a day in Paris, in UTC."""
    return datetime.combine(day, hour, PARIS).astimezone(UTC)


def asks_again(spoken: datetime | None, now: datetime) -> bool:
    """Whether a desk must say if its rooms are still free: not said since 18:00, or 22:00.

    >>> before, now = (datetime(2026, 11, 25, hour, tzinfo=UTC) for hour in (16, 18))
    >>> asks_again(before, now), asks_again(now, now), asks_again(None, before)
    (True, False, False)
    """
    tonight = night_of(now)
    passed = [moment for it in PROMPTS if (moment := at(tonight, it)) <= now]
    return bool(passed) and (spoken is None or spoken < max(passed))


def nights(first: Night, how_many: int) -> list[Night]:
    """The nights of a stay.

    >>> [it.day for it in nights(date(2026, 11, 30), 2)]
    [30, 1]
    """
    return [first + timedelta(days=day) for day in range(how_many)]
