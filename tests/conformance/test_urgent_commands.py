"""What is urgent is committed before all that waits, and without it: the others take longer."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from realtime.haste import Haste
from realtime.ledger import Transaction
from realtime.writer import MOST_IN_A_BATCH
from tests.support.house import House, Work, adds, house_in, thing
from tests.support.nodes import Pair
from tests.support.phone import until


def notes_in(order: list[str]) -> Callable[[str], Work]:
    """Commands that note their names as they are carried out."""

    def notes(name: str) -> Work:
        async def work(tx: Transaction) -> None:
            order.append(name)

        return work

    return notes


def takes_long(begun: asyncio.Event, go: asyncio.Event) -> Work:
    async def work(tx: Transaction) -> None:
        begun.set()
        await go.wait()

    return work


async def test_what_is_urgent_goes_first_and_by_itself(tmp_path: Path, address: str) -> None:
    order: list[str] = []
    notes = notes_in(order)
    begun, go = asyncio.Event(), asyncio.Event()

    async with house_in(tmp_path, address) as house:
        before = len(house.committed)
        first = asyncio.create_task(house.write(takes_long(begun, go)))
        await begun.wait()
        crowd = [asyncio.create_task(house.write(notes(f"{number}"))) for number in range(3)]
        await until(lambda: len(house.made.writer) == 3)
        alarm = asyncio.create_task(house.made.ledger.write(notes("alarm"), haste=Haste.URGENT))
        await until(lambda: len(house.made.writer) == 4)
        go.set()
        await asyncio.gather(first, *crowd, alarm)

        assert order == ["alarm", "0", "1", "2"]
        # The long one, the alarm, the crowd.
        assert len(house.committed) - before == 3


async def test_an_alarm_goes_before_however_many_ask_for_help(tmp_path: Path, address: str) -> None:
    order: list[str] = []
    notes = notes_in(order)
    begun, go = asyncio.Event(), asyncio.Event()

    async with house_in(tmp_path, address) as house:
        write = house.made.ledger.write
        first = asyncio.create_task(write(takes_long(begun, go)))
        await begun.wait()
        asked = [
            asyncio.create_task(write(notes("asks for help"), haste=Haste.URGENT))
            for _ in range(MOST_IN_A_BATCH + 1)
        ]
        await until(lambda: len(house.made.writer) == len(asked))
        alarm = asyncio.create_task(write(notes("alarm"), haste=Haste.ALARM))
        await until(lambda: len(house.made.writer) == len(asked) + 1)
        go.set()
        await asyncio.gather(first, *asked, alarm)

        assert order[0] == "alarm"


async def test_what_is_urgent_does_not_wait_for_commands_that_wait_for_another_node(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.batch.ALONE_S", 30.0)
    await pair.here.write(adds("x"))
    row = select(thing).where(thing.c.name == "x").with_for_update()
    held, go = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def holds(tx: Transaction) -> None:
        await tx.db.execute(row)
        held.set()
        await go.wait()

    async def alarm(tx: Transaction) -> None:
        order.append("alarm")
        go.set()

    def meets(name: str, house: House) -> Work:
        async def work(tx: Transaction) -> None:
            if not order:
                # While the batch runs: by the time its commands are set aside, this waits.
                alarms.append(
                    asyncio.create_task(house.made.ledger.write(alarm, haste=Haste.URGENT))
                )
                order.append("asked")
            await tx.db.execute(row)
            order.append(name)

        return work

    alarms: list[asyncio.Task[None]] = []
    holding = asyncio.create_task(pair.here.write(holds))
    await held.wait()
    async with asyncio.timeout(10):
        await pair.there.together(meets("one", pair.there), meets("two", pair.there))
        await asyncio.gather(holding, *alarms)

    assert order == ["asked", "alarm", "one", "two"]


async def test_what_is_patient_goes_after_all_that_waits_and_by_itself(
    tmp_path: Path, address: str
) -> None:
    order: list[str] = []
    notes = notes_in(order)
    begun, go = asyncio.Event(), asyncio.Event()

    async with house_in(tmp_path, address) as house:
        ledger = house.made.ledger
        # So that the time when one is let in anyhow is not now.
        await ledger.write(notes("first"), haste=Haste.PATIENT)
        before = len(house.committed)
        first = asyncio.create_task(house.write(takes_long(begun, go)))
        await begun.wait()
        later = [
            asyncio.create_task(ledger.write(notes(f"later {number}"), haste=Haste.PATIENT))
            for number in range(2)
        ]
        others = [asyncio.create_task(house.write(notes(f"{number}"))) for number in range(2)]
        alarm = asyncio.create_task(ledger.write(notes("alarm"), haste=Haste.URGENT))
        await until(lambda: len(house.made.writer) == 5)
        go.set()
        await asyncio.gather(first, *others, *later, alarm)

        assert order == ["first", "alarm", "0", "1", "later 0", "later 1"]
        # The long one, the alarm, the others together, and each of those that are patient.
        assert len(house.committed) - before == 5


async def test_what_is_patient_waits_for_what_is_urgent_and_still_being_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    notes = notes_in(order)
    pressed = True
    monkeypatch.setattr("realtime.writer.PATIENT_S", 3600.0)

    async with house_in(tmp_path) as house:
        ledger = house.made.ledger
        await ledger.write(notes("first"), haste=Haste.PATIENT)
        ledger.hold_back_while(lambda: pressed)
        patient = asyncio.create_task(ledger.write(notes("patient"), haste=Haste.PATIENT))
        await until(lambda: len(house.made.writer) == 1)
        await ledger.write(notes("urgent"), haste=Haste.URGENT)
        assert order == ["first", "urgent"]

        pressed = False
        ledger.look_again()
        async with asyncio.timeout(10):
            await patient
        assert order == ["first", "urgent", "patient"]

        # Now and then one is let in, whatever is on its way.
        pressed = True
        monkeypatch.setattr("realtime.writer.PATIENT_S", 0.05)
        async with asyncio.timeout(10):
            await ledger.write(notes("at last"), haste=Haste.PATIENT)
