"""A network between a page and the server that can be made bad: what tests put in the middle."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import Enum, auto


class Weather(Enum):
    FAIR = auto()
    #: Everything is accepted and nothing ever arrives, on old connections and new.
    BLACK_HOLE = auto()
    #: Web sockets are refused, as some networks do; plain requests pass.
    NO_SOCKETS = auto()


class BadNetwork:
    def __init__(self, port: int) -> None:
        self.weather = Weather.FAIR
        self.port = 0
        self._server_port = port
        self._fair = asyncio.Event()
        self._fair.set()
        self._sockets: list[asyncio.StreamWriter] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def turn(self, weather: Weather) -> None:
        self.weather = weather
        if weather is Weather.BLACK_HOLE:
            self._fair.clear()
        else:
            self._fair.set()
        if weather is Weather.NO_SOCKETS:
            for writer in self._sockets:
                writer.close()
            self._sockets.clear()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the page, to the server and back."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            await self._fair.wait()
            if b"upgrade: websocket" in head.lower():
                if self.weather is Weather.NO_SOCKETS:
                    writer.close()
                    return
                self._sockets.append(writer)
            there = await asyncio.open_connection("127.0.0.1", self._server_port)
            there[1].write(head)
            await asyncio.gather(self._pass_on(reader, there[1]), self._pass_on(there[0], writer))
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._fair.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def bad_network(port: int) -> AsyncGenerator[BadNetwork]:
    network = BadNetwork(port)
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0, limit=1 << 20)
    network.port = server.sockets[0].getsockname()[1]
    try:
        yield network
    finally:
        # Nothing stays held in a black hole.
        network.turn(Weather.FAIR)
        server.close()
