"""Phones on real sockets, thin enough for ten thousand of them in one process.

A phone greets with a ticket, says where it is, answers pings, and hands what it is told to whoever
listens. It is the wire and nothing more: no reconnecting, no recovery.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import cast

import msgspec

from tests.load.dispatch_world import Spot
from tests.load.frames import masked, texts

Json = dict[str, object]
#: A publication on the phone's own stream, and the moment at which it had come.
Told = Callable[["Phone", Json, float], None]

_UPGRADE = (
    b"GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
#: How long connecting or a command may take; beyond it something is wrong, not slow.
PATIENCE_S = 60.0


class Found(msgspec.Struct):
    """What the clients have seen."""

    #: By alert: when the command was sent, when it was answered, when its first offer was there.
    sent: dict[str, float] = {}
    recorded: dict[str, float] = {}
    first: dict[str, float] = {}
    #: Offers on sockets, by ring.
    offers: dict[str, int] = {}
    #: Of the answered requests, how many have accepted in the end.
    accepted: list[int] = []
    refused: dict[str, int] = {}
    syncs_s: list[float] = []


class Refused(Exception):
    """The server answered with an error."""


class Phone(asyncio.Protocol):
    def __init__(self, told: Told) -> None:
        self._told = told
        self._buffer = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self._said = 0
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self.up: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def greet(self, port: int, ticket: str, spot: Spot | None) -> None:
        """Connect; a helper also says where she is."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", port)
        async with asyncio.timeout(PATIENCE_S):
            await self.up
        await self.ask({"connect": {"token": ticket}})
        if spot is not None:
            self._send({"send": {"data": {"position": {"lat": spot.lat, "lon": spot.lon}}}})

    async def call(self, method: str, data: Json) -> Json:
        """What a command answers, or ``Refused``."""
        answer = await self.ask({"rpc": {"method": method, "data": data}})
        return msgspec.convert(answer["rpc"], dict[str, Json])["data"]

    async def ask(self, command: Json) -> Json:
        self._said += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._said] = answer
        self._send({"id": self._said, **command})
        async with asyncio.timeout(PATIENCE_S):
            found: Json = await answer
        if "error" in found:
            raise Refused(str(found["error"]))
        return found

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # What asyncio tells of the socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Safe: a stream's, as uvloop makes them too.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(_UPGRADE)

    def data_received(self, data: bytes) -> None:
        at = monotonic()
        self._buffer += data
        if not self._upgraded:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self._upgraded, self._buffer = True, rest
            if not head.startswith(b"HTTP/1.1 101"):
                self.up.set_exception(Refused(head.split(b"\r\n")[0].decode()))
                return
            self.up.set_result(None)
        messages, self._buffer = texts(self._buffer)
        for message in messages:
            self._heard(message, at)

    def _heard(self, message: bytes, at: float) -> None:
        if message == b"{}":
            self._write(b"{}")
            return
        match msgspec.json.decode(message, type=Json):
            case {"id": int(number)} as answer:
                self._answers.pop(number).set_result(answer)
            case {"push": {"pub": {"data": dict(data)}}}:
                self._told(self, data, at)
            case _:
                pass

    def _send(self, command: Json) -> None:
        self._write(msgspec.json.encode(command))

    def _write(self, text: bytes) -> None:
        assert self._transport is not None
        self._transport.write(masked(text))
