"""Rooms for a household, the best first: never in a zone, and as if every hotel had been looked at.

A statement answers rooms in the order of a bound of their score (``store.py``); here they are
measured along the ground and put in their order, until no other could be among them (``far.py``).
"""

from bisect import insort
from collections.abc import Sequence
from datetime import datetime

from geo.cells import centre
from geo.point import Sight, sights
from matching.shelter.inventory.freshness import freshness
from matching.shelter.rules import OPTIONS_MOST
from matching.shelter.search import far, store
from matching.shelter.search.far import Answered
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
        able = [it for it in found if it.free > 0 or not free]
        best = _ranked(able, wanted, around, now, limit)
        seen = Answered(
            rooms=len(found),
            highest=found[-1].bound if found else 0.0,
            good=len(best),
            wanted=limit,
            last=best[-1].score if len(best) == limit else None,
        )
        look = look.next(seen, free=free)
    return best


def _ranked(
    found: Sequence[Found], wanted: Wanted, around: Sequence[Fence], now: datetime, limit: int
) -> list[Ranked]:
    """Each hotel's best room, in their order; those who may be in a zone are left out."""
    places = [it.place for it in found]
    best: dict[HotelId, Ranked] = {}
    # A score of each hotel, the best first.
    scores: list[float] = []
    for it, place, sight in zip(found, places, sights(centre(wanted.cell), places), strict=True):
        if len(scores) >= limit and it.bound - far.ERROR_KM > scores[limit - 1]:
            # Whoever comes after has a higher bound, so a higher score.
            break
        if any(fence.keeps_out(place, it.where, it.margin_m) for fence in around):
            continue
        ranked = _measured(it, wanted, sight, now)
        known = best.get(ranked.hotel.hotel)
        if known is None:
            insort(scores, ranked.score)
        if known is None or order(ranked) < order(known):
            best[ranked.hotel.hotel] = ranked
    return sorted(best.values(), key=order)[:limit]


def _measured(it: Found, wanted: Wanted, sight: Sight, now: datetime) -> Ranked:
    hotel, kind = it.hotel, it.kind
    fresh = freshness(hotel.spoken_at, now)
    made = parts(hotel, kind, wanted, metres=sight.metres, azimuth=sight.azimuth, freshness=fresh)
    return Ranked(
        hotel=hotel,
        kind=kind,
        free=it.free,
        metres=sight.metres,
        score=made.score,
        parts=made,
        freshness=fresh,
    )
