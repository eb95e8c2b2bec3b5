"""The grid around an origin as plane coordinates, so that a search counts steps by adding.

Seen from one base cell, the cells of another that touches it stand on one flat lattice: going from
a cell to its child adds an offset that depends on the two base cells, the resolution and the digit,
and on nothing else. Asking the h3 library once for each offset replaces asking it for each cell.
Across pentagons, and between base cells that do not touch, there is no such lattice.
"""

from functools import lru_cache

import h3.api.basic_int as grid
from h3 import H3BaseException

from geo.cells import NEAR_RES, PENTAGONS, Index, base, child, middle, up

Offset = tuple[int, int]
#: By resolution of the parent, then by the child's digit: from middle to middle.
Offsets = tuple[tuple[Offset, ...], ...]


def norm(i: int, j: int) -> int:
    """Steps from the origin to these coordinates, whose axes stand at 120 degrees.

    >>> norm(2, 2), norm(2, -1), norm(0, -3), norm(-2, 1)
    (2, 3, 3, 3)
    """
    if i >= 0:
        return max(i, j) if j >= 0 else i - j
    return -min(i, j) if j <= 0 else j - i


def place(origin: Index, leaf: Index) -> Offset | None:
    """Where a res-9 cell stands, seen from ``origin``; None where there is no lattice."""
    if base(origin) in PENTAGONS or base(leaf) in PENTAGONS:
        return None
    try:
        i, j = grid.cell_to_local_ij(origin, leaf)
        here = grid.cell_to_local_ij(origin, origin)
    except H3BaseException:
        return None
    return i - here[0], j - here[1]


def offsets(origin: Index, cell: Index) -> Offsets:
    """What to add, anywhere in the base cell of ``cell``; the two must have a lattice."""
    return _offsets(up(origin, 0), up(cell, 0))


@lru_cache(maxsize=1024)
def _offsets(here: Index, there: Index) -> Offsets:
    origin, cell = middle(here), there
    found: list[tuple[Offset, ...]] = []
    for _ in range(NEAR_RES):
        i, j = grid.cell_to_local_ij(origin, middle(cell))
        children = [grid.cell_to_local_ij(origin, middle(child(cell, digit))) for digit in range(7)]
        found.append(tuple((x - i, y - j) for x, y in children))
        cell = child(cell, 0)
    return tuple(found)
