"""Whatever an outline shuts in is inside, however it crosses itself.

What it shuts in is found another way: where two of its edges cross, the way from the crossing back
to it is a closed one of its own, and what any of those goes around cannot be left without crossing.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod

from geo.point import Point
from geo.zones import MOST_CORNERS, Outline

_EARTH = Geod(ellps="WGS84")
Flat = tuple[Fraction, Fraction]
#: Degrees to a step of the paper: about a hundred metres, on the equator.
STEP = 0.001
#: Beside every line of the paper.
ASIDE = Fraction(37, 100)

steps = st.integers(0, 12)
drawn = st.lists(st.tuples(steps, steps), min_size=4, max_size=14)
pegs = st.tuples(steps, steps).map(lambda it: (it[0] + ASIDE, it[1] + ASIDE * ASIDE))


def place_of(flat: tuple[Fraction | int, Fraction | int]) -> Point:
    return Point(lat=float(flat[1]) * STEP, lon=float(flat[0]) * STEP)


def cross(a: Flat, b: Flat, c: Flat) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def crossing(a: Flat, b: Flat, c: Flat, d: Flat) -> Flat | None:
    """Where two edges cross, ends included; None: nowhere, or along each other."""
    across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if across == 0:
        return None
    along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / across
    beside = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / across
    if not (0 <= along <= 1 and 0 <= beside <= 1):
        return None
    return a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])


def closed_ways(corners: Sequence[Flat]) -> Iterator[list[Flat]]:
    yield list(corners)
    edges = list(pairwise([*corners, corners[0]]))
    for one, other in combinations(range(len(edges)), 2):
        found = crossing(*edges[one], *edges[other])
        if found is not None:
            yield [found, *corners[one + 1 : other + 1]]


def goes_around(corners: Sequence[Flat], peg: Flat) -> bool:
    turns = 0
    for a, b in pairwise([*corners, corners[0]]):
        side = cross(a, b, peg)
        turns += (a[1] <= peg[1] < b[1] and side > 0) - (b[1] <= peg[1] < a[1] and side < 0)
    return turns != 0


@given(drawn, pegs)
def test_what_an_outline_shuts_in_is_inside(corners: list[tuple[int, int]], peg: Flat) -> None:
    flat = [(Fraction(east), Fraction(north)) for east, north in corners]
    assume(any(goes_around(way, peg) for way in closed_ways(flat)))

    outline = Outline(tuple(map(place_of, corners)))

    assert outline.metres(place_of(peg)) == 0


far = st.integers(200, 9_000)


@given(st.lists(st.tuples(far, far), min_size=3, max_size=MOST_CORNERS // 2 - 1), st.data())
def test_around_a_place_and_back_again_leaves_it_inside(
    ways: list[tuple[int, int]], data: st.DataObject
) -> None:
    middle = Point(lat=48.85, lon=2.35)
    turn = 360 / len(ways)
    there = [_away(middle, at * turn, out) for at, (out, _) in enumerate(ways)]
    back = [_away(middle, at * turn, home) for at, (_, home) in enumerate(ways)]
    first = data.draw(st.integers(0, len(ways) - 1))
    path = [*there[first:], *there[: first + 1], *reversed([*back[first:], *back[: first + 1]])]

    assert Outline(tuple(path)).metres(middle) == 0


def _away(middle: Point, towards: float, metres: float) -> Point:
    lon, lat, _ = _EARTH.fwd(middle.lon, middle.lat, towards, metres)
    return Point(lat=lat, lon=lon)
