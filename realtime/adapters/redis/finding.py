"""Finding the servers of the moment: given, named by Sentinels, or told by the cluster's nodes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Protocol, TypeVar

from redis.asyncio import Redis

from realtime.adapters.redis.address import Kind, Server
from realtime.adapters.redis.servers import ANSWER_S, AWAY, RedisServers
from realtime.adapters.redis.topology import Claim, Topology, alone, claims, elected, settled
from realtime.kernel.errors import Unavailable

Answer = TypeVar("Answer")


class Finder(Protocol):
    async def look(self) -> Topology:
        """Where everything is now; ``Unavailable`` when nobody can tell."""
        ...

    async def close(self) -> None: ...


def finder(servers: RedisServers) -> Finder:
    match servers.kind:
        case Kind.SINGLE:
            return Given(servers.address.servers[0])
        case Kind.SENTINEL:
            return BySentinels(servers)
        case Kind.CLUSTER:
            return ByNodes(servers)


class Given:
    def __init__(self, server: Server) -> None:
        self._topology = alone(server)

    async def look(self) -> Topology:
        return self._topology

    async def close(self) -> None:
        """It holds nothing."""


class BySentinels:
    """Asks all of them: one that was cut off still names the primary of yesterday."""

    def __init__(self, servers: RedisServers) -> None:
        self._servers = servers
        self._now: Server | None = None

    async def look(self) -> Topology:
        answers = await _whoever_answers(
            partial(self._ask, each) for each in self._servers.sentinels
        )
        named = [each for each in answers if each is not None]
        if not named:
            raise Unavailable
        self._now = elected(named, self._now)
        return alone(self._now)

    async def close(self) -> None:
        """The Sentinels' clients belong to ``RedisServers``."""

    async def _ask(self, sentinel: Redis) -> Server | None:
        name = self._servers.address.name
        found = await sentinel.sentinel_get_master_addr_by_name(name)
        match found:
            case [host, port]:
                return Server(host.decode() if isinstance(host, bytes) else str(host), int(port))
            case _:
                return None


class ByNodes:
    """Asks the nodes that serve something and those given at first, all at once."""

    def __init__(self, servers: RedisServers) -> None:
        self._servers = servers
        self._clients: dict[Server, Redis] = {}
        self._heard: frozenset[Claim] = frozenset()
        self._topology: Topology | None = None

    async def look(self) -> Topology:
        serving = self._topology.servers if self._topology is not None else frozenset()
        asked = serving | set(self._servers.address.servers)
        await self._forget(self._clients.keys() - asked)
        answers = await _whoever_answers(partial(self._ask, each) for each in asked)
        if not answers:
            raise Unavailable
        heard = frozenset().union(*answers)
        if self._topology is None or heard != self._heard:
            self._heard, self._topology = heard, settled(heard)
        return self._topology

    async def close(self) -> None:
        await self._forget(set(self._clients))

    async def _ask(self, server: Server) -> frozenset[Claim]:
        client = self._clients.get(server)
        if client is None:
            client = self._clients[server] = self._servers.lone(server)
        # In two words: in one, the client would make of it something that has no names of hosts.
        answer = await client.execute_command("CLUSTER", "NODES")  # type: ignore[no-untyped-call]
        return claims(answer.decode(), server, by_name=self._servers.address.tls)

    async def _forget(self, servers: Iterable[Server]) -> None:
        for server in tuple(servers):
            await self._clients.pop(server).aclose()


async def _whoever_answers(
    questions: Iterable[Callable[[], Awaitable[Answer]]],
) -> list[Answer]:
    """Ask all at once, and leave out who has not answered within a second."""
    asked = [asyncio.create_task(_answer(each)) for each in questions]
    try:
        answers = await asyncio.gather(*asked, return_exceptions=True)
    finally:
        for each in asked:
            each.cancel()
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, AWAY):
            raise answer
    return [each for each in answers if not isinstance(each, BaseException)]


async def _answer(question: Callable[[], Awaitable[Answer]]) -> Answer:
    async with asyncio.timeout(ANSWER_S):
        return await question()
