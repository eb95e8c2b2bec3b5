"""Counting without names, and telling it: needs not met, nights given, rooms tonight."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from matching.shelter.funds.months import month_of, span
from matching.shelter.night import night_of
from matching.shelter.public import store
from matching.shelter.public.feed import told_month, word_for
from matching.shelter.public.messages import AreaTonight, PublicFeed
from matching.shelter.public.places import Place
from matching.shelter.public.rules import BELIEVED, KEPT, MONTHS
from matching.shelter.public.shape import OTHER, REASONS, shape_of
from matching.shelter.rules import GOAL_NIGHTS, ROLLOVER, SMALL
from matching.shelter.values import Household, Night
from realtime.ledger import Reading, Transaction


class Unmet:
    """What is counted. Nothing that leads to anybody is given to it."""

    def __init__(self, *, rollover: time = ROLLOVER) -> None:
        self._rollover = rollover
        self._feed: PublicFeed | None = None

    async def count(
        self, tx: Transaction, household: Household, area: str | None, night: Night, reason: str
    ) -> None:
        """A need was closed without a room. A reason we do not know is another one."""
        key = {
            "night": night,
            "area": area or "",
            "shape": shape_of(household),
            "reason": reason if reason in REASONS else OTHER,
        }
        await store.count(tx.db, store.unmet, key)

    async def given(self, tx: Transaction, night: Night, area: str) -> None:
        """One more night was slept."""
        await store.count(tx.db, store.given, {"night": night, "area": area})

    async def nights_given(self, reading: Reading) -> int:
        """Since the first of January."""
        tonight = self.tonight(reading.now)
        return await _given(reading, tonight)

    async def places(self, reading: Reading) -> Sequence[Place]:
        """Every hotel that gives rooms tonight, for those who work with us."""
        return await store.rooms(reading.db, self.tonight(reading.now))

    async def feed(self, reading: Reading) -> PublicFeed:
        """What everyone may know. Made anew once a minute at most: anyone may ask, and often."""
        kept = self._feed
        if kept is None or not timedelta(0) <= reading.now - kept.made_at < KEPT:
            kept = self._feed = await self._made(reading)
        return kept

    def tonight(self, now: datetime) -> Night:
        return night_of(now, self._rollover)

    async def _made(self, reading: Reading) -> PublicFeed:
        tonight = self.tonight(reading.now)
        areas = await store.areas(reading.db, tonight, reading.now - BELIEVED)
        first, last = _told(tonight)
        missed = await store.unmet_between(reading.db, first, last)
        months = sorted({month_of(it.night) for it in missed}, reverse=True)
        return PublicFeed(
            made_at=reading.now,
            night=tonight,
            rooms=[
                AreaTonight(area=it.area, rooms=word_for(it.free))
                for it in areas
                if it.hotels >= SMALL
            ],
            nights_given=await _given(reading, tonight),
            goal=GOAL_NIGHTS,
            unmet=[
                told_month(month, [it for it in missed if month_of(it.night) == month])
                for month in months
            ],
            small=SMALL,
        )


async def _given(reading: Reading, tonight: Night) -> int:
    found = await store.given_between(reading.db, date(tonight.year, 1, 1), tonight)
    return sum(many for _, many in found)


def _told(tonight: Night) -> tuple[Night, Night]:
    """The nights of the months that are over, as far back as is told."""
    last = tonight.replace(day=1) - timedelta(days=1)
    first = last
    for _ in range(MONTHS - 1):
        first = first.replace(day=1) - timedelta(days=1)
    return span(month_of(first))[0], last
