"""A port on which each byte asks for one publication, and each thousand taken is told by a byte.

A byte may ask for something else, and be answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

#: What is done, and answered if there is anything to say.
Order = Callable[[], Awaitable[bytes | None]]


class Told:
    def __init__(
        self, fan_out: Callable[[], Awaitable[None]], others: Mapping[int, Order] | None = None
    ) -> None:
        """``others``: what some bytes ask for instead."""
        self._fan_out = fan_out
        self._others = others or {}
        self._heard = 0
        self._writer: asyncio.StreamWriter | None = None

    async def listen(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", port)

    def heard(self) -> None:
        """A client has said something, and it has been dealt with."""
        self._heard += 1
        if self._heard % 1000 == 0 and self._writer is not None:
            self._writer.write(b"k")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        while some := await reader.read(64):
            answers = await asyncio.gather(*(self._others.get(it, self._fan_out)() for it in some))
            writer.writelines(it for it in answers if it)
        writer.close()
