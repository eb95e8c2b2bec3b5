"""How far to read before the best are known for sure. Pure.

A statement answers rooms in the order of a bound, which is never above their score, and none that
is further than its reach. So whatever it has not answered scores more than a *horizon*.
"""

from dataclasses import dataclass, replace

from geo.places.near.solid import FARTHEST

#: How far is looked first, in metres: most often enough, as every room costs some kilometres.
FIRST_REACH = 25_000.0
FURTHER = 3.0
#: Rooms read for each that is wanted, and how many times more when they were not enough.
FIRST_DEPTH, DEEPER = 4, 4
#: A bound may be so much above the score: rounding, and angles seen through the Earth; kilometres.
ERROR_KM = 0.001


@dataclass(frozen=True, slots=True)
class Look:
    """What is read at once."""

    #: Nothing beyond that is answered, in metres straight through the Earth.
    reach: float
    #: No more than these are answered.
    most: int

    def horizon(self, answered: int, highest: float) -> float:
        """Below which score nothing can be that was not answered; ``highest`` bound answered."""
        far = self.reach / 1_000
        return (far if answered < self.most else min(far, highest)) - ERROR_KM

    def next(self, answered: int, highest: float, last: float | None) -> "Look | None":
        """What to read after this, or None when it was enough.

        ``last``: the score of the last room wanted; None when too few of those answered would do.
        """
        if last is not None and last < self.horizon(answered, highest):
            return None
        cut = answered == self.most
        if last is None:
            if cut:
                return replace(self, most=self.most * DEEPER)
            return None if self.reach >= FARTHEST else replace(self, reach=self.reach * FURTHER)
        # The last one can only become better: nothing further away than it scores need be read.
        deeper = cut and highest - ERROR_KM <= last
        return Look(reach=(last + 3 * ERROR_KM) * 1_000, most=self.most * (DEEPER if deeper else 1))


def first(limit: int) -> Look:
    return Look(FIRST_REACH, limit * FIRST_DEPTH)
