"""What nodes share through Redis, over loopback, beside the memory of one process.

The same helpers and questions as ``bench_near.py``: spread as the people of France are. Wall-clock
times, as a dispatch waits for them, and this process's own part of them.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from geo.cells import Cell, cell_of
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.ports import Found, Whereabouts
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.presence import RedisPresence
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId
from tests.load.france import communes, homes, somewhere
from tests.proofs.table import Table
from tests.support.redis_deployments import redis_clustered
from tests.support.redis_servers import redis_alone

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
#: Words of phones under way at once while the map is filled.
AT_ONCE = 64
ASKED_ABOUT = 2_000
NODES = 4
#: A dispatch waits for one such question each step of twenty seconds.
MOST_P99_MS = 100.0

Settled = list[tuple[PersonId, Cell]]
Times = tuple[float, float, float]
T = TypeVar("T")


def main(seed: int, reduced: bool) -> Table:
    table = Table(
        "What nodes share through Redis",
        ("what", "on", "live", "found", "p50, ms", "p99, ms", "CPU here, ms"),
    )
    live, questions = (2_000, 40) if reduced else (100_000, 1_000)
    with redis_alone() as alone:
        asyncio.run(_measure(table, "Redis", alone.url, live, questions, random.Random(seed)))
    if not reduced:
        with redis_clustered() as cluster:
            asyncio.run(
                _measure(table, "Cluster of 3", cluster.url, live, questions, random.Random(seed))
            )
    return table


async def _measure(
    table: Table, kind: str, url: str, live: int, questions: int, dice: random.Random
) -> None:
    known = communes()
    people = [
        (PersonId(f"{dice.getrandbits(88):022x}"), cell_of(it)) for it in homes(known, live, dice)
    ]
    asked = {
        "where people live": [cell_of(it) for it in homes(known, questions, dice)],
        "any commune": [cell_of(somewhere(it, dice)) for it in dice.choices(known, k=questions)],
    }
    async with RedisServers.open(url, "bench") as servers:
        redis = RedisWhereabouts(Batches(servers, "whereabouts", patience_s=30), patience_s=30)
        memory = MemoryWhereabouts()
        for where, each in (("memory", memory), (kind, redis)):
            start, cpu = time.perf_counter(), time.thread_time()
            await _settle(each, people)
            wall, own = (time.perf_counter() - start) / live, (time.thread_time() - cpu) / live
            table.note(
                f"{where}: enlisting and placing one took {wall * 1e6:.0f} µs, "
                f"{own * 1e6:.0f} of them this process's"
            )
        for label, origins in asked.items():
            for ring, want in ((None, 50), (30, 7)):
                what = f"{want} nearest, ring {ring or 'any'}, {label}"
                expected: list[list[Found]] | None = None
                for where, each in (("memory", memory), (kind, redis)):
                    times, found = await _near(each, origins, ring, want)
                    table.add(what, where, live, sum(map(len, found)) / questions, *times)
                    if expected is None:
                        expected = found
                        continue
                    table.require(f"{what}, {kind}: as memory", expected == found)
                    table.aim(f"{what}, {kind}: p99 {MOST_P99_MS} ms", times[1] < MOST_P99_MS)
        times, counted = await _timed([lambda: redis.counts(7, NOW, at_least=1)] * 5)
        table.require(f"{kind}: everybody is counted", sum(counted[0].values()) == live)
        table.add("counts, res 7", kind, live, len(counted[0]), *times)
        await _presence(table, kind, url, [person for person, _ in people], questions)


async def _settle(whereabouts: Whereabouts, people: Settled) -> None:
    async def part(some: Settled) -> None:
        for person, cell in some:
            await whereabouts.enlist(person, 1)
            await whereabouts.move(person, cell, NOW)

    await asyncio.gather(*(part(people[start::AT_ONCE]) for start in range(AT_ONCE)))


async def _near(
    whereabouts: Whereabouts, origins: Sequence[Cell], ring: int | None, want: int
) -> tuple[Times, list[list[Found]]]:
    def question(number: int, origin: Cell) -> Callable[[], Awaitable[list[Found]]]:
        return lambda: whereabouts.near(origin, ring=ring, want=want, now=NOW, salt=str(number))

    return await _timed([question(number, origin) for number, origin in enumerate(origins)])


async def _presence(
    table: Table, kind: str, url: str, people: Sequence[PersonId], questions: int
) -> None:
    """Everybody is on one of four nodes; another is asked about two thousand at a time."""
    handles = [RedisServers.open(url, "bench") for _ in range(NODES + 1)]
    servers = [await it.__aenter__() for it in handles]
    nodes = [RedisPresence(it, node=f"n{at}", patience_s=30) for at, it in enumerate(servers)]
    running = [it.running() for it in nodes]
    for each in running:
        await each.__aenter__()
    await asyncio.gather(
        *(nodes[at % NODES].arrive(person, "phone") for at, person in enumerate(people))
    )
    asked = min(ASKED_ABOUT, len(people))
    times, found = await _timed(
        [
            lambda at=at: nodes[NODES].present(people[at : at + asked])  # type: ignore[misc]
            for at in range(min(questions, len(people) - asked + 1))
        ]
    )
    table.add(f"presence of {asked:,}, {NODES} nodes", kind, len(people), len(found[0]), *times)
    table.require(f"{kind}: all of them are present", all(len(it) == asked for it in found))
    nodes[0]._version += 1
    again, _ = await _timed([nodes[0]._beat])
    table.add("a node tells all again", kind, len(people) // NODES, 0, *again)
    for one, other in zip(running, handles, strict=True):
        await one.__aexit__(None, None, None)
        await other.__aexit__(None, None, None)


async def _timed(questions: Sequence[Callable[[], Awaitable[T]]]) -> tuple[Times, list[T]]:
    """Milliseconds: the median, the slowest but one of a hundred, and the mean of our own part."""
    walls, answers, cpu = [], [], time.thread_time()
    for question in questions:
        start = time.perf_counter()
        answers.append(await question())
        walls.append((time.perf_counter() - start) * 1e3)
    own = (time.thread_time() - cpu) * 1e3 / len(questions)
    walls.sort()
    return (walls[len(walls) // 2], walls[len(walls) * 99 // 100], own), answers
