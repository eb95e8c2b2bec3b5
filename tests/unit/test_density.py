"""The cell that people near an alert are shown is one in which it could be anyone's."""

import h3
import pytest

from geo import cells, density
from geo.cells import Cell
from geo.point import Point

HERE = cells.cell_of(Point(lat=48.8566, lon=2.3522))
AROUND = density.counted_around(HERE)
AREA_KM2 = sum(cells.square_kilometres(it) for it in AROUND)
#: How many people live in the seven cells when a cell of each resolution holds just 200.
ENOUGH = {
    res: round(200 * 7 ** (res - 6) * AREA_KM2 / cells.square_kilometres(cells.parent(HERE, 6)))
    for res in (6, 7, 8, 9)
}


@pytest.mark.parametrize(
    ("people", "res"),
    [
        (0, 6),
        (ENOUGH[6], 6),
        (ENOUGH[7] - 50, 6),
        (ENOUGH[7] + 50, 7),
        (ENOUGH[8] - 50, 7),
        (ENOUGH[8] + 50, 8),
        (ENOUGH[9] - 50, 8),
        (ENOUGH[9] + 50, 9),
        (10**8, 9),
    ],
)
def test_the_smallest_cell_with_200_people_is_shown(people: int, res: int) -> None:
    shown = density.shown_cell(HERE, {AROUND[0]: people})

    assert shown == cells.parent(HERE, res)


def test_where_no_commune_is_known_nothing_finer_than_res_6_is_shown() -> None:
    assert density.shown_resolution(HERE, {}) == 6


def test_people_of_the_six_neighbours_count_and_those_beyond_do_not() -> None:
    spread = dict.fromkeys(AROUND, ENOUGH[9] // 7 + 100)
    beyond = {cell: 10**8 for near in AROUND for cell in cells.around(near) if cell not in AROUND}

    assert density.shown_resolution(HERE, spread) == 9
    assert density.shown_resolution(HERE, beyond) == 6


def test_every_place_of_a_res_6_cell_is_shown_as_finely() -> None:
    """Else a coarse cell would tell that she is in none of those shown finely."""
    inside = [Cell(it) for it in h3.cell_to_children(cells.parent(HERE, 6), 9)]
    for people in (ENOUGH[7], ENOUGH[8], ENOUGH[9]):
        assert len({density.shown_resolution(it, {AROUND[3]: people}) for it in inside}) == 1


def test_two_places_of_a_shown_cell_are_shown_alike() -> None:
    populations = {AROUND[0]: ENOUGH[8] + 50}
    shown = density.shown_cell(HERE, populations)

    for it in h3.cell_to_children(shown, 9):
        assert density.shown_cell(Cell(it), populations) == shown
