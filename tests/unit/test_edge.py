"""The edge by hand, on a transport that does what real ones rarely do."""

import asyncio
from typing import cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from realtime.edge import EdgeLimits, edge_for
from realtime.frames import encode_pong
from tests.support.client_frames import frame
from tests.support.echo import EchoPeer, EchoShell, no_pages
from tests.support.raw_client import request

TEXT, PING = 1, 9


class Wire(asyncio.Transport):
    """Remembers what is written, and whether it was told to stop reading."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.reads = True
        self.aborted = False

    def get_protocol(self) -> asyncio.BaseProtocol:
        return asyncio.Protocol()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high = high

    def get_write_buffer_size(self) -> int:
        return 7

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.written.append(b"")

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def abort(self) -> None:
        self.aborted = True


class Stolid(EchoPeer):
    """Goes on reading whatever waits to be written."""

    def pressure(self, paused: bool) -> None:
        self.pressures.append(paused)


def opened(limits: EdgeLimits | None = None) -> tuple[asyncio.Protocol, Wire, EchoPeer]:
    shell, wire = EchoShell(makes=Stolid), Wire()
    protocol = edge_for(shell, limits)
    edge = protocol(
        config=Config(no_pages, log_config=None), server_state=ServerState(), app_state={}
    )
    edge.connection_made(wire)
    edge.data_received(request(80))
    wire.written.clear()
    return edge, wire, shell.peers[0]


async def test_while_nothing_can_be_written_only_the_newest_ping_is_remembered() -> None:
    edge, wire, peer = opened()
    edge.pause_writing()
    for number in range(3):
        edge.data_received(frame(PING, b"%d" % number))
    meanwhile = list(wire.written)

    edge.resume_writing()

    assert meanwhile == []
    assert wire.written == [encode_pong(b"2")]
    assert peer.pressures == [True, False]


async def test_what_is_handed_over_after_a_pause_waits_for_its_end() -> None:
    edge, wire, peer = opened()
    peer.link.pause_reading()
    stopped = wire.reads

    edge.data_received(frame(TEXT, b"one"))
    edge.data_received(frame(TEXT, b"two") + frame(TEXT, b"three"))
    meanwhile = list(peer.heard)
    peer.link.resume_reading()
    await asyncio.sleep(0)

    assert not stopped
    assert meanwhile == []
    assert peer.heard == [b"one", b"two", b"three"]
    assert wire.reads


async def test_what_is_handed_over_after_an_abort_is_dropped() -> None:
    edge, wire, peer = opened()
    peer.link.abort()

    edge.data_received(frame(TEXT, b"late"))
    edge.connection_lost(None)
    edge.data_received(frame(TEXT, b"later"))

    assert (peer.heard, peer.endings, wire.aborted) == ([], 1, True)


async def test_a_reader_lives_only_while_something_is_half_read() -> None:
    edge, _, peer = opened()
    held = []

    for data in (b"", frame(TEXT, b"one")[:4], frame(TEXT, b"one")[4:], frame(TEXT, b"two") * 2):
        edge.data_received(data)
        held.append(cast("object", getattr(edge, "_reader")) is not None)  # noqa: B009

    assert held == [False, True, False, False]
    assert peer.heard == [b"one", b"two", b"two"]


async def test_a_link_says_how_much_waits_and_sets_the_mark() -> None:
    _, wire, peer = opened(EdgeLimits(high_water_bytes=1234))

    assert (peer.link.buffered(), wire.high) == (7, 1234)


async def test_a_peer_that_resumes_at_once_is_not_called_from_inside_itself() -> None:
    edge, _, peer = opened()
    depths: list[int] = []

    class Hasty(EchoPeer):
        depth = 0

        def received(self, message: bytes, text: bool) -> None:
            Hasty.depth += 1
            depths.append(Hasty.depth)
            peer.link.pause_reading()
            peer.link.resume_reading()
            Hasty.depth -= 1

    setattr(edge, "_peer", Hasty(peer.link))  # noqa: B010
    edge.data_received(frame(TEXT, b"again") * 20)
    for _ in range(20):
        await asyncio.sleep(0)

    assert depths == [1] * 20
