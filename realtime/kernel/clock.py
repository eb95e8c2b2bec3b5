"""What time it is, as an argument: nothing in the house reads the system clock but this file."""

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
    def now(self) -> datetime:
        return to_millisecond(datetime.now(UTC))


class ManualClock:
    """A clock that tests move by hand. It starts on a Monday, at nine in the evening in Paris."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now = to_millisecond(self._now + timedelta(seconds=seconds))
