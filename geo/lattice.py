"""The grid around an origin as plane coordinates, so that a search counts steps by adding.

Seen from one base cell, the cells of another that touches it stand on one flat lattice: going from
a cell to its child adds an offset that depends on the two base cells, the resolution and the digit,
and on nothing else. Asking the h3 library once for each offset replaces asking it for each cell.
Across pentagons, and between base cells that do not touch, there is no such lattice.
"""

from functools import cache

import h3.api.basic_int as grid
from h3 import H3BaseException

from geo.cells import NEAR_RES, PENTAGONS, Index, base, child, index_steps, middle

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


def spot_of(leaf: Index) -> int:
    """A res-9 cell as one number, so that going somewhere on its base cell's plane is adding.

    Spots of two base cells have nothing in common, and no step leads from one to the other.
    """
    far, middling, near = _SPOTS
    return (
        (leaf & _BASE_BITS)
        + far[leaf >> 36 & 511]
        + middling[leaf >> 27 & 511]
        + near[leaf >> 18 & 511]
    )


def place_of(leaf: Index) -> Offset:
    """Where a res-9 cell stands, seen from the middle of its own base cell."""
    inside = spot_of(leaf) - (leaf & _BASE_BITS) + _HALF
    return (inside >> _ROW_BITS) - _MOST, (inside & (_ROW - 1)) - _MOST


def place_on(plane: Index, leaf: Index) -> Offset:
    """Where a res-9 cell stands, seen from the middle of a base cell, its own or one beside it."""
    if base(plane) == base(leaf):
        return place_of(leaf)
    found = place(middle(plane), leaf)
    if found is None:
        raise ValueError("no plane holds both")
    return found


def steps_between(one: Index, other: Index) -> int:
    """As ``index_steps``, and quicker where both are on the plane of one base cell."""
    if (one ^ other) & _BASE_BITS or base(one) in PENTAGONS:
        return index_steps(one, other)
    away = spot_of(one) - spot_of(other) + _HALF
    return norm((away >> _ROW_BITS) - _MOST, (away & (_ROW - 1)) - _MOST)


def spot_at(cell: Index, at: Offset) -> int:
    """The spot that many steps from the middle of a cell's base cell."""
    return (cell & _BASE_BITS) + at[0] * _ROW + at[1]


def inside_block(leaf: Index) -> Offset:
    """Where a res-9 cell stands, seen from the middle of its parent of res 7."""
    return _INSIDE_BLOCK[leaf >> 18 & 63]


@cache
def ring_of(steps: int, apart: int = 1) -> tuple[int, ...]:
    """What to add to a spot to be at each of those that are so many steps of ``apart`` away."""
    return tuple(
        apart * (i * _ROW + j)
        for i in range(-steps, steps + 1)
        for j in range(-steps, steps + 1)
        if norm(i, j) == steps
    )


def _digits(first: int) -> list[Offset]:
    """By three digits from that resolution on: what they add, on any base cell's plane."""
    steps = _own_offsets()[first : first + 3]
    sevens = [(*by_digit, (0, 0)) for by_digit in steps]
    return [
        (a[0] + b[0] + c[0], a[1] + b[1] + c[1])
        for a in sevens[0]
        for b in sevens[1]
        for c in sevens[2]
    ]


def _own_offsets() -> tuple[tuple[Offset, ...], ...]:
    """From middle to middle by resolution of the parent and digit, on a base cell's own plane."""
    origin = middle(_PLAIN)
    cell, found = _PLAIN, []
    for _ in range(NEAR_RES):
        places = [place(origin, middle(child(cell, digit))) for digit in range(7)]
        found.append(tuple(it for it in places if it is not None))
        cell = child(cell, 0)
    return tuple(found)


_BASE_BITS = 127 << 45
#: Rows and places in a row are further apart than any two cells of a base cell.
_ROW_BITS = 16
_ROW = 1 << _ROW_BITS
_MOST = _ROW >> 1
_HALF = _MOST * _ROW + _MOST
#: A base cell that is a hexagon, as most are.
_PLAIN = 0x801FFFFFFFFFFFF
_SPOTS = tuple([i * _ROW + j for i, j in _digits(first)] for first in (0, 3, 6))
_INSIDE_BLOCK = _digits(6)[:64]
