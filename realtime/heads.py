"""Where streams stand, read for many askers at once.

When a line comes back, ten thousand phones ask in the same second: what is asked while one reading
is under way shares the next.
"""

import asyncio
from itertools import islice

from realtime import store
from realtime.kernel.ids import Channel
from realtime.sql import Database

#: Channels in one statement: both engines have a limit, a little beyond 32,000.
AT_ONCE = 10_000


class Heads:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: dict[Channel, list[asyncio.Future[int]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def of(self, channel: Channel) -> int:
        """The last offset of a stream, as of a moment after the question; 0 when it is empty."""
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(channel, []).append(answer)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read(), name="realtime.heads")
        return await answer

    async def _read(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, {}
                await self._answer(asked)
        finally:
            self._reading = None

    async def _answer(self, asked: dict[Channel, list[asyncio.Future[int]]]) -> None:
        try:
            async with self._database.snapshot() as db:
                tops: dict[Channel, int] = {}
                rest = iter(asked)
                while part := list(islice(rest, AT_ONCE)):
                    tops |= await store.tops(db, part)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is for those who asked
            for answer in _waiting(asked):
                answer.set_exception(error)
            return
        for channel, answers in asked.items():
            for answer in _waiting({channel: answers}):
                answer.set_result(tops.get(channel, 0))


def _waiting(asked: dict[Channel, list[asyncio.Future[int]]]) -> list[asyncio.Future[int]]:
    return [answer for answers in asked.values() for answer in answers if not answer.done()]
