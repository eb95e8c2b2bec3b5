"""How far to read before the best are known for sure. Pure.

A statement answers rooms in the order of a bound, which is never above their score, and none that
is further than its reach. So whatever it has not answered scores more than a *horizon*.
"""

from dataclasses import dataclass, replace
from math import sqrt

from geo.places.near.solid import FARTHEST

#: How far is looked first, in metres: most often enough, as every room costs some kilometres.
FIRST_REACH = 60_000.0
#: When too few were found there, as far as so many on the same ground are, at most so many times
#: as far, and what a room costs besides. Beyond the last, everywhere at once.
MOST_FURTHER, BESIDES, COUNTRY = 4.0, 25_000.0, 200_000.0
#: Rooms read for each that is wanted, and how many times more when they were not enough.
FIRST_DEPTH, DEEPER = 5, 4
#: How much beyond the last bound answered the others are looked for.
BEYOND = 1.5
#: A bound may be so much above the score: rounding, and angles seen through the Earth; kilometres.
ERROR_KM = 0.001


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a look."""

    #: Rooms answered, and the highest of their bounds.
    rooms: int
    highest: float
    #: Hotels that would do, of so many wanted, and the score of the last one wanted.
    good: int
    wanted: int
    last: float | None


@dataclass(frozen=True, slots=True)
class Look:
    """What is read at once."""

    #: Nothing beyond that is answered, in metres straight through the Earth.
    reach: float
    #: No more than these are answered.
    most: int
    #: Only what is free is answered: it costs more, and answers enough where little is.
    counted: bool = False

    def horizon(self, seen: Answered) -> float:
        """Below which score nothing can be that was not answered."""
        far = self.reach / 1_000
        return (min(far, seen.highest) if self._cut(seen) else far) - ERROR_KM

    def next(self, seen: Answered, *, free: bool) -> "Look | None":
        """What to read after this, or None when it was enough. ``free``: rooms must be free."""
        if seen.last is None:
            return self._more(seen, free=free)
        if seen.last < self.horizon(seen):
            return None
        # The last one can only become better: nothing further away than it scores need be read.
        deeper = self._cut(seen) and seen.highest - ERROR_KM <= seen.last
        return Look(
            reach=(seen.last + 3 * ERROR_KM) * 1_000,
            most=self.most * (DEEPER if deeper else 1),
            counted=self.counted or (deeper and free),
        )

    def _more(self, seen: Answered, *, free: bool) -> "Look | None":
        if self._cut(seen):
            # They are most often a little beyond: what is far need not be counted for that.
            near = min(self.reach, seen.highest * BEYOND * 1_000)
            return Look(reach=near, most=self.most * DEEPER, counted=free)
        if self.reach >= FARTHEST:
            return None
        further = min(MOST_FURTHER, sqrt(seen.wanted / max(1, seen.good)))
        reach = self.reach * further + BESIDES
        return replace(self, reach=reach if reach < COUNTRY else FARTHEST)

    def _cut(self, seen: Answered) -> bool:
        return seen.rooms == self.most


def first(limit: int) -> Look:
    return Look(FIRST_REACH, limit * FIRST_DEPTH)
