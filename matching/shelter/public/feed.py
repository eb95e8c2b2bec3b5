"""How counts are told: rooms tonight in a word, months of unmet needs, the small hidden. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from matching.shelter.public.messages import MonthUnmet, Rooms, Told
from matching.shelter.public.rules import ENOUGH
from matching.shelter.public.shape import REASONS, SHAPES
from matching.shelter.public.suppression import TOTAL, Cell, together, with_totals
from matching.shelter.rules import SMALL
from matching.shelter.values import Night

#: Where nobody has said in which département. Nothing, in a table of counts, is all of them.
UNKNOWN = "unknown"


class Missed(NamedTuple):
    """So many needs alike that found no room."""

    night: Night
    area: str
    shape: str
    reason: str
    many: int


def word_for(free: int) -> Rooms:
    """Rooms of a département, in a word.

    >>> word_for(12), word_for(1), word_for(0), word_for(-1)
    ('oui', 'peu', 'non', 'non')
    """
    if free >= ENOUGH:
        return "oui"
    return "peu" if free > 0 else "non"


def told_month(month: str, missed: Sequence[Missed]) -> MonthUnmet:
    """One month: areas by reason and areas by shape, which share their totals."""
    missed = [it._replace(area=it.area or UNKNOWN) for it in missed]
    areas = sorted({it.area for it in missed})
    reasons = with_totals(_summed((it.area, it.reason, it.many) for it in missed), areas, REASONS)
    shapes = with_totals(_summed((it.area, it.shape, it.many) for it in missed), areas, SHAPES)
    by_reason, by_shape = together([reasons, shapes], SMALL)
    total = (TOTAL, TOTAL)
    return MonthUnmet(
        month=month,
        total=None if total in by_reason else reasons[total],
        reasons=_told(reasons, by_reason),
        shapes=_told(shapes, by_shape),
    )


def _summed(counts: Iterable[tuple[str, str, int]]) -> dict[Cell, int]:
    sums: dict[Cell, int] = {}
    for row, column, many in counts:
        sums[row, column] = sums.get((row, column), 0) + many
    return sums


def _told(table: Mapping[Cell, int], hidden: Set[Cell]) -> list[Told]:
    """Zeros are left out, hidden counts are not: that somebody was there is told."""
    return [
        Told(area=cell[0], of=cell[1], count=None if cell in hidden else count)
        for cell, count in sorted(table.items())
        if count > 0
    ]
