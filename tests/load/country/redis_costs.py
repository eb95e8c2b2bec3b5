"""What Redis spends on each kind of thing that we ask of it: real commands, said again and again.

The live map's commands are taken from the adapter itself while it works; Redis' own processor time
is read while they are repeated, one by one and many in a round trip.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from redis import Redis

from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.adapters import scripts
from geo.whereabouts.adapters.redis import RedisWhereabouts
from realtime.adapters.redis.batches import BATCH, Batches, Command, in_batches
from realtime.adapters.redis.presence import _BEAT, LIFE_S
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId
from tests.load.country.costs import RedisCosts
from tests.load.country.meter import spent_us
from tests.load.nearest_filling import fill
from tests.support.redis_servers import RedisServer

HERE, THERE = Point(lat=48.853, lon=2.349), Point(lat=48.953, lon=2.349)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
LISTENERS, FEW, MANY, ASKED_ABOUT, BODY = 20, 10, 1_000, 12, b"x" * 300


class Recording:
    """``Batches``, and what they were asked."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self.said: list[tuple[Any, ...]] = []

    @property
    def divided(self) -> bool:
        return self._batches.divided

    def key(self, *parts: str) -> str:
        return self._batches.key(*parts)

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        self.said += commands
        return await self._batches.ask(commands)


async def redis_costs(server: RedisServer, *, times: int) -> RedisCosts:
    pid = server._process.pid if server._process is not None else 0
    with Redis(port=server.port) as client:
        async with RedisServers.open(server.url, "costs") as servers:
            said = await moves(servers, max(20, times // 20))

            def one(commands: Sequence[Command], at_once: int = BATCH) -> float:
                return _repeated(client, pid, commands, times, at_once)

            by_script = {
                script: [it for it in said if it[1] == script]
                for script in (scripts.PLACE, scripts.MOVE, scripts.LEAVE)
            }
            note = one(by_script[scripts.PLACE])
            alone = one(by_script[scripts.PLACE], 1)
            trip = max(0.0, alone - note) * BATCH / (BATCH - 1)
            share = trip / BATCH
            publish, listener = _published(client, server, one)
            beat, beat_node = _beats(client, one)
            people = [f"{it:022x}" for it in range(ASKED_ABOUT)]
            ask = ("SMISMEMBER", "costs:people", *people)
            began = time.process_time()
            await in_batches(servers, [ask] * times, patience_s=30)
            asking = (time.process_time() - began) / times * 1e6
            read, reading = await _read(server, servers, pid)
            return RedisCosts(
                trip=trip,
                note=note - share,
                move=one(by_script[scripts.MOVE]) - share,
                drop=one(by_script[scripts.LEAVE]) - share,
                publish=publish - share,
                listener=listener,
                beat=beat - share,
                beat_node=beat_node,
                asked=one([ask]) - share,
                asking=asking,
                read=read,
                reading=reading,
            )


async def moves(servers: RedisServers, people: int) -> list[tuple[Any, ...]]:
    """What the live map asks while people move from one cell to another and back."""
    recording = Recording(Batches(servers, "whereabouts", patience_s=30))
    whereabouts = RedisWhereabouts(recording, patience_s=30)
    names = [PersonId(f"{it:022x}") for it in range(people)]
    for name in names:
        await whereabouts.enlist(name, 1)
    recording.said.clear()
    for place in (HERE, THERE, HERE):
        for name in names:
            await whereabouts.move(name, cell_of(place), NOW)
    return recording.said


def _repeated(
    client: Redis, pid: int, commands: Sequence[Command], times: int, at_once: int
) -> float:
    """Microseconds of Redis for each, in so many round trips."""
    before = spent_us(pid)
    done = 0
    while done < times:
        line = client.pipeline(transaction=False)
        for number in range(done, done + at_once):
            line.execute_command(*commands[number % len(commands)])  # type: ignore[no-untyped-call]
        line.execute()
        done += at_once
    return (spent_us(pid) - before) / done


One = Callable[[Sequence[Command]], float]


def _published(client: Redis, server: RedisServer, one: One) -> tuple[float, float]:
    command = [("PUBLISH", "costs:channel", BODY)]
    alone = one(command)
    lines = [client.pubsub() for _ in range(LISTENERS)]  # type: ignore[no-untyped-call]
    try:
        for line in lines:
            line.subscribe("costs:channel")
        among = one(command)
    finally:
        for line in lines:
            line.close()
    return alone, max(0.0, among - alone) / LISTENERS


def _beats(client: Redis, one: One) -> tuple[float, float]:
    found = []
    for nodes in (FEW, MANY):
        key = f"costs:nodes:{nodes}"
        later = {f"{it:032x}": 4e12 for it in range(nodes)}
        client.zadd(key, later)
        life = int(LIFE_S * 1000)
        found.append(one([("EVAL", _BEAT, 1, key, f"{0:032x}", life)]))
    slope = max(0.0, found[1] - found[0]) / (MANY - FEW)
    return max(0.0, found[0] - slope * FEW), slope


async def _read(server: RedisServer, servers: RedisServers, pid: int) -> tuple[float, float]:
    """A question in a crowded cell, for each in it: of Redis, and of who asks."""
    found = []
    for crowd, prefix in ((100, "few"), (2_100, "many")):
        async with RedisServers.open(server.url, f"costs-{prefix}") as own:
            whereabouts = RedisWhereabouts(Batches(own, "whereabouts"), patience_s=30)
            ids = [PersonId(f"{it:022x}") for it in range(crowd)]
            cells: list[Cell] = [cell_of(HERE)] * crowd
            await fill(own, whereabouts, ids, cells, [1] * crowd, NOW)
            before, began = spent_us(pid), time.process_time()
            for number in range(3):
                await whereabouts.near(
                    cell_of(HERE), ring=30, want=12, now=NOW, tags_all=1, salt=f"{number}"
                )
            found.append(((spent_us(pid) - before) / 3, (time.process_time() - began) / 3 * 1e6))
    few, many = found
    return (many[0] - few[0]) / 2_000, (many[1] - few[1]) / 2_000
