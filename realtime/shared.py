"""Questions to the database that many ask in the same second, read together.

When a line comes back, ten thousand phones ask whether their session is open and where their stream
stands. What is asked while one reading is under way shares the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from contextlib import AbstractAsyncContextManager
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
R = TypeVar("R")

#: Keys in one statement: both engines have a limit, a little beyond 32,000.
AT_ONCE = 10_000


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

    async def of(self, key: K) -> V:
        """What there is of a key, as of a moment after the question."""
        answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(key, []).append(answer)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="realtime.shared")
        return await answer

    async def _run(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, {}
                await self._answer(asked)
        finally:
            self._task = None

    async def _answer(self, asked: dict[K, list[asyncio.Future[V]]]) -> None:
        try:
            async with self._reading() as reading:
                found: dict[K, V] = {}
                rest = iter(asked)
                while part := list(islice(rest, AT_ONCE)):
                    found |= await self._read(reading, part)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is for those who asked
            for answer in _waiting(asked):
                answer.set_exception(error)
            return
        for key, answers in asked.items():
            for answer in _waiting({key: answers}):
                answer.set_result(found.get(key, self._otherwise))


def _waiting(asked: dict[K, list[asyncio.Future[V]]]) -> list[asyncio.Future[V]]:
    return [answer for answers in asked.values() for answer in answers if not answer.done()]
