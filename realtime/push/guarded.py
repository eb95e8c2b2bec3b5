"""Connections to public addresses only: the name is resolved once, and that address connected to.

Two checks, each enough by itself: what the resolver answers, and where the socket is about to go.
The second also sees addresses written as digits, which are never resolved.
"""

import socket
import ssl
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

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


async def by_system(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    return await ThreadedResolver().resolve(host, port, family)


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
    trusted: ssl.SSLContext, *, most: int, loopback: bool, look_up: LookUp = by_system
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
        resolver=PublicResolver(look_up, loopback=loopback),
        socket_factory=make_socket,
    )
