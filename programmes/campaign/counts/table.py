"""What may be told of counts: none below five, and none that could be worked out. Pure.

One table for taps, one for reports: designs down, languages across, with their totals; hidden as in
``matching.shelter.public.suppression``. Beside it, each place with its total over all designs: one
more equation with the same sum, told only where that sum is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.shelter.public.suppression import TOTAL, Cell, hidden, with_totals
from programmes.campaign.rules import SMALL
from programmes.campaign.values import Design, Language


@dataclass(frozen=True, slots=True)
class Told:
    """None: between one and four, or so much that it must not be known beside the others."""

    cells: Mapping[Cell, int | None]
    #: In the order of the campaign's places; None where too little is known for any.
    places: Sequence[int | None] | None


def told(
    counts: Iterable[tuple[int, Design, Language, int]],
    *,
    designs: Sequence[Design],
    languages: Sequence[Language],
    places: int,
    k: int = SMALL,
) -> Told:
    """``counts``: place, design, language, and how many."""
    inside: dict[Cell, int] = {}
    by_place = [0] * places
    for place, design, language, many in counts:
        cell = (design.value, language.value)
        inside[cell] = inside.get(cell, 0) + many
        by_place[place] += many
    table = with_totals(inside, [it.value for it in designs], [it.value for it in languages])
    out = hidden(table, k)
    shown = {cell: None if cell in out else many for cell, many in table.items()}
    known = shown[TOTAL, TOTAL] is not None
    return Told(shown, places_told(by_place, k=k) if known else None)


def places_told(counts: Sequence[int], *, k: int = SMALL) -> Sequence[int | None] | None:
    """The counts of places whose sum is known; None: nothing can be told without telling all.

    Hidden ones are at least two, and together large enough for each to be anything from 1 to k − 1.

    >>> places_told([3, 40, 9, 0])
    [None, 40, None, 0]
    >>> places_told([1, 1, 1, 1, 1]) is None
    True
    """
    out = {place for place, many in enumerate(counts) if 0 < many < k}
    while out and (len(out) < 2 or sum(counts[it] - 1 for it in out) < k - 2):
        more = [it for it, many in enumerate(counts) if many > 0 and it not in out]
        if not more:
            return None
        out.add(min(more, key=lambda it: (counts[it], it)))
    return [None if place in out else many for place, many in enumerate(counts)]
