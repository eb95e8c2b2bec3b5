"""Connections to public addresses only: the name is resolved once, and that address connected to.

Two checks, each enough by itself: what the resolver answers, and where the socket is about to go.
The second also sees addresses written as digits, which are never resolved.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from realtime.push.addresses import may_call

#: Name, port, family → addresses. Tests give their own.
LookUp = Callable[[str, int, socket.AddressFamily], Awaitable[list[ResolveResult]]]
AddressInfo = tuple[
    int | socket.AddressFamily,
    int | socket.SocketKind,
    int,
    str,
    tuple[str | bytes, ...] | tuple[str | bytes | int, ...],
]


class Inward(OSError):
    """A name or an address leads to a place that is not public."""


def by_system(threads: int) -> LookUp:
    """The system's look-up, in threads of its own.

    A name server that never answers must not hold those that everybody waits for.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="look-up")

    async def look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        ask = partial(
            socket.getaddrinfo,
            host,
            port,
            family=family,
            type=socket.SOCK_STREAM,
            flags=socket.AI_ADDRCONFIG,
        )
        found = await asyncio.get_running_loop().run_in_executor(pool, ask)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    return look_up


class PublicResolver(AbstractResolver):
    """Refuses a name as a whole when any of its addresses is not public."""

    def __init__(self, look_up: LookUp, *, loopback: bool) -> None:
        self._look_up = look_up
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._look_up(host, port, family)
        if not all(may_call(it["host"], loopback=self._loopback) for it in found):
            raise Inward
        return found

    async def close(self) -> None:
        """Nothing is open."""


def guarded_connector(
    trusted: ssl.SSLContext, *, most: int, loopback: bool, look_up: LookUp | None = None
) -> aiohttp.TCPConnector:
    """A connector that reaches nothing but public addresses."""

    def make_socket(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_call(str(address[0]), loopback=loopback):
            raise Inward
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        ssl=trusted,
        limit=most,
        use_dns_cache=False,
        resolver=PublicResolver(look_up or by_system(most), loopback=loopback),
        socket_factory=make_socket,
    )
