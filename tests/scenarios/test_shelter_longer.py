"""A stay made longer: a second person's word, rooms that are free, who pays. On both engines."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from matching.shelter.inventory.reconciling import drift
from matching.shelter.values import BudgetId
from realtime.ports import Caller
from tests.support.town import Town, town


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built
        async with built.world.whole.durable.ledger.reading() as reading:
            assert await drift(reading) == 0
            assert await built.services.sheltering.funds.balance(reading) == 0


async def test_a_long_stay_waits_for_a_second_person(city: Town) -> None:
    inn = await city.hotel()
    worker, operator, other = (
        await city.staff("association"),
        await city.staff(),
        await city.staff(),
    )
    need = await city.needs(worker, nights=8)
    held = await city.holds(worker, need)
    hold = held["hold"]

    early = await city.ask(inn.desk, "hold.confirm", hold=hold)
    offered = [await may_agree(city, it, need) for it in (worker, operator)]
    never = await city.ask(worker, "hold.approve", hold=hold)
    await city.ask(operator, "hold.approve", hold=hold)
    sure = await city.ask(inn.desk, "hold.confirm", hold=hold)

    assert (held.get("approved"), early) == (False, {"error": "not_approved"})
    assert never == {"error": "not_allowed"}
    assert sure["state"] == "confirmed"
    assert offered == [False, True]
    assert not await may_agree(city, operator, need)
    own = await city.needs(operator, nights=9)
    assert await city.options(operator, own) == []
    await city.hotel(north_km=2)
    mine = (await city.holds(operator, own))["hold"]
    # Nothing is offered that would be refused.
    assert [await may_agree(city, it, own) for it in (operator, other)] == [False, True]
    assert await city.ask(operator, "hold.approve", hold=mine) == {"error": "same_person"}
    assert (await city.ask(other, "hold.approve", hold=mine))["approved"] is True


async def may_agree(city: Town, caller: Caller, need: str) -> bool:
    return (await city.ask(caller, "shelter.state", need=need)).get("may_agree", False) is True


async def test_more_nights_if_there_is_a_room(city: Town) -> None:
    inn = await city.hotel()
    her, next_one = city.world.somebody(), city.world.somebody()
    need = await city.needs(her)
    held = await city.sheltered(her, inn, need)
    await city.ask(inn.desk, "hold.arrive", hold=held["hold"], code=held["code"])

    longer = await city.ask(her, "hold.more", id="more-0000001", hold=held["hold"], nights=1)
    taken = await city.needs(next_one, days_ahead=2)
    await city.holds(next_one, taken)
    refused = await city.ask(her, "hold.more", id="more-0000002", hold=held["hold"], nights=1)

    assert longer["nights"] == 2
    assert refused == {"error": "room_taken"}
    assert (await city.ask(her, "shelter.state", need=need))["nights"] == 2


async def test_more_nights_when_the_budget_is_over_are_paid_by_another_or_refused_in_words(
    city: Town,
) -> None:
    inn, her = await city.hotel(), city.world.somebody()
    ledger, funds = city.world.whole.durable.ledger, city.services.sheltering.funds
    tonight = funds.tonight(city.world.clock.now())

    async def grant(last: timedelta) -> BudgetId:
        made = await ledger.write(
            lambda tx: funds.grant(
                tx,
                funder="ville",
                name="Nuits",
                area="75",
                first=tonight,
                last=tonight + last,
                cents=50_000,
                actor="funder",
            )
        )
        return made.budget

    await grant(timedelta())
    held = await city.sheltered(her, inn, await city.needs(her))

    over = await city.ask(her, "hold.more", id="more-0000001", hold=held["hold"], nights=1)
    later = await grant(timedelta(days=30))
    longer = await city.ask(her, "hold.more", id="more-0000002", hold=held["hold"], nights=1)

    assert over == {"error": "budget_closed"}
    assert longer["nights"] == 2
    async with ledger.reading() as reading:
        (paid,) = [
            it
            for it in (await funds.state(reading, None, nights_given=0)).budgets
            if it.budget == later
        ]
    assert paid.promised == 6_000
