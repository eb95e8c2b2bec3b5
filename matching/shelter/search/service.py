"""Rooms for a household, the best first: never in a zone, and as if every hotel had been looked at.

A statement answers rooms in the order of a bound of their score (``store.py``); here they are
measured along the ground and put in their order, until no other could be among them (``far.py``).
"""

from collections.abc import Sequence
from datetime import datetime

from geo.cells import centre
from geo.point import sights
from matching.shelter.inventory.freshness import freshness
from matching.shelter.rules import OPTIONS_MOST
from matching.shelter.search import far, store
from matching.shelter.search.fences import Fence, fences
from matching.shelter.search.score import Ranked, order, parts
from matching.shelter.search.store import Found
from matching.shelter.values import HotelId, Wanted
from realtime.ledger import Reading


class Search:
    async def rank(
        self, reading: Reading, wanted: Wanted, *, limit: int, now: datetime
    ) -> list[Ranked]:
        """The ``limit`` best of the hotels that have a room free on every night of the stay."""
        return await _best(reading, wanted, limit, now, free=True)

    async def fitting(
        self, reading: Reading, wanted: Wanted, *, limit: int, now: datetime | None = None
    ) -> list[Ranked]:
        """The same without regard to what is free: whom to ask on a scarce night."""
        return await _best(reading, wanted, limit, now or reading.now, free=False)


async def _best(
    reading: Reading, wanted: Wanted, limit: int, now: datetime, *, free: bool
) -> list[Ranked]:
    limit = max(1, min(limit, OPTIONS_MOST))
    around = fences(wanted.zones)
    balls = [ball for it in around for ball in it.balls()]
    look: far.Look | None = far.first(limit)
    best: list[Ranked] = []
    while look is not None:
        found = await store.candidates(reading, wanted, look, balls, now)
        best = _ranked([it for it in found if it.free > 0 or not free], wanted, around, now)[:limit]
        highest = found[-1].bound if found else 0.0
        last = best[-1].score if len(best) == limit else None
        look = look.next(len(found), highest, last)
    return best


def _ranked(
    found: Sequence[Found], wanted: Wanted, around: Sequence[Fence], now: datetime
) -> list[Ranked]:
    """Each hotel's best room, in their order; those who may be in a zone are left out."""
    places = [centre(it.hotel.cell) for it in found]
    best: dict[HotelId, Ranked] = {}
    for it, place, sight in zip(found, places, sights(centre(wanted.cell), places), strict=True):
        if any(fence.keeps_out(place, it.where, it.hotel.margin_m) for fence in around):
            continue
        fresh = freshness(it.hotel.spoken_at, now)
        made = parts(
            it.hotel, it.kind, wanted, metres=sight.metres, azimuth=sight.azimuth, freshness=fresh
        )
        ranked = Ranked(
            hotel=it.hotel,
            kind=it.kind,
            free=it.free,
            metres=sight.metres,
            score=made.score,
            parts=made,
            freshness=fresh,
        )
        known = best.get(it.hotel.hotel)
        if known is None or order(ranked) < order(known):
            best[it.hotel.hotel] = ranked
    return sorted(best.values(), key=order)
