"""The echo shell at home: a server to knock at, and the peers it has made."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from realtime.edge import EdgeLimits, edge_for
from tests.support.echo import EchoPeer, EchoShell, Server, serving
from web.patience import Patience, patient


@dataclass(frozen=True, slots=True)
class House:
    shell: EchoShell
    server: Server

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/connection/websocket"

    @property
    def only(self) -> EchoPeer:
        """The peer, when there has been but one."""
        (peer,) = self.shell.peers
        return peer

    async def peer(self, number: int = 0) -> EchoPeer:
        await until(lambda: len(self.shell.peers) > number)
        return self.shell.peers[number]

    async def empties(self) -> None:
        await until(lambda: not self.server.server_state.connections)


@asynccontextmanager
async def house(
    shell: EchoShell | None = None,
    limits: EdgeLimits | None = None,
    *,
    buffer: int | None = None,
    **settings: object,
) -> AsyncGenerator[House]:
    shell = shell or EchoShell()
    protocol = edge_for(shell, limits)
    settings = {"http": patient(Patience(), protocol), **settings}
    async with asyncio.timeout(40), serving(protocol, buffer=buffer, **settings) as server:
        yield House(shell, server)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nothing announces; the time-out is the house's."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.002)
