"""What every backend does alike: which cell counts, who stands before whom, which zones are near.

Two backends that find the same people then answer alike, to the last place in a layer.
"""

from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b

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
from geo.whereabouts.nearest import REACH, is_flat
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


def zone_layers(zones: Zones, origin: Index, ring: int | None) -> dict[int, list[Cell]]:
    """Declared zones in reach, by the steps to their middle."""
    layers: dict[int, list[Cell]] = {}
    for zone in _zones_in_reach(zones, origin, ring):
        at = index_steps(origin, middle(to_index(zone)))
        if ring is None or at <= ring:
            layers.setdefault(at, []).append(zone)
    return layers


def _zones_in_reach(zones: Zones, origin: Index, ring: int | None) -> Iterable[Cell]:
    if ring is None or not is_flat(origin):
        return zones
    wide = (ring + REACH[DECLARED_RES]) // _ZONE_STEPS
    if 3 * wide * (wide + 1) + 1 >= len(zones):
        return zones
    near = grid.grid_disk(up(origin, DECLARED_RES), wide)
    return [zone for zone in map(to_cell, near) if zone in zones]
