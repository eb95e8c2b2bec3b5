"""A port on which each byte asks for one publication, and each thousand taken is told by a byte."""

import asyncio
from collections.abc import Awaitable, Callable


class Told:
    def __init__(self, fan_out: Callable[[], Awaitable[None]]) -> None:
        self._fan_out = fan_out
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
            await asyncio.gather(*(self._fan_out() for _ in some))
        writer.close()
