"""Stops by squares of a grid: the nearest of a hundred thousand in microseconds."""

from collections.abc import Iterable
from math import ceil, cos, floor, hypot, radians

from geo.transit.plane import scales
from geo.transit.rules import NEAREST_M
from geo.transit.values import Stop

#: A square's height, in degrees: about 550 m. In towns it holds a few stops.
SQUARE = 0.005
#: A degree of latitude is at least that long, in metres.
_LEAST_DEGREE_M = 110_574


class StopGrid:
    def __init__(self, stops: Iterable[Stop]) -> None:
        self._squares: dict[tuple[int, int], list[Stop]] = {}
        for stop in stops:
            self._squares.setdefault(_square(stop.lat, stop.lon), []).append(stop)

    def near(self, lat: float, lon: float, reach_m: float) -> list[tuple[float, Stop]]:
        """Every stop within so many metres, the nearest first, then by id."""
        north, east = scales(lat)
        found = [
            (metres, stop)
            for stop in self._around(lat, lon, reach_m)
            if (metres := hypot((stop.lat - lat) * north, (stop.lon - lon) * east)) <= reach_m
        ]
        return sorted(found, key=lambda it: (it[0], it[1].id))

    def nearest(self, lat: float, lon: float) -> Stop | None:
        """The nearest stop within a kilometre: first close by, then in the whole reach."""
        for reach in (NEAREST_M / 4, NEAREST_M):
            found = self.near(lat, lon, reach)
            if found:
                return found[0][1]
        return None

    def _around(self, lat: float, lon: float, reach_m: float) -> Iterable[Stop]:
        # Squares are as many degrees wide as they are high: towards the poles they are narrower.
        high = ceil(reach_m / _LEAST_DEGREE_M / SQUARE)
        wide = ceil(reach_m / (_LEAST_DEGREE_M * max(cos(radians(lat)), 0.01)) / SQUARE)
        row, column = _square(lat, lon)
        for up in range(row - high, row + high + 1):
            for along in range(column - wide, column + wide + 1):
                yield from self._squares.get((up, along), ())


def _square(lat: float, lon: float) -> tuple[int, int]:
    return floor(lat / SQUARE), floor(lon / SQUARE)
