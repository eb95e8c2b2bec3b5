"""Quiet hours by the clock on the wall, also on the nights when it jumps."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.helpers.quiet import PARIS, day_began, is_quiet, parsed, written
from matching.helpers.values import Quiet
from realtime.kernel.errors import Malformed

NIGHT = Quiet(start=time(22), end=time(7))
#: Clocks go forward on 29 March 2026 and back on 25 October 2026, at one o'clock UTC.
SPRING, AUTUMN = datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, tzinfo=UTC)


def quiet_minutes(quiet: Quiet, start: datetime) -> int:
    """Quiet minutes in the day and a half that starts at noon, in Paris."""
    noon = start.replace(hour=12)
    return sum(is_quiet(quiet, noon + timedelta(minutes=minute)) for minute in range(24 * 60))


@pytest.mark.parametrize(("start", "hours"), [(WINTER, 9), (SPRING, 8), (AUTUMN, 10)])
def test_a_night_is_as_long_as_the_wall_clock_says(start: datetime, hours: int) -> None:
    assert quiet_minutes(NIGHT, start) == hours * 60


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 7, 1, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 2, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 2, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 21, 0, tzinfo=UTC), True),
    ],
)
def test_summer_and_winter_have_their_own_hours(moment: datetime, quiet: bool) -> None:
    assert is_quiet(NIGHT, moment) == quiet


def test_hours_within_a_day_are_not_a_night() -> None:
    siesta = Quiet(start=time(13), end=time(14))

    assert quiet_minutes(siesta, WINTER) == 60
    assert not is_quiet(siesta, WINTER.replace(hour=13))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  # the zone is added
def test_a_day_begins_at_the_last_midnight_in_paris(now: datetime) -> None:
    began = day_began(now)

    assert began <= now < began + timedelta(hours=25)
    assert began.astimezone(PARIS).time() == time(0)
    assert began.astimezone(PARIS).date() == now.astimezone(PARIS).date()


def test_hours_are_written_as_they_were_read() -> None:
    quiet = parsed("22:05", "07:00")

    assert (written(quiet.start), written(quiet.end)) == ("22:05", "07:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [("24:00", "07:00"), ("22:60", "07:00"), ("ten", "07:00"), ("22:00", ""), ("22:00", "22:00")],
)
def test_what_is_no_hours_is_refused(start: str, end: str) -> None:
    with pytest.raises(Malformed):
        parsed(start, end)
