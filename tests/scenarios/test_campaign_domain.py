"""Campaigns and exercises on a real ledger, on both engines, with a clock of ours."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from programmes.campaign import store as campaign_store
from programmes.campaign.counting import Counting
from programmes.campaign.counts.store import count
from programmes.campaign.drills.service import Drilling, Wanted
from programmes.campaign.errors import CampaignEnded, DrillTime, DrillTooSoon, UnknownPlace
from programmes.campaign.messages import CampaignState, Drills
from programmes.campaign.rules import DRILL_AGAIN, DRILL_AHEAD, DRILL_MEASURED, SMALL
from programmes.campaign.service import Campaigning
from programmes.campaign.values import CampaignId, Design, Drill, Language, Place
from realtime import store
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError, NotAvailable, NotFound
from realtime.ledger import Ledger, Reading, Transaction
from tests.support.campaigning import LINE, ville
from tests.support.ledger import counted_ids, deployment
from web.campaign import LinesOfTransit, NoWitnesses
from web.channels import channel_table

T = TypeVar("T")
#: A Monday, in Paris too.
BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SETTLE_S = 10


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@dataclass
class Watching:
    """People on a line, as ``Witnesses`` tells of them."""

    result: Drill = field(default_factory=lambda: Drill(delivered=0, seen=0, claimed=0))
    refuses: type[AppError] | None = None
    begun: list[tuple[str, int, str]] = field(default_factory=list)

    async def drill(self, tx: Transaction, line: str, direction: int, *, actor: str) -> str:
        if self.refuses is not None:
            raise self.refuses
        self.begun.append((line, direction, actor))
        return f"alert-{len(self.begun)}"

    async def drilled(self, reading: Reading, alert: str) -> Drill | None:
        return self.result if alert.startswith("alert-") else None


class _Transit:
    network = ville()


@dataclass
class Office:
    ledger: Ledger
    clock: ManualClock
    campaigning: Campaigning
    drilling: Drilling
    watching: Watching

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.ledger.write(work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.ledger.reading() as reading:
            return await work(reading)

    async def create(self, many: int = 2, **changes: object) -> str:
        asked = {
            "name": "Automne",
            "designs": list(Design),
            "languages": [Language.FR],
            "places": [Place(line=LINE, stop=f"ville:{n % 5}", venue=f"{n}") for n in range(many)],
            "actor": "lead",
        }
        made = await self.write(
            lambda tx: self.campaigning.create(tx, **(asked | changes))  # type: ignore[arg-type]
        )
        return made.campaign

    async def taps(self, campaign: str, design: Design, many: int, place: int = 0) -> None:
        async def work(tx: Transaction) -> None:
            links = await campaign_store.links(tx.db, CampaignId(campaign))
            code = next(it.code for it in links if it.design is design and it.number == place)
            for _ in range(many):
                assert await self.campaigning.counting.tapped(tx, code)

        await self.write(work)

    async def state(self, campaign: str) -> CampaignState:
        return await self.read(lambda it: self.campaigning.state(it, CampaignId(campaign)))

    async def told(self) -> Drills:
        return await self.read(self.drilling.told)

    async def drill(self, **changes: object) -> str:
        wanted = Wanted(**({"line": LINE, "direction": 0} | changes))  # type: ignore[arg-type]
        made = await self.write(lambda tx: self.drilling.drill(tx, wanted, actor="lead"))
        return made.drill

    async def pass_time(self, time: timedelta) -> None:
        self.clock.advance(time.total_seconds())
        due = select(func.count()).where(
            store.task.c.kind.startswith("campaign."), store.task.c.due <= self.clock.now()
        )
        async with asyncio.timeout(SETTLE_S):
            while await self.read(lambda it: _scalar(it, due)):  # noqa: ASYNC110 - other tasks do
                await asyncio.sleep(0.02)


async def _scalar(reading: Reading, query) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return (await reading.db.execute(query)).scalar_one()  # type: ignore[no-any-return]


@pytest.fixture
async def office(tmp_path: Path, address: str) -> AsyncGenerator[Office]:
    clock = ManualClock(BEGAN)
    async with deployment(
        tmp_path, channel_table(), clock=clock, ids=counted_ids(), address=address
    ) as made:
        watching = Watching()
        lines = LinesOfTransit(_Transit())  # type: ignore[arg-type]
        drilling = Drilling(lines, watching)
        drilling.register(made.tasks)
        async with made.tasks.running(alone=True):
            yield Office(made.ledger, clock, Campaigning(lines, Counting()), drilling, watching)


def many(state: CampaignState, design: str, language: str = "") -> int | None:
    return next(
        it.many for it in state.taps.cells if (it.design, it.language) == (design, language)
    )


# What is counted and told.


async def test_small_counts_are_not_told_and_cannot_be_subtracted(office: Office) -> None:
    campaign = await office.create()
    await office.taps(campaign, Design.CALME, 40)
    await office.taps(campaign, Design.LIGNE, 30)
    await office.taps(campaign, Design.ENSEMBLE, 2)

    state = await office.state(campaign)

    assert state.small == SMALL
    assert many(state, "ensemble") is None
    # 72 in all, and 40: with 30 told too, two would be known.
    assert [many(state, it) for it in ("", "calme")] == [72, 40]
    assert many(state, "ligne") is None
    assert {it.many for it in state.reports.cells} == {0}


async def test_counts_are_of_days_in_paris(office: Office) -> None:
    campaign = await office.create()
    office.clock.advance(14 * 3600 + 1800)
    await office.taps(campaign, Design.CALME, 1)
    days = await office.read(lambda it: _days(it))

    # Half past midnight in Paris, half past eleven the day before in London.
    assert [day.isoformat() for day in days] == ["2026-11-03"]


async def _days(reading: Reading) -> list:  # type: ignore[type-arg]
    return list((await reading.db.execute(select(count.c.day))).scalars())


async def test_places_are_told_beside_the_designs(office: Office) -> None:
    campaign = await office.create(3)
    for place, taps in enumerate((30, 20, 2)):
        await office.taps(campaign, Design.CALME, taps, place)

    assert (await office.state(campaign)).taps.places == [30, None, None]


async def test_what_hangs_twice_at_one_place_is_one_poster(office: Office) -> None:
    place = Place(line=LINE, stop="ville:1")
    campaign = await office.create(places=[place, place])

    assert len((await office.state(campaign)).links) == 3


async def test_a_campaign_that_is_over_counts_no_more(office: Office) -> None:
    campaign = CampaignId(await office.create())
    await office.taps(campaign, Design.CALME, 9)
    await office.write(lambda tx: office.campaigning.end(tx, campaign, actor="lead"))

    with pytest.raises(AssertionError):
        await office.taps(campaign, Design.CALME, 1)
    with pytest.raises(CampaignEnded):
        await office.write(lambda tx: office.campaigning.end(tx, campaign, actor="lead"))
    assert many(await office.state(campaign), "calme") == 9


async def test_a_verdict_comes_after_whole_weeks_and_stays_for_one(office: Office) -> None:
    campaign = await office.create(10)
    for place in range(10):
        await office.taps(campaign, Design.CALME, 3, place)
        await office.taps(campaign, Design.LIGNE, 12, place)
        await office.taps(campaign, Design.ENSEMBLE, 3, place)

    assert (await office.state(campaign)).verdict.word == "unsure"
    office.clock.advance(WEEK.total_seconds())
    verdict = (await office.state(campaign)).verdict

    assert (verdict.word, verdict.design) == ("better", Design.LIGNE)
    assert all(1 < it.low < 4 < it.high for it in verdict.ratios)
    # What came since then is looked at next week.
    for place in range(10):
        await office.taps(campaign, Design.CALME, 50, place)
    assert (await office.state(campaign)).verdict == verdict
    office.clock.advance(WEEK.total_seconds())
    assert (await office.state(campaign)).verdict.design is Design.CALME


async def test_few_places_are_compared_by_week(office: Office) -> None:
    campaign = await office.create(1)
    for _ in range(7):
        await office.taps(campaign, Design.CALME, 30)
        await office.taps(campaign, Design.LIGNE, 6)
        await office.taps(campaign, Design.ENSEMBLE, 6)
        office.clock.advance(WEEK.total_seconds())

    assert (await office.state(campaign)).verdict.design is Design.CALME


# Exercises.


async def test_an_exercise_now_is_measured_when_it_is_over(office: Office) -> None:
    await office.drill()
    assert office.watching.begun == [(LINE, 0, "lead")]
    office.watching.result = Drill(delivered=40, seen=30, claimed=6, first_claim_s=42.5)

    (running,) = (await office.told()).drills
    assert (running.state, running.people, running.first_claim_s) == ("running", None, 42.5)
    await office.pass_time(DRILL_MEASURED)
    # What comes afterwards is not the exercise any more.
    office.watching.result = Drill(delivered=99, seen=99, claimed=99, first_claim_s=1)
    told = await office.told()

    (over,), (month,) = told.drills, told.months
    assert over.state == "over"
    assert over.people is not None
    assert (over.people.delivered, over.people.seen, over.people.claimed) == (40, 30, 6)
    assert over.first_claim_s == 42.5
    assert (month.month, month.drills, month.answered) == ("2026-11", 1, 1)


async def test_few_people_are_not_told_apart(office: Office) -> None:
    office.watching.result = Drill(delivered=6, seen=5, claimed=1, first_claim_s=30)
    await office.drill()
    await office.pass_time(DRILL_MEASURED)
    office.watching.result = Drill(delivered=3, seen=3, claimed=0)
    await office.drill(direction=1)
    await office.pass_time(DRILL_MEASURED)

    told = await office.told()

    for it in told.drills:
        assert it.people is not None
        assert it.people.claimed in {None, 0}
        assert it.people.delivered is None
    assert told.months[0].first_claim_s == 30


async def test_one_that_is_planned_begins_at_its_hour_and_again_each_month(office: Office) -> None:
    at = BEGAN + timedelta(days=1, hours=9)
    await office.drill(at=at, monthly=True)
    assert office.watching.begun == []
    assert (await office.told()).drills[0].state == "planned"

    await office.pass_time(timedelta(days=1, hours=9))

    assert len(office.watching.begun) == 1
    planned, begun = (await office.told()).drills
    assert (begun.state, planned.state) == ("running", "planned")
    assert planned.at - at == timedelta(days=28)
    await office.pass_time(timedelta(days=28))
    assert len(office.watching.begun) == 2


async def test_one_that_is_taken_back_does_not_begin(office: Office) -> None:
    name = await office.drill(at=BEGAN + timedelta(hours=1), monthly=True)
    await office.write(lambda tx: office.drilling.cancel(tx, name, actor="lead"))

    await office.pass_time(timedelta(days=60))

    assert office.watching.begun == []
    with pytest.raises(NotFound):
        await office.write(lambda tx: office.drilling.cancel(tx, name, actor="lead"))


async def test_a_line_rests_a_week_between_two_exercises(office: Office) -> None:
    await office.drill()

    with pytest.raises(DrillTooSoon):
        await office.drill()
    await office.drill(direction=1)
    office.clock.advance(DRILL_AGAIN.total_seconds())
    await office.drill()
    assert len(office.watching.begun) == 3


@pytest.mark.parametrize("off", [-timedelta(hours=1), DRILL_AHEAD + timedelta(minutes=1)])
async def test_an_exercise_is_neither_past_nor_far_ahead(office: Office, off: timedelta) -> None:
    with pytest.raises(DrillTime):
        await office.drill(at=BEGAN + off)


async def test_an_exercise_is_on_a_line_and_in_a_direction_that_are_known(office: Office) -> None:
    for changes in ({"line": "ville:T8"}, {"direction": 7}):
        with pytest.raises(UnknownPlace):
            await office.drill(**changes)


async def test_a_planned_one_that_is_refused_is_none_and_the_next_is_planned(
    office: Office,
) -> None:
    await office.drill(at=BEGAN + timedelta(hours=1), monthly=True)
    office.watching.refuses = NotAvailable

    await office.pass_time(timedelta(hours=2))

    (planned,) = (await office.told()).drills
    assert planned.state == "planned"
    assert planned.at == BEGAN + timedelta(days=28, hours=1)


async def test_exercises_are_counted_for_the_designs_that_hang_there(office: Office) -> None:
    campaign = await office.create(designs=[Design.CALME, Design.LIGNE])
    elsewhere = await office.create(places=[Place(venue="Café")])
    await office.drill()
    await office.drill(direction=1)

    assert (await office.state(campaign)).drills == {Design.CALME: 2, Design.LIGNE: 2}
    assert set((await office.state(elsewhere)).drills.values()) == {0}


async def test_nobody_to_practise_with(office: Office) -> None:
    nobody = NoWitnesses()

    with pytest.raises(NotAvailable):
        await office.write(lambda tx: nobody.drill(tx, LINE, 0, actor="lead"))
    assert await office.read(lambda it: nobody.drilled(it, "alert-1")) is None
