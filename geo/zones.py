"""How far a place is from a zone that somebody must not come near: a circle, or an outline. Pure.

Metres along the WGS 84 ellipsoid; inside a zone it is 0. The edges of an outline are the shortest
ways between its corners. They are looked at in the plane that touches the Earth at the place in
question: the corners are then exactly as far and in the direction they are, whichever side of the
antimeridian or of a pole, and an edge of 200 km that passes within 10 km is told to 2 m (tested).
Somebody who draws an edge on a map draws another line: at 48° north it is 2 m aside for 10 km,
55 m for 50 km and 900 m in the middle of 200 km.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import atan2, cos, degrees, dist, hypot, inf, radians, sin

from pyproj import Geod

from geo.point import Point, sights
from realtime.kernel.errors import Malformed

_EARTH = Geod(ellps="WGS84")

#: What a circle may be, in metres.
LARGEST_RADIUS = 100_000.0
FEWEST_CORNERS, MOST_CORNERS = 3, 60
#: No corner is further than that from the first, in metres.
WIDEST = 100_000.0
#: From further than that an outline is a point: the plane would be no good.
FAR = 1_000_000.0
#: Discs that ``within`` answers for an outline: inside it, and at its corners.
INSIDE_DISCS, CORNER_DISCS = 4, 4
#: A disc is made smaller by this, in metres, for what the plane gets wrong.
PLANE_ERROR = 25.0
#: Edges that come nearer to each other, in metres, meet; corners that do are one.
TOUCH = 1.0
_GRID = 4

#: A place as metres east and north of another.
_Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Disc:
    centre: Point
    radius_m: float

    def metres(self, place: Point) -> float:
        """From a place to the rim; inside, 0.

        >>> disc = Disc(Point(lat=48.8566, lon=2.3522), 1_000)
        >>> disc.metres(disc.centre), round(disc.metres(Point(lat=45.7640, lon=4.8357)))
        (0.0, 390713)
        """
        return max(0.0, self.centre.distance_to(place) - self.radius_m)


@dataclass(frozen=True, slots=True)
class Circle(Disc):
    """A disc that came from outside, or ``Malformed``."""

    def __post_init__(self) -> None:
        # Said so that NaN is refused; True is no metre.
        if isinstance(self.radius_m, bool) or not 0 < self.radius_m <= LARGEST_RADIUS:
            raise Malformed

    def within(self) -> list[Disc]:
        return [self]

    def around(self) -> Disc:
        return self


@dataclass(frozen=True, slots=True)
class Outline:
    """At least three corners, closed by itself, or ``Malformed``.

    One that meets itself shuts in places that it goes around both ways, or not at all: nobody can
    say which she meant. All that lies between its corners is then inside.
    """

    corners: tuple[Point, ...]
    meets_itself: bool = field(init=False)

    def __post_init__(self) -> None:
        if not FEWEST_CORNERS <= len(self.corners) <= MOST_CORNERS:
            raise Malformed
        if self.around().radius_m > WIDEST:
            raise Malformed
        flat = _seen_from(self.corners[0], self.corners)
        object.__setattr__(self, "meets_itself", _meets_itself(flat))

    def metres(self, place: Point) -> float:
        """From a place to the nearest edge; inside, 0.

        >>> square = [(48.80, 2.30), (48.80, 2.40), (48.90, 2.40), (48.90, 2.30)]
        >>> outline = Outline(tuple(Point(lat=lat, lon=lon) for lat, lon in square))
        >>> outline.metres(Point(lat=48.85, lon=2.35))
        0.0
        >>> round(outline.metres(Point(lat=48.85, lon=2.25)))
        3670
        """
        corners = _seen_from(place, self.corners)
        nearest = min(hypot(*corner) for corner in corners)
        if nearest > FAR:
            # Never told too far: an edge may come nearer than its ends by half its length.
            return nearest - WIDEST
        return max(0.0, -_clearance(self._rim(corners), (0.0, 0.0)))

    def within(self) -> list[Disc]:
        """Discs that all lie within: who is near one of them is near the outline.

        They cover most of it, not all; a statement that cannot measure outlines drops by them the
        places that need not be measured.
        """
        first = self.corners[0]
        flat = _seen_from(first, self.corners)
        step = -(-len(self.corners) // CORNER_DISCS)
        discs = [Disc(corner, 0.0) for corner in self.corners[::step]]
        for radius, place in _inner(self._rim(flat))[:INSIDE_DISCS]:
            discs.append(Disc(_there(first, place), radius))
        return discs

    def around(self) -> Disc:
        """A disc that holds it all."""
        first = self.corners[0]
        return Disc(first, max(hypot(*corner) for corner in _seen_from(first, self.corners)))

    def _rim(self, corners: Sequence[_Flat]) -> Sequence[_Flat]:
        """Its edges, in whichever plane its corners are seen."""
        return _hull(corners) if self.meets_itself else corners


#: Where somebody must not be sent.
Zone = Circle | Outline


def _seen_from(place: Point, corners: Sequence[Point]) -> list[_Flat]:
    """Corners in the plane that touches the Earth at a place: exact distances and directions."""
    seen = ((radians(it.azimuth), it.metres) for it in sights(place, corners))
    return [(far * sin(towards), far * cos(towards)) for towards, far in seen]


def _there(place: Point, flat: _Flat) -> Point:
    """The place that is so many metres east and north of another."""
    azimuth = degrees(atan2(*flat))
    lon, lat, _ = _EARTH.fwd(place.lon, place.lat, azimuth, hypot(*flat))
    return Point(lat=lat, lon=lon)


def _meets_itself(corners: Sequence[_Flat]) -> bool:
    """Whether an edge meets one that is not beside it."""
    edges = list(pairwise(_apart(corners)))
    return any(
        _meet(edges[one], edges[other])
        for one, other in combinations(range(len(edges)), 2)
        if other - one not in {1, len(edges) - 1}
    )


def _apart(corners: Sequence[_Flat]) -> list[_Flat]:
    """Corners without those that only repeat one, closed."""
    kept = [corners[0]]
    for corner in corners[1:]:
        if dist(corner, kept[-1]) > TOUCH:
            kept.append(corner)
    if len(kept) > 1 and dist(kept[0], kept[-1]) <= TOUCH:
        kept.pop()
    return [*kept, kept[0]]


def _meet(one: tuple[_Flat, _Flat], other: tuple[_Flat, _Flat]) -> bool:
    (a, b), (c, d) = one, other
    for axis in (0, 1):
        # Nearly all are far aside.
        if max(a[axis], b[axis]) + TOUCH < min(c[axis], d[axis]):
            return False
        if max(c[axis], d[axis]) + TOUCH < min(a[axis], b[axis]):
            return False
    ends = ((a, other), (b, other), (c, one), (d, one))
    if any(_from(end, edge) <= TOUCH for end, edge in ends):
        return True
    # Each has its ends on both sides of the other.
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _from(place: _Flat, edge: tuple[_Flat, _Flat]) -> float:
    (ax, ay), (bx, by) = edge
    return _to_edge(ax - place[0], ay - place[1], bx - ax, by - ay)


def _turn(a: _Flat, b: _Flat, c: _Flat) -> float:
    """Above 0 when going from a by b to c is a turn to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _hull(corners: Sequence[_Flat]) -> list[_Flat]:
    """The smallest outline without a notch that has them all, by the left."""
    # At least two: an outline that meets itself has corners apart.
    ordered = sorted(set(corners))
    return [*_bent_left(ordered), *_bent_left(reversed(ordered))]


def _bent_left(corners: Iterable[_Flat]) -> list[_Flat]:
    """All but the last, and but those where one would turn to the right."""
    kept: list[_Flat] = []
    for corner in corners:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], corner) <= 0:
            kept.pop()
        kept.append(corner)
    return kept[:-1]


def _inner(corners: Sequence[_Flat]) -> list[tuple[float, _Flat]]:
    """Points of a grid that are inside, the innermost first, each with its metres to the rim."""
    easts, norths = zip(*corners, strict=True)
    grid = [(east, north) for east in _spread(easts) for north in _spread(norths)]
    found = [(_clearance(corners, it) - PLANE_ERROR, it) for it in grid]
    return sorted((it for it in found if it[0] > 0), reverse=True)


def _spread(lengths: Sequence[float]) -> list[float]:
    least, most = min(lengths), max(lengths)
    return [least + (most - least) * (step + 0.5) / _GRID for step in range(_GRID)]


def _clearance(corners: Sequence[_Flat], here: _Flat) -> float:
    """Metres to the nearest edge: of a point inside, positive; outside, negative."""
    turns, nearest = 0, inf
    moved = [(east - here[0], north - here[1]) for east, north in corners]
    for (ax, ay), (bx, by) in pairwise([*moved, moved[0]]):
        # How often the edges go around here: counted where they cross the line to the east.
        side = ax * by - ay * bx
        turns += (ay <= 0 < by and side > 0) - (by <= 0 < ay and side < 0)
        nearest = min(nearest, _to_edge(ax, ay, bx - ax, by - ay))
    return nearest if turns else -nearest


def _to_edge(x: float, y: float, east: float, north: float) -> float:
    """From the origin to the edge that begins at (x, y) and goes so far."""
    length = east * east + north * north
    along = -(x * east + y * north) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(x + along * east, y + along * north)
