"""The HTTP side of a connection, closed when the client takes too long to ask.

A socket that says nothing, or says it a byte at a time, holds a file and some memory: without a
proxy in front, a few thousand of them would keep everybody else out. One wheel for all, and no
timer each. Of those who come at once only a few begin in each turn of the loop: what is said to
others goes out in between. What comes after the upgrade to a WebSocket is ``realtime.heart``'s; a
plain request for it is not read as HTTP at all.
"""

import asyncio
from functools import partial
from typing import ClassVar

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from realtime.edge import Edge
from realtime.slices import Slices
from realtime.upgrade import Upgrade

log = structlog.get_logger("web.patience")

#: For a whole request, its body included: ours are small.
REQUEST_S = 15.0
#: Bytes of a request line and its headers.
MOST_HEAD_BYTES = 32 * 1024
EVERY_S = 1.0


class Patience:
    """Those who are asking, the one who has taken longest first."""

    def __init__(self, request_s: float = REQUEST_S) -> None:
        self._request_s = request_s
        self._since: dict[PatientProtocol, float] = {}
        #: Closed for having taken too long, since the start.
        self.closed = 0

    def __len__(self) -> int:
        return len(self._since)

    def begins(self, who: "PatientProtocol", now: float) -> None:
        self._since.pop(who, None)
        self._since[who] = now

    def over(self, who: "PatientProtocol") -> None:
        self._since.pop(who, None)

    def overdue(self, now: float) -> "list[PatientProtocol]":
        """Those whose time is over; they are forgotten."""
        found = []
        for who, since in self._since.items():
            if now - since < self._request_s:
                break
            found.append(who)
        for who in found:
            del self._since[who]
        self.closed += len(found)
        return found

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(EVERY_S)
            overdue = self.overdue(loop.time())
            for who in overdue:
                who.transport.abort()
            if overdue:
                log.info("too_slow", count=len(overdue))


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's, whose requests must be whole in time. Made for each server by ``patient``."""

    patience: ClassVar[Patience]

    slices: ClassVar[Slices]

    #: What a connection becomes when it is upgraded; None: uvicorn reads every request.
    edge: ClassVar[type[Edge] | None]

    #: Bytes of a head that is not complete yet; None once it is.
    _head: int | None = 0
    #: Whether its first request has been begun; and whether it had to wait for that.
    _begun = _waits = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.patience.begins(self, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        self.patience.over(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._begun:
            self._take(data)
            return
        self._begun = True
        if not self.slices.begin(partial(self._begin, data)):
            self._waits = True
            self.transport.pause_reading()

    def _begin(self, data: bytes) -> None:
        if self._waits:
            if self.transport.is_closing():
                return
            self.transport.resume_reading()
        if self.edge is not None and (request := self.edge.plain(data)) is not None:
            self._upgrade(self.edge, request)
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > MOST_HEAD_BYTES:
                self.send_400_response("The head of this request is too long.")

    def _upgrade(self, kind: type[Edge], request: Upgrade) -> None:
        """As uvicorn does it, without having it read and write the request again."""
        self.connections.discard(self)
        self.patience.over(self)
        edge = kind(self.config, self.server_state, self.app_state)
        edge.connection_made(self.transport)
        edge.asked(request)
        self.transport.set_protocol(edge)
        self._let_go()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self._let_go()

    def _let_go(self) -> None:
        # It holds us as we hold it: of every socket both would wait for the collector.
        self.parser = None  # type: ignore[assignment]  # as when a connection is lost

    def on_message_begin(self) -> None:
        self._head = 0
        self.patience.begins(self, self.loop.time())
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        # Also that of an upgrade, which has no body.
        self.patience.over(self)
        super().on_message_complete()


def patient(patience: Patience, edge: type[Edge] | None = None) -> type[PatientProtocol]:
    """Make the class that uvicorn takes as its ``http`` setting; ``edge``: as its ``ws``."""

    class BoundProtocol(PatientProtocol):
        pass

    BoundProtocol.patience = patience
    BoundProtocol.slices = Slices()
    BoundProtocol.edge = edge
    return BoundProtocol
