"""How far a place is from a zone: against edges walked step by step, and where maps go wrong."""

from itertools import pairwise
from math import inf, nan
from random import Random

import pytest
from pyproj import Geod

from geo.point import Point, sights
from geo.zones import (
    LARGEST_RADIUS,
    MOST_CORNERS,
    PLANE_ERROR,
    WIDEST,
    Circle,
    Disc,
    Outline,
)
from realtime.kernel.errors import Malformed

_EARTH = Geod(ellps="WGS84")
PARIS = Point(lat=48.85, lon=2.35)
#: Paris, the equator, both sides of the antimeridian, beside the pole, at it.
MIDDLES = [PARIS, Point(lat=0, lon=-60), Point(lat=-17, lon=180), Point(lat=-17, lon=-179.99),
           Point(lat=89.9, lon=12), Point(lat=90, lon=0), Point(lat=-90, lon=0)]  # fmt: skip
STEPS = 2_000


def there(place: Point, towards: float, metres: float) -> Point:
    lon, lat, _ = _EARTH.fwd(place.lon, place.lat, towards, metres)
    return Point(lat=lat, lon=lon)


def ring(middle: Point, metres: float, corners: int = 4) -> Outline:
    return Outline(tuple(there(middle, it * 360 / corners, metres) for it in range(corners)))


def walked(outline: Outline, place: Point) -> float:
    """The least distance to a point of an edge, of many."""
    nearest = inf
    for one, other in pairwise([*outline.corners, outline.corners[0]]):
        on_it = [one, *(Point(lat=lat, lon=lon) for lon, lat in
                        _EARTH.npts(one.lon, one.lat, other.lon, other.lat, STEPS))]  # fmt: skip
        nearest = min(nearest, *(it.metres for it in sights(place, on_it)))
    return nearest


@pytest.mark.parametrize("middle", MIDDLES, ids=str)
def test_a_circle_is_as_far_as_its_rim(middle: Point) -> None:
    circle = Circle(middle, 1_000)

    assert circle.metres(middle) == 0
    assert circle.metres(there(middle, 77, 1_000 - 0.001)) == 0
    assert circle.metres(there(middle, 77, 1_500)) == pytest.approx(500, abs=1e-5)
    assert circle.within() == [circle]
    assert circle.around() == circle


@pytest.mark.parametrize("radius", [0, -1, nan, inf, LARGEST_RADIUS + 1, True])
def test_a_circle_of_no_such_radius_is_refused(radius: float) -> None:
    with pytest.raises(Malformed):
        Circle(PARIS, radius)


@pytest.mark.parametrize("middle", MIDDLES, ids=str)
def test_an_outline_holds_its_middle_on_the_antimeridian_and_around_a_pole(middle: Point) -> None:
    outline = ring(middle, 5_000)

    assert outline.metres(middle) == 0
    assert outline.metres(there(middle, 45, 3_000)) == 0
    assert outline.metres(there(middle, 0, 6_000)) == pytest.approx(1_000, abs=0.1)
    assert outline.metres(there(middle, 45, 6_000)) == pytest.approx(
        6_000 - 5_000 / 2**0.5, abs=0.1
    )


def test_edges_are_the_shortest_ways_between_corners() -> None:
    dice, worst = Random(4), 0.0
    for _ in range(12):
        middle = dice.choice(MIDDLES)
        corners = [middle, *(there(middle, dice.uniform(0, 360), WIDEST * 0.99) for _ in range(2))]
        outline = Outline(tuple(corners))
        one, other = corners[1], corners[2]
        way = sights(one, [other])[0]
        on_edge = there(one, way.azimuth, way.metres * dice.random())
        beside = there(on_edge, way.azimuth + dice.choice((90, -90)), 10_000 * dice.random())
        found = outline.metres(beside)
        if found:
            worst = max(worst, abs(found - walked(outline, beside)))

    assert worst < 2


def test_on_the_rim_is_near_enough_to_nothing() -> None:
    outline = ring(PARIS, 5_000)

    assert outline.metres(outline.corners[0]) == pytest.approx(0, abs=1e-6)


def test_between_the_corners_of_an_outline_that_crosses_itself_all_is_inside() -> None:
    a, b, c, d, e = (there(PARIS, it * 72, 5_000) for it in range(5))

    star = Outline((a, c, e, b, d))

    assert star.meets_itself
    assert star.metres(PARIS) == 0
    assert star.metres(there(PARIS, 36, 4_000)) == 0
    assert star.metres(there(PARIS, 36, 4_100)) > 0


@pytest.mark.parametrize("middle", MIDDLES, ids=str)
def test_an_outline_that_goes_there_and_back_around_a_place_has_it_inside(middle: Point) -> None:
    wide, narrow = ([there(middle, it * 60, far) for it in range(6)] for far in (5_000, 4_000))

    there_and_back = Outline((*wide, wide[0], narrow[0], *reversed(narrow)))

    assert there_and_back.metres(middle) == 0
    assert there_and_back.metres(there(middle, 0, 5_100)) == pytest.approx(100, abs=0.1)


def test_an_outline_with_a_notch_is_no_knot() -> None:
    notched = Outline(tuple(there(PARIS, it * 45, (5_000, 2_000)[it % 2]) for it in range(8)))

    assert not notched.meets_itself
    assert notched.metres(there(PARIS, 45, 2_500)) > 0


def test_corners_said_twice_and_closed_by_hand_change_nothing() -> None:
    corners = ring(PARIS, 5_000).corners

    said = Outline((corners[0], *corners, corners[0]))

    place = there(PARIS, 10, 9_000)
    assert said.metres(place) == pytest.approx(ring(PARIS, 5_000).metres(place), abs=1e-6)


def test_three_corners_in_one_place_are_a_point() -> None:
    outline = Outline((PARIS, PARIS, PARIS))

    assert outline.metres(there(PARIS, 0, 100)) == pytest.approx(100, abs=1e-6)
    assert [it.radius_m for it in outline.within()] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "place", [Point(lat=-48.85, lon=-177.65), Point(lat=-21.1, lon=55.5)], ids=["antipode", "far"]
)
def test_from_the_other_side_of_the_world_it_is_far_and_never_too_far(place: Point) -> None:
    outline = ring(PARIS, 50_000)

    assert 8_000_000 < outline.metres(place) <= walked(outline, place)


@pytest.mark.parametrize("corners", [0, 2, MOST_CORNERS + 1])
def test_too_few_or_too_many_corners_are_refused(corners: int) -> None:
    with pytest.raises(Malformed):
        Outline(tuple(there(PARIS, it * 7, 1_000) for it in range(corners)))


def test_an_outline_is_no_wider_than_the_plane_bears() -> None:
    far = there(PARIS, 90, WIDEST + 1)

    with pytest.raises(Malformed):
        Outline((PARIS, there(PARIS, 0, 10), far))


def test_discs_within_are_within_and_the_one_around_is_around() -> None:
    dice = Random(3)
    for _ in range(40):
        middle, size = dice.choice(MIDDLES), dice.choice((1_000.0, 90_000.0))
        angles = sorted(dice.uniform(0, 360) for _ in range(dice.randint(3, 9)))
        outline = Outline(tuple(there(middle, it, size * dice.uniform(0.1, 0.5)) for it in angles))
        around = outline.around()
        for disc in outline.within():
            assert outline.metres(disc.centre) <= PLANE_ERROR
            for towards in range(0, 360, 30):
                rim = there(disc.centre, towards, disc.radius_m)
                assert outline.metres(rim) <= 1e-6
                assert around.metres(rim) <= 1


def test_an_outline_with_room_inside_has_discs_inside() -> None:
    discs = ring(PARIS, 10_000, corners=8).within()

    assert sum(it.radius_m > 1_000 for it in discs) == 4
    assert all(isinstance(it, Disc) for it in discs)
