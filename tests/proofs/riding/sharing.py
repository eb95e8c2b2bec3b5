"""Which lines share a stretch of track, measured on the traces and not by the matching itself."""

from collections.abc import Iterable
from math import floor, hypot

from geo.transit.network import Network
from geo.transit.plane import scales
from geo.transit.values import LineId, Spot

#: A line that runs this near everywhere cannot be told apart: half of what rounding loses.
SHARED_M = 60.0
_EVERY_M = 25.0
_SQUARE = 0.001


class Sharing:
    def __init__(self, network: Network) -> None:
        self._squares: dict[tuple[int, int], list[tuple[float, float, LineId]]] = {}
        for line in network.lines:
            for number in range(len(line.courses)):
                track = network.track(line.id, number)
                for step in range(int(track.length / _EVERY_M) + 1):
                    lat, lon = track.spot(step * _EVERY_M)
                    square = floor(lat / _SQUARE), floor(lon / _SQUARE)
                    self._squares.setdefault(square, []).append((lat, lon, line.id))

    def along(self, spots: Iterable[Spot]) -> set[LineId]:
        """The lines that run beside every one of these places."""
        found: set[LineId] | None = None
        for spot in spots:
            near = self._near(spot)
            found = near if found is None else found & near
        return found or set()

    def _near(self, spot: Spot) -> set[LineId]:
        north, east = scales(spot[0])
        row, column = floor(spot[0] / _SQUARE), floor(spot[1] / _SQUARE)
        return {
            line
            for up in (row - 1, row, row + 1)
            for across in (column - 1, column, column + 1)
            for lat, lon, line in self._squares.get((up, across), ())
            if hypot((lat - spot[0]) * north, (lon - spot[1]) * east) <= SHARED_M
        }
