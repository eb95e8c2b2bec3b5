"""Whoever is live stands where they are, counted once, and nothing is left of who has gone."""

from itertools import count

import h3
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geo.cells import Index, cell_of, to_cell, to_index, up
from geo.point import Point
from geo.whereabouts.nearest import layers
from geo.whereabouts.occupied import AREA_RES, BLOCK_RES, COUNTED, Live, Occupied
from realtime.kernel.ids import PersonId

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
NEIGHBOURS = [to_index(it) for it in h3.grid_disk(to_cell(PARIS), 3)]
FAR = [to_index(cell_of(Point(lat=lat, lon=2.35))) for lat in (48.8, 48.0, 45.0, -20.0)]
cells = st.sampled_from(NEIGHBOURS + FAR)
tags = st.integers(0, 2)


class ComingAndGoing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.occupied = Occupied()
        self.people: list[tuple[Live, Index, int]] = []
        self.ids = count()

    @rule(cell=cells, tags=tags, many=st.sampled_from([1, 1, 1, 5]))
    def some_arrive(self, cell: Index, tags: int, many: int) -> None:
        for _ in range(many):
            person = PersonId(f"p{next(self.ids)}")
            live = self.occupied.enter(person, at=0.0, mark=0, leaf=cell, tags=tags)
            self.people.append((live, cell, tags))

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def somebody_leaves(self, data: st.DataObject) -> None:
        live, _, _ = self.people.pop(data.draw(st.integers(0, len(self.people) - 1)))
        self.occupied.leave(live)

    @precondition(lambda self: self.people)
    @rule(data=st.data(), cell=cells, tags=tags)
    def somebody_goes(self, data: st.DataObject, cell: Index, tags: int) -> None:
        which = data.draw(st.integers(0, len(self.people) - 1))
        live, _, _ = self.people[which]
        self.occupied.go(live, cell, tags)
        self.people[which] = (live, cell, tags)

    @invariant()
    def everybody_is_counted_once(self) -> None:
        for res in COUNTED:
            expected: dict[Index, int] = {}
            for _, cell, _ in self.people:
                expected[up(cell, res)] = expected.get(up(cell, res), 0) + 1
            assert self.occupied.people(res) == expected

    @invariant()
    def the_walk_meets_everybody_once_and_nobody_else(self) -> None:
        for wanted in (0, 1):
            walked = [
                (live, group.leaf, group.tags)
                for _, layer in layers(self.occupied, PARIS, None, wanted)
                for group in layer
                for live in group.people
            ]
            expected = [it for it in self.people if it[2] & wanted == wanted]
            assert sorted(walked, key=_by_name) == sorted(expected, key=_by_name)

    @invariant()
    def nothing_is_left_of_who_has_gone(self) -> None:
        occupied, found = self.occupied, {cell for _, cell, _ in self.people}
        assert len(occupied.cells) == len(found)
        assert len(occupied.blocks) == len({up(cell, BLOCK_RES) for cell in found})
        assert len(occupied.areas) == len({up(cell, AREA_RES) for cell in found})
        assert occupied.bases == {up(cell, 0) for cell in found}
        assert set(occupied.children) == {up(cell, res) for cell in found for res in range(5)}


def _by_name(entry: tuple[Live, Index, int]) -> str:
    return entry[0].person


TestComingAndGoing = ComingAndGoing.TestCase


def test_who_is_alone_of_her_kind_takes_her_place_along_and_leaves_the_others() -> None:
    occupied = Occupied()
    there = next(
        it for it in NEIGHBOURS if it != PARIS and up(it, BLOCK_RES) == up(PARIS, BLOCK_RES)
    )
    anna, bea = (
        occupied.enter(PersonId(name), at=0.0, mark=0, leaf=PARIS, tags=tag)
        for tag, name in enumerate(("anna", "bea"))
    )
    cleo = occupied.enter(PersonId("cleo"), at=0.0, mark=0, leaf=there, tags=1)
    kept = anna.group

    occupied.go(anna, there, 0)

    assert anna.group is kept
    assert (anna.group.leaf, bea.group.leaf) == (there, PARIS)
    # Where somebody is like her, they stand together.
    occupied.go(bea, there, 1)
    assert bea.group is cleo.group
    assert [
        (steps, sorted(group.tags for group in layer))
        for steps, layer in layers(occupied, there, None)
    ] == [(0, [0, 1])]
