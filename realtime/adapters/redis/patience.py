"""One question to Redis, given up after a while, and not asked at all just after another failed.

So a Redis that is dead costs the first who asks a moment, and everybody else nothing.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from realtime.adapters.redis.servers import unavailable
from realtime.kernel.circuit import Circuit
from realtime.kernel.errors import Unavailable

log = structlog.get_logger(__name__)


class Patience:
    def __init__(self, name: str, seconds: float | None = None) -> None:
        """``name`` is what the log calls the port; without ``seconds`` whoever asks says when."""
        self._name = name
        self._seconds = seconds
        self._circuit = Circuit()

    @property
    def failures(self) -> int:
        return self._circuit.failures

    @asynccontextmanager
    async def asking(self) -> AsyncGenerator[None]:
        """``Unavailable`` when Redis does not answer in time, or has just not done so."""
        loop = asyncio.get_running_loop()
        if not self._circuit.may_ask(loop.time()):
            raise Unavailable
        try:
            with unavailable():
                async with asyncio.timeout(self._seconds):
                    yield
        except Unavailable:
            # Of those who were asking together, one says so.
            if self._circuit.may_ask(loop.time()):
                log.warning("redis is away", port=self._name)
            self._circuit.failed(loop.time())
            raise
