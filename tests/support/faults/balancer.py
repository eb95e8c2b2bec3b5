"""The front door of several hubs: a TCP balancer that asks each of them how it is.

A new connection goes to the next hub that answered ``/readyz`` a moment ago; if it cannot be
reached, to the one after. Open connections are left alone, as a reverse proxy does.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

ASK_EVERY_S = 0.2
#: A hub that takes longer to say how it is is not given anybody new.
PATIENCE_S = 1.0


class Balancer:
    def __init__(self, ports: Sequence[int]) -> None:
        self.port = 0
        self._ports = list(ports)
        self._ready: set[int] = set()
        self._turn = 0
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def ready(self) -> frozenset[int]:
        """Ports of the hubs that take new connections."""
        return frozenset(self._ready)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/connection/websocket"

    def cut(self) -> None:
        """Reset every connection; who comes again is let in."""
        for writer in tuple(self._open):
            writer.transport.abort()

    async def watch(self, port: int) -> None:
        while True:
            if await is_ready(port):
                self._ready.add(port)
            else:
                self._ready.discard(port)
            await asyncio.sleep(ASK_EVERY_S)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            far = await self._connected()
            if far is None:
                return
            try:
                await asyncio.gather(_pass_on(reader, far[1]), _pass_on(far[0], writer))
            finally:
                far[1].transport.abort()
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self._turn += 1
        turned = [*self._ports[self._turn % len(self._ports) :], *self._ports]
        for port in dict.fromkeys(turned):
            if port in self._ready:
                with contextlib.suppress(OSError):
                    return await asyncio.open_connection("127.0.0.1", port)
                self._ready.discard(port)
        return None


async def is_ready(port: int, path: str = "/readyz") -> bool:
    """Whether a hub says that it can serve."""
    writer = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        if writer is not None:
            writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    # Who loses one direction of such a connection has no use for the other.
    writer.transport.abort()


@asynccontextmanager
async def balancing(ports: Sequence[int]) -> AsyncGenerator[Balancer]:
    balancer = Balancer(ports)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(balancer.carry(reader, writer), name="tests.balancer")
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=8192)
    balancer.port = server.sockets[0].getsockname()[1]
    watching = [asyncio.create_task(balancer.watch(port)) for port in ports]
    try:
        yield balancer
    finally:
        server.close()
        for task in (*watching, *tasks):
            task.cancel()
        await asyncio.gather(*watching, *tasks, return_exceptions=True)
