"""What many ask is read together, no more often than is needed, and answered a few in a turn."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager

import pytest

from realtime.kernel.errors import Unavailable
from realtime.shared import EVERY_S, Shared
from realtime.slices import IN_TURN


class Asked:
    """A database that tells the length of each key, and a clock moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.readings: list[list[str]] = []
        self.fails = False
        self.reads, self.answers = asyncio.Event(), asyncio.Event()
        self.answers.set()
        self.now = 1000.0
        self.slept: list[float] = []
        self.shared = Shared(self._reading, self._read, otherwise=0)
        real = asyncio.sleep

        async def sleep(seconds: float) -> None:
            if seconds:
                self.slept.append(round(seconds, 6))
                self.now += seconds
            await real(0)

        monkeypatch.setattr(asyncio, "sleep", sleep)
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now)

    async def several(self, *keys: str) -> list[int]:
        return list(await asyncio.gather(*(self.shared.of(it) for it in keys)))

    @asynccontextmanager
    async def _reading(self) -> AsyncGenerator[None]:
        yield

    async def _read(self, reading: None, keys: Collection[str]) -> dict[str, int]:
        self.readings.append(list(keys))
        self.reads.set()
        await self.answers.wait()
        if self.fails:
            raise ConnectionError
        return {it: len(it) for it in keys if it != "nothing"}


async def test_what_is_asked_in_one_turn_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)

    assert await asked.several("a", "bb", "nothing", "bb") == [1, 2, 0, 2]
    assert asked.readings == [["a", "bb", "nothing"]]
    assert asked.slept == []


async def test_a_crowd_shares_the_next_reading_and_who_asks_alone_never_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked(monkeypatch)
    for _ in range(3):
        await asked.shared.of("a")
    assert asked.slept == []

    await asked.several("a", "bb")
    asked.now += EVERY_S / 4
    await asked.shared.of("a")
    asked.now += EVERY_S
    await asked.shared.of("a")

    assert asked.slept == [EVERY_S * 3 / 4]


async def test_a_crowd_goes_on_a_few_in_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or an alert would wait for all of them."""
    asked = Asked(monkeypatch)
    turn, went_on = 0, Counter[int]()

    async def one(key: str) -> None:
        await asked.shared.of(key)
        went_on[turn] += 1

    crowd = asyncio.gather(*(one(f"{number}") for number in range(48)))
    while not crowd.done():
        turn += 1
        await asyncio.sleep(0)

    assert sum(went_on.values()) == 48
    assert max(went_on.values()) == IN_TURN


async def test_what_went_wrong_is_told_to_all_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    asked.fails = True
    gone = asyncio.create_task(asked.shared.of("gone"))
    crowd = [asyncio.create_task(asked.shared.of(f"{it}")) for it in range(2 * IN_TURN)]
    await asyncio.sleep(0)
    gone.cancel()

    found = await asyncio.gather(*crowd, return_exceptions=True)

    assert {type(it) for it in found} == {ConnectionError}
    asked.fails = False
    assert await asked.shared.of("a") == 1


async def test_when_the_reading_itself_is_ended_nobody_is_left_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the end of a loop all its tasks are cancelled, in whatever order."""
    asked = Asked(monkeypatch)
    asked.answers.clear()
    waiting = [asyncio.create_task(asked.shared.of("being read"))]
    await asked.reads.wait()
    waiting.append(asyncio.create_task(asked.shared.of("to be read next")))
    await asyncio.sleep(0)

    [reading] = [it for it in asyncio.all_tasks() if it.get_name() == "realtime.shared"]
    reading.cancel()
    found = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), timeout=5)

    assert [type(it) for it in found] == [Unavailable, Unavailable]
    asked.answers.set()
    assert await asked.shared.of("a") == 1
