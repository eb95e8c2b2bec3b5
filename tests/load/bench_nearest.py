"""The fifty nearest of a million who have a tag, beside Redis' GEOSEARCH and PostGIS, in turns.

Helpers are spread as the people of France are, and asked for in Paris, where there is a crowd in
each street, and in the Creuse, where fifty are found within half a department. Both of our adapters
know cells only, the others know places; so answers are compared as sets of steps.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import uvloop

from geo.cells import cell_of, index_steps
from geo.point import Point
from geo.whereabouts.nearest import LONGEST_STEP_M
from geo.whereabouts.order import near_index
from tests.load.nearest_growth import grown
from tests.load.nearest_moves import MEMORY, REDIS, held_up, moved
from tests.load.nearest_world import (
    LOOKED_UP,
    PLACES,
    POSTGIS,
    SEARCH,
    WANT,
    Size,
    World,
    near,
    opened,
)
from tests.load.paired import in_turns, middle, ratio
from tests.load.quantiles import quantile
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone

#: How far GEOSEARCH looks first where it is not told: then twice as far, until that is enough.
FIRST_KM = 1.0
TOLD = "GEOSEARCH, a set a tag, told how far"
#: What no question to a server is faster than: an answer without work.
TRIP = "a round trip to Redis"
#: Microseconds.
MOST_P50, MOST_P99 = 150.0, 2_000.0
TIMES_SEARCH, TIMES_POSTGIS, MOST_TIMES_P50, MOST_TRIPS = 5.0, 10.0, 1.5, 2


FULL = Size(helpers=1_000_000, runs=5, questions=150, moves=300_000, checked=20)
REDUCED = Size(helpers=5_000, runs=2, questions=5, moves=3_000, checked=2)


class Taken(NamedTuple):
    """Microseconds of one question: on the wall, and of this process."""

    wall: float
    own: float


Times = dict[str, list[Taken]]


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        f"The {WANT} nearest who have a tag, of {size.helpers:,}",
        (
            "asked in", "of", "p50, µs", "p99, µs", "own CPU, p50, p99",
            "× ours in memory at p99", "× GEOSEARCH at p50",
        ),
    )  # fmt: skip
    dice = random.Random(seed)
    with ExitStack() as stack:
        own, others = (stack.enter_context(redis_alone()) for _ in range(2))
        database = None if reduced else _database(stack)
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        opening = opened(own.url, others.port, database, size, dice)
        world = runner.run(opening.__aenter__())
        stack.callback(lambda: runner.run(opening.__aexit__(None, None, None)))
        runner.run(_compared(table, world, size, dice))
        _timed(table, world, size, dice, runner)
        runner.run(grown(table, world, size.questions, dice))
        runner.run(moved(table, world, size, dice))
        runner.run(held_up(table, world, size))
    table.note(
        f"GEOSEARCH looks {FIRST_KM:g} km around, then twice as far until there are enough, as who "
        "knows nothing of the place; told how far, it asks once. Ours is not told"
    )
    table.note(
        f"{LOOKED_UP}: what does as ours does, a place and a record of whether somebody may; "
        f"{TRIP} is what no answer of a server is faster than"
    )
    table.note(
        "Tile38 is not beside the others: its module could not be had, so no peer was written"
    )
    return table


def _database(stack: ExitStack) -> str:
    server = Postgres(fsync=False, settings={"shared_buffers": "512MB"})
    stack.callback(server.close)
    server.start()
    return server.new_database()


async def _compared(table: Table, world: World, size: Size, dice: random.Random) -> None:
    """Whether all of them hold the same people, and ours are the nearest of them by steps."""
    numbers = {person: number for number, person in enumerate(world.ids)}
    alike = dict.fromkeys((REDIS, *world.peers), True)
    for place in PLACES:
        for number, point in enumerate(world.origins(place, size.checked, dice)):
            ours = await near(world.memory, point, number)
            alike[REDIS] &= ours == await near(world.redis, point, number)
            steps = {(numbers[it.person], it.steps) for it in ours}
            furthest, here = max(it.steps for it in ours), near_index(cell_of(point))
            for name, peer in world.peers.items():
                within = await peer.within(point, (furthest + 2) * LONGEST_STEP_M)
                theirs = {(it, index_steps(here, near_index(world.cells[it]))) for it in within}
                alike[name] &= steps == {it for it in theirs if it[1] <= furthest}
    table.require(f"{REDIS}: the same answers, in the same order", alike.pop(REDIS))
    for name, same in alike.items():
        table.require(f"{name}: the same people at the same steps", same)


def _timed(
    table: Table, world: World, size: Size, dice: random.Random, runner: asyncio.Runner
) -> None:
    def measure(name: str) -> Times:
        return {
            place: runner.run(
                _asked(world, name, place, world.origins(place, size.questions, dice))
            )
            for place in PLACES
        }

    names = (MEMORY, REDIS, TRIP, TOLD, *world.peers)
    for name in names:
        measure(name)
    before = world.counted.trips
    found, again = in_turns(names, size.runs, measure, dice)
    asked = (size.runs + again) * size.questions * len(PLACES)
    trips = (world.counted.trips - before) / asked
    for place in PLACES:
        _told(
            table, place, {name: [it[place] for it in each] for name, each in found.items()}, dice
        )
    table.aim(f"{REDIS}: at most {MOST_TRIPS} round trips", trips <= MOST_TRIPS)
    table.note(f"{REDIS}: {trips:.2f} round trips in the mean, where others have asked before")
    table.note(f"runs done again because the host took the processors: {again}")


async def _asked(world: World, name: str, place: str, points: Sequence[Point]) -> list[Taken]:
    taken = []
    peer = world.peers.get(SEARCH if name == TOLD else name)
    first_km = PLACES[place][1] if name == TOLD else FIRST_KM
    for number, point in enumerate(points):
        start, own = time.perf_counter(), time.thread_time()
        if name == TRIP:
            await world.other.ping()
        elif peer is not None:
            found = await peer.nearest(point, WANT, first_km)
            assert len(found) == WANT
        else:
            await near(world.memory if name == MEMORY else world.redis, point, number)
        spent, own = time.perf_counter() - start, time.thread_time() - own
        taken.append(Taken(spent * 1e6, own * 1e6))
    return taken


def _told(
    table: Table, place: str, found: Mapping[str, list[list[Taken]]], dice: random.Random
) -> None:
    walls = {name: [[it.wall for it in run] for run in each] for name, each in found.items()}
    p50 = {name: [quantile(it, 0.5) for it in each] for name, each in walls.items()}
    p99 = {name: [quantile(it, 0.99) for it in each] for name, each in walls.items()}
    slower = {name: ratio(p99[name], p99[MEMORY], dice) for name in found}
    against = {name: ratio(p50[name], p50[SEARCH], dice) for name in found}
    for name, each in found.items():
        own = [it.own for run in each for it in run]
        table.add(
            place, name, middle(p50[name], dice), middle(p99[name], dice),
            f"{quantile(own, 0.5):.0f}, {quantile(own, 0.99):.0f}", slower[name], against[name],
        )  # fmt: skip
    half, nearly_all = middle(p50[MEMORY], dice).value, middle(p99[MEMORY], dice).value
    table.aim(f"{place}: p50 at most {MOST_P50:g} µs in memory", half <= MOST_P50)
    table.aim(f"{place}: p99 at most {MOST_P99:,.0f} µs in memory", nearly_all <= MOST_P99)
    for name, times in (
        (SEARCH, TIMES_SEARCH),
        (LOOKED_UP, TIMES_SEARCH),
        (POSTGIS, TIMES_POSTGIS),
    ):
        if name not in found:
            continue
        better = slower[name].value >= times
        table.aim(f"{place}: {times:g} times better than {name} at p99, in memory", better)
    for name in (SEARCH, TOLD):
        table.aim(
            f"{place}: in Redis, p50 at most {MOST_TIMES_P50:g} times {name}",
            ratio(p50[REDIS], p50[name], dice).value <= MOST_TIMES_P50,
        )
