"""A server that says everything back, on a real socket under real uvicorn, to try the edge with.

``python -m tests.support.echo edge|websockets|unchecked`` serves until it is killed, for clients
that need another process: our edge, the ``websockets`` library's own server, our edge with a bug.
"""

import argparse
import asyncio
import logging
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import uvicorn
import uvloop
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope
from websockets.asyncio.server import ServerConnection, serve

from realtime.edge import EdgeLimits, Link, edge_for
from realtime.frames import Reader, encode_binary, encode_text
from realtime.handshake import same_origin
from realtime.link import Refused

LARGE = EdgeLimits(message_bytes=32 * 1024 * 1024)


@dataclass(slots=True, eq=False)
class EchoPeer:
    """Says everything back, reads nothing while its answers wait, and remembers what it heard."""

    link: Link
    heard: list[bytes] = field(default_factory=list)
    pressures: list[bool] = field(default_factory=list)
    endings: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, message: bytes, text: bool) -> None:
        self.heard.append(message)
        self.link.write(encode_text(message) if text else encode_binary(message))

    def pressure(self, paused: bool) -> None:
        self.pressures.append(paused)
        if paused:
            self.link.pause_reading()
        else:
            self.link.resume_reading()

    def closed(self) -> None:
        self.endings += 1
        self.ended.set()


class Forgetful(EchoPeer):
    """For long runs."""

    def received(self, message: bytes, text: bool) -> None:
        self.link.write(encode_text(message) if text else encode_binary(message))


@dataclass(slots=True, eq=False)
class EchoShell:
    """Admits pages that we serve ourselves, and apps; keeps its peers for the test to look at."""

    peers: list[EchoPeer] = field(default_factory=list)
    seen: list[tuple[str | None, str, bool]] = field(default_factory=list)
    full: bool = False
    makes: Callable[[Link], EchoPeer] = EchoPeer

    def admits(self, origin: str | None, host: str, secure: bool) -> bool:
        self.seen.append((origin, host, secure))
        if self.full:
            raise Refused
        return same_origin(origin, host, secure=secure)

    def opened(self, link: Link) -> EchoPeer:
        peer = self.makes(link)
        self.peers.append(peer)
        return peer


class Server(uvicorn.Server):
    """uvicorn, leaving the process's signals alone."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        return nullcontext()

    async def main_loop(self) -> None:
        while not self.should_exit:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    @property
    def port(self) -> int:
        return self.config.port


async def no_pages(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"no page here", "more_body": False})


def server_for(protocol: type[asyncio.Protocol], port: int, **settings: object) -> Server:
    quiet = {"log_config": None, "lifespan": "off", "port": port, "access_log": False}
    return Server(uvicorn.Config(no_pages, ws=protocol, **(quiet | settings)))  # type: ignore[arg-type]


@asynccontextmanager
async def serving(
    protocol: type[asyncio.Protocol], *, buffer: int | None = None, **settings: object
) -> AsyncGenerator[Server]:
    """Run uvicorn with this protocol on a free port of the loopback.

    ``buffer`` bounds what the kernel holds for each connection, so that little is soon too much.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        small_buffers(listening, buffer)
        server = server_for(protocol, listening.getsockname()[1], **settings)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started:
                assert not running.done()
                await asyncio.sleep(0.005)
            yield server
        finally:
            server.should_exit = True
            await running


def small_buffers(bounded: socket.socket, size: int | None) -> None:
    """Accepted connections inherit them from the listening socket."""
    if size is not None:
        bounded.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
        bounded.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def _tell_port(port: int) -> None:
    sys.stdout.write(f"ready {port}\n")
    sys.stdout.flush()


async def _serve_edge() -> None:
    shell = EchoShell(makes=Forgetful)
    async with serving(edge_for(shell, LARGE, path="/")) as server:
        _tell_port(server.port)
        await asyncio.Event().wait()


def _plant_no_check() -> None:
    """Plant a bug: text is believed to be text. Tests must notice."""

    def believe(self: Reader, chunk: bytes, *, final: bool) -> None:
        pass

    Reader._check_text = believe  # type: ignore[method-assign]


async def _serve_oracle() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    limit = LARGE.message_bytes
    async with serve(echo, "127.0.0.1", 0, compression=None, max_size=limit) as server:
        _tell_port(next(iter(server.sockets)).getsockname()[1])
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("who", choices=["edge", "unchecked", "websockets"])
    chosen = parser.parse_args().who
    if chosen == "unchecked":
        _plant_no_check()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve_oracle() if chosen == "websockets" else _serve_edge())
