"""Work that waits for all other: begun one by one, and not while something urgent is prepared."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from realtime.haste import Haste
from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from realtime.store import Task
from tests.support.house import House, adds
from tests.support.phone import until
from tests.support.work import Work, runner, schedules


async def test_patient_work_is_begun_one_by_one_and_not_while_urgent_work_is_under_way(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.SCAN_S", 3600.0)
    begun: list[str] = []
    alarm_may, calls_may = asyncio.Event(), asyncio.Event()

    def begins(may: asyncio.Event) -> Callable[[Task], Awaitable[None]]:
        async def prepare(task: Task) -> None:
            begun.append(task.key)
            await may.wait()

        return prepare

    async def nothing(tx: Transaction, task: Task, prepared: None) -> None:
        pass

    def plans(kind: str, *keys: str) -> Callable[[Transaction], Awaitable[None]]:
        async def does(tx: Transaction) -> None:
            for key in keys:
                tx.schedule(kind, key)

        return does

    async with runner(house, work) as tasks:
        tasks.handle("alarm", nothing, begins(alarm_may), haste=Haste.URGENT)
        tasks.handle("call", nothing, begins(calls_may), haste=Haste.PATIENT)
        await house.write(plans("alarm", "alarm"))
        await until(lambda: begun == ["alarm"])
        await house.write(plans("call", "one", "two"))
        await house.write(schedules("marker"))
        await until(lambda: [it.key for it in work.applied] == ["marker"])
        assert begun == ["alarm"]

        alarm_may.set()
        await until(lambda: len(begun) == 2)
        await house.write(schedules("another marker"))
        await until(lambda: len(work.applied) == 2)
        assert begun == ["alarm", "one"]

        calls_may.set()
        await until(lambda: begun == ["alarm", "one", "two"])


async def test_who_is_patient_is_let_in_as_soon_as_no_urgent_work_is_under_way(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tasks.SCAN_S", "writer.PATIENT_S"):
        monkeypatch.setattr(f"realtime.{name}", 3600.0)
    order, may = list[str](), asyncio.Event()

    async def calls(tx: Transaction) -> None:
        order.append("patient")

    async def fails(task: Task) -> None:
        await may.wait()
        # And it cannot even be postponed: nothing is written that would have the writer look.
        monkeypatch.setattr("realtime.writer.MOST_WAITING", 0)
        raise Unavailable

    async with runner(house, work) as tasks:
        tasks.handle("alarm", _nothing, fails, haste=Haste.URGENT)
        # So that the time when one is let in anyhow is not now, however long this machine is up.
        await house.made.ledger.write(adds("first"), haste=Haste.PATIENT)
        await house.write(_plans("alarm", "alarm"))
        patient = asyncio.create_task(house.made.ledger.write(calls, haste=Haste.PATIENT))
        await house.write(schedules("marker"))
        await until(lambda: [it.key for it in work.applied] == ["marker"])
        assert order == []

        may.set()
        await until(lambda: order == ["patient"])
        await patient


async def test_patient_work_is_begun_now_and_then_whatever_is_under_way(
    house: House, work: Work
) -> None:
    may, called = asyncio.Event(), asyncio.Event()

    async def holds(task: Task) -> None:
        await may.wait()

    async def nothing(tx: Transaction, task: Task, prepared: None) -> None:
        pass

    async def calls(tx: Transaction, task: Task, prepared: None) -> None:
        called.set()

    async def plans(tx: Transaction) -> None:
        tx.schedule("alarm", "a")
        tx.schedule("call", "a")

    async with runner(house, work) as tasks:
        tasks.handle("alarm", nothing, holds, haste=Haste.URGENT)
        tasks.handle("call", calls, haste=Haste.PATIENT)
        await house.write(plans)
        async with asyncio.timeout(10):
            await called.wait()
        may.set()


async def test_patient_work_that_is_planned_again_keeps_its_place(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planned again more often than its turn comes (each step of a search does) it is done."""
    monkeypatch.setattr("realtime.tasks.SCAN_S", 3600.0)
    may, done = asyncio.Event(), list[str]()

    async def calls(tx: Transaction, task: Task, prepared: None) -> None:
        tx.after_commit(lambda: done.append(task.key))

    async with runner(house, work) as tasks:
        tasks.handle("alarm", _nothing, _holds(may), haste=Haste.URGENT)
        tasks.handle("call", calls, haste=Haste.PATIENT)
        await house.write(_plans("alarm", "alarm"))
        for key in ("one", "two", "three") * 3:
            await house.write(_plans("call", key))
        # One turn, whatever is under way: what nobody needs any more has taken none.
        for turns in range(3):
            tasks.look()
            await until(lambda turns=turns: len(done) > turns)  # type: ignore[misc]
            await house.write(_plans("call", "one"))
        may.set()

    assert done == ["one", "two", "three"]


async def test_an_alarm_has_room_of_its_own_when_searches_fill_everything(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.SCAN_S", 3600.0)
    may, called = asyncio.Event(), asyncio.Event()

    async def calls(tx: Transaction, task: Task, prepared: None) -> None:
        called.set()

    async with runner(house, work) as tasks:
        tasks.handle("search", _nothing, _holds(may), haste=Haste.URGENT)
        tasks.handle("alarm", calls, haste=Haste.ALARM)
        await house.write(_plans("search", *map(str, range(200))))
        await house.write(_plans("alarm", "alarm"))
        async with asyncio.timeout(10):
            await called.wait()
        may.set()


def _plans(kind: str, *keys: str) -> Callable[[Transaction], Awaitable[None]]:
    async def does(tx: Transaction) -> None:
        for key in keys:
            tx.schedule(kind, key)

    return does


def _holds(may: asyncio.Event) -> Callable[[Task], Awaitable[None]]:
    async def prepare(task: Task) -> None:
        await may.wait()

    return prepare


async def _nothing(tx: Transaction, task: Task, prepared: None) -> None:
    pass


async def test_who_is_patient_and_has_given_up_is_not_served(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.writer.PATIENT_S", 3600.0)
    ledger, pressed = house.made.ledger, True
    ledger.hold_back_while(lambda: pressed)

    def patient(name: str) -> asyncio.Task[None]:
        return asyncio.create_task(ledger.write(adds(name), haste=Haste.PATIENT))

    await patient("first")
    given_up, last = patient("given up"), patient("last")
    await until(lambda: len(house.made.writer) == 2)
    given_up.cancel()
    await asyncio.sleep(0)
    pressed = False
    ledger.look_again()
    await last

    assert await house.things() == {"first", "last"}
