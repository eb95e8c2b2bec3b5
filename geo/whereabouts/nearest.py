"""The walk over whoever is live, from the nearest on, whole layers of equal steps at a time.

First ring by ring of cells around the origin; when that was not enough, by rings of blocks of 49
cells, then by rings of areas of 49 blocks: a question in Paris looks at a few cells, one in the
Creuse at some dozens of blocks. Going there is adding on the plane of a base cell (``lattice.py``).
Only for who is rarer than that, or lives beside a pentagon, it goes down from the base cells,
coarser cells waiting by the least steps at which they can hold anybody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import chain
from math import ceil
from typing import NamedTuple

import h3.api.basic_int as grid

from geo.cells import (
    METRES_A_STEP,
    PENTAGONS,
    Index,
    base,
    child,
    index_metres,
    index_steps,
    middle,
    middle_of_parent,
    resolution,
    up,
)
from geo.lattice import Offset, norm, place, place_on, ring_of, spot_at, spot_of
from geo.whereabouts.occupied import AREA_RES, BLOCK_RES, Block, Group, Occupied

#: From the middle of a cell of each resolution, 0 to 9, to its furthest res-9 cell, in steps. On a
#: hexagonal grid of aperture 7, going up one level multiplies distances by 3 at most, two by 7.
REACH = (4001, 1600, 571, 228, 81, 32, 11, 4, 1, 0)
#: The same in metres, for where steps cannot be counted: no step is longer than this.
LONGEST_STEP_M = 400.0


class Level(NamedTuple):
    """Rings of cells of one resolution."""

    res: int
    #: From one cell to the next, in steps.
    apart: int
    #: The last ring looked at.
    rings: int


CELLS = Level(9, apart=1, rings=8)
BLOCKS = Level(BLOCK_RES, apart=7, rings=11)
AREAS = Level(AREA_RES, apart=49, rings=10)
#: Rings of cells are looked at where so many groups are in the origin's block.
CROWDED = 24

#: More steps than there are.
EVERYWHERE = 1 << 59
_DIGITS = tuple(tuple(d for d in range(7) if mask >> d & 1) for mask in range(1 << 7))

#: Groups of people looked at before others have a turn of the loop: half a millisecond.
LOOKED_AT_ONCE = 1_000

#: Steps from the origin, and who is at that distance. Nobody: a pause, all that near has been told.
Layer = tuple[int, list[Group]]


def layers(
    occupied: Occupied, origin: Index, ring: int | None, tags_all: int = 0
) -> Iterator[Layer]:
    """Groups with all of these tags by steps from ``origin``, each layer whole.

    ``ring`` is the furthest. Lazily: what a caller does not ask for is not looked at. Where much
    has to be looked at, empty layers come in between: until the next one people may move.
    """
    return _Walk(occupied, origin, EVERYWHERE if ring is None else ring, tags_all).layers()


class _Walk:
    def __init__(self, occupied: Occupied, origin: Index, limit: int, tags_all: int) -> None:
        self._occupied = occupied
        self._origin = origin
        self._limit = limit
        self._tags_all = tags_all
        #: Layers this near have been told.
        self._seen = -1
        #: Who has been met further away, by steps; and these steps as a heap.
        self._met: dict[int, list[Group]] = {}
        self._due: list[int] = []
        #: Since the last pause.
        self._looked = 0

    def layers(self) -> Iterator[Layer]:
        if is_flat(self._origin):
            if self._is_crowded():
                yield from self._cells()
            for level, blocks in (
                (BLOCKS, self._occupied.blocks),
                (AREAS, self._occupied.areas),
            ):
                if self._seen < self._limit:
                    yield from self._rings(level, blocks)
        if self._seen < self._limit:
            yield from self._from_the_top()

    def _is_crowded(self) -> bool:
        """Whether cells one by one are worth it: there is somebody in most of them."""
        here = self._occupied.blocks.get(spot_of(middle_of_parent(self._origin, BLOCK_RES)), ())
        return sum(len(block.groups) for block in here) >= CROWDED

    def _cells(self) -> Iterator[Layer]:
        cells, tags_all = self._occupied.cells, self._tags_all
        spots = [spot for _, spot in self._planes(CELLS)]
        for steps in range(min(self._limit, CELLS.rings) + 1):
            groups = [
                group
                for spot in spots
                for away in ring_of(steps)
                for group in cells.get(spot + away, ())
                if group.tags & tags_all == tags_all
            ]
            if groups:
                yield steps, groups
        self._seen = CELLS.rings

    def _rings(self, level: Level, blocks: Mapping[int, Sequence[Block]]) -> Iterator[Layer]:
        self._forget()
        planes = self._planes(level)
        off = index_steps(self._origin, middle_of_parent(self._origin, level.res))
        for ring in range(level.rings + 1):
            for where, spot in planes:
                there = [blocks.get(spot + away, ()) for away in ring_of(ring, level.apart)]
                yield from self._meet(chain.from_iterable(there), where)
            # What stands in the next ring is no nearer than this.
            yield from self._told(level.apart * (ring + 1) - off - REACH[level.res] - 1)
            if self._seen >= self._limit:
                return

    def _planes(self, level: Level) -> list[tuple[Offset, int]]:
        """On each plane that the rings may touch: the origin, and the spot of its cell."""
        origin, centre = self._origin, middle_of_parent(self._origin, level.res)
        return [
            (place_on(plane, origin), spot_at(plane, place_on(plane, centre)))
            for plane in _planes_around(up(origin, level.res - 2))
        ]

    def _from_the_top(self) -> Iterator[Layer]:
        self._forget()
        waiting = [(0, cell) for cell in self._occupied.bases]
        while waiting:
            least, cell = heappop(waiting)
            yield from self._told(least - 1)
            if least > self._limit:
                return
            res = resolution(cell)
            if res == AREA_RES:
                # Whoever was in it may have left since it was put in wait.
                yield from self._meet(
                    self._occupied.areas.get(spot_of(middle(cell)), ()),
                    place(middle(up(cell, 0)), self._origin),
                )
                continue
            for digit in _DIGITS[self._occupied.children.get(cell, 0)]:
                inner = child(cell, digit)
                nearest = max(least, least_steps(self._origin, inner, res + 1))
                heappush(waiting, (nearest, inner))
        yield from self._told(self._limit)

    def _meet(self, blocks: Iterable[Block], where: Offset | None) -> Iterator[Layer]:
        """Whoever is there; ``where`` the origin is on their plane, if it has a place on it."""
        origin, tags_all, seen, met = self._origin, self._tags_all, self._seen, self._met
        i, j = where or (0, 0)
        # As they are now: while others have their turn, blocks come and go.
        for block in tuple(blocks):
            here_i, here_j = block.i - i, block.j - j
            for group in block.groups:
                if group.tags & tags_all != tags_all:
                    continue
                if where is None:
                    steps = index_steps(origin, group.leaf)
                else:
                    di, dj = group.offset
                    steps = norm(here_i + di, here_j + dj)
                if steps in met:
                    met[steps].append(group)
                elif steps > seen:
                    met[steps] = [group]
                    heappush(self._due, steps)
            self._looked += 1 + len(block.groups)
            if self._looked >= LOOKED_AT_ONCE:
                self._looked = 0
                yield seen, []

    def _told(self, horizon: int) -> Iterator[Layer]:
        """All layers up to there: nobody that near has not been met."""
        horizon = min(horizon, self._limit)
        while self._due and self._due[0] <= horizon:
            steps = heappop(self._due)
            yield steps, self._met.pop(steps)
        self._seen = max(self._seen, horizon)

    def _forget(self) -> None:
        """Who was met too far away to be told: larger rings meet them again."""
        self._met.clear()
        self._due.clear()


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
    return _is_flat_around(up(origin, AREAS.res - 2))


@lru_cache(maxsize=4096)
def _is_flat_around(cell: Index) -> bool:
    return all(base(plane) not in PENTAGONS for plane in _planes_around(cell))


@lru_cache(maxsize=4096)
def _planes_around(cell: Index) -> tuple[Index, ...]:
    """The base cells of all that is near: what rings promise two resolutions finer is within."""
    return tuple({up(it, 0) for it in grid.grid_disk(cell, 2)})
