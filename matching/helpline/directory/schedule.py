"""Opening hours as HSDS writes them (RFC 5545 rules), read as far as we understand. Pure.

What cannot be read for sure (every second Tuesday, by week numbers) is not guessed: the service is
shown with its hours unknown, and whatever text the file has of them.
"""

import re
from datetime import date

from msgspec import Struct

from matching.helpline.directory.values import Hours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = 24 * 60
_TIME = re.compile(r"(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?\Z")


class Schedule(Struct, frozen=True):
    """One schedule of a file, the fields that we read; the others must say nothing."""

    freq: str | None = None
    byday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    until: str | None = None
    timezone: float | None = None
    description: str | None = None
    interval: float | None = None
    count: float | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None


def read(schedule: Schedule) -> Hours | None:
    """The hours of one schedule; None when they cannot be told for sure."""
    days = _days(schedule)
    opens, closes = _time(schedule.opens_at), _time(schedule.closes_at)
    dates = _dates(schedule)
    if days is None or opens is None or closes is None or dates is None:
        return None
    offset = _offset(opens[1], closes[1], schedule.timezone)
    return Hours(
        days=days,
        opens=opens[0],
        closes=_closing(opens[0], closes[0]),
        offset=offset,
        first=dates[0],
        last=dates[1],
    )


def _days(schedule: Schedule) -> tuple[int, ...] | None:
    """Days of every week, or None: any other rule is not read."""
    others = (schedule.count, schedule.byweekno, schedule.bymonthday, schedule.byyearday)
    if any(others) or schedule.interval not in (None, 0, 1):
        return None
    if (schedule.freq or "WEEKLY").upper() != "WEEKLY":
        return None
    named = [it.strip().upper() for it in (schedule.byday or "").split(",")]
    if not set(named) <= set(DAYS):
        return None
    return tuple(sorted({DAYS.index(it) for it in named}))


def _time(text: str | None) -> tuple[int, int | None] | None:
    """The minute of the day, and its offset from UTC in minutes if it says one.

    >>> _time("09:30"), _time("09:30:00Z"), _time("18:00-05:00"), _time("25:00"), _time("9 h")
    ((570, None), (570, 0), (1080, -300), None, None)
    """
    found = _TIME.match(text or "")
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    if minute > DAY or int(found[2]) > 59:
        return None
    return minute, _minutes(found[3])


def _minutes(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def _offset(opens: int | None, closes: int | None, hours: float | None) -> int | None:
    """What the hours themselves say, else the schedule; nothing said is the time on the wall."""
    said = opens if opens is not None else closes
    if said is None and hours is not None:
        said = round(hours * 60)
    # Beyond these there is no zone, and Python makes none.
    return said if said is None or abs(said) < DAY else None


def _closing(opens: int, closes: int) -> int:
    """23:59 is how HSDS says midnight; what closes before it opens closes on the day after."""
    if closes == DAY - 1:
        return DAY
    return closes if closes > opens else closes + DAY


def _dates(schedule: Schedule) -> tuple[date | None, date | None] | None:
    try:
        first = _date(schedule.valid_from)
        last = [it for it in (_date(schedule.valid_to), _date(schedule.until)) if it is not None]
    except ValueError:
        return None
    return first, min(last, default=None)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
