"""What the broker of several nodes costs: one hop, many deliveries, many channels, a line lost.

Two nodes of one process on real servers of this machine, on the loop that serves: what one says
the other hears. The times are what a clock on the wall says.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import uvloop

from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import Channel
from realtime.ports import Delivery
from tests.proofs.table import Table
from tests.support.redis_deployments import redis_clustered, redis_sentinels
from tests.support.redis_servers import RedisServer, redis_alone, valkey_program

#: Several slots on each of a cluster's servers.
ROOMS = [Channel(f"room:{number}") for number in range(30)]
BODY = b"x" * 300
#: Deliveries of one commit.
COMMIT = 100
#: What a hop may add to a message, beside two sockets and a commit that flushes a disk.
MOST_P99_MS = 5.0
LEAST_A_SECOND = 20_000

DEPLOYMENTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "Redis": redis_alone,
    "Valkey": lambda: redis_alone(program=valkey_program()),
    "Sentinel": redis_sentinels,
    "Cluster": redis_clustered,
}


def main(seed: int, reduced: bool) -> Table:
    table = Table(
        "The broker of several nodes",
        (
            "servers", "hop p50, ms", "p99", "deliveries a second",
            "channels joined a second", "lines lost until all is in place, s",
        ),
    )  # fmt: skip
    for name, start in DEPLOYMENTS.items():
        with start() as deployment:
            uvloop.run(_measure(table, name, deployment, 10 if reduced else 1))
    channels = 1_000 if reduced else 10_000
    table.note("bodies of 300 bytes, commits of 100 deliveries in 30 channels")
    table.note(f"{channels:,} channels are joined, then all lines of both nodes are closed")
    return table


async def _measure(table: Table, name: str, deployment: object, less: int) -> None:
    url: str = getattr(deployment, "url")  # noqa: B009  # each kind of deployment has one
    async with (
        RedisServers.open(url) as ours,
        RedisServers.open(url) as theirs,
        RedisBroker(ours) as here,
        RedisBroker(theirs) as there,
    ):
        heard = there.deliveries()
        for room in ROOMS:
            await there.subscribe(room)
        hops = sorted([await _hop(here, heard, number) for number in range(3_000 // less)])
        rate = await _many(here, heard, 100_000 // less)
        joined = await _joined(there, 10_000 // less)
        lost = await _lost(there, deployment)
    p50, p99 = (hops[len(hops) * share // 100] * 1e3 for share in (50, 99))
    table.add(name, p50, p99, int(rate), int(joined), lost)
    table.aim(f"{name}: a hop under {MOST_P99_MS} ms at p99", p99 < MOST_P99_MS)
    table.aim(f"{name}: at least {LEAST_A_SECOND:,} deliveries a second", rate >= LEAST_A_SECOND)


async def _hop(here: RedisBroker, heard: AsyncIterator[list[Delivery]], number: int) -> float:
    started = time.perf_counter()
    await here.publish([Delivery(ROOMS[number % len(ROOMS)], number, BODY)])
    await anext(heard)
    return time.perf_counter() - started


async def _many(here: RedisBroker, heard: AsyncIterator[list[Delivery]], count: int) -> float:
    """Deliveries a second, from the first published to the last heard."""

    async def publish() -> None:
        for start in range(0, count, COMMIT):
            numbers = range(start, start + COMMIT)
            await here.publish([Delivery(ROOMS[it % len(ROOMS)], it, BODY) for it in numbers])

    started = time.perf_counter()
    publishing = asyncio.create_task(publish())
    left = count
    while left:
        left -= len(await anext(heard))
    await publishing
    return count / (time.perf_counter() - started)


async def _joined(there: RedisBroker, count: int) -> float:
    """Channels a second, asked for all at once."""
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(there.subscribe(Channel(f"many:{number}")))
    return count / (time.perf_counter() - started)


async def _lost(there: RedisBroker, deployment: object) -> float:
    """Every line of every node is closed, and everything is put back."""
    servers: list[RedisServer] = getattr(deployment, "servers", [deployment])
    gaps = there.gaps
    started = time.perf_counter()
    for server in servers:
        server.kill_clients()
    while there.gaps == gaps or there.away:  # noqa: ASYNC110  # what a node would see
        await asyncio.sleep(0.001)
    return time.perf_counter() - started
