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

    __slots__ = ("_east", "_north", "at", "path")

    def __init__(self, path: Sequence[Spot]) -> None:
        self.path = path
        middle = path[len(path) // 2][0]
        self._north, self._east = scales(middle)
        at, metres = [0.0], 0.0
        for (lat, lon), (lat_2, lon_2) in pairwise(path):
            metres += hypot((lat_2 - lat) * self._north, (lon_2 - lon) * self._east)
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
        x, y = (ahead[1] - here[1]) * self._east, (ahead[0] - here[0]) * self._north
        to_x, to_y = (spot[1] - here[1]) * self._east, (spot[0] - here[0]) * self._north
        return x * to_y - y * to_x <= 0

    def _seen(self, place: int, spot: Spot, start: float) -> Seen:
        (lat, lon), (lat_2, lon_2) = self.path[place], self.path[place + 1]
        x, y = (lon_2 - lon) * self._east, (lat_2 - lat) * self._north
        to_x, to_y = (spot[1] - lon) * self._east, (spot[0] - lat) * self._north
        length = x * x + y * y
        part = min(1.0, max(0.0, (to_x * x + to_y * y) / length)) if length else 0.0
        along = self.at[place] + part * (self.at[place + 1] - self.at[place])
        if along < start:
            along = start
            whole = self.at[place + 1] - self.at[place]
            part = min(1.0, (start - self.at[place]) / whole) if whole else 0.0
        return Seen(along, hypot(to_x - part * x, to_y - part * y))
