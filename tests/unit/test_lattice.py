"""Adding on the plane of a base cell gives what the h3 library counts cell by cell."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import lattice
from geo.cells import (
    Index,
    base,
    cell_of,
    child,
    index_steps,
    middle,
    middle_of_parent,
    to_cell,
    to_index,
    up,
)
from geo.point import Point

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
#: Base cells that touch the one of Paris, and have a lattice with it.
TOUCHING = [
    middle(to_index(it))
    for it in h3.grid_disk(h3.cell_to_parent(h3.int_to_str(PARIS), 0), 1)
    if not h3.is_pentagon(it)
]


def _leaf_in(plane: Index, digits: list[int]) -> Index:
    cell = up(plane, 0)
    for digit in digits:
        cell = child(cell, digit)
    return cell


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_steps_are_the_longest_of_three_ways(i: int, j: int) -> None:
    assert lattice.norm(i, j) == max(abs(i), abs(j), abs(i - j))


@given(st.sampled_from(TOUCHING), st.lists(st.integers(0, 6), min_size=9, max_size=9))
def test_a_spot_is_where_the_library_sees_the_cell(there: Index, digits: list[int]) -> None:
    leaf, middles = up(there, 0), {}
    for res, digit in enumerate(digits, start=1):
        leaf = child(leaf, digit)
        middles[res] = middle(leaf)
    plane = up(leaf, 0)

    assert lattice.place_of(leaf) == lattice.place(middle(plane), leaf)
    assert lattice.place_on(plane, leaf) == lattice.place_of(leaf)
    assert lattice.spot_at(plane, lattice.place_of(leaf)) == lattice.spot_of(leaf)
    assert all(middle_of_parent(leaf, res) == it for res, it in middles.items())
    (i, j), (x, y) = lattice.place_of(middles[7]), lattice.inside_block(leaf)
    assert (i + x, j + y) == lattice.place_of(leaf)


@given(
    st.sampled_from(TOUCHING),
    st.lists(st.integers(0, 6), min_size=9, max_size=9),
    st.sampled_from([PARIS, *TOUCHING]),
)
def test_steps_are_counted_on_the_plane_of_either(
    there: Index, digits: list[int], origin: Index
) -> None:
    leaf = up(there, 0)
    for digit in digits:
        leaf = child(leaf, digit)
    if lattice.place(origin, leaf) is None:
        return
    (i, j), (x, y) = lattice.place_on(up(leaf, 0), origin), lattice.place_of(leaf)

    assert lattice.norm(x - i, y - j) == index_steps(origin, leaf)


@given(
    *[
        st.builds(
            _leaf_in, st.sampled_from(TOUCHING), st.lists(st.integers(0, 6), min_size=9, max_size=9)
        )
    ]
    * 2
)
def test_steps_are_the_library_s_on_one_plane_and_on_two(one: Index, other: Index) -> None:
    assert lattice.steps_between(one, other) == index_steps(one, other)


def test_beside_a_pentagon_steps_are_counted_as_they_were() -> None:
    pentagon = min(h3.api.basic_int.get_pentagons(9))
    beside = min(h3.api.basic_int.grid_ring(pentagon, 1))

    assert lattice.steps_between(pentagon, beside) == index_steps(pentagon, beside)


@pytest.mark.parametrize("apart", [1, 7, 49])
@pytest.mark.parametrize("steps", range(4))
def test_a_ring_is_the_library_s(steps: int, apart: int) -> None:
    res = {1: 9, 7: 7, 49: 5}[apart]
    centre = up(PARIS, res)
    around = [middle(to_index(it)) for it in h3.grid_ring(to_cell(centre), steps)]

    spots = [lattice.spot_of(middle(centre)) + away for away in lattice.ring_of(steps, apart)]

    assert sorted(spots) == sorted(map(lattice.spot_of, around))


@pytest.mark.parametrize("lat", [-20.9, 64.7])
def test_there_is_no_lattice_with_the_other_side_of_the_earth_nor_across_pentagons(
    lat: float,
) -> None:
    there = to_index(cell_of(Point(lat=lat, lon=55.4 if lat < 0 else 10.5)))

    assert base(there) != base(PARIS)
    assert lattice.place(PARIS, there) is None
    assert lattice.place(there, PARIS) is None
    with pytest.raises(ValueError, match="no plane"):
        lattice.place_on(up(there, 0), PARIS)
