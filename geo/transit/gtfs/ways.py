"""The ways in which a route is travelled: which trips stand for the others, and their courses.

A route has thousands of trips and a few ways. Of each route and direction the most frequent shapes
(or headsigns, where there are no shapes) are kept, each with its first trip; only the times of
those are looked at, so that a feed of any size needs no more memory than its lines.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from geo.transit.grid import StopGrid
from geo.transit.gtfs.routes import Trip
from geo.transit.rules import MOST_WAYS, ONE_STOP_M, SNAP_M
from geo.transit.track import Track
from geo.transit.values import Course, Spot, Stop

#: A stop may be that much further from a shape than where it passes nearest, if it comes first.
_SLACK_M = 25.0
#: The shape is looked at that often for stops around it.
_LOOK_M = 200.0

_Way = tuple[str, int, str, str]


class Ways:
    """Counts trips by way."""

    def __init__(self) -> None:
        self._many: Counter[_Way] = Counter()
        self._first: dict[_Way, Trip] = {}

    def add(self, trip: Trip) -> None:
        way = trip.route, trip.direction, trip.shape, "" if trip.shape else trip.headsign
        self._many[way] += 1
        self._first.setdefault(way, trip)

    def chosen(self) -> list[Trip]:
        """One trip for each way that is kept, by route and direction, the most frequent first."""
        kept: Counter[tuple[str, int]] = Counter()
        found: list[Trip] = []
        for way, _ in sorted(self._many.items(), key=lambda it: (it[0][:2], -it[1], it[0])):
            if kept[way[:2]] < MOST_WAYS:
                kept[way[:2]] += 1
                found.append(self._first[way])
        return found


def path_of(points: Iterable[tuple[int, Spot]]) -> tuple[Spot, ...]:
    """A shape's corners in order, none twice in a row."""
    path: list[Spot] = []
    for _, spot in sorted(points):
        if not path or path[-1] != spot:
            path.append(spot)
    return tuple(path)


def timed(trip: Trip, stops: Sequence[Stop], shape: tuple[Spot, ...]) -> Course | None:
    """The course of a trip of which the stops are known, in their order."""
    path = shape if len(shape) > 1 else path_of(enumerate((it.lat, it.lon) for it in stops))
    if len(stops) < 2 or len(path) < 2:
        return None
    track, along, at = Track(path), 0.0, list[int]()
    for stop in stops:
        along = track.seen((stop.lat, stop.lon), start=along, slack=_SLACK_M).along
        at.append(round(along))
    return _course(trip, stops, at, path)


def snapped(trip: Trip, shape: tuple[Spot, ...], stops: StopGrid) -> Course | None:
    """The course of a trip of which nobody has told the stops: those on the right of its shape."""
    if len(shape) < 2:
        return None
    track = Track(shape)
    places = [min(it * _LOOK_M, track.length) for it in range(int(track.length // _LOOK_M) + 2)]
    found: dict[str, tuple[float, float, Stop]] = {}
    for place in places:
        for _, stop in stops.near(*track.spot(place), _LOOK_M):
            if stop.id not in found:
                spot = stop.lat, stop.lon
                seen = track.seen(spot, start=place - 2 * _LOOK_M, end=place + 2 * _LOOK_M)
                if seen.off <= SNAP_M and track.is_right_of(spot, seen.along):
                    found[stop.id] = seen.along, seen.off, stop
    kept = _one_side(sorted(found.values(), key=lambda it: (it[0], it[2].id)))
    if len(kept) < 2:
        return None
    return _course(trip, [it for _, _, it in kept], [round(it) for it, _, _ in kept], shape)


def without_repeats(courses: Sequence[Course]) -> tuple[Course, ...]:
    """Without those that stop nowhere where a course of the same direction does not."""
    kept: list[Course] = []
    for course in sorted(courses, key=lambda it: (it.direction, -len(it.stops))):
        if not any(
            it.direction == course.direction and set(course.stops) <= set(it.stops) for it in kept
        ):
            kept.append(course)
    return tuple(kept)


def _one_side(
    seen: Sequence[tuple[float, float, Stop]],
) -> list[tuple[float, float, Stop]]:
    """Of two stops of one name, close to each other, the one that is nearer."""
    kept: list[tuple[float, float, Stop]] = []
    for it in seen:
        if kept and kept[-1][2].name == it[2].name and it[0] - kept[-1][0] < ONE_STOP_M:
            kept[-1] = min(kept[-1], it, key=lambda each: each[1])
        else:
            kept.append(it)
    return kept


def _course(
    trip: Trip, stops: Sequence[Stop], at: Sequence[int], path: tuple[Spot, ...]
) -> Course | None:
    first = [n == 0 or one.id != other.id for n, (one, other) in enumerate(_with_before(stops))]
    ids = tuple(stop.id for stop, keep in zip(stops, first, strict=True) if keep)
    return Course(
        direction=trip.direction,
        headsign=trip.headsign or stops[-1].name,
        stops=ids,
        at_m=tuple(it for it, keep in zip(at, first, strict=True) if keep),
        path=path,
    )


def _with_before(stops: Sequence[Stop]) -> Iterable[tuple[Stop, Stop]]:
    return [(stops[0], stops[0]), *pairwise(stops)]


def by_route(trips: Sequence[Trip], courses: Mapping[str, Course]) -> dict[str, list[Course]]:
    """Courses by route, from those by trip."""
    found: dict[str, list[Course]] = {}
    for trip in trips:
        if trip.id in courses:
            found.setdefault(trip.route, []).append(courses[trip.id])
    return found
