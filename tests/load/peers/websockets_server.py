"""The ``websockets`` library with its ``broadcast``, on uvloop."""

import asyncio
import sys
from contextlib import suppress

import msgspec
import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from tests.load.peers.told import Told

TEXT = "x" * 300


async def main() -> None:
    here: set[ServerConnection] = set()
    last: dict[ServerConnection, object] = {}

    async def handler(connection: ServerConnection) -> None:
        here.add(connection)
        with suppress(ConnectionClosed):
            async for said in connection:
                last[connection] = msgspec.json.decode(said)
                told.heard()
        here.discard(connection)
        last.pop(connection, None)

    async def fan_out() -> None:
        broadcast(here, TEXT)

    told = Told(fan_out)
    async with (
        serve(
            handler, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None,
            backlog=4096,
        ),
        await told.listen(int(sys.argv[2])),
    ):  # fmt: skip
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
