"""Why a room is where it is in the order: keys of the catalogues, and what goes into them. Pure.

A sentence for each thing that counted. No price (the household need not know what it costs others)
and no metres: only whole kilometres, as everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from types import MappingProxyType

from matching.shelter.inventory.freshness import Freshness
from matching.shelter.search.rules import EMPTY_BED_KM
from matching.shelter.search.score import Ranked
from matching.shelter.values import Wanted

_NOTHING: Mapping[str, int] = MappingProxyType({})
#: Parts of a score, in kilometres, from which a hotel's history is told as good or as bad.
_GOOD, _BAD = 2.0, 5.0
#: "Often" is not said of fewer answers than these.
_OFTEN = 5
_SAID = {
    Freshness.FRESH: "why.fresh",
    Freshness.AGING: "why.aging",
    Freshness.STALE: "why.stale",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the catalogues."""

    key: str
    values: Mapping[str, int] = field(default_factory=lambda: _NOTHING)


def why(ranked: Ranked, wanted: Wanted | None = None) -> list[Reason]:
    """Fit, distance, direction, zones, freshness, history, cost: what is known of the need."""
    return [
        *_fit(ranked),
        *_distance(ranked, wanted),
        Reason(_SAID[ranked.freshness]),
        *_history(ranked),
        *_cost(wanted),
    ]


def _fit(ranked: Ranked) -> Iterator[Reason]:
    empty = round(ranked.parts.empty_beds / EMPTY_BED_KM)
    yield Reason("why.larger", {"n": empty}) if empty else Reason("why.fits")


def _distance(ranked: Ranked, wanted: Wanted | None) -> Iterator[Reason]:
    km = round(ranked.metres / 1_000)
    yield Reason("why.far", {"km": km}) if km else Reason("why.near")
    if ranked.parts.direction:
        yield Reason("why.wrong_way")
    elif wanted is not None and wanted.bearing is not None:
        yield Reason("why.right_way")
    if wanted is not None and wanted.zones:
        yield Reason("why.zones", {"km": max(1, ceil(ranked.hotel.margin_m / 1_000))})


def _history(ranked: Ranked) -> Iterator[Reason]:
    """Little is said of who has answered little."""
    answers = ranked.hotel.accepted + ranked.hotel.refused
    if not answers:
        yield Reason("why.new")
    elif answers < _OFTEN:
        return
    elif ranked.parts.history <= _GOOD:
        yield Reason("why.accepts")
    elif ranked.parts.history >= _BAD:
        yield Reason("why.refuses")


def _cost(wanted: Wanted | None) -> Iterator[Reason]:
    if wanted is not None and wanted.most_cents is not None:
        yield Reason("why.cost")
