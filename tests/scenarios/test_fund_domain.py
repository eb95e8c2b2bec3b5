"""Money follows holds: promised, released, spent night by night, paid; on a real ledger."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from geo.point import Point
from matching.shelter.errors import HoldEnded
from matching.shelter.funds.books.store import account
from matching.shelter.funds.errors import (
    BooksUnbalanced,
    BudgetClosed,
    BudgetElsewhere,
    BudgetEmpty,
    NightTooDear,
)
from matching.shelter.rules import NIGHTS_ALONE
from matching.shelter.values import BudgetId, HoldState
from realtime.kernel.errors import Malformed, NotFound
from realtime.ledger import Transaction
from tests.support.books import OTHER, PARIS, Scene, scene_in

DAY = 86_400.0
HERE = Point(lat=45.76, lon=4.84)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene(tmp_path: Path, address: str) -> AsyncGenerator[Scene]:
    async with scene_in(tmp_path, address) as made:
        yield made
        assert await made.right()
        assert await made.read(made.funds.balance) == 0


async def test_a_hold_promises_and_what_ends_it_gives_back(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=3)

    assert await scene.cents(budget.budget) == (76_000, 24_000, 0)
    await scene.becomes(hold, state=HoldState.CONFIRMED, extended=True)
    assert await scene.cents(budget.budget) == (76_000, 24_000, 0)

    for ending in (HoldState.DECLINED, HoldState.EXPIRED, HoldState.CANCELLED, HoldState.NO_SHOW):
        await scene.becomes(hold, state=ending)
        assert await scene.cents(budget.budget) == (100_000, 0, 0)
        hold = await scene.held(f"after {ending}", budget.budget, nights=3)


async def test_who_comes_after_six_in_the_morning_comes_for_the_night_that_was_kept(
    scene: Scene,
) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=1)
    await scene.becomes(hold, state=HoldState.CONFIRMED)
    # Confirmed at five in the morning, a hotel expects her until nine.
    scene.clock.advance(11 * 3_600)

    await scene.becomes(hold, state=HoldState.ARRIVED)

    assert scene.tonight > hold.first
    assert await scene.cents(budget.budget) == (92_000, 0, 8_000)
    await scene.becomes(hold, state=HoldState.LEFT)
    assert await scene.cents(budget.budget) == (92_000, 0, 8_000)
    assert await scene.read(scene.unmet.nights_given) == 1


async def test_promising_twice_promises_once(scene: Scene) -> None:
    budget = await scene.budget()
    hold = await scene.held("one", budget.budget)

    again = await scene.write(lambda tx: scene.funds.promise(tx, hold))

    assert again == 0
    assert (await scene.cents(budget.budget))[1] == 24_000


async def test_no_budget_goes_below_zero(scene: Scene) -> None:
    budget = await scene.budget(30_000)
    await scene.held("one", budget.budget, nights=3)

    with pytest.raises(BudgetEmpty):
        await scene.held("two", budget.budget, nights=1)
    assert await scene.cents(budget.budget) == (6_000, 24_000, 0)
    await scene.held("three", budget.budget, nights=1, cents=6_000)
    assert await scene.cents(budget.budget) == (0, 30_000, 0)


async def test_who_goes_on_after_a_refusal_has_changed_nothing(scene: Scene) -> None:
    budget = await scene.budget(10_000)
    hold = scene.hold("one", budget.budget)

    async def undeterred(tx: Transaction) -> None:
        with pytest.raises(BudgetEmpty):
            await scene.funds.promise(tx, hold)

    await scene.write(undeterred)

    assert await scene.cents(budget.budget) == (10_000, 0, 0)


async def test_a_budget_pays_only_where_when_and_what_it_is_for(scene: Scene) -> None:
    lyon = await scene.budget(area="69", nights=4, most_cents=8_000)

    with pytest.raises(BudgetElsewhere):
        await scene.held("paris", lyon.budget, at=PARIS)
    with pytest.raises(BudgetClosed):
        await scene.held("long", lyon.budget, nights=6)
    with pytest.raises(NightTooDear):
        await scene.held("dear", lyon.budget, cents=8_001)
    with pytest.raises(NotFound):
        await scene.held("unknown", BudgetId("nobody"))
    await scene.held("right", lyon.budget, nights=5)


async def test_one_person_alone_engages_seven_nights(scene: Scene) -> None:
    budget = await scene.budget(1_000_000)
    hold = await scene.held("long", budget.budget, nights=30)

    assert (await scene.cents(budget.budget))[1] == NIGHTS_ALONE * 8_000
    await scene.becomes(hold, state=HoldState.CONFIRMED)
    assert (await scene.cents(budget.budget))[1] == NIGHTS_ALONE * 8_000
    await scene.becomes(hold, approved=True)
    assert (await scene.cents(budget.budget))[1] == 30 * 8_000


async def test_a_second_person_cannot_agree_to_what_is_not_there(scene: Scene) -> None:
    budget = await scene.budget(80_000)
    hold = await scene.held("long", budget.budget, nights=30)

    with pytest.raises(BudgetEmpty):
        await scene.becomes(hold, approved=True)
    assert await scene.cents(budget.budget) == (24_000, 56_000, 0)


async def test_a_stay_is_spent_night_by_night(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=3)
    hold = await scene.becomes(hold, state=HoldState.CONFIRMED)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)
    # Tonight is owed from the moment she is there.
    assert await scene.cents(budget.budget) == (76_000, 16_000, 8_000)

    await scene.pass_time(DAY)
    # Her second night is not over.
    assert await scene.cents(budget.budget) == (76_000, 16_000, 8_000)
    await scene.pass_time(DAY)
    assert await scene.cents(budget.budget) == (76_000, 8_000, 16_000)
    await scene.pass_time(DAY)
    assert await scene.cents(budget.budget) == (76_000, 0, 24_000)
    await scene.becomes(hold, state=HoldState.LEFT)
    assert await scene.cents(budget.budget) == (76_000, 0, 24_000)
    assert await scene.read(scene.unmet.nights_given) == 3


async def test_leaving_early_gives_back_the_nights_not_slept(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=5)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)

    # Two nights later, at ten in the morning.
    await scene.pass_time(2 * DAY - 11 * 3600)
    await scene.becomes(hold, state=HoldState.LEFT)

    assert await scene.cents(budget.budget) == (84_000, 0, 16_000)


async def test_leaving_late_in_the_evening_pays_for_that_night(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=5)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)

    await scene.pass_time(DAY)
    await scene.becomes(hold, state=HoldState.LEFT)

    assert await scene.cents(budget.budget) == (84_000, 0, 16_000)


async def test_a_rollover_that_was_missed_is_made_up_for(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=5)
    await scene.becomes(hold, state=HoldState.ARRIVED)

    scene.clock.advance(3 * DAY)
    await scene.settle()

    assert await scene.cents(budget.budget) == (60_000, 16_000, 24_000)


async def test_arriving_a_day_late_does_not_pay_for_the_night_before(scene: Scene) -> None:
    budget = await scene.budget(100_000)
    hold = await scene.held("one", budget.budget, nights=3)
    await scene.pass_time(DAY)

    await scene.becomes(hold, state=HoldState.ARRIVED)

    assert await scene.cents(budget.budget) == (84_000, 8_000, 8_000)


async def test_more_nights_are_promised_too_and_refused_if_nothing_is_left(scene: Scene) -> None:
    budget = await scene.budget(40_000)
    hold = await scene.held("one", budget.budget, nights=3)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)

    hold = await scene.becomes(hold, nights=5)
    assert await scene.cents(budget.budget) == (0, 32_000, 8_000)
    with pytest.raises(BudgetEmpty):
        await scene.becomes(hold, nights=6)
    await scene.pass_time(6 * DAY)
    assert await scene.cents(budget.budget) == (0, 0, 40_000)


async def test_another_budget_takes_over_the_nights_to_come(scene: Scene) -> None:
    one, two = await scene.budget(), await scene.budget(funder=OTHER)
    hold = await scene.held("one", one.budget, nights=4)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)

    hold = await scene.becomes(hold, budget=two.budget)
    # Tonight was owed by the first already.
    assert await scene.cents(one.budget) == (92_000, 0, 8_000)
    assert await scene.cents(two.budget) == (76_000, 24_000, 0)
    await scene.becomes(hold, budget=None)
    assert await scene.cents(two.budget) == (100_000, 0, 0)


async def test_nights_that_come_later_are_paid_by_whoever_could_when_its_budget_is_over(
    scene: Scene,
) -> None:
    first = await scene.budget(nights=2)
    hold = await scene.held("one", first.budget, nights=3)
    hold = await scene.becomes(hold, state=HoldState.CONFIRMED)
    with pytest.raises(BudgetClosed):
        await scene.becomes(hold, nights=5)
    wide, poor = await scene.budget(funder=OTHER), await scene.budget(8_000, area="69")
    near = await scene.budget(area="69")

    hold = await scene.becomes(hold, nights=5)

    # What was promised stays; the new nights go to the narrowest that can pay for both.
    assert await scene.cents(first.budget) == (76_000, 24_000, 0)
    assert await scene.cents(near.budget) == (84_000, 16_000, 0)
    assert [(await scene.cents(it.budget))[1] for it in (wide, poor)] == [0, 0]
    hold = await scene.becomes(hold, nights=9)
    hold = await scene.becomes(hold, approved=True)
    assert (await scene.cents(near.budget))[1] == 6 * 8_000
    # And it is given back where it came from.
    await scene.becomes(hold, state=HoldState.CANCELLED)
    for budget in (first, near):
        assert await scene.cents(budget.budget) == (100_000, 0, 0)


async def test_who_was_named_pays_or_says_why_not(scene: Scene) -> None:
    short, other = await scene.budget(nights=2), await scene.budget(funder=OTHER)

    with pytest.raises(BudgetClosed):
        await scene.held("one", short.budget, nights=5)

    assert await scene.cents(other.budget) == (100_000, 0, 0)


async def test_nights_that_nobody_pays_for_are_counted_all_the_same(scene: Scene) -> None:
    hold = await scene.held("one", None, nights=2)
    await scene.becomes(hold, state=HoldState.ARRIVED)
    await scene.pass_time(3 * DAY)

    assert await scene.read(scene.unmet.nights_given) == 2
    assert (await scene.read(scene.funds.audit)).total == 0


async def test_a_night_is_spent_once(scene: Scene) -> None:
    budget = await scene.budget()
    hold = await scene.held("one", budget.budget)

    first = await scene.write(lambda tx: scene.funds.spend(tx, hold, hold.first))
    again = await scene.write(lambda tx: scene.funds.spend(tx, hold, hold.first))

    assert (first, again) == (True, False)
    assert (await scene.cents(budget.budget))[2] == 8_000
    assert await scene.read(scene.unmet.nights_given) == 1


async def test_the_last_nights_alone_can_be_given_back(scene: Scene) -> None:
    budget = await scene.budget()
    hold = await scene.held("one", budget.budget, nights=4)

    assert await scene.write(lambda tx: scene.funds.release(tx, hold, 1)) == 8_000
    assert await scene.write(lambda tx: scene.funds.release(tx, hold, 0)) == 0
    assert (await scene.cents(budget.budget))[1] == 24_000
    assert await scene.write(lambda tx: scene.funds.release(tx, hold, 9)) == 24_000


async def test_nothing_is_promised_to_a_hold_that_has_ended(scene: Scene) -> None:
    budget = await scene.budget()
    ended = replace(scene.hold("one", budget.budget), state=HoldState.LEFT)

    with pytest.raises(HoldEnded):
        await scene.write(lambda tx: scene.funds.promise(tx, ended))


@pytest.mark.parametrize(("cents", "days"), [(0, 1), (-5, 1), (10_000_000_001, 1), (10, -31)])
async def test_a_grant_that_makes_no_sense_is_refused(scene: Scene, cents: int, days: int) -> None:
    with pytest.raises(Malformed):
        await scene.budget(cents, nights=days)


async def test_an_account_that_was_tampered_with_is_found(tmp_path: Path, address: str) -> None:
    async with scene_in(tmp_path, address) as scene:
        budget = await scene.budget()

        async def tamper(tx: Transaction) -> None:
            mine = account.c.account == f"budget:{budget.budget}"
            await tx.db.execute(update(account).where(mine).values(cents=1))

        await scene.write(tamper)
        books = await scene.read(scene.funds.audit)

        assert books.drifted == (f"budget:{budget.budget}",)
        assert not books.right
        with pytest.raises((BudgetEmpty, BooksUnbalanced)):
            await scene.held("one", budget.budget)


async def test_two_holds_at_once_do_not_promise_the_same_money(scene: Scene) -> None:
    budget = await scene.budget(30_000)
    holds = [scene.hold(f"hold {number}", budget.budget) for number in range(4)]

    done = await asyncio.gather(*map(scene.follow, holds), return_exceptions=True)

    assert sum(error is None for error in done) == 1
    assert all(error is None or isinstance(error, BudgetEmpty) for error in done)
    assert await scene.cents(budget.budget) == (6_000, 24_000, 0)
