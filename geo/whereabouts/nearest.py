"""The walk over occupied cells, from the nearest on, whole layers of equal steps at a time.

Where people are many it looks at the rings around the origin, cell by cell. Where they are few, and
when that was not enough, it goes down from the seven coarser cells around the origin to where there
is somebody, and climbs to coarser ones when what it has seen cannot be the nearest: a question in
Paris looks at a few cells, one in the Creuse climbs three times instead of looking at thousands.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import heappop, heappush
from math import ceil

import h3.api.basic_int as grid

from geo.cells import (
    METRES_A_STEP,
    NEAR_RES,
    PENTAGONS,
    Index,
    base,
    child,
    index_metres,
    index_steps,
    middle,
    resolution,
    stem,
    up,
)
from geo.lattice import Offset, Offsets, norm, offsets, place
from geo.whereabouts.occupied import Occupied

#: From the middle of a cell of each resolution, 0 to 9, to its furthest res-9 cell, in steps. On a
#: hexagonal grid of aperture 7, going up one level multiplies distances by 3 at most, two by 7.
REACH = (4001, 1600, 571, 228, 81, 32, 11, 4, 1, 0)
#: The same in metres, for where steps cannot be counted: no step is longer than this.
LONGEST_STEP_M = 400.0
#: The resolutions climbed through; beyond the last, all that is left is looked at from the top.
CLIMB = (8, 7, 6, 5, 4, 3)
#: With so many people in the origin's res-6 cell, this many rings are looked at cell by cell.
MANY, RINGS = 100, 8

_EVERYWHERE = 1 << 59
_NOTHING = 1 << 60
_DIGITS = tuple(tuple(d for d in range(7) if mask >> d & 1) for mask in range(1 << 7))

#: Steps from the origin, and the occupied res-9 cells at that distance.
Layer = tuple[int, list[Index]]


def layers(occupied: Occupied, origin: Index, ring: int | None) -> Iterator[Layer]:
    """Occupied cells by steps from ``origin``, each layer whole; ``ring`` is the furthest.

    Lazily: what a caller does not ask for is not looked at.
    """
    seen = -1
    if occupied.people(6).get(up(origin, 6), 0) >= MANY and is_flat(origin):
        seen = RINGS if ring is None else min(ring, RINGS)
        for at in range(seen + 1):
            leaves = [leaf for leaf in grid.grid_ring(origin, at) if leaf in occupied.leaves]
            if leaves:
                yield at, leaves
    yield from _Search(occupied, origin, ring, seen).layers()


class _Search:
    """One walk, nearest first: cells in wait, by the least steps at which they hold anybody."""

    def __init__(self, occupied: Occupied, origin: Index, ring: int | None, seen: int) -> None:
        self._occupied = occupied
        self._origin = origin
        self._limit = _EVERYWHERE if ring is None else ring
        #: A heap of the steps at which something waits, a few of them twice.
        self._due: list[int] = []
        self._known: dict[int, Offsets] = {}
        self._leaves: dict[int, list[Index]] = {}
        #: Coarser cells, and where their middle stands on the lattice if there is one.
        self._inner: dict[int, list[tuple[Index, Offset | None]]] = {}
        #: Coarser cells that wait in their own name: their parents pass over them.
        self._covered: set[Index] = set()
        #: Layers this near have been looked at already.
        self._seen = seen
        #: Every cell this near waits, or is under one that does, or has been seen.
        self._horizon = seen
        self._climb = [res for res in reversed(CLIMB) if REACH[res] >= seen]
        if not is_flat(origin):
            self._climb = []

    def layers(self) -> Iterator[Layer]:
        due = self._due
        while True:
            nearest = due[0] if due else _NOTHING
            if nearest > self._horizon:
                if self._horizon >= self._limit:
                    return
                self._widen()
            elif nearest in self._inner:
                for cell, where in self._inner.pop(nearest):
                    if where is None:
                        self._expand_far(cell, nearest)
                    else:
                        self._expand(cell, nearest, where)
            else:
                heappop(due)
                if nearest in self._leaves:
                    yield nearest, self._leaves.pop(nearest)

    def _expand(self, cell: Index, bound: int, where: Offset) -> None:
        """Look at the occupied children of a cell: counting is adding."""
        res, (i, j), (common, shift) = resolution(cell), where, stem(cell)
        steps_to, reach = self._offsets(cell)[res], REACH[res + 1]
        for which in _DIGITS[self._occupied.children[cell]]:
            di, dj = steps_to[which]
            steps = norm(i + di, j + dj)
            inner = common | which << shift
            if not reach:
                self._meet(inner, steps)
            elif inner not in self._covered:
                self._wait(inner, max(bound, steps - reach), (i + di, j + dj))

    def _offsets(self, cell: Index) -> Offsets:
        known = self._known.get(base(cell))
        if known is None:
            self._known[base(cell)] = known = offsets(self._origin, cell)
        return known

    def _expand_far(self, cell: Index, bound: int) -> None:
        """The same where nothing but the distance between centres can be told."""
        res = resolution(cell) + 1
        for which in _DIGITS[self._occupied.children[cell]]:
            inner = child(cell, which)
            if res == NEAR_RES:
                self._meet(inner, index_steps(self._origin, inner))
            else:
                self._wait(inner, max(bound, least_steps(self._origin, inner, res)), None)

    def _widen(self) -> None:
        """Put the next coarser cells around the origin in wait; at the top, all there is."""
        if not self._climb:
            self._add(self._occupied.bases, 0)
            self._horizon = _EVERYWHERE
            return
        res = self._climb.pop()
        around = grid.grid_disk(up(self._origin, res), 1)
        self._add((cell for cell in around if cell in self._occupied.children), res)
        self._covered.update(around)
        # Outside these seven, nothing is nearer: two cells of this resolution that do not touch
        # are further apart than both reach (tests/unit/test_nearest.py measures it).
        self._horizon = REACH[res] + 1

    def _add(self, cells: Iterable[Index], res: int) -> None:
        for cell in cells:
            where = place(self._origin, middle(cell))
            least = max(self._horizon + 1, _least(self._origin, cell, res, where))
            self._wait(cell, least, where)

    def _wait(self, cell: Index, least: int, where: Offset | None) -> None:
        if least > self._limit:
            return
        waiting = self._inner.get(least)
        if waiting is None:
            self._inner[least] = waiting = []
            heappush(self._due, least)
        waiting.append((cell, where))

    def _meet(self, leaf: Index, steps: int) -> None:
        if not self._seen < steps <= self._limit:
            return
        layer = self._leaves.get(steps)
        if layer is None:
            self._leaves[steps] = layer = []
            heappush(self._due, steps)
        layer.append(leaf)


def least_steps(origin: Index, cell: Index, res: int) -> int:
    """No res-9 cell inside ``cell`` is nearer to ``origin`` than this."""
    return _least(origin, cell, res, place(origin, middle(cell)))


def _least(origin: Index, cell: Index, res: int, where: Offset | None) -> int:
    if where is not None:
        return max(0, norm(*where) - REACH[res])
    metres = index_metres(origin, middle(cell)) - REACH[res] * LONGEST_STEP_M
    return max(0, ceil(metres / METRES_A_STEP))


def is_flat(origin: Index) -> bool:
    """Whether steps count all around: true on all land of France, false near a pentagon."""
    return _flat_around(up(origin, CLIMB[-1]))


@lru_cache(maxsize=4096)
def _flat_around(cell: Index) -> bool:
    return all(base(it) not in PENTAGONS for it in grid.grid_disk(cell, 2))
