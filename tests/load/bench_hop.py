"""From what one node publishes to what another hears: its time, and what the other spends on it.

Publisher and Redis have one core, who listens the other. Beside our reader, in turns: redis-py's
own publish/subscribe, and a bare protocol on hiredis' reader, which is the floor.
"""

import asyncio
import os
import random
import statistics
import time
from collections.abc import Mapping
from contextlib import ExitStack

import msgspec
import uvloop
from redis.crc import key_slot

from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import Channel
from realtime.ports import Delivery
from tests.load.bench_broker import COMMIT, DEPLOYMENTS
from tests.load.hop_listener import READERS, Place, Take, as_orders
from tests.load.paired import in_turns, middle, ratio
from tests.load.processes import Process
from tests.load.quantiles import quantile
from tests.proofs.table import Table
from tests.support.redis_deployments import ClusterDeployment, SentinelDeployment
from tests.support.redis_servers import RedisServer

ROOMS, SIZE = 30, 300
RUNS, MESSAGES, HOPS = 7, 40_000, 300
REDUCED_RUNS, REDUCED_MESSAGES, REDUCED_HOPS = 3, 3_000, 30
#: Microseconds of the listener for each message: CPU-seconds a million.
MOST_CPU_US = 4.0
MEASURED = ("Redis", "Sentinel", "Cluster")

Answer = dict[str, object]


class Run(msgspec.Struct, frozen=True):
    cpu_us: float
    seconds: float
    #: Microseconds, of messages said one by one.
    hops: list[float]


def main(seed: int, reduced: bool) -> Table:
    table = Table(
        f"One hop: messages of {SIZE} bytes in {ROOMS} rooms, commits of {COMMIT}",
        ("servers", "reader", "CPU-s a million", "× bare", "hop p50, µs", "p99", "a second"),
    )
    for name in MEASURED[:1] if reduced else MEASURED:
        with DEPLOYMENTS[name]() as deployment:
            _measure(table, name, deployment, random.Random(seed), reduced)
    table.note("bare: a protocol on hiredis' reader, without any of the broker's promises")
    return table


def _measure(
    table: Table, name: str, deployment: object, dice: random.Random, reduced: bool
) -> None:
    runs, messages, hops = (
        (REDUCED_RUNS, REDUCED_MESSAGES, REDUCED_HOPS) if reduced else (RUNS, MESSAGES, HOPS)
    )
    cores = sorted(os.sched_getaffinity(0))
    url: str = getattr(deployment, "url")  # noqa: B009  # each kind of deployment has one
    rooms = {kind: [f"{kind}:{number}" for number in range(ROOMS)] for kind in READERS}
    with ExitStack() as stack:
        listeners: dict[str, Process] = {}
        for kind in READERS:
            orders = as_orders(
                kind,
                cores[1] if len(cores) > 1 else None,
                url,
                rooms[kind],
                _places(deployment, rooms[kind]),
            )
            listeners[kind] = stack.enter_context(Process("tests.load.hop_listener", orders))
            listeners[kind].answer()
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        if len(cores) > 1:
            os.sched_setaffinity(0, {cores[0]})
            stack.callback(os.sched_setaffinity, 0, set(cores))
        speaker = Speaker(url)
        runner.run(speaker.open())
        stack.callback(lambda: runner.run(speaker.close()))

        def measure(kind: str) -> Run:
            one_by_one = _take(listeners[kind], runner, speaker, rooms[kind], hops, timed=True)
            together = _take(listeners[kind], runner, speaker, rooms[kind], messages, timed=False)
            return Run(together.cpu_us, together.seconds, one_by_one.hops)

        for kind in READERS:
            measure(kind)
        found, again = in_turns(tuple(READERS), runs, measure, dice)
    _told(table, name, found, messages, dice)
    if again:
        table.note(f"{name}: runs done again because the host took the processors: {again}")


def _take(
    listener: Process,
    runner: asyncio.Runner,
    speaker: "Speaker",
    rooms: list[str],
    messages: int,
    *,
    timed: bool,
) -> Run:
    listener.say(msgspec.json.encode(Take(messages, timed)).decode())
    listener.answer()
    runner.run(speaker.say(rooms, messages, 1 if timed else COMMIT))
    return msgspec.convert(listener.answer(), Run)


def _told(
    table: Table, name: str, found: Mapping[str, list[Run]], messages: int, dice: random.Random
) -> None:
    cpu = {kind: [it.cpu_us for it in each] for kind, each in found.items()}
    for kind, each in found.items():
        hops = [hop for it in each for hop in it.hops]
        table.add(
            name,
            kind,
            middle(cpu[kind], dice),
            "1" if kind == "bare" else ratio(cpu[kind], cpu["bare"], dice),
            quantile(hops, 0.5),
            quantile(hops, 0.99),
            int(statistics.median(messages / it.seconds for it in each)),
        )
    table.aim(
        f"{name}: at most {MOST_CPU_US:g} CPU-seconds of the listener a million",
        statistics.median(cpu["ours"]) <= MOST_CPU_US,
    )
    table.note(
        f"{name}: redis-py's reader costs {ratio(cpu['redis-py'], cpu['ours'], dice)} times ours"
    )


class Speaker:
    """A node that publishes."""

    def __init__(self, url: str) -> None:
        self._opened = RedisServers.open(url)
        self._offset = 0

    async def open(self) -> None:
        self._broker = RedisBroker(await self._opened.__aenter__())
        await self._broker.__aenter__()

    async def close(self) -> None:
        await self._broker.__aexit__(None, None, None)
        await self._opened.__aexit__(None, None, None)

    async def say(self, rooms: list[str], messages: int, at_once: int) -> None:
        for start in range(0, messages, at_once):
            numbers = range(start, min(start + at_once, messages))
            await self._broker.publish([self._delivery(rooms[it % len(rooms)]) for it in numbers])
            if at_once == 1:
                # The next only once this one has been heard, and everybody is at rest.
                await asyncio.sleep(0.001)

    def _delivery(self, room: str) -> Delivery:
        self._offset += 1
        return Delivery(
            Channel(room), self._offset, time.perf_counter_ns().to_bytes(8) + bytes(SIZE - 8)
        )


def _places(deployment: object, rooms: list[str]) -> list[Place]:
    """Where each name is listened to."""
    names = [f"entraide:channel:{room}" for room in rooms]
    by_server: dict[int, list[str]] = {}
    for name in names:
        by_server.setdefault(_server(deployment, name).port, []).append(name)
    return [Place("127.0.0.1", port, some) for port, some in by_server.items()]


def _server(deployment: object, name: str) -> RedisServer:
    match deployment:
        case ClusterDeployment():
            return deployment.owner(key_slot(name.encode()))
        case SentinelDeployment():
            return deployment.primary
        case RedisServer():
            return deployment
        case _:
            raise TypeError(type(deployment).__name__)
