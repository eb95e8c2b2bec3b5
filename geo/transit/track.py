"""A path with its lengths: how far along it something is, and what lies there."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from geo.transit.plane import scales
from geo.transit.values import Spot


class Seen(NamedTuple):
    """Where a path passes a place: how far along it, and how far from the place, in metres."""

    along: float
    off: float


class Track:
    """One path, measured once."""

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

    def seen(self, spot: Spot, *, start: float = 0.0, slack: float = 0.0) -> Seen:
        """Where it passes nearest to a place, from ``start`` on.

        With ``slack``, the first time that it passes as near as that much more than the nearest:
        on a path that crosses itself a stop is where it is passed first.
        """
        passed = [
            self._seen(place, spot, start)
            for place in range(len(self.path) - 1)
            if self.at[place + 1] >= start
        ]
        if not passed:
            end = self._seen(len(self.path) - 2, spot, start) if len(self.path) > 1 else None
            return end or Seen(0.0, self._metres(self.path[0], spot))
        least = min(it.off for it in passed) + slack
        first = next(n for n, it in enumerate(passed) if it.off <= least)
        # Down to the bottom of that first approach.
        while first + 1 < len(passed) and passed[first + 1].off < passed[first].off:
            first += 1
        return passed[first]

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

    def _metres(self, one: Spot, other: Spot) -> float:
        return hypot((other[0] - one[0]) * self._north, (other[1] - one[1]) * self._east)
