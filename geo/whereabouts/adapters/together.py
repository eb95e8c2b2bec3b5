"""Commands of many who ask in one turn of the loop, in one batch: it costs more than they do."""

import asyncio
from collections.abc import Sequence
from typing import Any

from geo.servers import Command, Redis

_Waiting = tuple[Sequence[Command], asyncio.Future[list[Any]]]


class Together:
    """Asks as the Redis that it is given does. Not bounded here: whoever asks waits."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: list[_Waiting] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to these, in order; ``Unavailable`` when the batch has none."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[list[Any]] = loop.create_future()
        self._waiting.append((commands, answered))
        if len(self._waiting) == 1:
            loop.call_soon(self._say)
        return await answered

    def _say(self) -> None:
        waiting, self._waiting = self._waiting, []
        task = asyncio.create_task(self._asked(waiting), name="whereabouts.together")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _asked(self, waiting: Sequence[_Waiting]) -> None:
        try:
            answers = await self._redis.ask([it for commands, _ in waiting for it in commands])
        except Exception as error:  # noqa: BLE001 - each who waits is told, and raises it
            for _, answered in waiting:
                if not answered.done():
                    answered.set_exception(error)
            return
        start = 0
        for commands, answered in waiting:
            if not answered.done():
                answered.set_result(answers[start : start + len(commands)])
            start += len(commands)
