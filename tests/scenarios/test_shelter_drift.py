"""What does not add up, on both engines: it is undone, told, and repaired on the record."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matching.shelter.errors import (
    CountDrifted,
)
from matching.shelter.inventory import store as rooms_store
from matching.shelter.inventory.counting import store as counting
from matching.shelter.inventory.reconciling import Reconciliation, drift
from matching.shelter.inventory.service import Inventory
from matching.shelter.values import Count, HoldId, NeedId
from realtime import store as realtime_store
from realtime.ledger import Transaction
from tests.support.sheltering import (
    Shelter,
    shelter,
)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def place(tmp_path: Path, address: str) -> AsyncGenerator[Shelter]:
    async with shelter(tmp_path, address) as made:
        await made.open()
        yield made


async def test_what_does_not_add_up_is_told_and_repaired_on_the_record(place: Shelter) -> None:
    counted = Reconciliation(place.made.ledger, place.inventory)
    counted.register(place.made.tasks)
    await place.change(2)
    dead, lacking, wrong = [(await place.take(f"need-{it}")).after for it in range(3)]
    await place.says("cancel", dead.hold)

    async def tamper(tx: Transaction) -> None:
        rows = rooms_store.hold_night
        await counting.take(tx.db, dead, [dead.first])
        await tx.db.execute(rows.delete().where(rows.c.hold == lacking.hold))
        other = {"night": wrong.first + timedelta(days=9)}
        await tx.db.execute(rows.update().where(rows.c.hold == wrong.hold).values(**other))
        # Of a hold that nobody knows.
        await counting.take(tx.db, replace(dead, hold=HoldId("ghost")), [dead.first])

    await place.write(tamper)
    assert await place.read(drift) == 4
    await place.write(counted.plan)
    await place.settle()

    assert counted.drift == 4
    assert await place.read(drift) == 0
    async with place.made.database.snapshot() as db:
        lines = [it for it in await realtime_store.read_audit(db) if it.action == "shelter.repair"]
    assert {it.thing for it in lines} == {dead.hold, lacking.hold, wrong.hold, "ghost"}
    await place.pass_time(300)
    assert counted.drift == 0


async def test_what_cannot_be_repaired_stays_an_alarm(place: Shelter) -> None:
    counted = Reconciliation(place.made.ledger, place.inventory)
    counted.register(place.made.tasks)
    await place.change(1)
    lacking, _ = (await place.take("need-1")).after, (await place.take("need-2")).after

    async def tamper(tx: Transaction) -> None:
        rows, night = rooms_store.hold_night, rooms_store.night
        await tx.db.execute(rows.delete().where(rows.c.hold == lacking.hold))
        await tx.db.execute(night.update().values(total=0, occupied=1))

    await place.write(tamper)
    await place.write(counted.plan)
    await place.settle()
    await place.pass_time(300)

    assert counted.drift == 2


async def test_a_violation_is_undone_counted_and_told(
    place: Shelter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def takes_nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(counting, "take", takes_nothing)
    with pytest.raises(CountDrifted):
        await place.take("need-1")
    monkeypatch.setattr(counting, "say", takes_nothing)
    with pytest.raises(CountDrifted):
        await place.change(1)

    assert place.inventory.violations == 2
    assert await place.read(lambda r: place.holds.of_need(r, NeedId("need-1"))) == []


async def test_more_than_there_is_cannot_be_taken_even_by_mistake(
    place: Shelter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks_at_nothing(*_: object) -> None:
        return None

    await place.take("need-1")
    monkeypatch.setattr(Inventory, "_refuse_full", looks_at_nothing)
    with pytest.raises(CountDrifted):
        await place.take("need-2")

    assert await place.count() == Count(1, 0, 1)
