"""What time it is, as an argument: nothing in the house reads the system clock but this file."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, in UTC, to the millisecond (what the ledger keeps)."""
        ...


#: ``monotonic`` stands still while the machine sleeps: who wakes would take a night for a moment.
_AWAKE_OR_NOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_seconds() -> float:
    """Seconds since some moment, never set by anybody; those in which the machine slept too."""
    return time.clock_gettime(_AWAKE_OR_NOT)


#: What is cut off a moment, made once: a clock is read with every message, and to make one of these
#: costs four times as much as to look it up and take it away.
_BEYOND = tuple(timedelta(0, 0, microseconds) for microseconds in range(1000))


def to_millisecond(instant: datetime) -> datetime:
    """Cut to what the ledger keeps, so that a value survives being stored and read back."""
    return instant - _BEYOND[instant.microsecond % 1000]


class SystemClock:
    """The system's time, which never goes back: set back an hour, timers would wait an hour.

    Forward steps are followed; after a step back, time goes on from where it was.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._told, self._told_at = wall(), steady()

    def now(self) -> datetime:
        at, wall = self._steady(), self._wall()
        least = self._told + timedelta(0, at - self._told_at)
        self._told, self._told_at = max(wall, least), at
        return to_millisecond(self._told)


class FollowingClock:
    """The time that another machine tells now and then: the database's, for all its nodes.

    Between two times told, our own steady clock counts. It never goes back: told a time a little
    behind ours, it stands still until that has caught up; told one far behind, it goes on from
    where it was, or timers would wait for hours.
    """

    #: Further behind than this is a clock that was set back, not one that differs.
    STANDSTILL = timedelta(seconds=5)
    #: Told nothing for so long, it asks to be told.
    LATE = timedelta(seconds=10)

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._steady = steady
        self._told, self._told_at = wall(), steady()
        #: Our own system's time, until the first time told.
        self._heard = False
        self._last = self._told

    def follow(self, moment: datetime) -> None:
        """It is this moment now, says the one we follow."""
        now = self.now()
        if self._heard and now - moment > self.STANDSTILL:
            moment = now
        elif not self._heard:
            # Nobody has been told our own system's time yet.
            self._last = moment
        self._heard = True
        self._told, self._told_at = moment, self._steady()

    @property
    def is_late(self) -> bool:
        """Whether nobody has told the time for long."""
        return timedelta(seconds=self._steady() - self._told_at) > self.LATE

    def now(self) -> datetime:
        gone = timedelta(seconds=self._steady() - self._told_at)
        self._last = max(self._last, self._told + gone)
        return to_millisecond(self._last)


class ManualClock:
    """A clock that tests move by hand. It starts on a Monday, at nine in the evening in Paris."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now = to_millisecond(self._now + timedelta(seconds=seconds))
