"""Adding offsets on the lattice gives what the h3 library counts cell by cell."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import lattice
from geo.cells import Index, base, cell_of, child, index_steps, middle, to_index, up
from geo.point import Point

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
#: Base cells that touch the one of Paris, and have a lattice with it.
TOUCHING = [
    middle(to_index(it))
    for it in h3.grid_disk(h3.cell_to_parent(h3.int_to_str(PARIS), 0), 1)
    if not h3.is_pentagon(it)
]


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_steps_are_the_longest_of_three_ways(i: int, j: int) -> None:
    assert lattice.norm(i, j) == max(abs(i), abs(j), abs(i - j))


@given(
    st.sampled_from(TOUCHING),
    st.lists(st.integers(0, 6), min_size=9, max_size=9),
    st.sampled_from([PARIS, *TOUCHING]),
)
def test_going_down_by_offsets_arrives_where_the_cell_is(
    there: Index, digits: list[int], origin: Index
) -> None:
    cell = up(there, 0)
    where = lattice.place(origin, middle(cell))
    if where is None:
        return
    i, j = where
    for res, digit in enumerate(digits):
        di, dj = lattice.offsets(origin, cell)[res][digit]
        i, j = i + di, j + dj
        cell = child(cell, digit)

    assert (i, j) == lattice.place(origin, cell)
    assert lattice.norm(i, j) == index_steps(origin, cell)


@pytest.mark.parametrize("lat", [-20.9, 64.7])
def test_there_is_no_lattice_with_the_other_side_of_the_earth_nor_across_pentagons(
    lat: float,
) -> None:
    there = to_index(cell_of(Point(lat=lat, lon=55.4 if lat < 0 else 10.5)))

    assert base(there) != base(PARIS)
    assert lattice.place(PARIS, there) is None
    assert lattice.place(there, PARIS) is None
