"""The Earth without edges: degrees that mean one place are one place, and no way is too short."""

from math import dist

from hypothesis import given
from hypothesis import strategies as st

from geo.places.near.solid import FARTHEST, Solid, solid
from geo.point import Point

points = st.builds(Point, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
#: What sixteen digits of a radius of the Earth leave, in metres.
ROUNDING = 1e-8


def of(point: Point) -> Solid:
    return solid(lat=point.lat, lon=point.lon)


@given(points, points)
def test_no_way_along_the_ground_is_shorter_than_the_straight_one(one: Point, other: Point) -> None:
    # Or an index of cubes would miss what is nearest.
    ground = one.distance_to(other)

    assert dist(of(one), of(other)) <= ground + ROUNDING
    assert ground <= FARTHEST


@given(st.floats(-90, 90))
def test_the_antimeridian_is_one_line(lat: float) -> None:
    assert dist(solid(lat=lat, lon=180), solid(lat=lat, lon=-180)) < ROUNDING


@given(st.sampled_from((-90.0, 90.0)), st.floats(-180, 180))
def test_a_pole_is_one_place(pole: float, lon: float) -> None:
    assert dist(solid(lat=pole, lon=lon), solid(lat=pole, lon=0)) < ROUNDING


@given(points)
def test_every_place_is_on_the_ellipsoid(point: Point) -> None:
    x, y, z = of(point)

    assert abs((x**2 + y**2) / 6_378_137.0**2 + z**2 / 6_356_752.314245**2 - 1) < 1e-12
