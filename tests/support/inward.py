"""Listeners on addresses of this machine that nobody must ever call, and names that lead there."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp.abc import ResolveResult

from realtime.push.guarded import LookUp

#: Loopback has sixteen million addresses: only the first may be called, by tests.
ADDRESSES = ("127.0.0.2", "127.9.9.9", "127.0.0.1")


@dataclass(slots=True)
class Quiet:
    """What was heard on addresses that are nobody's business: nothing, if all is well."""

    ports: dict[str, int] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def url(self, address: str, path: str = "/") -> str:
        return f"http://{address}:{self.ports[address]}{path}"


@asynccontextmanager
async def quiet(addresses: tuple[str, ...] = ADDRESSES[:2]) -> AsyncGenerator[Quiet]:
    made, servers = Quiet(), []
    for address in addresses:

        async def hear(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, at: str = address
        ) -> None:
            # A connection is one too many, whatever is said on it.
            made.heard.append(at)
            writer.close()

        server = await asyncio.start_server(hear, address, 0)
        made.ports[address] = server.sockets[0].getsockname()[1]
        servers.append(server)
    try:
        yield made
    finally:
        for server in servers:
            server.close()
            await server.wait_closed()


def names(table: Mapping[str, list[list[str]]]) -> LookUp:
    """A name server: each name answers these lists one after the other, and the last for ever."""
    asked: dict[str, int] = {}

    async def look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        answers = table.get(host)
        if answers is None:
            raise OSError("no such name")
        turn = asked.get(host, 0)
        asked[host] = turn + 1
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in answers[min(turn, len(answers) - 1)]
        ]

    return look_up
