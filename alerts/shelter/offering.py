"""Which rooms are offered for a need: those that search finds, less those that said no to her.

For needs that a worker asks for somebody, one more may be among them that does not exist: a
*canary*. Whoever collects addresses opens it, and is found (``guard``). It comes last, after real
rooms enough for nobody to need it, and never for a woman who asks for herself.
"""

from alerts.shelter.rules import BAIT_AFTER, night_wanted
from alerts.shelter.values import By, Details, Need, wanted_by
from geo.cells import centre
from geo.point import sights
from matching.shelter.holds.service import Holds
from matching.shelter.inventory.freshness import freshness
from matching.shelter.inventory.service import Inventory
from matching.shelter.search.score import Ranked, fits, parts
from matching.shelter.search.service import Search
from matching.shelter.values import HoldState, Wanted
from realtime.ledger import Reading


class Offering:
    def __init__(self, holds: Holds, inventory: Inventory, search: Search) -> None:
        self._holds = holds
        self._inventory = inventory
        self._search = search

    async def rooms(
        self, reading: Reading, need: Need, details: Details, limit: int
    ) -> list[Ranked]:
        """The best first; a hotel that has said nothing in time comes after those that may."""
        before = await self._holds.of_need(reading, need.need)
        no = {it.hotel for it in before if it.state is HoldState.DECLINED}
        silent = {it.hotel for it in before if it.state is HoldState.EXPIRED}
        wanted = wanted_by(need, details, first=night_wanted(need.first, reading.now))
        most = limit + len(no) + len(silent)
        found = await self._search.rank(reading, wanted, limit=most, now=reading.now)
        able = [it for it in found if it.hotel.hotel not in no]
        # Sorting keeps the order of those that are alike.
        able.sort(key=lambda it: it.hotel.hotel in silent)
        if need.by is By.SELF or len(able) < BAIT_AFTER:
            return able[:limit]
        bait = await self._bait(reading, wanted)
        return [*able[: limit - len(bait)], *bait]

    async def _bait(self, reading: Reading, wanted: Wanted) -> list[Ranked]:
        """One hotel that does not exist, as it would be ranked if it did."""
        for hotel, rooms in await self._inventory.canaries(reading, wanted.first):
            for kind, count in rooms:
                if not fits(kind, wanted) or count.free <= 0:
                    continue
                fresh = freshness(hotel.spoken_at, reading.now)
                (sight,) = sights(centre(wanted.cell), [centre(hotel.cell)])
                of = parts(
                    hotel,
                    kind,
                    wanted,
                    metres=sight.metres,
                    azimuth=sight.azimuth,
                    freshness=fresh,
                )
                return [
                    Ranked(
                        hotel=hotel,
                        kind=kind,
                        free=count.free,
                        metres=sight.metres,
                        score=of.score,
                        parts=of,
                        freshness=fresh,
                    )
                ]
        return []
