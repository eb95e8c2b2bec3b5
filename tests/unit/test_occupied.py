"""The tree of occupied cells: nothing is left of who has gone, and few cells are looked at."""

import h3
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geo.cells import NEAR_RES, Index, cell_of, index_steps, middle, steps, to_cell, to_index, up
from geo.point import Point
from geo.whereabouts.occupied import CLIMB, COUNTED, REACH, Occupied, is_flat

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
NEIGHBOURS = [to_index(it) for it in h3.grid_disk(to_cell(PARIS), 3)]
FAR = [to_index(cell_of(Point(lat=lat, lon=2.35))) for lat in (48.8, 48.0, 45.0, -20.0)]


class ComingAndGoing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.occupied = Occupied()
        self.people: dict[Index, int] = {}

    @rule(cell=st.sampled_from(NEIGHBOURS + FAR))
    def somebody_arrives(self, cell: Index) -> None:
        self.people[cell] = self.people.get(cell, 0) + 1
        self.occupied.arrive(cell, first=self.people[cell] == 1)

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def somebody_leaves(self, data: st.DataObject) -> None:
        cell = data.draw(st.sampled_from(sorted(self.people)))
        self.people[cell] -= 1
        self.occupied.leave(cell, last=not self.people[cell])
        if not self.people[cell]:
            del self.people[cell]

    @invariant()
    def everybody_is_counted_once(self) -> None:
        for res in COUNTED:
            expected: dict[Index, int] = {}
            for cell, many in self.people.items():
                expected[up(cell, res)] = expected.get(up(cell, res), 0) + many
            assert self.occupied.people(res) == expected

    @invariant()
    def the_walk_meets_every_occupied_cell_once_and_no_other(self) -> None:
        walked = [cell for _, layer in self.occupied.layers(PARIS, None) for cell in layer]
        assert sorted(walked) == sorted(self.people)

    @invariant()
    def no_cell_is_kept_for_nobody(self) -> None:
        parents = {up(cell, res) for cell in self.people for res in range(NEAR_RES)}
        assert len(self.occupied) == len(parents)


TestComingAndGoing = ComingAndGoing.TestCase


@pytest.mark.parametrize("res", [9, 8, 7, 6, 5])
def test_reach_is_the_furthest_that_a_cell_holds(res: int) -> None:
    coarse = up(PARIS, res)
    inside = [h3.str_to_int(it) for it in h3.cell_to_children(to_cell(coarse), 9)]

    furthest = max(steps(to_cell(middle(coarse)), to_cell(it)) for it in inside)

    assert furthest == REACH[res]


def test_reach_follows_the_grid_s_own_rule() -> None:
    """A step of one resolution is 3 of the next, and 7 of the one after."""
    step = {9: 1, 8: 3, 7: 7}
    for res in range(6, -1, -1):
        step[res] = 7 * step[res + 2]
    for res in range(9):
        assert REACH[res] == sum(step[inner] for inner in range(res + 1, 10))


@pytest.mark.parametrize("res", CLIMB)
def test_what_is_outside_the_seven_cells_around_is_beyond_the_horizon(res: int) -> None:
    """Two cells that do not touch are apart by this much, less what both of them reach."""
    coarse = to_cell(up(PARIS, res))
    centre = to_cell(middle(up(PARIS, res)))
    apart = min(steps(centre, to_cell(middle(to_index(it)))) for it in h3.grid_ring(coarse, 2))

    assert apart - 2 * REACH[res] == REACH[res] + 2


def test_a_question_in_a_crowd_looks_at_few_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    occupied = Occupied()
    for cell in h3.grid_disk(to_cell(PARIS), 60):
        occupied.arrive(to_index(cell), first=True)
    looked = 0

    def counting(origin: Index, cell: Index) -> int:
        nonlocal looked
        looked += 1
        return index_steps(origin, cell)

    monkeypatch.setattr("geo.whereabouts.occupied.index_steps", counting)
    near = [at for at, _ in occupied.layers(PARIS, 3)]

    assert near == [0, 1, 2, 3]
    assert looked < 120


def test_near_a_pentagon_the_walk_starts_from_the_top() -> None:
    pentagon = to_index(min(h3.get_pentagons(9)))

    assert is_flat(PARIS)
    assert not is_flat(pentagon)
