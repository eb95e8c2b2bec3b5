"""Clients without a socket, for tests of what the node writes to whom."""

from collections.abc import Iterator
from typing import Any

import msgspec

from realtime.client import Client
from realtime.kernel.ids import Channel
from realtime.link import Link
from realtime.session import Effect


class Nobody:
    """A node that carries nothing out."""

    async def carry_out(self, client: Client, effect: Effect) -> None: ...
    def heard_at_once(self, client: Client, data: bytes) -> bool:
        return False

    def gone(self, client: Client) -> None: ...


class Line:
    """A link that keeps what is written. ``room`` bytes, then it is full until ``drained``."""

    def __init__(self, *, room: int | None = None) -> None:
        self.address = "192.0.2.1"
        self.stuck = False
        self.written = bytearray()
        self.closed: tuple[int, str] | None = None
        self.reading = True
        self.peer: Client | None = None
        self._room = room
        self._waiting = 0

    def write(self, frames: bytes, /) -> None:
        if self.closed is not None:
            return
        self.written += frames
        self._waiting += len(frames)
        if self._room is not None and self._waiting > self._room and self.peer is not None:
            self.stuck = True
            self.peer.pressure(True)

    def drained(self) -> None:
        """The other end has read everything."""
        self._waiting = 0
        self.stuck = False
        if self.peer is not None:
            self.peer.pressure(False)

    def close(self, code: int, reason: str = "") -> None:
        if self.closed is None:
            self.closed = (code, reason)

    def abort(self) -> None:
        self.close(1006)

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def buffered(self) -> int:
        return self._waiting

    def messages(self) -> list[dict[str, Any]]:
        """What has been written so far, and forget it."""
        found = list(unframed(bytes(self.written)))
        self.written.clear()
        return found


def unframed(data: bytes) -> Iterator[dict[str, Any]]:
    """The JSON objects in a server's text frames."""
    while data:
        assert data[0] == 0x81, "a whole text frame, unmasked"
        start, size = 2, data[1]
        if size == 126:
            start, size = 4, int.from_bytes(data[2:4])
        elif size == 127:
            start, size = 10, int.from_bytes(data[2:10])
        yield msgspec.json.decode(data[start : start + size])
        data = data[start + size :]


def open_client(name: str, home: Channel, link: Link | None = None) -> tuple[Client, Line]:
    """A client whose greeting has been accepted."""
    line = link if isinstance(link, Line) else Line()
    client = Client(name, line, Nobody())
    line.peer = client
    client.session.receive(b'{"id":1,"connect":{"token":"t"}}')
    client.session.opened(home)
    return client, line


def offsets(messages: list[dict[str, Any]]) -> list[int]:
    return [it["push"]["pub"]["offset"] for it in messages if "pub" in it.get("push", {})]
