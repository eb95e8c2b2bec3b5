"""Who is let in next when everyone comes back at once. Pure.

Coming back costs a few readings for each. All at once, five thousand of them would make a request
for help wait behind them all. So a few are let in together and the others wait their turn: people
in an alert and staff first, for whom some turns are kept, then who has come half the way already.
To wait costs us next to nothing, to be refused and come again as much as to be let in: so only who
would wait too long is told to come back later, when there should be room, each at another moment.
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Generic, TypeVar

W = TypeVar("W", bound=Hashable)


class Rank(IntEnum):
    #: People in an alert, those who go to them, and staff.
    FIRST = 0
    #: With a ticket already, on a socket that waits.
    HALFWAY = 1
    OTHERS = 2


class Verdict(Enum):
    GO = auto()
    #: Its turn will come, or it gives up.
    WAIT = auto()
    #: Too many are waiting: come back later.
    LATER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    #: Let in together, by weight: somebody of weight 2 takes the room of two.
    at_once: int
    #: And of the first, so many more.
    kept: int
    #: Waiting, of each rank.
    most_waiting: int


class Pace:
    """How many turns end in a second, lately: what those who wait must reckon with."""

    #: What is assumed before anything is known, and what is never gone below.
    FIRST_GUESS, LEAST = 250.0, 20.0
    #: Turns between two looks at the clock.
    EVERY = 32

    def __init__(self) -> None:
        self._rate = self.FIRST_GUESS
        self._ended = 0
        self._since: float | None = None

    def ended(self, now: float, *, idle: bool) -> None:
        """A turn is over. ``idle``: nobody waits, so there is nothing to be learnt of haste."""
        if idle or self._since is None:
            self._since, self._ended = now, 0
            return
        self._ended += 1
        if self._ended >= self.EVERY and now > self._since:
            seen = self._ended / (now - self._since)
            self._rate = max(self.LEAST, (self._rate + seen) / 2)
            self._since, self._ended = now, 0

    def wait_s(self, ahead: int) -> float:
        """How long somebody with so many ahead will probably wait."""
        return ahead / self._rate


class Admission(Generic[W]):
    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._in = 0
        self._waiting: dict[Rank, deque[W]] = {rank: deque() for rank in Rank}
        #: How much room each of those who wait will take.
        self._weights: dict[W, int] = {}

    def __len__(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @property
    def under_way(self) -> int:
        """The weight of those who are in."""
        return self._in

    def ahead(self, rank: Rank) -> int:
        """How many go before somebody of this rank who comes now."""
        return sum(len(waiting) for each, waiting in self._waiting.items() if each <= rank)

    def ask(self, who: W, rank: Rank, weight: int = 1) -> Verdict:
        """Somebody has come. GO: they are in until ``done``, which is told the same weight."""
        waiting = self._waiting[rank]
        # However light: nobody overtakes, neither within a rank nor from a later one.
        if not self.ahead(rank) and self._in + weight <= self._room(rank):
            self._in += weight
            return Verdict.GO
        if len(waiting) >= self._bounds.most_waiting:
            return Verdict.LATER
        waiting.append(who)
        self._weights[who] = weight
        return Verdict.WAIT

    def done(self, weight: int = 1) -> list[W]:
        """Somebody's turn is over: those who are in now."""
        self._in -= weight
        called = []
        for rank, waiting in self._waiting.items():
            while waiting and self._in + self._weights[waiting[0]] <= self._room(rank):
                self._in += self._weights.pop(waiting[0])
                called.append(waiting.popleft())
            if waiting:
                break
        return called

    def gone(self, who: W, rank: Rank) -> bool:
        """Somebody gives up waiting. False: they had been called already, and must be ``done``."""
        try:
            self._waiting[rank].remove(who)
        except ValueError:
            return False
        del self._weights[who]
        return True

    def _room(self, rank: Rank) -> int:
        kept = self._bounds.kept if rank is Rank.FIRST else 0
        return self._bounds.at_once + kept
