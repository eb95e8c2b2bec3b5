"""What time it is, as an argument: nothing in the house reads the system clock but this file."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, in UTC, to the millisecond (what the ledger keeps)."""
        ...


def to_millisecond(instant: datetime) -> datetime:
    """Cut to what the ledger keeps, so that a value survives being stored and read back."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class SystemClock:
    """The system's time, which never goes back: set back an hour, timers would wait an hour.

    Forward steps are followed; after a step back, time goes on from where it was.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._told, self._told_at = wall(), steady()

    def now(self) -> datetime:
        at = self._steady()
        gone = timedelta(seconds=at - self._told_at)
        self._told, self._told_at = max(self._wall(), self._told + gone), at
        return to_millisecond(self._told)


class ManualClock:
    """A clock that tests move by hand. It starts on a Monday, at nine in the evening in Paris."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now = to_millisecond(self._now + timedelta(seconds=seconds))
