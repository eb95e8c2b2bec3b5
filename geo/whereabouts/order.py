"""What every backend does alike: which cell counts, who stands before whom, which zones are near.

Two backends that find the same people then answer alike, to the last place in a layer.
"""

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from heapq import heappop, heappush

import h3.api.basic_int as grid

from geo.cells import (
    DECLARED_RES,
    NEAR_RES,
    Cell,
    Index,
    index_steps,
    middle,
    resolution,
    to_cell,
    to_index,
    up,
)
from geo.whereabouts.nearest import EVERYWHERE, REACH, is_flat
from realtime.kernel.errors import Malformed
from realtime.kernel.ids import PersonId

MARKS = (1 << 64) - 1
#: From one zone of ``DECLARED_RES`` to the next, in steps of ``NEAR_RES``.
_ZONE_STEPS = 7

Zones = Mapping[Cell, Collection[PersonId]]


def near_index(cell: Cell) -> Index:
    """The res-9 cell that counts for a place, or ``Malformed`` (W13)."""
    index = to_index(cell)
    if resolution(index) < NEAR_RES:
        raise Malformed
    return up(index, NEAR_RES)


def mark(text: str) -> int:
    """A number that nobody can relate to a place, and that is the same on every node."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def mixer(salt: str) -> int:
    """What marks are multiplied with for one question."""
    return mark(salt) | 1


def standing(marked: int, mixed: int) -> int:
    """Where somebody stands inside a layer: the mark times the salt's, cut to 64 bits.

    An order of its own for each odd salt, at a tenth of the price of hashing both together.
    """
    return marked * mixed & MARKS


class ZonesAround:
    """Declared zones by the steps to their middle, looked for no further than somebody takes.

    Ring by ring, as long as rings are shorter than going through all zones: that is done at once
    for those that are left. The mapping may change meanwhile.
    """

    def __init__(self, zones: Zones, origin: Index, ring: int | None) -> None:
        self._zones = zones
        self._origin = origin
        self._limit = EVERYWHERE if ring is None else ring
        self._centre = up(origin, DECLARED_RES)
        self._is_flat = is_flat(origin)
        #: Found and not taken, by steps; and these steps as a heap.
        self._found: dict[int, list[Cell]] = {}
        self._due: list[int] = []
        self._seen: set[Cell] = set()
        #: What comes this near now comes too late: a distance is taken once.
        self._taken = -1
        #: All within so many steps have been found; the next ring of zones.
        self._known = -1
        self._ring = 0

    def take(self, steps: int) -> Iterator[tuple[int, list[Cell]]]:
        """All within so many steps that have not been taken, by steps, the nearest first."""
        while True:
            while self._due and self._due[0] <= min(steps, self._known):
                self._taken = at = heappop(self._due)
                yield at, self._found.pop(at)
            if self._known >= min(steps, self._limit):
                self._taken = max(self._taken, steps)
                return
            if self._is_flat and 3 * self._ring * (self._ring + 1) < len(self._zones):
                self._look_at_next_ring()
            else:
                self._look_at_all()

    def _look_at_next_ring(self) -> None:
        for zone in map(to_cell, grid.grid_ring(self._centre, self._ring)):
            if zone in self._zones:
                self._seen.add(zone)
                self._find(zone)
        self._ring += 1
        # The middles of the next ring are as far from the one in the middle as it has steps.
        self._known = _ZONE_STEPS * self._ring - REACH[DECLARED_RES] - 1

    def _look_at_all(self) -> None:
        for zone in self._zones:
            if zone not in self._seen:
                self._find(zone)
        self._known = EVERYWHERE

    def _find(self, zone: Cell) -> None:
        at = index_steps(self._origin, middle(to_index(zone)))
        if at in self._found:
            self._found[at].append(zone)
        elif self._taken < at <= self._limit:
            self._found[at] = [zone]
            heappush(self._due, at)
