"""Ways of ranking that look right in a test of ten hotels: each must be found out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from geo.places.near.solid import FARTHEST
from geo.point import Point
from matching.shelter.search import far, service, store
from matching.shelter.search.far import Look
from matching.shelter.search.fences import Ball, Fence
from matching.shelter.search.score import Ranked
from matching.shelter.search.store import Found
from matching.shelter.values import Wanted
from realtime.ledger import Reading


@contextmanager
def margins_forgotten() -> Iterator[None]:
    def keeps_out(fence: Fence, place: Point, at: object, margin_m: float) -> bool:
        return fence.zone.metres(place) <= 0

    with patch.multiple(Fence, keeps_out=keeps_out, balls=lambda fence: []):
        yield


@contextmanager
def zones_forgotten_by_the_last_measure() -> Iterator[None]:
    with patch.object(Fence, "keeps_out", lambda *asked: False):
        yield


@contextmanager
def nearest_scored_afterwards() -> Iterator[None]:
    """The k nearest, cut before they are scored."""
    store.statement.cache_clear()
    with (
        patch.object(store, "_bound", lambda shape: store._straight() / 1_000.0),
        patch.object(far, "first", lambda limit: Look(FARTHEST, limit)),
        patch.object(Look, "next", lambda *asked, **free: None),
    ):
        yield
    store.statement.cache_clear()


@contextmanager
def one_look_is_enough() -> Iterator[None]:
    with patch.object(Look, "next", lambda *asked, **free: None):
        yield


@contextmanager
def ties_in_the_order_of_a_language() -> Iterator[None]:
    def order(ranked: Ranked) -> tuple[float, str, str]:
        return ranked.score, ranked.hotel.hotel.casefold(), ranked.kind.kind.casefold()

    with patch.object(service, "order", order):
        yield


@contextmanager
def only_the_first_night_counted() -> Iterator[None]:
    ask = store.candidates

    async def candidates(
        reading: Reading, wanted: Wanted, look: Look, balls: Sequence[Ball], now: datetime
    ) -> list[Found]:
        return await ask(reading, replace(wanted, nights=1), look, balls, now)

    with patch.object(store, "candidates", candidates):
        yield


PLANTED: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    it.__name__.replace("_", " "): it
    for it in (
        margins_forgotten,
        zones_forgotten_by_the_last_measure,
        nearest_scored_afterwards,
        one_look_is_enough,
        ties_in_the_order_of_a_language,
        only_the_first_night_counted,
    )
}
