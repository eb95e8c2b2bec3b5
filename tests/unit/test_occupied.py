"""The tree of occupied cells: everybody is counted once, and nothing is left of who has gone."""

import h3
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geo.cells import NEAR_RES, Index, cell_of, to_cell, to_index, up
from geo.point import Point
from geo.whereabouts.nearest import layers
from geo.whereabouts.occupied import COUNTED, Occupied

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
NEIGHBOURS = [to_index(it) for it in h3.grid_disk(to_cell(PARIS), 3)]
FAR = [to_index(cell_of(Point(lat=lat, lon=2.35))) for lat in (48.8, 48.0, 45.0, -20.0)]


class ComingAndGoing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.occupied = Occupied()
        self.people: dict[Index, int] = {}

    @rule(cell=st.sampled_from(NEIGHBOURS + FAR), many=st.sampled_from([1, 1, 1, 60]))
    def some_arrive(self, cell: Index, many: int) -> None:
        for _ in range(many):
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

    @precondition(lambda self: self.people)
    @rule(data=st.data(), cell=st.sampled_from(NEIGHBOURS + FAR))
    def somebody_goes(self, data: st.DataObject, cell: Index) -> None:
        left = data.draw(st.sampled_from(sorted(set(self.people) - {cell}) or [cell]))
        if left == cell:
            return
        self.people[left] -= 1
        self.people[cell] = self.people.get(cell, 0) + 1
        last, first = not self.people[left], self.people[cell] == 1
        self.occupied.go(left, cell, last=last, first=first)
        if last:
            del self.people[left]

    @invariant()
    def everybody_is_counted_once(self) -> None:
        for res in COUNTED:
            expected: dict[Index, int] = {}
            for cell, many in self.people.items():
                expected[up(cell, res)] = expected.get(up(cell, res), 0) + many
            assert self.occupied.people(res) == expected

    @invariant()
    def the_walk_meets_every_occupied_cell_once_and_no_other(self) -> None:
        walked = [cell for _, layer in layers(self.occupied, PARIS, None) for cell in layer]
        assert sorted(walked) == sorted(self.people)

    @invariant()
    def no_cell_is_kept_for_nobody(self) -> None:
        assert self.occupied.leaves == set(self.people)
        assert self.occupied.bases == {up(cell, 0) for cell in self.people}
        coarser = {up(cell, res) for cell in self.people for res in range(NEAR_RES)}
        assert set(self.occupied.children) == coarser


TestComingAndGoing = ComingAndGoing.TestCase
