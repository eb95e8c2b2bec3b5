"""A WebSocket client made of a socket and nothing else: it can be slow, rude or half gone."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from tests.support.client_frames import frame
from tests.support.echo import small_buffers

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def request(
    port: int,
    headers: Mapping[str, str | None] | None = None,
    *,
    path: str = "/connection/websocket",
    method: str = "GET",
) -> bytes:
    """A request for an upgrade; a header given as ``None`` is left out."""
    said: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    said |= headers or {}
    lines = [f"{name}: {value}" for name, value in said.items() if value is not None]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "", "")).encode()


class RawClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._core = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
        self._frames: list[Frame] = []

    @property
    def transport(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self.writer.transport)

    async def ask(self, head: bytes) -> tuple[int, str]:
        """Send a request; the status and the head of the answer."""
        self.writer.write(head)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        return int(answer.split()[1]), answer

    def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    def say(self, text: str) -> None:
        self.send(frame(1, text.encode()))

    async def next(self) -> Frame | None:
        """The next frame, or ``None`` when the server has said its last."""
        while not self._frames:
            data = await self.reader.read(1 << 16)
            if not data:
                return None
            self._core.receive_data(data)
            self._frames += [one for one in self._core.events_received() if isinstance(one, Frame)]
        return self._frames.pop(0)

    async def heard(self) -> str:
        """The next text."""
        received = await self.next()
        assert received is not None
        assert received.opcode is Opcode.TEXT, received
        return bytes(received.data).decode()

    async def goodbye(self) -> int | None:
        """Read until the close frame, answer it, and see that nothing follows: its code."""
        while (received := await self.next()) is not None and received.opcode is not Opcode.CLOSE:
            pass
        assert received is not None, "gone without a close frame"
        self.send(frame(Opcode.CLOSE, bytes(received.data)))
        assert await self.reader.read() == b""
        return int.from_bytes(received.data[:2]) if received.data else None


@asynccontextmanager
async def connected(
    port: int, *, tls: ssl.SSLContext | None = None, buffer: int | None = None
) -> AsyncGenerator[RawClient]:
    """A client whose socket is open and who has said nothing yet."""
    opening = socket.socket()
    opening.setblocking(False)
    small_buffers(opening, buffer)
    await asyncio.get_running_loop().sock_connect(opening, ("127.0.0.1", port))
    name = "127.0.0.1" if tls else None
    reader, writer = await asyncio.open_connection(sock=opening, ssl=tls, server_hostname=name)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def talking(port: int, *, buffer: int | None = None) -> AsyncGenerator[RawClient]:
    """A client whose upgrade has been accepted."""
    async with connected(port, buffer=buffer) as client:
        status, _ = await client.ask(request(port))
        assert status == 101
        yield client
