"""When a line is open: its offices, each by its own clock and its own holidays. Pure.

Offices overseas keep the line open while Paris sleeps. A line is open while one office is, unless a
supervisor has said otherwise.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

import holidays
from msgspec import Meta, Struct

#: Offices of one line, and how far ahead the next opening is looked for.
OFFICES_MOST, LOOK_AHEAD = 20, timedelta(days=15)
#: Where the helpline's people may sit, and which holidays are kept there (ISO 3166-2).
Zone = Literal[
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "America/St_Barthelemy",
    "America/Marigot",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
]
#: Alsace and Moselle (``57``) have two more than the rest of the mainland.
Region = Literal[
    "", "57", "6AE", "971", "972", "973", "974", "976", "BL", "MF", "NC", "PF", "PM", "WF"
]
#: A minute of the day; 1440 is midnight at its end.
Minute = Annotated[int, Meta(ge=0, le=24 * 60)]
#: Monday is 0.
Weekday = Annotated[int, Meta(ge=0, le=6)]


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """Open on these days from one minute to another."""

    days: Annotated[list[Weekday], Meta(min_length=1, max_length=7)]
    opens: Minute
    closes: Minute


class Office(Struct, frozen=True, forbid_unknown_fields=True):
    """Where some of the line's people sit."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
    zone: Zone
    spans: Annotated[list[Span], Meta(max_length=14)]
    region: Region = ""
    #: Open on public holidays as on other days.
    holidays: bool = True


Offices = Annotated[list[Office], Meta(max_length=OFFICES_MOST)]
#: As the 3919 is: day and night, every day of the year.
ALWAYS = Office("Paris", "Europe/Paris", [Span(list(range(7)), 0, 24 * 60)])


def is_open(offices: Sequence[Office], now: datetime) -> bool:
    """Whether one of the offices is open.

    >>> paris = Office("Paris", "Europe/Paris", [Span([0, 1, 2, 3, 4], 540, 1080)], holidays=False)
    >>> [is_open([paris], datetime(2026, 11, 26, hour, tzinfo=UTC)) for hour in (7, 8, 16, 17)]
    [False, True, True, False]
    >>> is_open([paris], datetime(2026, 11, 11, 10, tzinfo=UTC))
    False
    """
    return any(opens <= now < closes for opens, closes in _stretches(offices, now))


def opens_at(offices: Sequence[Office], now: datetime) -> datetime | None:
    """The next moment at which one opens; ``now`` while one is open, None: none in sight."""
    if is_open(offices, now):
        return now
    coming = [opens for opens, _ in _stretches(offices, now) if opens > now]
    return min(coming, default=None)


def _stretches(offices: Sequence[Office], now: datetime) -> list[tuple[datetime, datetime]]:
    """Every opening from yesterday on, in UTC: nights that change their clocks are right."""
    return [it for office in offices for it in _of(office, now)]


def _of(office: Office, now: datetime) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(office.zone)
    today = now.astimezone(zone).date()
    found = []
    for ahead in range(-1, LOOK_AHEAD.days):
        day = today + timedelta(days=ahead)
        if not office.holidays and is_holiday(day, office.region):
            continue
        found += [
            (_at(day, it.opens, zone), _at(day, it.closes, zone))
            for it in office.spans
            if day.weekday() in it.days
        ]
    return found


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, 24 * 60)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    return wall.astimezone(UTC)


def is_holiday(day: date, region: str = "") -> bool:
    """Whether a day is a public holiday there.

    >>> abolition = date(2026, 12, 20)
    >>> is_holiday(date(2026, 7, 14)), is_holiday(abolition), is_holiday(abolition, "974")
    (True, False, True)
    """
    return day in _calendar(region)


def load_holidays() -> None:
    """Read what lies on disk about holidays, before there is a loop that would wait for it."""
    for region in get_args(Region):
        _calendar(region)


@cache
def _calendar(region: str) -> holidays.HolidayBase:
    """The holidays of a region, of whichever year is asked for: the years are worked out."""
    return holidays.country_holidays("FR", subdiv=region or None)
