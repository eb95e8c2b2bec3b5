"""A line as a few rounded paths, for a map without tiles: each piece of track once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from geo.places.outlines import straightened
from geo.transit.rules import MAP_DIGITS
from geo.transit.values import Line, Spot


def drawn(line: Line) -> list[list[float]]:
    """Latitude, longitude, latitude, longitude…, to about ten metres."""
    paths: list[list[float]] = []
    covered: set[frozenset[Spot]] = set()
    for course in line.courses:
        rounded = [(round(lat, MAP_DIGITS), round(lon, MAP_DIGITS)) for lat, lon in course.path]
        for run in _uncovered(rounded, covered):
            # Longitude first: it is the narrow one.
            kept = straightened([(lon, lat) for lat, lon in run], 10.0**-MAP_DIGITS)
            paths.append([number for lon, lat in kept for number in (lat, lon)])
    return paths


def _uncovered(path: Sequence[Spot], covered: set[frozenset[Spot]]) -> Iterator[list[Spot]]:
    """The stretches of a path that no path before it has drawn, in either direction."""
    run: list[Spot] = []
    for one, other in pairwise(path):
        edge = frozenset((one, other))
        if edge in covered or one == other:
            if run and one != other:
                yield run
                run = []
            continue
        covered.add(edge)
        run = run or [one]
        run.append(other)
    if run:
        yield run
