"""Who is where: people by cell and tags, and these by ever larger pieces of the plane.

Only what holds somebody is kept. A search (``nearest.py``) reads cells one by one where people are
many, blocks of 49 cells where they are few, areas of 49 blocks where they are rare; beyond, it goes
down from the base cells to areas, by masks of occupied children.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from geo.cells import FINEST, Index, digit, middle_of_parent, up
from geo.lattice import Offset, inside_block, place_of, spot_of
from realtime.kernel.ids import PersonId

#: The resolutions at which people are counted.
COUNTED = (5, 6, 7, 8)
#: Of a block, 49 cells of res 9; and of an area, 49 blocks.
BLOCK_RES, AREA_RES = 7, 5
#: In what two res-9 cells of one block do not differ.
_BLOCK = ~((1 << 3 * (FINEST - BLOCK_RES)) - 1)


@dataclass(slots=True, eq=False)
class Live:
    """Somebody whose place is known."""

    person: PersonId
    at: float
    #: Her part of the order inside a layer.
    mark: int
    group: "Group"
    slot: int = 0


@dataclass(slots=True, eq=False)
class Group:
    """Those in one cell who have the same tags: a question passes over all of them at once."""

    leaf: Index
    tags: int
    block: "Block"
    #: From the middle of its block.
    offset: Offset
    #: Where it is found in ``Occupied.cells``.
    spot: int
    slot: int = 0
    people: list[Live] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Block:
    """49 cells, by their middle on the plane of their base cell."""

    middle: Index
    i: int
    j: int
    slot: int = 0
    groups: list[Group] = field(default_factory=list)


class Occupied:
    def __init__(self) -> None:
        #: All three by the spot of their middle (``lattice.spot_of``); a block stands alone.
        self.cells: dict[int, list[Group]] = {}
        self.blocks: dict[int, Sequence[Block]] = {}
        self.areas: dict[int, list[Block]] = {}
        #: The base cells with somebody in them.
        self.bases: set[Index] = set()
        #: For each cell coarser than an area with somebody in it, a bit for each such child.
        self.children: dict[Index, int] = {}
        self._people: dict[int, dict[Index, int]] = {res: {} for res in COUNTED}

    def people(self, res: int) -> dict[Index, int]:
        """How many are in each cell of one of the counted resolutions."""
        return self._people[res]

    def enter(self, person: PersonId, at: float, mark: int, leaf: Index, tags: int) -> Live:
        """Somebody is now in this res-9 cell."""
        live = Live(person, at, mark, self._group(leaf, tags))
        _add(live.group.people, live)
        self._count((leaf, 1))
        return live

    def leave(self, live: Live) -> None:
        """Nobody knows where she is any more."""
        _drop(live.group.people, live)
        self._close_if_empty(live.group)
        self._count((live.group.leaf, -1))

    def go(self, live: Live, leaf: Index, tags: int) -> None:
        """She is in this res-9 cell from now on, and has these tags."""
        left, before = live.group, live.group.leaf
        if not self._shift(left, leaf, tags):
            _drop(left.people, live)
            live.group = self._group(leaf, tags)
            _add(live.group.people, live)
            self._close_if_empty(left)
        # Most often both are in one coarser cell: from there on up nothing changes.
        self._count((before, -1), (leaf, 1), unlike=(before ^ leaf).bit_length())

    def _shift(self, group: Group, leaf: Index, tags: int) -> bool:
        """Take a group of one to another cell of its block, where nobody is like her.

        Most are alone with their tags, and a step seldom leaves a block.
        """
        if len(group.people) > 1 or group.tags != tags or _BLOCK & (group.leaf ^ leaf):
            return False
        spot = spot_of(leaf)
        there = self.cells.get(spot)
        if there is not None and any(it.tags == tags for it in there):
            return False
        beside = self.cells[group.spot]
        if len(beside) > 1:
            beside.remove(group)
        else:
            del self.cells[group.spot]
        if there is None:
            self.cells[spot] = [group]
        else:
            there.append(group)
        group.leaf, group.offset, group.spot = leaf, inside_block(leaf), spot
        return True

    def _count(self, *changes: tuple[Index, int], unlike: int = 64) -> None:
        for res in reversed(COUNTED):
            if unlike <= 3 * (FINEST - res):
                return
            people = self._people[res]
            for leaf, change in changes:
                cell = up(leaf, res)
                many = people.get(cell, 0) + change
                if many:
                    people[cell] = many
                else:
                    del people[cell]

    def _group(self, leaf: Index, tags: int) -> Group:
        """A new one is empty: somebody must be added at once."""
        spot = spot_of(leaf)
        there = self.cells.get(spot)
        if there is None:
            there = self.cells[spot] = []
        for group in there:
            if group.tags == tags:
                return group
        block = self._block(leaf)
        group = Group(leaf, tags, block, inside_block(leaf), spot)
        there.append(group)
        _add(block.groups, group)
        return group

    def _block(self, leaf: Index) -> Block:
        centre = middle_of_parent(leaf, BLOCK_RES)
        spot = spot_of(centre)
        known = self.blocks.get(spot)
        if known is not None:
            return known[0]
        block = Block(centre, *place_of(centre))
        self.blocks[spot] = (block,)
        blocks = self.areas.setdefault(spot_of(middle_of_parent(leaf, AREA_RES)), [])
        if not blocks:
            self._grow(up(leaf, AREA_RES))
        _add(blocks, block)
        return block

    def _close_if_empty(self, group: Group) -> None:
        if group.people:
            return
        there = self.cells[group.spot]
        there.remove(group)
        if not there:
            del self.cells[group.spot]
        block = group.block
        _drop(block.groups, group)
        if not block.groups:
            del self.blocks[spot_of(block.middle)]
            spot = spot_of(middle_of_parent(group.leaf, AREA_RES))
            blocks = self.areas[spot]
            _drop(blocks, block)
            if not blocks:
                del self.areas[spot]
                self._prune(up(group.leaf, AREA_RES))

    def _grow(self, cell: Index) -> None:
        for res in range(AREA_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self.children.get(parent, 0)
            self.children[parent] = mask | 1 << digit(cell)
            if mask:
                return
            cell = parent
        self.bases.add(cell)

    def _prune(self, cell: Index) -> None:
        for res in range(AREA_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self.children[parent] & ~(1 << digit(cell))
            if mask:
                self.children[parent] = mask
                return
            del self.children[parent]
            cell = parent
        self.bases.remove(cell)


class _Slotted(Protocol):
    #: Where it stands in its list, so that leaving a crowd costs no search.
    slot: int


S = TypeVar("S", bound=_Slotted)


def _add(members: list[S], one: S) -> None:
    one.slot = len(members)
    members.append(one)


def _drop(members: list[S], one: S) -> None:
    last = members.pop()
    if last is not one:
        members[one.slot] = last
        last.slot = one.slot
