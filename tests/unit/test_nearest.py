"""The numbers on which the walk relies are those of the grid, and it looks at few cells."""

from collections.abc import Callable

import h3
import pytest

from geo.cells import Cell, cell_of, middle, steps, to_cell, to_index, up
from geo.lattice import norm
from geo.point import Point
from geo.whereabouts import nearest
from geo.whereabouts.nearest import (
    AREAS,
    BLOCKS,
    CELLS,
    LONGEST_STEP_M,
    REACH,
    Level,
    is_flat,
    layers,
)
from geo.whereabouts.occupied import Occupied
from realtime.kernel.ids import PersonId

LEVELS = (CELLS, BLOCKS, AREAS)
PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))


@pytest.mark.parametrize("res", [9, 8, 7, 6, 5])
def test_reach_is_the_furthest_that_a_cell_holds(res: int) -> None:
    coarse = up(PARIS, res)
    inside = h3.cell_to_children(to_cell(coarse), 9)

    furthest = max(steps(to_cell(middle(coarse)), Cell(it)) for it in inside)

    assert furthest == REACH[res]


def test_reach_follows_the_grid_s_own_rule() -> None:
    """A step of one resolution is 3 of the next, and 7 of the one after."""
    step = {9: 1, 8: 3}
    for res in range(7, 0, -1):
        step[res] = 7 * step[res + 2]
    for res in range(10):
        assert REACH[res] == sum(step[inner] for inner in range(res + 1, 10))


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_outside_some_rings_is_as_far_as_is_thought(level: Level) -> None:
    """Two cells are apart by this much, less what both of them reach; rings are on known planes."""
    coarse, centre = to_cell(up(PARIS, level.res)), to_cell(middle(up(PARIS, level.res)))
    for ring in range(1, level.rings + 2):
        apart = min(
            steps(centre, to_cell(middle(to_index(it)))) for it in h3.grid_ring(coarse, ring)
        )
        assert apart == level.apart * ring
    known = level.res - 2
    around, wide = to_cell(up(PARIS, known)), to_cell(middle(up(PARIS, known)))
    outside = min(steps(wide, to_cell(middle(to_index(it)))) for it in h3.grid_ring(around, 3))
    told = level.apart * (level.rings + 1) - REACH[level.res] - 1
    assert told < outside - 2 * REACH[known]


def test_no_step_is_longer_than_is_thought() -> None:
    """Cells are widest in the middle of the icosahedron's twenty faces."""
    longest = max(
        h3.great_circle_distance(h3.cell_to_latlng(cell), h3.cell_to_latlng(neighbour), unit="m")
        for coarse in h3.uncompact_cells(h3.get_res0_cells(), 2)
        for cell in [h3.cell_to_center_child(coarse, 9)]
        for neighbour in h3.grid_ring(cell, 1)
    )

    assert 380 < longest < LONGEST_STEP_M


def crowded(*, everywhere: bool) -> Occupied:
    occupied = Occupied()
    for cell in h3.grid_disk(to_cell(PARIS), 40):
        if everywhere or (to_index(cell) >> 18) % 50 == 0:
            occupied.enter(PersonId(cell), at=0.0, mark=0, leaf=to_index(cell), tags=0)
    return occupied


def counted(monkeypatch: pytest.MonkeyPatch, walk: Callable[[], object]) -> int:
    """How many times the walk counts steps."""
    looked = 0

    def counting(i: int, j: int) -> int:
        nonlocal looked
        looked += 1
        return norm(i, j)

    monkeypatch.setattr(nearest, "norm", counting)
    walk()
    return looked


def test_in_a_crowd_only_the_rings_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = layers(crowded(everywhere=True), PARIS, None)

    looked = counted(monkeypatch, lambda: [next(walk)[0] for _ in range(CELLS.rings + 1)])

    assert looked == 0
    assert next(walk)[0] == CELLS.rings + 1


def test_where_people_are_few_so_are_those_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    occupied = crowded(everywhere=False)

    looked = counted(monkeypatch, lambda: list(layers(occupied, PARIS, 15)))

    assert 0 < looked < 3 * 30 * 31 // 50


def test_near_a_pentagon_the_walk_starts_from_the_top() -> None:
    pentagon = to_index(min(h3.get_pentagons(9)))

    assert is_flat(PARIS)
    assert not is_flat(pentagon)


def test_it_ends_where_there_is_nobody() -> None:
    assert not list(layers(Occupied(), PARIS, None))
    assert not list(layers(Occupied(), PARIS, 0))
