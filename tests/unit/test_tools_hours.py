"""When a service is open: rules of HSDS read as far as they are sure, on the clock on its wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.helpline.directory.hours import is_open, opens_at, zone_of
from matching.helpline.directory.schedule import Schedule, read
from matching.helpline.directory.values import Entry, Hours, folded

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = "MO,TU,WE,TH,FR"


def service(*schedules: Schedule, areas: tuple[str, ...] = ("",), known: bool = True) -> Entry:
    hours = tuple(it for it in map(read, schedules) if it is not None)
    return Entry(service="s", name="S", hours=hours, hours_known=known, areas=areas)


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


OFFICE = Schedule(byday=WEEKDAYS, opens_at="10:00", closes_at="19:00")


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-26T09:59", False),
        ("2026-11-26T10:00", True),
        ("2026-11-26T18:59", True),
        ("2026-11-26T19:00", False),
        ("2026-11-28T12:00", False),
        # The same wall in summer.
        ("2026-07-23T10:00", True),
        ("2026-07-23T18:59", True),
        ("2026-07-23T19:00", False),
    ],
)
def test_office_hours_are_on_the_wall_of_paris(moment: str, open_: bool) -> None:
    assert is_open(service(OFFICE), at(moment)) is open_


def test_overseas_hours_are_on_the_wall_there() -> None:
    entry = service(OFFICE, areas=("974",))
    reunion = ZoneInfo("Indian/Reunion")

    assert zone_of(entry.areas) == reunion
    assert is_open(entry, at("2026-11-26T10:00", reunion))
    assert not is_open(entry, at("2026-11-26T19:00", reunion))
    assert zone_of(("987", "988")) == PARIS


def test_day_and_night_has_no_gap_at_midnight() -> None:
    entry = service(
        Schedule(freq="WEEKLY", byday="MO,TU,WE,TH,FR,SA,SU", opens_at="00:00", closes_at="23:59")
    )
    midnight = at("2026-10-25T00:00")

    # The night of twenty-five hours too.
    for minutes in range(0, 26 * 60, 7):
        assert is_open(entry, midnight + timedelta(minutes=minutes))


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    entry = service(Schedule(byday="FR", opens_at="22:00", closes_at="06:00"))

    assert not is_open(entry, at("2026-11-27T05:00"))
    assert is_open(entry, at("2026-11-27T22:00"))
    assert is_open(entry, at("2026-11-28T05:59"))
    assert not is_open(entry, at("2026-11-28T06:00"))


def test_it_says_when_it_opens_next() -> None:
    entry = service(OFFICE)

    assert opens_at(entry, at("2026-11-27T20:00")) == at("2026-11-30T10:00")
    assert opens_at(entry, at("2026-11-27T12:00")) is None
    assert opens_at(service(known=False), at("2026-11-27T12:00")) is None
    over = Schedule(byday="MO", opens_at="10:00", closes_at="11:00", valid_to="2026-01-01")
    assert opens_at(service(over), at("2026-11-27T12:00")) is None


def test_unknown_is_not_closed() -> None:
    assert is_open(service(OFFICE, known=False), at("2026-11-28T12:00")) is None
    assert is_open(service(OFFICE, known=False), at("2026-11-27T12:00")) is True


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(freq="MONTHLY", byday="2MO", opens_at="10:00", closes_at="11:00"),
        Schedule(byday="2MO", opens_at="10:00", closes_at="11:00"),
        Schedule(freq="DAILY", opens_at="10:00", closes_at="11:00"),
        Schedule(opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", interval=2, opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", count=3, opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", byweekno="41", opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", bymonthday="2", opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", byyearday="2", opens_at="10:00", closes_at="11:00"),
        Schedule(byday="MO", opens_at="10h", closes_at="11:00"),
        Schedule(byday="MO", opens_at="10:00"),
        Schedule(byday="MO", opens_at="10:60", closes_at="11:00"),
        Schedule(byday="MO", opens_at="10:00", closes_at="24:01"),
        Schedule(byday="MO", opens_at="10:00", closes_at="11:00", valid_from="soon"),
        Schedule(description="sur rendez-vous"),
    ],
    ids=str,
)
def test_what_is_not_sure_is_not_guessed(schedule: Schedule) -> None:
    assert read(schedule) is None


def test_dates_bound_a_schedule_by_the_first_of_its_ends() -> None:
    hours = read(
        Schedule(
            byday="mo, tu",
            opens_at="10:00:00",
            closes_at="24:00",
            valid_from="2026-01-01",
            valid_to="2026-12-31",
            until="2026-06-30T00:00:00",
        )
    )

    assert hours is not None
    assert (hours.days, hours.opens, hours.closes) == ((0, 1), 600, 1440)
    assert (str(hours.first), str(hours.last)) == ("2026-01-01", "2026-06-30")
    entry = Entry(service="s", name="S", hours=(hours,), hours_known=True, areas=("",))
    assert is_open(entry, at("2026-06-29T12:00"))
    assert not is_open(entry, at("2026-07-06T12:00"))
    assert not is_open(entry, at("2025-12-29T12:00"))


@pytest.mark.parametrize(
    ("opens", "closes", "hours", "offset"),
    [
        ("09:00Z", "10:00Z", None, 0),
        ("09:00+02:00", "10:00", None, 120),
        ("09:00", "10:00-0330", None, -210),
        ("09:00", "10:00", 3, 180),
        ("09:00", "10:00", None, None),
        ("09:00+99:00", "10:00", None, None),
        ("09:00", "10:00", 99, None),
    ],
)
def test_an_hour_with_an_offset_is_taken_at_its_word(
    opens: str, closes: str, hours: float | None, offset: int | None
) -> None:
    found = read(Schedule(byday="MO", opens_at=opens, closes_at=closes, timezone=hours))

    assert found is not None
    assert found.offset == offset


def test_a_fixed_offset_does_not_follow_the_summer() -> None:
    entry = service(Schedule(byday="TH", opens_at="09:00Z", closes_at="10:00Z"))

    assert is_open(entry, datetime(2026, 7, 23, 9, 30, tzinfo=UTC))
    assert is_open(entry, datetime(2026, 11, 26, 9, 30, tzinfo=UTC))


@given(
    opens=st.integers(0, 1439),
    length=st.integers(1, 1440),
    days=st.sets(st.integers(0, 6), min_size=1),
    minutes=st.integers(0, 60 * 24 * 400),
)
def test_open_is_what_counting_minutes_on_a_fixed_clock_says(
    opens: int, length: int, days: set[int], minutes: int
) -> None:
    hours = Hours(days=tuple(sorted(days)), opens=opens, closes=opens + length, offset=0)
    entry = Entry(service="s", name="S", hours=(hours,), hours_known=True, areas=("",))
    moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)

    day, minute = divmod(minutes, 1440)
    expected = any(
        (day - back) % 7 in days and opens <= minute + 1440 * back < opens + length
        for back in (0, 1)
    )

    assert is_open(entry, moment) is expected
    if not expected:
        following = opens_at(entry, moment)
        assert following is not None
        assert moment < following <= moment + timedelta(days=8)
        assert is_open(entry, following)


def test_words_are_compared_without_accents() -> None:
    assert folded("ÉCOUTE\tet  Œuvre l’aide") == "ecoute et œuvre l'aide"
