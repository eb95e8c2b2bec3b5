"""What is left of a server in Python on uvloop: one ``write`` of each transport, and nothing else.

It checks nothing, remembers nothing, gives way to nothing, and takes any request for a WebSocket's:
below it no server that writes through asyncio's transports can go.
"""

import asyncio
import sys
from typing import cast

import uvloop

from tests.load.peers.told import Told

SIZE = 300
FRAME = bytes((0x81, 126, SIZE >> 8, SIZE & 255)) + b"x" * SIZE
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


class Bare(asyncio.Protocol):
    def __init__(self, here: dict["Bare", asyncio.WriteTransport]) -> None:
        self._here = here

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        if self not in self._here:
            self._transport.write(ANSWER)
            self._here[self] = self._transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._here.pop(self, None)


async def main() -> None:
    here: dict[Bare, asyncio.WriteTransport] = {}

    async def fan_out() -> None:
        for transport in here.values():
            transport.write(FRAME)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Bare(here), "127.0.0.1", int(sys.argv[1]), backlog=4096
    )
    async with server, await Told(fan_out).listen(int(sys.argv[2])):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
