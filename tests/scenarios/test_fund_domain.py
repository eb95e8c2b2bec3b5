"""Money follows holds: promised, released, spent night by night, paid; on a real ledger."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.errors import HoldEnded
from matching.shelter.funds.books.store import account
from matching.shelter.funds.errors import (
    BooksUnbalanced,
    BudgetClosed,
    BudgetElsewhere,
    BudgetEmpty,
    MonthNotOver,
    NightTooDear,
    NothingOwed,
)
from matching.shelter.funds.forecast import Outlook
from matching.shelter.funds.months import month_of
from matching.shelter.funds.statement import Statement
from matching.shelter.rules import NIGHTS_ALONE
from matching.shelter.values import BudgetId, HoldState, HotelId, Household, Wanted
from realtime.kernel.errors import Malformed, NotFound
from realtime.ledger import Transaction
from tests.support.books import FUNDER, LYON, OTHER, PARIS, Scene, put_hotels, scene_in

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


async def _stayed(scene: Scene, name: str, budget: BudgetId, nights: int = 2) -> None:
    hold = await scene.held(name, budget, nights=nights)
    hold = await scene.becomes(hold, state=HoldState.ARRIVED)
    await scene.pass_time(nights * DAY)
    await scene.becomes(hold, state=HoldState.LEFT)


async def test_a_hotel_is_paid_once_for_a_month_that_is_over(scene: Scene) -> None:
    mine, theirs = await scene.budget(name="Ville"), await scene.budget(funder=OTHER, name="Autre")
    month = month_of(scene.tonight)
    await _stayed(scene, "one", mine.budget)
    await _stayed(scene, "two", theirs.budget)

    async def pays(funder: str | None = FUNDER) -> int:
        paid = await scene.write(
            lambda tx: scene.funds.pay(tx, hotel=LYON, month=month, funder=funder, actor="me")
        )
        return paid.cents

    with pytest.raises(MonthNotOver):
        await pays()
    await scene.pass_time(5 * DAY)
    # Of two funders each pays what is theirs; whoever may pay for all pays the rest.
    assert await pays() == 16_000
    with pytest.raises(NothingOwed):
        await pays()
    assert await pays(None) == 16_000

    state = await scene.read(lambda r: scene.funds.state(r, FUNDER, nights_given=0))
    ((month_owed,),) = (state.months,)
    assert (month_owed.hotel, month_owed.area, month_owed.nights) == (LYON, "Lyon (69)", 2)
    assert (month_owed.owed, month_owed.paid, month_owed.payable) == (0, 16_000, False)
    (view,) = state.budgets
    assert (view.granted, view.left, view.spent, view.paid) == (100_000, 84_000, 16_000, 16_000)


async def test_a_statement_holds_one_funders_nights_or_all(scene: Scene) -> None:
    mine, theirs = await scene.budget(name="Ville"), await scene.budget(funder=OTHER, name="Autre")
    await _stayed(scene, "one", mine.budget)
    await _stayed(scene, "two", theirs.budget)
    month = month_of(scene.tonight)

    async def told(funder: str | None, hotel: HotelId) -> Statement:
        return await scene.read(
            lambda r: scene.funds.statement(r, hotel=hotel, month=month, funder=funder)
        )

    ours, every, elsewhere = (
        await told(FUNDER, LYON),
        await told(None, LYON),
        await told(None, PARIS),
    )

    assert [(it.budget, it.night.price_cents) for it in ours.lines] == [("Ville", 8_000)] * 2
    assert every.cents == every.owed == 32_000
    assert (elsewhere.lines, elsewhere.place) == ([], "Paris (75)")


async def test_entries_are_read_a_page_at_a_time_the_newest_first(scene: Scene) -> None:
    budget = await scene.budget(1_000_000)
    for number in range(26):
        hold = await scene.held(f"hold {number:02d}", budget.budget, nights=1)
        await scene.becomes(hold, state=HoldState.EXPIRED)

    first = await scene.read(lambda r: scene.funds.entries(r, budget.budget, None))
    last = first.entries[-1].voucher
    second = await scene.read(lambda r: scene.funds.entries(r, budget.budget, last))

    assert (len(first.entries), first.more) == (50, True)
    every = [it.voucher for it in (*first.entries, *second.entries)]
    assert len(every) == len(set(every)) == 53
    assert (second.more, second.entries[-1].kind, second.entries[-1].cents) == (
        False,
        "grant",
        1_000_000,
    )


async def test_the_narrowest_budget_that_can_pay_is_picked(scene: Scene) -> None:
    wanted = Wanted(
        household=Household(adults=1), first=scene.tonight, nights=3, cell=cell_of(HERE)
    )
    everywhere = await scene.budget(1_000_000, name="partout")
    poor = await scene.budget(10_000, area="69", nights=5, name="pauvre")
    lyon = await scene.budget(100_000, area="69", name="lyon")
    await scene.budget(100_000, area="75", name="paris")
    await scene.budget(100_000, area="69", nights=1, name="court")

    async def picked(area: str, cents: int) -> str:
        found = await scene.read(
            lambda r: scene.funds.pick(r, wanted, area, scene.clock.now(), price_cents=cents)
        )
        return "" if found is None else found.budget

    assert await picked("69", 8_000) == lyon.budget
    assert await picked("69", 3_000) == poor.budget
    assert await picked("69", 50_000) == everywhere.budget
    assert await picked("13", 8_000) == everywhere.budget
    assert await picked("13", 999_999) == ""


async def test_a_budget_says_when_it_runs_dry(scene: Scene) -> None:
    budget = await scene.budget(200_000)

    async def outlook() -> tuple[Outlook, int | None]:
        state = await scene.read(lambda r: scene.funds.state(r, FUNDER, nights_given=7))
        (view,) = state.budgets
        days = None if view.dry_on is None else (view.dry_on - scene.tonight).days
        return view.outlook, days

    assert await outlook() == (Outlook.UNSURE, None)
    for number in range(4):
        await _stayed(scene, f"stay {number}", budget.budget, nights=2)
    # Eight nights in eight days: 8,000 cents a day, and 136,000 left.
    assert await outlook() == (Outlook.DRY, 17)


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


async def test_rooms_and_counts_are_told_alike_by_both_engines(scene: Scene) -> None:
    last_month = scene.tonight.replace(day=1) - timedelta(days=1)

    async def work(tx: Transaction) -> None:
        for number in range(5):
            await put_hotels(tx, suffix=f"-{number}", spoken=number > 2)
        for _ in range(6):
            await scene.unmet.count(tx, Household(adults=1), "69", last_month, "full")
        await scene.unmet.count(tx, Household(adults=1), "69", scene.tonight, "full")
        await scene.unmet.given(tx, scene.tonight, "69")
        await scene.unmet.given(tx, scene.tonight, "75")
        await scene.unmet.given(tx, last_month, "75")

    await scene.write(work)
    feed = await scene.read(scene.unmet.feed)
    places = await scene.read(scene.unmet.places)

    # Three hotels of each six have spoken, with three rooms each.
    assert [(it.area, it.rooms) for it in feed.rooms] == [("69", "oui"), ("75", "oui")]
    assert feed.nights_given == 3
    assert [(it.month, it.total) for it in feed.unmet] == [(month_of(last_month), 6)]
    assert [(it.area, it.of, it.count) for it in feed.unmet[0].reasons] == [
        ("", "", 6), ("", "full", 6), ("69", "", 6), ("69", "full", 6),
    ]  # fmt: skip
    assert len(places) == 12
    assert [(it.kinds[0].count.total, it.kinds[0].count.free) for it in places] == [(3, 3)] * 12
    assert sum(it.spoken_at is None for it in places) == 6

    scene.clock.advance(9 * 3600)
    # What was said nine hours ago is no promise.
    later = await scene.read(scene.unmet.feed)
    assert [it.rooms for it in later.rooms] == ["non", "non"]
