"""Which way a shape is travelled, where no times say it.

Some feeds (Amiens) draw both directions of a route in one and the same order. A shape is turned
round when the headsign of its trips names a stop at its beginning and none at its end; and where it
says nothing, when the other direction is travelled the way this one is drawn.
"""

import re
from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

from geo.transit.grid import StopGrid
from geo.transit.gtfs.routes import Trip
from geo.transit.plane import apart
from geo.transit.rules import TERMINUS_M
from geo.transit.values import Spot

_Path = tuple[Spot, ...]
#: Shorter words are articles, and letters of quays.
_SHORTEST_WORD = 4


def oriented(
    trips: Sequence[Trip], shapes: Mapping[str, _Path], stops: StopGrid
) -> dict[str, _Path]:
    """The path of each trip that has a shape, as it is travelled."""
    drawn = {it.id: shapes[it.shape] for it in trips if len(shapes.get(it.shape, ())) > 1}
    known = {
        it.id: said
        for it in trips
        if it.id in drawn and (said := _said(it.headsign, drawn[it.id], stops)) is not None
    }
    paths: dict[str, _Path] = {}
    for trip in sorted(trips, key=lambda it: (it.id not in known, it.direction)):
        if trip.id in drawn:
            path = drawn[trip.id]
            others = [
                paths[it.id]
                for it in trips
                if it.route == trip.route and it.direction != trip.direction and it.id in paths
            ]
            ahead = known.get(trip.id, not any(_alike(path, it) for it in others))
            paths[trip.id] = path if ahead else path[::-1]
    return paths


def _said(headsign: str, path: _Path, stops: StopGrid) -> bool | None:
    """Whether it ends where the headsign says; None when that names neither end, or both."""
    words = _words(headsign)
    begins, ends = (
        any(words & _words(stop.name) for _, stop in stops.near(*end, TERMINUS_M))
        for end in (path[0], path[-1])
    )
    return None if begins == ends else ends


def _alike(one: _Path, other: _Path) -> bool:
    """Whether two paths begin and end at the same places."""
    return all(apart(one[it], other[it]) <= TERMINUS_M for it in (0, -1))


def _words(text: str) -> set[str]:
    """What is compared of a name: its longer words, without accents.

    >>> sorted(_words("M. de Saleux, Étouvie"))
    ['etouvie', 'saleux']
    """
    plain = "".join(it for it in normalize("NFKD", text) if not combining(it)).casefold()
    return {it for it in re.findall(r"\w+", plain) if len(it) >= _SHORTEST_WORD}
