"""What can be seen of money: months paid and stated, entries, who can pay, when it runs dry."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.funds.errors import (
    MonthNotOver,
    NothingOwed,
)
from matching.shelter.funds.forecast import Outlook
from matching.shelter.funds.months import month_of
from matching.shelter.funds.statement import Statement
from matching.shelter.values import BudgetId, HoldState, HotelId, Household, Wanted
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
