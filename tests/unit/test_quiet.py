"""Quiet hours are those of the clock on the wall, on every night of the year."""

from datetime import UTC, datetime, time

import pytest

from matching.helpers.quiet import day_began, is_quiet, parsed, written
from matching.helpers.values import Quiet
from realtime.kernel.errors import Malformed

NIGHT = Quiet(start=time(22), end=time(7))
NAP = Quiet(start=time(13), end=time(14, 30))


@pytest.mark.parametrize(
    ("quiet", "now", "expected"),
    [
        (NIGHT, datetime(2026, 1, 15, 20, 59, tzinfo=UTC), False),
        (NIGHT, datetime(2026, 1, 15, 21, 0, tzinfo=UTC), True),
        (NIGHT, datetime(2026, 1, 16, 5, 59, tzinfo=UTC), True),
        (NIGHT, datetime(2026, 1, 16, 6, 0, tzinfo=UTC), False),
        # In summer Paris is two hours ahead.
        (NIGHT, datetime(2026, 7, 15, 20, 0, tzinfo=UTC), True),
        (NIGHT, datetime(2026, 7, 16, 5, 0, tzinfo=UTC), False),
        (NAP, datetime(2026, 1, 15, 11, 59, tzinfo=UTC), False),
        (NAP, datetime(2026, 1, 15, 12, 0, tzinfo=UTC), True),
        (NAP, datetime(2026, 1, 15, 13, 30, tzinfo=UTC), False),
    ],
)
def test_the_hours_are_those_of_paris_and_their_end_is_not_in_them(
    quiet: Quiet, now: datetime, expected: bool
) -> None:
    assert is_quiet(quiet, now) is expected


def test_the_end_of_a_night_moves_with_the_clock() -> None:
    # On 29 March 2026 the clocks go forward at 01:00 UTC; on 25 October they go back.
    assert not is_quiet(NIGHT, datetime(2026, 3, 29, 5, 0, tzinfo=UTC))
    assert is_quiet(NIGHT, datetime(2026, 3, 29, 4, 59, tzinfo=UTC))
    assert is_quiet(NIGHT, datetime(2026, 10, 25, 5, 59, tzinfo=UTC))
    assert not is_quiet(NIGHT, datetime(2026, 10, 25, 6, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "began"),
    [
        (datetime(2026, 1, 15, 12, 0, tzinfo=UTC), datetime(2026, 1, 14, 23, 0, tzinfo=UTC)),
        (datetime(2026, 7, 15, 22, 0, tzinfo=UTC), datetime(2026, 7, 15, 22, 0, tzinfo=UTC)),
        # A day of 25 hours began under summer time.
        (datetime(2026, 10, 25, 20, 0, tzinfo=UTC), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
        # In the hour that comes twice, the second time.
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_paris(now: datetime, began: datetime) -> None:
    assert day_began(now) == began


def test_hours_are_read_as_they_are_written() -> None:
    quiet = parsed("22:05", "07:00")

    assert (written(quiet.start), written(quiet.end)) == ("22:05", "07:00")


@pytest.mark.parametrize(
    ("start", "end"), [("22", "07:00"), ("24:00", "07:00"), ("07:00", "07:00")]
)
def test_hours_that_are_none_are_refused(start: str, end: str) -> None:
    with pytest.raises(Malformed):
        parsed(start, end)
