"""A clock that follows the database's: never back, never far ahead, and going on between."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.gaps import Gaps
from realtime.kernel.clock import FollowingClock
from realtime.subscriptions import Subscriptions

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Bench:
    """A clock whose own system says it is 2030, with a steady clock moved by hand."""

    def __init__(self) -> None:
        self.steady = 100.0
        self.clock = FollowingClock(
            wall=lambda: datetime(2030, 1, 1, tzinfo=UTC), steady=lambda: self.steady
        )

    def seen(self) -> float:
        """Seconds after noon."""
        return (self.clock.now() - NOON).total_seconds()

    def told(self, seconds: float) -> None:
        self.clock.follow(NOON + timedelta(seconds=seconds))


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.told(0)
    return made


def test_until_it_is_told_it_has_its_own_systems_time() -> None:
    assert Bench().clock.now() == datetime(2030, 1, 1, tzinfo=UTC)


def test_what_it_is_told_first_counts_even_far_behind_its_own_systems_time(bench: Bench) -> None:
    assert bench.seen() == 0


def test_between_two_times_told_the_steady_clock_counts(bench: Bench) -> None:
    bench.steady += 1.5

    assert bench.seen() == 1.5


def test_it_jumps_forward_with_the_one_it_follows(bench: Bench) -> None:
    bench.told(3600)

    assert bench.seen() == 3600


def test_told_a_time_a_little_behind_it_stands_still_until_that_has_caught_up(
    bench: Bench,
) -> None:
    bench.steady += 2
    assert bench.seen() == 2
    bench.told(1)

    times = []
    for _ in range(3):
        times.append(bench.seen())
        bench.steady += 0.75
    assert times == [2, 2, 2.5]


def test_told_a_time_far_behind_it_goes_on_from_where_it_was(bench: Bench) -> None:
    bench.steady += 60
    assert bench.seen() == 60
    bench.told(0)
    bench.steady += 1

    assert bench.seen() == 61


@pytest.mark.parametrize(("silence", "late"), [(9.0, False), (11.0, True)])
def test_it_asks_to_be_told_when_nobody_has_for_long(
    bench: Bench, silence: float, late: bool
) -> None:
    bench.steady += silence

    assert bench.clock.is_late is late


def test_times_are_cut_to_what_the_ledger_keeps(bench: Bench) -> None:
    bench.steady += 0.0016

    assert bench.seen() == 0.001


def test_a_machine_that_slept_knows_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slept = 0.0
    honest = time.clock_gettime

    def asleep(clock: int) -> float:
        return honest(clock) + (slept if clock == time.CLOCK_BOOTTIME else 0)

    monkeypatch.setattr(time, "clock_gettime", asleep)
    clock = FollowingClock()
    clock.follow(NOON)
    gaps = Gaps(cast("Subscriptions", None), MemoryBroker(MemoryBus()), tidy=_nothing)
    assert not gaps.stopped

    slept = 3600.0

    assert timedelta(0) <= clock.now() - NOON - timedelta(hours=1) < timedelta(seconds=30)
    assert gaps.stopped


async def _nothing() -> None:
    """Nothing to tidy."""


def test_it_can_be_made_without_a_word() -> None:
    made: Callable[[], FollowingClock] = FollowingClock

    assert abs(made().now() - datetime.now(UTC)) < timedelta(minutes=1)
