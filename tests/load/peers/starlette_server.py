"""uvicorn and starlette, as their documents show it: a coroutine for each socket, ``send_text``."""

import asyncio
import sys

import msgspec
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.load.peers.told import Told

TEXT = "x" * 300


async def main() -> None:
    here: set[WebSocket] = set()
    last: dict[WebSocket, object] = {}

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        here.add(socket)
        try:
            while True:
                last[socket] = msgspec.json.decode(await socket.receive_text())
                told.heard()
        except WebSocketDisconnect:
            here.discard(socket)
            last.pop(socket, None)

    async def fan_out() -> None:
        for socket in list(here):
            await socket.send_text(TEXT)

    told = Told(fan_out)
    settings = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/", endpoint)]),
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_level="critical",
        access_log=False,
        backlog=4096,
    )
    async with await told.listen(int(sys.argv[2])):
        await uvicorn.Server(settings).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
