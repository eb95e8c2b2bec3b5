"""Whether a host is to be called now: after some failures it is left alone for a while. Pure.

*Closed*: calls go out. *Open*: none does, until a moment. *Half open*: one goes out, to see; its
answer closes the circuit, its failure opens it again for twice as long.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: Failures in a row that open it.
FAILURES_MOST = 5
#: How long it is open, the first time and at most.
OPEN_FIRST, OPEN_MOST = timedelta(seconds=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Circuit:
    failures: int = 0
    #: Nobody calls before that.
    until: datetime | None = None
    #: One call is out, to see.
    trying: bool = False

    def admits(self, now: datetime) -> bool:
        return self.until is None or (now >= self.until and not self.trying)

    def state(self, now: datetime) -> str:
        """In a word, for the operators' board."""
        if self.until is None:
            return "closed"
        return "open" if now < self.until else "trying"

    def asked(self) -> "Circuit":
        """A call that was admitted goes out."""
        return self if self.until is None else replace(self, trying=True)

    def answered(self) -> "Circuit":
        """The host has answered, whatever it said of one message."""
        return CLOSED

    def told_to_wait(self, until: datetime) -> "Circuit":
        """The host has asked for time: that is an answer, and it is obeyed."""
        return Circuit(failures=self.failures, until=until)

    def failed(self, now: datetime) -> "Circuit":
        failures = self.failures + 1
        if failures < FAILURES_MOST and self.until is None:
            return Circuit(failures=failures)
        # Bounded before it is raised: 2 to the number of failures of a night is no number of ours.
        times = 2 ** min(max(failures - FAILURES_MOST, 0), 10)
        return Circuit(failures=failures, until=now + min(OPEN_FIRST * times, OPEN_MOST))


CLOSED = Circuit()
