"""How coarsely a need is shown to people near it: a cell in which it could be anyone's.

The smallest cell, from res 9 up to res 6, where at least 200 people live. Every place of one res-6
cell is shown at the same resolution: were it decided cell by cell, seeing a coarse one would tell
that she is in none of the others.
"""

from collections.abc import Mapping

from geo.cells import COARSE_RES, NEAR_RES, Cell, around, parent, square_kilometres

LEAST_PEOPLE = 200
#: Each step down the grid divides a cell in seven.
CHILDREN = 7


def counted_around(cell: Cell) -> list[Cell]:
    """The res-6 cells whose populations decide for ``cell``: its own and those that touch it."""
    return around(parent(cell, COARSE_RES))


def shown_resolution(cell: Cell, populations: Mapping[Cell, int]) -> int:
    """From 6 to 9. ``populations`` are by res-6 cell; where none is known, nothing finer than 6."""
    counted = counted_around(cell)
    people = sum(populations.get(it, 0) for it in counted)
    density = people / sum(square_kilometres(it) for it in counted)
    living = density * square_kilometres(parent(cell, COARSE_RES))
    shown = COARSE_RES
    while shown < NEAR_RES and living / CHILDREN >= LEAST_PEOPLE:
        living /= CHILDREN
        shown += 1
    return shown


def shown_cell(cell: Cell, populations: Mapping[Cell, int]) -> Cell:
    """What a helper near ``cell`` is shown of it before she accepts them."""
    return parent(cell, shown_resolution(cell, populations))
