"""The socket's edge: the ``asyncio.Protocol`` to which uvicorn hands a connection to be upgraded.

It checks the request and its origin before the 101, then only carries: whole messages up to a
``Peer``, framed bytes down to the transport. An idle socket costs one small object: no task, no
timer, no queue, and no reader while nothing is half read. What waits is bounded: reading stops
when the peer says so, and parsing with it; pongs that cannot be written become one; after a close
frame nothing is delivered and nothing written, and a timer drops a client that does not go.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import ClassVar, cast

import structlog
from uvicorn.config import Config
from uvicorn.server import ServerState

from realtime.frames import (
    CloseCode,
    Closed,
    Event,
    Failed,
    Message,
    Ping,
    Reader,
    encode_close,
    encode_pong,
    whole_text,
)
from realtime.handshake import Refusal, Upgrade, plain_upgrade, read_request, refuse
from realtime.link import Link, Peer, Refused, Shell
from realtime.proxies import seen_through

__all__ = ["PATH", "Edge", "EdgeLimits", "Link", "Peer", "Refused", "Shell", "edge_for"]

log = structlog.get_logger(__name__)

PATH = "/connection/websocket"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLimits:
    #: The longest message a client may send; beyond it, 1009.
    message_bytes: int = 64 * 1024
    #: Where the transport's write buffer puts the peer under pressure; relieved at a quarter.
    high_water_bytes: int = 64 * 1024
    #: How long a client may take to go, once it has said goodbye or been told.
    close_seconds: float = 5.0
    #: How many frames of one socket are handled before the others have their turn.
    frames_in_turn: int = 256


def edge_for(
    shell: Shell,
    limits: EdgeLimits | None = None,
    *,
    path: str = PATH,
    subprotocols: Collection[str] = (),
) -> type["Edge"]:
    """Make the class that uvicorn takes as its ``ws`` setting.

    What all connections share is on the class, so that each one carries only its own.
    """

    class BoundEdge(Edge):
        __slots__ = ()

    BoundEdge.shell = shell
    BoundEdge.limits = limits or EdgeLimits()
    BoundEdge.path = path
    BoundEdge.subprotocols = frozenset(subprotocols)
    return BoundEdge


class _Nobody:
    """The peer of a connection that has none, not yet or not any more."""

    def received(self, message: bytes, text: bool) -> None: ...
    def pressure(self, paused: bool) -> None: ...
    def closed(self) -> None: ...


_NOBODY = _Nobody()


def _nowhere(_: bytes, /) -> None:
    """Stand in for the transport's ``write`` when nothing may be written any more."""


class _Phase(Enum):
    ASKING = auto()
    OPEN = auto()
    #: We have sent a close frame and wait for theirs.
    CLOSING = auto()
    #: Nothing more is said; the client has a moment to read what was written, and to go.
    LEAVING = auto()


class Edge(asyncio.Protocol):
    """One connection, and its peer's ``Link``."""

    __slots__ = (
        "_config",
        "_connections",
        "_due",
        "_paused",
        "_peer",
        "_phase",
        "_pong",
        "_reader",
        "_timer",
        "_transport",
        "address",
        "stuck",
        "write",
    )

    shell: ClassVar[Shell]
    limits: ClassVar[EdgeLimits]
    path: ClassVar[str]
    subprotocols: ClassVar[Collection[str]]

    #: The transport's own ``write`` while the conversation is open: nothing stands between.
    write: Callable[[bytes], None]

    def __init__(self, config: Config, server_state: ServerState, app_state: object) -> None:
        del app_state  # what the ASGI lifespan left for requests
        self.address = ""
        self.write = _nowhere
        self._config = config
        self._connections = cast("set[asyncio.Protocol]", server_state.connections)
        self._phase = _Phase.ASKING
        self._peer: Peer = _NOBODY
        #: None says that nothing is half read and nothing forbids the short way.
        self._reader: Reader | None = None
        self._timer: asyncio.TimerHandle | None = None
        #: The peer wants no messages; another turn is due; the write buffer is full.
        self._paused = self._due = self.stuck = False
        #: The newest ping that could not be answered yet.
        self._pong: bytes | None = None

    # What the transport tells us.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:
            message = whole_text(data, self.limits.message_bytes)
            if message is not None:
                self._deliver(message, True)
                return
            if self._phase is _Phase.ASKING:
                self._answer(self._consider(data))
                return
            reader = self._reader = Reader(self.limits.message_bytes)
        if self._phase is not _Phase.LEAVING:
            reader.feed(data)
            self._read(reader)

    def eof_received(self) -> None:
        """Take the end of what the client says for the end of the conversation."""
        self._leave()

    def pause_writing(self) -> None:
        self.stuck = True
        self._peer.pressure(True)

    def resume_writing(self) -> None:
        self.stuck = False
        if self._pong is not None:
            self.write(encode_pong(self._pong))
            self._pong = None
        self._peer.pressure(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._leave_peer()
        if self._timer is not None:
            self._timer.cancel()

    def shutdown(self) -> None:
        """Begin to close; called by uvicorn when it stops."""
        self.close(CloseCode.RESTART, "restarting")

    # What the peer may do: ``Link``.

    def close(self, code: int, reason: str = "") -> None:
        if self._phase is not _Phase.OPEN:
            return
        self.write(encode_close(code, reason))
        self._fall_silent(_Phase.CLOSING)
        self._take_the_long_way()
        self._expect_to_go()
        self.resume_reading()

    def abort(self) -> None:
        self._fall_silent(_Phase.LEAVING)
        self._take_the_long_way()
        self._transport.abort()

    def pause_reading(self) -> None:
        if self._phase is _Phase.OPEN:
            self._paused = True
            self._take_the_long_way()
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._paused:
            self._paused = False
            # Not at once: the peer may be in the middle of taking a message.
            self._read_later()

    def buffered(self) -> int:
        return self._transport.get_write_buffer_size()

    # The request.

    @classmethod
    def plain(cls, head: bytes) -> Upgrade | None:
        """Read a request that needs no reading as HTTP; ``None``: uvicorn's to read."""
        return plain_upgrade(head, cls.path)

    def asked(self, request: Upgrade) -> None:
        """Take a request that has been read already."""
        self._answer(self._judge(request))

    def _answer(self, answer: Upgrade | Refusal) -> None:
        self._transport.write(answer.response)
        if isinstance(answer, Refusal):
            self._leave()
            return
        self._phase = _Phase.OPEN
        self.write = self._transport.write
        self._transport.set_write_buffer_limits(high=self.limits.high_water_bytes)
        try:
            self._peer = self.shell.opened(self)
        except Exception:
            log.exception("connection_not_opened")
            self.close(CloseCode.INTERNAL)

    def _consider(self, head: bytes) -> Upgrade | Refusal:
        # uvicorn writes the head again, always as HTTP/1.1; the protocol before us knows better.
        asked = getattr(self._transport.get_protocol(), "scope", {})
        if asked.get("http_version", "1.1") != "1.1":
            return refuse(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        request = read_request(head, path=self.path, subprotocols=self.subprotocols)
        return request if isinstance(request, Refusal) else self._judge(request)

    def _judge(self, request: Upgrade) -> Upgrade | Refusal:
        self.address, secure = seen_through(self._config, self._transport, request.forwarded)
        try:
            admitted = self.shell.admits(request.origin, request.host, secure)
        except Refused as refused:
            return refuse(refused.status)
        except Exception:
            log.exception("request_not_judged")
            return refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        return request if admitted else refuse(HTTPStatus.FORBIDDEN)

    # Messages.

    def _take_the_long_way(self) -> None:
        """Have a reader from now on: the short way delivers without looking at the phase."""
        if self._reader is None:
            self._reader = Reader(self.limits.message_bytes)

    def _read(self, reader: Reader) -> None:
        for _ in range(self.limits.frames_in_turn):
            if self._paused or self._phase is _Phase.LEAVING:
                return
            event = reader.take()
            if event is None:
                if self._phase is _Phase.OPEN and reader.idle:
                    self._reader = None
                return
            self._heed(event)
        self._transport.pause_reading()
        self._read_later()

    def _read_later(self) -> None:
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._read_on)

    def _read_on(self) -> None:
        self._due = False
        if self._reader is not None:
            self._read(self._reader)
        if not (self._paused or self._due):
            self._transport.resume_reading()

    def _heed(self, event: Event) -> None:
        match event:
            # In CLOSING the answer goes nowhere: a close frame is sent once.
            case Closed(code=code):
                self.write(encode_close(code))
                self._leave()
            case Failed(code=failure, reason=reason):
                self.write(encode_close(failure, reason))
                self._leave()
            case Message(data=data, text=text) if self._phase is _Phase.OPEN:
                self._deliver(data, text)
            case Ping(data=data) if self.stuck:
                self._pong = data
            case Ping(data=data):
                self.write(encode_pong(data))
            case _:
                pass

    def _deliver(self, message: bytes, text: bool) -> None:
        try:
            self._peer.received(message, text)
        except Exception:
            log.exception("message_not_taken")
            self.close(CloseCode.INTERNAL)

    # The end.

    def _leave(self) -> None:
        """End the conversation, and let the client read its last frame before the socket goes.

        Closing at once, with something of theirs unread, would reset the connection and could
        take our close frame with it. So the sending side is shut, and we wait for theirs.
        """
        self._fall_silent(_Phase.LEAVING)
        self._expect_to_go()
        if self._transport.can_write_eof():
            self._transport.write_eof()
            self._transport.resume_reading()
        else:
            self._transport.close()
        self._leave_peer()

    def _fall_silent(self, phase: _Phase) -> None:
        self._phase = phase
        self.write = _nowhere
        self._pong = None

    def _expect_to_go(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self.limits.close_seconds, self._transport.abort)

    def _leave_peer(self) -> None:
        self._fall_silent(_Phase.LEAVING)
        peer, self._peer = self._peer, _NOBODY
        self._reader = None
        try:
            peer.closed()
        except Exception:
            log.exception("end_not_taken")
