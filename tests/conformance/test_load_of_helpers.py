"""What is asked of those who may be asked does not take longer for whom was asked for years."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matching.dispatch import store
from matching.dispatch.incident import AlertId, Offer, OfferId, OfferState, Ring
from matching.dispatch.rules import OPEN_FOR, SILENCE
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from tests.support.house import House
from tests.support.searching import Search
from tests.support.steps import steps_of

NOW = datetime(2026, 11, 26, 20, tzinfo=UTC)
MIDNIGHT = NOW.replace(hour=0)
HELPERS = [PersonId(f"helper-{number}") for number in range(5)]


def offer(name: str, helper: PersonId, asked_at: datetime, state: OfferState) -> Offer:
    return Offer(id=OfferId(name), helper=helper, ring=Ring.NEAR, state=state, asked_at=asked_at)


async def asked_before(house: House, days: int, *, from_day: int = 2) -> None:
    """Each of them was asked once an hour, on so many days."""

    async def work(tx: Transaction) -> None:
        for hour in range(from_day * 24, (from_day + days) * 24):
            at = MIDNIGHT - timedelta(hours=hour)
            offers = [offer(f"{it}-{hour}", it, at, OfferState.DECLINED) for it in HELPERS]
            await store.add_offers(tx.db, AlertId(f"alert-{hour}"), offers)

    await house.write(work)


async def _loads(reading: Reading) -> None:
    await store.load_of(reading.db, HELPERS, since=MIDNIGHT, but=AlertId("this"))


async def _is_greeted(reading: Reading) -> None:
    await store.live_offers(reading.db, HELPERS[0], now=NOW)


@pytest.mark.parametrize("asks", [_loads, _is_greeted])
async def test_nobody_goes_through_all_that_they_were_ever_asked(
    file_house: House, asks: Callable[[Reading], Awaitable[None]]
) -> None:
    await asked_before(file_house, 1)
    young = await steps_of(file_house, asks)
    await asked_before(file_house, 60, from_day=3)

    assert await steps_of(file_house, asks) <= young + 10


async def test_who_is_on_the_way_since_an_alert_could_begin_is_busy(house: House) -> None:
    async def work(tx: Transaction) -> None:
        for number, helper in enumerate(HELPERS[:2]):
            at = MIDNIGHT - OPEN_FOR * number
            going = offer(f"going-{number}", helper, at, OfferState.ACCEPTED)
            await store.add_offers(tx.db, AlertId(f"alert-{number}"), [going])

    await house.write(work)
    async with house.made.ledger.reading() as reading:
        load = await store.load_of(reading.db, HELPERS, since=MIDNIGHT, but=AlertId("this"))

    assert load.busy == set(HELPERS[:2])


async def test_what_she_was_asked_or_accepted_since_an_alert_could_begin_greets_her(
    house: House,
) -> None:
    bea, states = HELPERS[0], (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.SEEN)

    async def work(tx: Transaction) -> None:
        for number, state in enumerate(states):
            search = replace(Search().incident, alert=AlertId(f"alert-{number}"), ring=number)
            made = offer(f"offer-{number}", bea, NOW - OPEN_FOR + number * SILENCE, state)
            await store.put(tx.db, search)
            await store.add_offers(tx.db, search.alert, [made])

    await house.write(work)
    async with house.made.ledger.reading() as reading:
        live = await store.live_offers(reading.db, bea, now=NOW)
        others = await store.live_offers(reading.db, HELPERS[1], now=NOW)

    assert [(it.alert, it.ring, made.id, made.state) for it, made in live] == [
        ("alert-0", 0, "offer-0", OfferState.ACCEPTED),
        ("alert-2", 2, "offer-2", OfferState.SEEN),
    ]
    assert others == []
