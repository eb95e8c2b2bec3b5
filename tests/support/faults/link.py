"""A TCP line with a switch: what tests put between a hub and its database, broker or phones.

Each direction has a weather of its own, changed while connections are open. What is held while the
line stands still is bounded by the sockets' own buffers: the proxy stops reading.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from enum import Enum, auto

from tests.support.faults.weather import BLACK_HOLE, FAIR, Weather

PIECE = 16 * 1024
#: Pieces on their way in one direction of a connection, when they are delayed; then reading stops.
UNDER_WAY = 256


class Direction(Enum):
    #: From the one who connects to the server.
    UP = auto()
    DOWN = auto()


class BadLink:
    """Listens on a port of its own and carries each connection to the server's."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._weather = {Direction.UP: FAIR, Direction.DOWN: FAIR}
        self._changed = asyncio.Condition()
        #: Open at this moment.
        self.connections: set[Connection] = set()
        self._refusing = False
        self.port = 0
        #: Connections carried so far, and bytes in each direction.
        self.carried = 0
        self.bytes = {Direction.UP: 0, Direction.DOWN: 0}

    def __len__(self) -> int:
        return len(self.connections)

    def weather(self, direction: Direction) -> Weather:
        return self._weather[direction]

    async def turn(self, weather: Weather, *directions: Direction) -> None:
        """Change the weather of one direction, or of both; connections open now feel it too."""
        for direction in directions or tuple(Direction):
            self._weather[direction] = weather
        for connection in tuple(self.connections):
            if connection.doomed and not weather.swallowed:
                connection.reset()
        async with self._changed:
            self._changed.notify_all()

    async def black_hole(self) -> None:
        """Everything is accepted and nothing arrives, on old connections and new."""
        await self.turn(BLACK_HOLE)

    async def fair(self) -> None:
        """As if nothing had happened; what was doomed is reset."""
        self._refusing = False
        await self.turn(FAIR)

    def cut(self, *, refuse: bool = False) -> None:
        """Reset every connection; with ``refuse``, new ones too until the line is ``fair``."""
        self._refusing = refuse
        for connection in tuple(self.connections):
            connection.reset()

    def half_open(self) -> None:
        """Whoever connected is reset; the server is told nothing, and believes it still there."""
        for connection in tuple(self.connections):
            connection.leave_half_open()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, there and back, until both sides have ended."""
        connection = Connection(self, reader, writer)
        if self._refusing:
            connection.reset()
            return
        self.connections.add(connection)
        self.carried += 1
        try:
            # A black hole takes the connection and says nothing: the server never hears of it.
            await self.wait_while(lambda: self._weather[Direction.UP].swallowed)
            await connection.run(*self._server)
        finally:
            connection.reset()
            self.connections.discard(connection)

    async def wait_while(self, condition: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not condition())

    def close(self) -> None:
        self.cut(refuse=True)


class Connection:
    def __init__(
        self, link: BadLink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._link = link
        self._near = (reader, writer)
        self._far: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._half = False
        #: Something said on it was thrown away.
        self.doomed = False

    async def run(self, host: str, port: int) -> None:
        try:
            self._far = await asyncio.open_connection(host, port)
        except OSError:
            return
        with contextlib.suppress(OSError):
            await asyncio.gather(
                self._pass_on(Direction.UP, self._near[0], self._far[1]),
                self._pass_on(Direction.DOWN, self._far[0], self._near[1]),
            )

    def reset(self) -> None:
        for end in (self._near, self._far):
            if end is not None:
                _reset(end[1])

    def leave_half_open(self) -> None:
        self._half = True
        _reset(self._near[1])

    async def _pass_on(
        self, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Read, and let go in order when its time has come."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDER_WAY)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._let_go(direction, under_way, writer))
            now = asyncio.get_running_loop().time
            while data := await self._read(reader):
                weather = self._link.weather(direction)
                await under_way.put((now() + weather.delay_s, data))
            if not self._half:
                await under_way.put((0.0, b""))

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.read(PIECE)
        except OSError:
            return b""

    async def _let_go(
        self,
        direction: Direction,
        under_way: asyncio.Queue[tuple[float, bytes]],
        writer: asyncio.StreamWriter,
    ) -> None:
        loop, link = asyncio.get_running_loop(), self._link
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            await link.wait_while(lambda: link.weather(direction).stopped)
            weather = link.weather(direction)
            if weather.swallowed:
                self.doomed = True
                continue
            if not data:
                with contextlib.suppress(OSError, RuntimeError):
                    writer.write_eof()
                return
            await asyncio.sleep(weather.seconds_for(len(data)))
            link.bytes[direction] += len(data)
            with contextlib.suppress(OSError):
                writer.write(data)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once with a reset: no last words, as a machine that has lost its memory."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        # uvloop's socket, closed a moment ago, has no number any more: a ValueError.
        with contextlib.suppress(OSError, ValueError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


@asynccontextmanager
async def bad_link(port: int, *, host: str = "127.0.0.1") -> AsyncGenerator[BadLink]:
    """A line to a server on this machine; every connection is reset when the block ends."""
    link = BadLink(host, port)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(link.carry(reader, writer), name="tests.faults.link")
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        link.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
