"""A place cannot be wrong, and distances are those of the ellipsoid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.point import Point
from realtime.kernel.errors import Malformed

points = st.builds(Point, lat=st.floats(-90, 90), lon=st.floats(-180, 180))

NOT_ON_EARTH: list[tuple[object, object]] = [
    (90.0001, 0.0),
    (-90.0001, 0.0),
    (0.0, 180.0001),
    (0.0, -180.0001),
    (float("nan"), 2.0),
    (48.0, float("nan")),
    (float("inf"), 2.0),
    (48.0, float("-inf")),
    (10**400, 2.0),
    (48.0, -(10**400)),
    ("48.85", 2.35),
    (48.85, "2.35"),
    (None, 2.35),
    (48.85, None),
    (True, 2.35),
    (48.85, False),
    ([48.85], 2.35),
    (b"48", 2),
    (48.85 + 0j, 2.35),
]


@pytest.mark.parametrize(("lat", "lon"), NOT_ON_EARTH, ids=repr)
def test_what_is_no_place_is_refused_without_being_quoted(lat: object, lon: object) -> None:
    with pytest.raises(Malformed) as refused:
        Point(lat=lat, lon=lon)  # type: ignore[arg-type]  # what a phone may send all the same

    assert str(refused.value) == ""


@pytest.mark.parametrize(("lat", "lon"), [(90, 180), (-90, -180), (0, 0)])
def test_the_edges_of_the_map_are_places(lat: int, lon: int) -> None:
    assert Point(lat=lat, lon=lon) == Point(lat=float(lat), lon=float(lon))


def test_a_point_is_told_by_name_only() -> None:
    with pytest.raises(TypeError):
        Point(48.85, 2.35)  # type: ignore[call-arg]  # the very thing that is forbidden


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        # PostGIS: SELECT ST_Distance('POINT(2.3522 48.8566)'::geography, 'POINT(...)'::geography)
        ((48.8566, 2.3522), (45.7640, 4.8357), 391_712.70),
        ((48.8566, 2.3522), (48.8566, 2.3522), 0.0),
        ((0.0, 0.0), (0.0, 1.0), 111_319.49),
        ((0.0, 0.0), (1.0, 0.0), 110_574.39),
        ((0.0, 179.5), (0.0, -179.5), 111_319.49),
    ],
)
def test_distances_are_on_the_ellipsoid(
    one: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    here, there = Point(lat=one[0], lon=one[1]), Point(lat=other[0], lon=other[1])

    assert here.distance_to(there) == pytest.approx(metres, abs=0.01)


@given(points, points)
def test_a_distance_is_the_same_both_ways(here: Point, there: Point) -> None:
    assert here.distance_to(there) == pytest.approx(there.distance_to(here), abs=1e-3)


@given(points)
def test_a_rounded_point_is_near_and_still_on_earth(point: Point) -> None:
    rounded = point.rounded(3)

    assert rounded == rounded.rounded(3)
    assert point.distance_to(rounded) < 80
