"""Work that waits for all other: begun one by one, and not while something urgent is prepared."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from realtime.ledger import Transaction
from realtime.store import Task
from tests.support.house import House
from tests.support.phone import until
from tests.support.work import Work, runner, schedules


@pytest.fixture
def work() -> Work:
    made = Work()
    made.gate.set()
    return made


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
        tasks.handle("alarm", nothing, begins(alarm_may), urgent=True)
        tasks.handle("call", nothing, begins(calls_may), patient=True)
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
        tasks.handle("alarm", nothing, holds, urgent=True)
        tasks.handle("call", calls, patient=True)
        await house.write(plans)
        async with asyncio.timeout(10):
            await called.wait()
        may.set()
