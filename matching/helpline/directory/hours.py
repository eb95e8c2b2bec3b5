"""When a service is open, in its own time zone, on the two odd nights too. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from matching.helpline.directory.values import Entry, Hours

PARIS = ZoneInfo("Europe/Paris")
#: Overseas, by the code of the département or territory; everything else is on the time of Paris.
ZONES = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "975": ZoneInfo("America/Miquelon"),
    "976": ZoneInfo("Indian/Mayotte"),
    "977": ZoneInfo("America/Guadeloupe"),
    "978": ZoneInfo("America/Guadeloupe"),
    "986": ZoneInfo("Pacific/Wallis"),
    "987": ZoneInfo("Pacific/Tahiti"),
    "988": ZoneInfo("Pacific/Noumea"),
}
DAY = 24 * 60
#: How far ahead the next opening is looked for.
AHEAD = 8


def zone_of(areas: tuple[str, ...]) -> ZoneInfo:
    """The time a service lives by: its only territory's, else that of Paris.

    >>> str(zone_of(("974",))), str(zone_of(("69", "974"))), str(zone_of(("",)))
    ('Indian/Reunion', 'Europe/Paris', 'Europe/Paris')
    """
    found = {ZONES.get(area, PARIS) for area in areas}
    return found.pop() if len(found) == 1 else PARIS


def is_open(entry: Entry, moment: datetime) -> bool | None:
    """Whether it is open; None when the file does not tell."""
    if any(start <= moment < end for start, end in _stretches(entry, moment, -1, 0)):
        return True
    return False if entry.hours_known else None


def opens_at(entry: Entry, moment: datetime) -> datetime | None:
    """When it opens next, within a week; None while it is open, or when nobody knows."""
    if is_open(entry, moment) is not False:
        return None
    starts = [start for start, _ in _stretches(entry, moment, 0, AHEAD) if start > moment]
    return min(starts, default=None)


def _stretches(
    entry: Entry, moment: datetime, first: int, last: int
) -> Iterator[tuple[datetime, datetime]]:
    """From when to when it is open, on the days around a moment."""
    home = zone_of(entry.areas)
    for hours in entry.hours:
        zone = home if hours.offset is None else timezone(timedelta(minutes=hours.offset))
        today = moment.astimezone(zone).date()
        for ahead in range(first, last + 1):
            day = today + timedelta(days=ahead)
            if _on(hours, day):
                yield _at(day, hours.opens, zone), _at(day, hours.closes, zone)


def _on(hours: Hours, day: date) -> bool:
    early = hours.first is not None and day < hours.first
    late = hours.last is not None and day > hours.last
    return day.weekday() in hours.days and not early and not late


def _at(day: date, minute: int, zone: tzinfo) -> datetime:
    """A minute of a day on the wall, as a moment: a wall has no 02:30 on one night of the year."""
    wall = time(minute % DAY // 60, minute % 60)
    local = datetime.combine(day + timedelta(days=minute // DAY), wall, tzinfo=zone)
    return local.astimezone(UTC)
