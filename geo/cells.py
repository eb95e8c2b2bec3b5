"""H3 cells: what a place becomes before anything is compared, counted or shown (DESIGN 7).

A cell travels as its text. Inside an index it is a number, and going up or down the grid is then
plain arithmetic on its bits: four for the resolution, seven for one of 122 base cells, then three
for each step down, 7 where the cell stops (https://h3geo.org/docs/core-library/h3Indexing).
"""

from math import ceil
from typing import NewType

import h3.api.basic_int as grid
from h3 import H3BaseException, str_to_int

from geo.point import Point
from realtime.kernel.errors import Malformed

Cell = NewType("Cell", str)
#: A cell as a number, inside geo only.
Index = int

#: Where helpers are: a hexagon of about a tenth of a square kilometre.
NEAR_RES = 9
#: What a helper who is not live has declared: about five square kilometres.
DECLARED_RES = 7
#: The coarsest cell ever shown, and the grain of the populations: about 36 square kilometres.
COARSE_RES = 6

#: From the centre of a cell to its neighbours', on average, at ``NEAR_RES``.
METRES_A_STEP = 348.0
#: Twelve of the 122 base cells are pentagons, all centred at sea: steps do not count across them.
PENTAGONS = frozenset({4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117})

_RESOLUTION = 52
_BASE = 45
#: The finest resolution of an index.
FINEST = 15
#: Of a cell all but its resolution; and of one that stops at each, that with the digits it has not.
_PLACE = ~(15 << _RESOLUTION)
_ENDS = tuple(res << _RESOLUTION | (1 << 3 * (FINEST - res)) - 1 for res in range(FINEST + 1))


def cell_of(point: Point, res: int = NEAR_RES) -> Cell:
    """The cell that holds a place.

    >>> cell_of(Point(lat=48.8566, lon=2.3522))
    '891fb466257ffff'
    """
    return to_cell(index_of(point, res))


def cell(text: str) -> Cell:
    """A cell that came from outside, or ``Malformed``."""
    return to_cell(to_index(text))


def parent(of: Cell, res: int) -> Cell:
    """The coarser cell that holds this one; itself at its own resolution."""
    index = to_index(of)
    if not 0 <= res <= resolution(index):
        raise Malformed
    return to_cell(up(index, res))


def centre(of: Cell) -> Point:
    lat, lon = grid.cell_to_latlng(to_index(of))
    return Point(lat=lat, lon=lon)


def outline(of: Cell) -> list[tuple[float, float]]:
    """Its corners as (lat, lon), for pages that draw it: four decimals, about ten metres."""
    return [(round(lat, 4), round(lon, 4)) for lat, lon in grid.cell_to_boundary(to_index(of))]


def around(of: Cell) -> list[Cell]:
    """The cell and the six (near a pentagon, five) that touch it."""
    return [to_cell(index) for index in grid.grid_disk(to_index(of), 1)]


def square_kilometres(of: Cell) -> float:
    return float(grid.cell_area(to_index(of), unit="km^2"))


def steps(one: Cell, other: Cell) -> int:
    """How many cells of ``NEAR_RES`` lie between two cells; a coarser one counts from its middle.

    >>> here = cell_of(Point(lat=48.8566, lon=2.3522))
    >>> steps(here, here), steps(here, cell_of(Point(lat=48.8738, lon=2.2950)))
    (0, 16)
    """
    return index_steps(middle(to_index(one)), middle(to_index(other)))


# Numbers from here on: for the indexes of geo/whereabouts.


def index_of(point: Point, res: int = NEAR_RES) -> Index:
    return int(grid.latlng_to_cell(point.lat, point.lon, res))


def to_index(text: str) -> Index:
    try:
        index = int(str_to_int(text))
        valid = grid.is_valid_cell(index)
    except (ValueError, TypeError, OverflowError) as error:
        raise Malformed from error
    if not valid:
        raise Malformed
    return index


def to_cell(index: Index) -> Cell:
    return Cell(f"{index:x}")


def resolution(index: Index) -> int:
    return (index >> _RESOLUTION) & 15


def base(index: Index) -> int:
    return (index >> _BASE) & 127


def up(index: Index, res: int) -> Index:
    """The ancestor at ``res``, which is not finer than the cell."""
    return index & _PLACE | _ENDS[res]


def digit(index: Index) -> int:
    """Which of its parent's seven children a cell is."""
    return (index >> 3 * (FINEST - resolution(index))) & 7


def stem(index: Index) -> tuple[Index, int]:
    """What a cell's children have in common, and how far left to shift the digit of each."""
    shift = 3 * (FINEST - resolution(index) - 1)
    return (index + (1 << _RESOLUTION)) & ~(7 << shift), shift


def child(index: Index, which: int) -> Index:
    """The child of that digit. Of a pentagon, digit 1 does not exist."""
    common, shift = stem(index)
    return common | which << shift


def middle(index: Index) -> Index:
    """The cell of ``NEAR_RES`` in the middle of a coarser one; the holder of a finer one."""
    res = resolution(index)
    if res >= NEAR_RES:
        return up(index, NEAR_RES)
    kept = index & ~(15 << _RESOLUTION) | (NEAR_RES << _RESOLUTION)
    unused = 3 * (FINEST - NEAR_RES)
    return kept & ~((1 << 3 * (FINEST - res)) - (1 << unused))


def middle_of_parent(leaf: Index, res: int) -> Index:
    """The cell of ``NEAR_RES`` in the middle of the coarser one that holds ``leaf``."""
    unused = 3 * (FINEST - NEAR_RES)
    return leaf & ~((1 << 3 * (FINEST - res)) - (1 << unused))


def index_steps(one: Index, other: Index) -> int:
    """Steps between two cells of ``NEAR_RES``; never raises.

    H3 cannot count between base cells that do not touch, and miscounts around pentagons. There,
    a thousand kilometres from anyone who could walk, the distance between centres stands in for
    it. Which of the two is used depends on the two base cells only.
    """
    if base(one) not in PENTAGONS and base(other) not in PENTAGONS:
        try:
            return int(grid.grid_distance(one, other))
        except H3BaseException:
            pass
    return ceil(index_metres(one, other) / METRES_A_STEP)


def index_metres(one: Index, other: Index) -> float:
    """Metres between the centres of two cells."""
    here, there = grid.cell_to_latlng(one), grid.cell_to_latlng(other)
    return float(grid.great_circle_distance(here, there, unit="m"))
