"""Cells, and the arithmetic on their bits, checked against the h3 library itself."""

import math

import h3
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo import cells
from geo.cells import Cell
from geo.point import Point
from geo.whereabouts.order import near_index
from realtime.kernel.errors import Malformed

PARIS = Point(lat=48.8566, lon=2.3522)
SAINT_DENIS = Point(lat=-20.8789, lon=55.4481)

lats = st.floats(-1, 1).map(lambda sine: math.degrees(math.asin(sine)))
points = st.builds(Point, lat=lats, lon=st.floats(-180, 180))
near_pentagons = st.sampled_from(sorted(h3.get_pentagons(3))).flatmap(
    lambda it: st.sampled_from([h3.cell_to_center_child(c, 9) for c in h3.grid_disk(it, 2)])
)
near_cells = st.one_of(points.map(cells.cell_of), near_pentagons.map(Cell))


@given(points, st.integers(0, 15))
def test_a_cell_holds_its_point_and_has_its_parents(point: Point, res: int) -> None:
    cell = cells.cell_of(point, res)

    assert h3.get_resolution(cell) == res
    for coarser in range(res + 1):
        assert cells.parent(cell, coarser) == h3.cell_to_parent(cell, coarser)


@given(near_cells, st.integers(0, 8))
def test_bits_say_what_the_library_says(cell: Cell, res: int) -> None:
    coarse = h3.cell_to_parent(cell, res)
    index, inner = cells.to_index(coarse), cells.to_index(h3.cell_to_parent(cell, res + 1))

    assert cells.to_cell(index) == coarse
    assert cells.resolution(index) == res
    assert cells.base(index) == h3.get_base_cell_number(cell)
    assert cells.child(index, cells.digit(inner)) == inner
    assert cells.to_cell(cells.middle(index)) == h3.cell_to_center_child(coarse, 9)


@given(points)
def test_the_middle_of_a_finer_cell_is_the_one_that_holds_it(point: Point) -> None:
    fine = cells.cell_of(point, 12)

    assert cells.to_cell(cells.middle(cells.to_index(fine))) == h3.cell_to_parent(fine, 9)


def test_the_pentagons_are_the_library_s() -> None:
    assert {h3.get_base_cell_number(it) for it in h3.get_pentagons(0)} == cells.PENTAGONS


@pytest.mark.parametrize(
    "place",
    [(48.86, 2.35), (42.7, 9.45), (16.2, -61.5), (14.6, -61.0), (4.9, -52.3), (-21.1, 55.5),
     (-12.8, 45.2), (-22.2, 166.4), (-17.5, -149.5), (46.8, -56.2), (-13.3, -176.2)],
)  # fmt: skip
def test_nobody_in_france_lives_where_steps_cannot_be_counted(place: tuple[float, float]) -> None:
    cell = cells.cell_of(Point(lat=place[0], lon=place[1]))

    assert h3.get_base_cell_number(cell) not in cells.PENTAGONS


@given(near_cells, st.integers(0, 40), st.data())
def test_steps_count_rings(cell: Cell, ring: int, data: st.DataObject) -> None:
    assume(not any(h3.is_pentagon(it) for it in h3.grid_disk(h3.cell_to_parent(cell, 6), 3)))
    assume(cells.base(cells.to_index(cell)) not in cells.PENTAGONS)
    there = data.draw(st.sampled_from(sorted(h3.grid_ring(cell, ring))))
    assume(cells.base(cells.to_index(there)) not in cells.PENTAGONS)

    assert cells.steps(cell, Cell(there)) == ring


@given(near_cells, near_cells)
def test_steps_never_fail_and_are_the_same_both_ways(one: Cell, other: Cell) -> None:
    there = cells.steps(one, other)

    assert there == cells.steps(other, one)
    assert (there == 0) == (one == other)


def test_where_steps_cannot_be_counted_metres_stand_in_for_them() -> None:
    far = cells.steps(cells.cell_of(PARIS), cells.cell_of(SAINT_DENIS))

    assert far == pytest.approx(PARIS.distance_to(SAINT_DENIS) / 348, rel=0.01)


@given(near_pentagons, st.integers(1, 9))
def test_in_a_pentagon_s_base_cell_metres_stand_in_for_steps_at_any_distance(
    cell: str, ring: int
) -> None:
    assume(cells.base(cells.to_index(cell)) in cells.PENTAGONS)
    there = max(h3.grid_disk(cell, ring))
    here = h3.cell_to_latlng(cell)
    metres = h3.great_circle_distance(here, h3.cell_to_latlng(there), unit="m")

    assert cells.steps(Cell(cell), Cell(there)) == math.ceil(metres / cells.METRES_A_STEP)


def test_a_coarser_cell_counts_from_its_middle() -> None:
    cell = cells.cell_of(PARIS)
    zone = cells.parent(cell, 7)

    assert cells.steps(cell, zone) == h3.grid_distance(cell, h3.cell_to_center_child(zone, 9))


@pytest.mark.parametrize(
    "text",
    ["", "zz", "891fb466257fff", "891fb466257ffffff", "8" * 40, "-891fb466257ffff",
     "ffffffffffffffff", "0", "891fb466257fff\x00", "1591fb466257ffff", None, 5],
)  # fmt: skip
def test_a_text_that_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        cells.cell(text)


def test_a_cell_has_one_way_to_be_written() -> None:
    assert cells.cell("891FB466257FFFF") == cells.cell_of(PARIS)


@pytest.mark.parametrize("res", [-1, 10, 99])
def test_a_parent_is_never_finer(res: int) -> None:
    with pytest.raises(Malformed):
        cells.parent(cells.cell_of(PARIS), res)


def test_a_cell_has_a_centre_neighbours_and_an_area() -> None:
    cell = cells.cell_of(PARIS, 6)

    assert cells.cell_of(cells.centre(cell), 6) == cell
    assert set(cells.around(cell)) == set(h3.grid_disk(cell, 1))
    assert 25 < cells.square_kilometres(cell) < 45


def test_a_cell_is_drawn_by_its_corners_to_about_ten_metres() -> None:
    corners = cells.outline(cells.cell_of(PARIS))

    assert len(corners) == 6
    assert all(PARIS.distance_to(Point(lat=lat, lon=lon)) < 500 for lat, lon in corners)
    assert all(round(degrees, 4) == degrees for corner in corners for degrees in corner)


def test_a_place_counts_as_the_cell_of_res_9_that_holds_it_and_a_coarser_one_is_none() -> None:
    exact = cells.cell_of(PARIS)

    assert near_index(exact) == cells.up(cells.to_index(exact), 9)
    with pytest.raises(Malformed):
        near_index(Cell(h3.cell_to_parent(exact, 8)))
