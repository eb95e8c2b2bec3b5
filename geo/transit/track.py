"""A path with its lengths: how far along it something is, and what lies there."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import hypot, inf
from typing import NamedTuple

from geo.transit.plane import scales
from geo.transit.values import Spot


class Seen(NamedTuple):
    """Where a path passes a place: how far along it, and how far from the place, in metres."""

    along: float
    off: float


class Track:
    """One path of two corners at least, measured once."""

    __slots__ = ("_scales", "at", "path")

    def __init__(self, path: Sequence[Spot]) -> None:
        self.path = path
        #: Of each edge: metres in a degree north and east there. A line is a hundred kilometres.
        self._scales = [scales((one[0] + other[0]) / 2) for one, other in pairwise(path)]
        at, metres = [0.0], 0.0
        for (one, other), (north, east) in zip(pairwise(path), self._scales, strict=True):
            metres += hypot((other[0] - one[0]) * north, (other[1] - one[1]) * east)
            at.append(metres)
        #: Metres from its beginning to each of its corners.
        self.at = at

    @property
    def length(self) -> float:
        return self.at[-1]

    def spot(self, along: float) -> Spot:
        """The place so many metres along it; its ends beyond them."""
        place = bisect_right(self.at, along) - 1
        if place < 0:
            return self.path[0]
        if place >= len(self.path) - 1:
            return self.path[-1]
        part = (along - self.at[place]) / (self.at[place + 1] - self.at[place])
        (lat, lon), (lat_2, lon_2) = self.path[place], self.path[place + 1]
        return lat + (lat_2 - lat) * part, lon + (lon_2 - lon) * part

    def seen(self, spot: Spot, *, start: float = 0.0, end: float = inf, slack: float = 0.0) -> Seen:
        """Where it passes nearest to a place, from ``start`` on and not beyond ``end``.

        With ``slack``, the first time that it passes as near as that much more than the nearest:
        on a path that crosses itself a stop is where it is passed first.
        """
        first = max(0, min(bisect_right(self.at, start), len(self.at) - 1) - 1)
        last = max(first + 1, min(bisect_left(self.at, end), len(self.at) - 1))
        passed = [self._seen(place, spot, start) for place in range(first, last)]
        least = min(it.off for it in passed) + slack
        best = next(number for number, it in enumerate(passed) if it.off <= least)
        # Down to the bottom of that first approach.
        while best + 1 < len(passed) and passed[best + 1].off < passed[best].off:
            best += 1
        return passed[best]

    def is_right_of(self, spot: Spot, along: float) -> bool:
        """Whether a place lies to the right of it there, as one travels."""
        here, ahead = self.spot(along - 10), self.spot(along + 10)
        north, east = scales(here[0])
        x, y = (ahead[1] - here[1]) * east, (ahead[0] - here[0]) * north
        to_x, to_y = (spot[1] - here[1]) * east, (spot[0] - here[0]) * north
        return x * to_y - y * to_x <= 0

    def _seen(self, place: int, spot: Spot, start: float) -> Seen:
        (lat, lon), (lat_2, lon_2) = self.path[place], self.path[place + 1]
        north, east = self._scales[place]
        x, y = (lon_2 - lon) * east, (lat_2 - lat) * north
        to_x, to_y = (spot[1] - lon) * east, (spot[0] - lat) * north
        whole = self.at[place + 1] - self.at[place]
        least = min(1.0, max(0.0, (start - self.at[place]) / whole)) if whole else 0.0
        part = (to_x * x + to_y * y) / (whole * whole) if whole else 0.0
        part = min(1.0, max(least, part))
        return Seen(self.at[place] + part * whole, hypot(to_x - part * x, to_y - part * y))
