"""Which cells hold somebody, at every resolution, and the walk over them from the nearest on.

Only occupied cells are kept, each coarser one as a mask of its occupied children. Where people are
many, a search looks at the rings around the origin, one by one. Where they are few, and when that
was not enough, it goes down from the seven coarser cells around the origin to where there is
somebody, and climbs to coarser ones when what it has seen cannot be the nearest: a question in
Paris looks at a few cells, one in the Creuse climbs three times instead of looking at thousands.
"""

from collections.abc import Iterator
from functools import lru_cache
from heapq import heappop, heappush
from math import ceil

import h3.api.basic_int as grid
from h3 import H3BaseException

from geo.cells import (
    METRES_A_STEP,
    NEAR_RES,
    PENTAGONS,
    Index,
    base,
    child,
    digit,
    index_metres,
    index_steps,
    middle,
    resolution,
    up,
)

#: From the middle of a cell of each resolution, 0 to 9, to its furthest res-9 cell, in steps. On a
#: hexagonal grid of aperture 7, going up one level multiplies distances by 3 at most, two by 7.
REACH = (4001, 1600, 571, 228, 81, 32, 11, 4, 1, 0)
#: The same in metres, for where steps cannot be counted: no step is longer than this.
LONGEST_STEP_M = 450.0
#: The resolutions climbed through; beyond the last, all that is left is looked at from the top.
CLIMB = (8, 7, 6, 5, 4, 3)
#: The resolutions at which people are counted.
COUNTED = (5, 6, 7, 8)
#: With so many people in the res-6 cell of the origin, rings are looked at cell by cell, so far.
MANY, RINGS = 20, 8

_EVERYWHERE = 1 << 59
_NOTHING = 1 << 60
_DIGITS = tuple(tuple(d for d in range(7) if mask >> d & 1) for mask in range(1 << 7))


class Occupied:
    """The tree of occupied cells. Who is in them is the caller's to know."""

    def __init__(self) -> None:
        self._leaves: set[Index] = set()
        self._children: dict[Index, int] = {}
        self._bases: set[Index] = set()
        self._people: dict[int, dict[Index, int]] = {res: {} for res in COUNTED}

    def __len__(self) -> int:
        """Coarser cells kept."""
        return len(self._children)

    def people(self, res: int) -> dict[Index, int]:
        return self._people[res]

    def arrive(self, leaf: Index, *, first: bool) -> None:
        """Somebody is now in this res-9 cell; ``first``: it was empty."""
        for res in COUNTED:
            people, cell = self._people[res], up(leaf, res)
            people[cell] = people.get(cell, 0) + 1
        if first:
            self._leaves.add(leaf)
            self._grow(leaf)

    def leave(self, leaf: Index, *, last: bool) -> None:
        """Somebody has left this res-9 cell; ``last``: it is now empty."""
        for res in COUNTED:
            people, cell = self._people[res], up(leaf, res)
            people[cell] -= 1
            if not people[cell]:
                del people[cell]
        if last:
            self._leaves.remove(leaf)
            self._prune(leaf)

    def layers(self, origin: Index, ring: int | None) -> Iterator[tuple[int, list[Index]]]:
        """Occupied res-9 cells by steps from ``origin``, nearest first, each layer whole.

        Lazily: what a caller does not ask for is not looked at. ``ring`` is the furthest layer.
        """
        seen = -1
        if self._people[6].get(up(origin, 6), 0) >= MANY and is_flat(origin):
            seen = RINGS if ring is None else min(ring, RINGS)
            for at in range(seen + 1):
                layer = [leaf for leaf in grid.grid_ring(origin, at) if leaf in self._leaves]
                if layer:
                    yield at, layer
        yield from _Search(self._children, self._bases, origin, ring, seen).layers()

    def _grow(self, cell: Index) -> None:
        for res in range(NEAR_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self._children.get(parent, 0)
            self._children[parent] = mask | 1 << digit(cell)
            if mask:
                return
            cell = parent
        self._bases.add(cell)

    def _prune(self, cell: Index) -> None:
        for res in range(NEAR_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self._children[parent] & ~(1 << digit(cell))
            if mask:
                self._children[parent] = mask
                return
            del self._children[parent]
            cell = parent
        self._bases.remove(cell)


class _Search:
    """One walk, nearest first: a heap of cells by the least steps at which they hold anybody."""

    def __init__(
        self,
        children: dict[Index, int],
        bases: set[Index],
        origin: Index,
        ring: int | None,
        seen: int,
    ) -> None:
        self._children = children
        self._bases = bases
        self._origin = origin
        self._limit = _EVERYWHERE if ring is None else ring
        self._heap: list[tuple[int, Index]] = []
        #: Coarser cells already on the heap in their own name: their parents pass over them.
        self._covered: set[Index] = set()
        #: Layers this near have been looked at already.
        self._seen = seen
        #: Every cell this near is on the heap, or under one that is, or has been seen.
        self._horizon = seen
        self._climb = [res for res in reversed(CLIMB) if REACH[res] >= seen]
        if not is_flat(origin):
            self._climb = []

    def layers(self) -> Iterator[tuple[int, list[Index]]]:
        heap = self._heap
        at, layer = 0, list[Index]()
        while True:
            nearest = heap[0][0] if heap else _NOTHING
            if layer and min(nearest, self._horizon + 1) > at:
                yield at, layer
                layer = []
            if nearest <= self._horizon:
                bound, cell = heappop(heap)
                if resolution(cell) == NEAR_RES:
                    at = bound
                    layer.append(cell)
                else:
                    self._expand(cell, bound)
            elif self._horizon >= self._limit:
                return
            else:
                self._widen()

    def _expand(self, cell: Index, bound: int) -> None:
        children, res = _DIGITS[self._children[cell]], resolution(cell) + 1
        if res == NEAR_RES:
            for which in children:
                leaf = child(cell, which)
                at = index_steps(self._origin, leaf)
                if at > self._seen:
                    self._push(at, leaf)
            return
        for which in children:
            inner = child(cell, which)
            if inner not in self._covered:
                self._push(max(bound, least_steps(self._origin, inner, res)), inner)

    def _widen(self) -> None:
        """Put the next coarser cells around the origin on the heap; at the top, all there is."""
        if not self._climb:
            for cell in self._bases:
                self._push(least_steps(self._origin, cell, 0), cell)
            self._horizon = _EVERYWHERE
            return
        res = self._climb.pop()
        beyond = self._horizon + 1
        for cell in grid.grid_disk(up(self._origin, res), 1):
            if cell in self._children:
                self._push(max(beyond, least_steps(self._origin, cell, res)), cell)
            self._covered.add(cell)
        # Outside these seven, nothing is nearer: two cells of this resolution that do not touch
        # are further apart than one reaches (tests/unit/test_occupied.py measures it).
        self._horizon = REACH[res] + 1

    def _push(self, bound: int, cell: Index) -> None:
        if bound <= self._limit:
            heappush(self._heap, (bound, cell))


def least_steps(origin: Index, cell: Index, res: int) -> int:
    """No res-9 cell inside ``cell`` is nearer to ``origin`` than this."""
    inside = middle(cell)
    if base(origin) not in PENTAGONS and base(cell) not in PENTAGONS:
        try:
            return max(0, int(grid.grid_distance(origin, inside)) - REACH[res])
        except H3BaseException:
            pass
    metres = index_metres(origin, inside) - REACH[res] * LONGEST_STEP_M
    return max(0, ceil(metres / METRES_A_STEP))


def is_flat(origin: Index) -> bool:
    """Whether steps count all around: true on all land of France, false near a pentagon."""
    return _flat_around(up(origin, CLIMB[-1]))


@lru_cache(maxsize=4096)
def _flat_around(cell: Index) -> bool:
    return all(base(it) not in PENTAGONS for it in grid.grid_disk(cell, 2))
