"""Questions to the database that many ask in the same second, read together.

When a line comes back, ten thousand phones ask whether their session is open and where their stream
stands. What is asked while one reading is under way, or was begun a moment ago, shares the next.
They are answered a few in each turn of the loop: what each does next would otherwise be one turn's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from contextlib import AbstractAsyncContextManager
from itertools import chain, islice
from typing import Generic, TypeVar

from realtime.kernel.errors import Unavailable
from realtime.slices import IN_TURN

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
R = TypeVar("R")

#: Keys in one statement: both engines have a limit, a little beyond 32,000.
AT_ONCE = 10_000
#: Seconds from the beginning of a reading that several have shared to the next: it costs a
#: millisecond of processor however many share it. One who asks alone never waits for others.
EVERY_S = 0.02


class Shared(Generic[R, K, V]):
    def __init__(
        self,
        reading: Callable[[], AbstractAsyncContextManager[R]],
        read: Callable[[R, Collection[K]], Awaitable[Mapping[K, V]]],
        *,
        otherwise: V,
    ) -> None:
        """``read`` answers for those keys that it finds something of."""
        self._reading = reading
        self._read = read
        self._otherwise = otherwise
        self._asked: dict[K, list[asyncio.Future[V]]] = {}
        self._task: asyncio.Task[None] | None = None
        #: From when on the next reading may begin.
        self._from = float("-inf")

    async def of(self, key: K) -> V:
        """What there is of a key, as of a moment after the question."""
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(key, []).append(answer)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="realtime.shared")
        return await answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        asked: dict[K, list[asyncio.Future[V]]] = {}
        try:
            while self._asked:
                early_s = self._from - loop.time()
                if early_s > 0:
                    await asyncio.sleep(early_s)
                asked, self._asked = self._asked, {}
                if len(asked) > 1:
                    self._from = loop.time() + EVERY_S
                await self._answer(asked)
        except asyncio.CancelledError:
            # Nobody must wait for an answer that will not come.
            for answer in chain(*asked.values(), *self._asked.values()):
                if not answer.done():
                    answer.set_exception(Unavailable())
            self._asked = {}
            raise
        finally:
            self._task = None

    async def _answer(self, asked: dict[K, list[asyncio.Future[V]]]) -> None:
        found: dict[K, V] = {}
        error: Exception | None = None
        try:
            async with self._reading() as reading:
                rest = iter(asked)
                while part := list(islice(rest, AT_ONCE)):
                    found |= await self._read(reading, part)
        except Exception as refused:  # noqa: BLE001 - whatever it was, it is for those who asked
            error = refused
        told = 0
        for key, answers in asked.items():
            for answer in answers:
                if answer.done():
                    continue
                if error is None:
                    answer.set_result(found.get(key, self._otherwise))
                else:
                    answer.set_exception(error)
                told += 1
                if told % IN_TURN == 0:
                    await asyncio.sleep(0)
