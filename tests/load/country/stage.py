"""The real program on this machine: a node on one core, phones on the other, what it needs beside.

Costs are measured among few phones, then the evening is played among all of them, faster.
"""

import asyncio
import os
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import cast

import aiohttp
import uvloop

from tests.load.country import calibrate
from tests.load.country.calibrate import Calibration
from tests.load.country.costs import Costs
from tests.load.country.evening import Evening, Played, play
from tests.load.country.meter import Meter
from tests.load.country.phones import Fleet
from tests.load.country.redis_costs import redis_costs
from tests.load.country.server import helpers
from tests.load.peers.peer import with_children
from tests.load.processes import Process, allow_sockets
from tests.support.postgres import Postgres
from tests.support.redis_servers import RedisServer, redis_alone

SERVER = "tests.load.country.server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    #: Phones among which things are costed, and among which the evening is played.
    small: int
    large: int
    #: How much faster the evening goes, and how long it is played, in real seconds.
    faster: float
    lasts_s: float
    calibration: calibrate.Size
    #: Commands repeated to cost one in Redis.
    times: int
    #: What people's delays are multiplied by.
    answers: float
    postgres: bool


FULL = Size(
    # So many that what each costs by being there is seen beside what the servers cost anyhow.
    small=1_200,
    large=8_800,
    # Twice as fast again, ten thousand phones would leave the node no rest: what is compared with
    # the model would be a queue.
    faster=2.5,
    lasts_s=30.0,
    calibration=calibrate.FULL,
    times=4_000,
    # Faster still, what people say would share commits that it does not share in a country.
    answers=0.5,
    postgres=True,
)
REDUCED = Size(
    small=90,
    large=30,
    faster=10.0,
    lasts_s=1.0,
    calibration=calibrate.REDUCED,
    times=100,
    answers=0.05,
    postgres=False,
)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Processes: the node with phones, one that only hears, the database's that serve that one."""

    first: int
    other: int
    lines: Sequence[int]


def measured(size: Size, evening: Evening, seed: int) -> tuple[Costs, Played]:
    """What each thing costs here, and what the evening came to."""
    allow_sockets()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_alone())
        database, leader = "", 0
        if size.postgres:
            server = Postgres()
            stack.callback(server.close)
            server.start()
            database, leader = server.new_database(), server._process_id() or 0
        cores = sorted(os.sched_getaffinity(0))
        alone = len(cores) > 1
        orders: dict[str, object] = {
            "data_dir": stack.enter_context(tempfile.TemporaryDirectory(prefix="entraide-bench-")),
            "core": cores[0] if alone else None,
            "database": database,
            "broker": redis.url,
            "seed": seed,
            "small": size.small,
            "large": size.large,
            "ping_s": max(1, round(evening.rhythm.ping_s / size.faster)),
        }
        node, ready = stack.enter_context(_node({**orders, "first": True}))
        other, lines = 0, with_children(leader) if leader else []
        if size.postgres:
            other, _ = stack.enter_context(_node({**orders, "first": False}))
            lines = [it for it in with_children(leader) if it not in lines]
        if alone:
            os.sched_setaffinity(0, {cores[1]})
            stack.callback(os.sched_setaffinity, 0, set(cores))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(
                _measured(size, evening, seed, redis, leader, Nodes(node, other, lines), ready)
            )


async def _measured(
    size: Size,
    evening: Evening,
    seed: int,
    redis: RedisServer,
    leader: int,
    nodes: Nodes,
    ready: dict[str, object],
) -> tuple[Costs, Played]:
    people = helpers(size.small, size.large, seed)
    few, many = people[: size.small], people[size.small :]
    in_redis = await redis_costs(redis, times=size.times)
    # Each phone's ticket comes over a connection of its own.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        fleet = Fleet(http, int(cast("int", ready["port"])), seed, size.answers)
        meter = Meter(fleet, nodes.first, redis, leader)
        loading_us = float(cast("list[str]", ready["loading_us"])[0])
        ping_s = max(1, round(evening.rhythm.ping_s / size.faster))
        calibration = Calibration(
            meter, size.calibration, ping_s, other=nodes.other, lines=nodes.lines
        )
        costs = await calibration.run(few, in_redis, loading_us)
        played = await play(meter, evening, many, costs, size.lasts_s)
        for phone in fleet.open:
            phone.leave()
        # Among few it is lost in what the process had kept free.
        held = max(played.parts[0].bytes_each, 1.0)
        return replace(costs, phone_bytes=held), played


@contextmanager
def _node(orders: dict[str, object]) -> Generator[tuple[int, dict[str, object]]]:
    with Process(SERVER, orders) as node:
        ready = node.answer()
        node.say("begin")
        try:
            yield node._process.pid, ready
        finally:
            node.say("stop")
