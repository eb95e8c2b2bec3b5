"""Moves a second, as phones say them and at worst, beside GEOADD and UPDATE; what holds the loop.

A phone on duty says where it is, rounded to three decimals, once it is 100 m from where it said so
last, looked at once a minute, and every four minutes where it rests (``web/client``'s ``duty.ts``).
"""

import asyncio
import gc
import math
import random
import time
from collections.abc import Awaitable, Callable, Sequence

import h3.api.basic_int as grid

from geo.cells import Cell, cell_of, to_cell
from geo.point import Point
from geo.whereabouts.order import near_index
from realtime.kernel.ids import PersonId
from tests.load.france import somewhere
from tests.load.nearest_peers import Someone
from tests.load.nearest_world import FILTERED, NOW, PLACES, POSTGIS, Size, World, near
from tests.proofs.table import Table

LEAST_MOVES, TIMES_GEOADD = 300_000, 5.0
#: Microseconds.
LONGEST_STALL = 5_000.0
MEMORY, REDIS = "ours, in memory", "ours, in Redis"
#: Of helpers on duty, who rests, walks and is driven; words an hour; metres between two of them.
KINDS = (
    (0.85, 15, 0.0),
    (0.10, 30, 156.0),
    (0.05, 60, 600.0),
)
#: Words to the others, and how many go together: several of them in one pipeline or statement.
TO_OTHERS, AT_ONCE = 20_000, 500

Moves = Sequence[tuple[PersonId, Cell]]


async def moved(table: Table, world: World, size: Size, dice: random.Random) -> None:
    """Moves a second: as phones say them, all into the next cell, and all within the same."""
    many = min(size.moves, len(world.ids))
    homes = list(zip(world.ids[:many], world.cells[:many], strict=True))
    beside = [(person, _beside(cell)) for person, cell in homes]
    said, points = _as_phones_say(world, many, dice)
    crossing = sum(
        cell != world.cells[it.number] for (_, cell), it in zip(said, points, strict=True)
    )
    mixed = f"as phones say them ({crossing / many:.0%} into another cell)"
    rates = {}
    for what, moves in (
        (mixed, said), ("back", homes), ("into the next cell", beside), ("back", homes),
        ("within it", homes),
    ):  # fmt: skip
        rates[what], spent = await _told(world, moves)
        if what != "back":
            table.note(
                f"{MEMORY}: {rates[what]:,.0f} moves a second {what}, {spent:.2f} µs of processor "
                "each"
            )
    table.aim(f"{LEAST_MOVES:,} moves a second, {mixed}", rates[mixed] >= LEAST_MOVES)
    table.aim(
        f"{LEAST_MOVES:,} moves a second, all into the next cell",
        rates["into the next cell"] >= LEAST_MOVES,
    )
    await _told_to_others(table, world, points[:TO_OTHERS], rates[mixed])
    await _told_to_redis(table, world, said[: max(1, many // 60)])


async def _told(world: World, moves: Moves) -> tuple[float, float]:
    """Moves a second, and microseconds of this thread for each."""
    start, own = time.perf_counter(), time.thread_time()
    for person, cell in moves:
        await world.memory.move(person, cell, NOW)
    took, spent = time.perf_counter() - start, time.thread_time() - own
    return len(moves) / took, spent / len(moves) * 1e6


async def _told_to_others(
    table: Table, world: World, points: Sequence[Someone], ours: float
) -> None:
    for name in (FILTERED, POSTGIS):
        peer = world.peers.get(name)
        if peer is None:
            continue
        start = time.perf_counter()
        for first in range(0, len(points), AT_ONCE):
            await peer.move(points[first : first + AT_ONCE])
        rate = len(points) / (time.perf_counter() - start)
        how = "GEOADD, pipelined" if name == FILTERED else "PostGIS, UPDATE"
        table.note(
            f"{how}: {rate:,.0f} moves a second, {AT_ONCE} at once; "
            f"ours in memory × {ours / rate:.1f}"
        )
        if name == FILTERED:
            table.aim(
                f"{TIMES_GEOADD:g} times the moves of GEOADD, pipelined",
                ours >= TIMES_GEOADD * rate,
            )


async def _told_to_redis(table: Table, world: World, moves: Moves) -> None:
    at_once = 64
    start, cpu = time.perf_counter(), time.process_time()

    async def part(first: int) -> None:
        for person, cell in moves[first::at_once]:
            await world.redis.move(person, cell, NOW)

    await asyncio.gather(*(part(first) for first in range(at_once)))
    took, spent = time.perf_counter() - start, time.process_time() - cpu
    table.note(
        f"{REDIS}: {len(moves) / took:,.0f} moves a second as phones say them, {at_once} at once, "
        f"{spent / len(moves) * 1e6:.0f} µs of processor each"
    )


def _as_phones_say(
    world: World, many: int, dice: random.Random
) -> tuple[list[tuple[PersonId, Cell]], list[Someone]]:
    """The next word of so many, those who say more being met more often."""
    weights = [share * words for share, words, _ in KINDS]
    said, points = [], []
    for _ in range(many):
        it = world.people[dice.randrange(len(world.people))]
        ((_, _, metres),) = dice.choices(KINDS, weights)
        angle = dice.random() * 2 * math.pi
        north = metres * math.sin(angle) / 111_200
        east = metres * math.cos(angle) / (111_200 * math.cos(math.radians(it.point.lat)))
        moves = metres > 0
        point = (
            Point(lat=round(it.point.lat + north, 3), lon=round(it.point.lon + east, 3))
            if moves
            else it.point
        )
        said.append((world.ids[it.number], cell_of(point)))
        points.append(Someone(it.number, point, it.tagged))
    return said, points


def _beside(cell: Cell) -> Cell:
    return to_cell(next(iter(grid.grid_ring(near_index(cell), 1))))


async def held_up(table: Table, world: World, size: Size) -> None:
    """How long the loop is held at most while people move and others ask, by its own work."""
    dice = random.Random(1)
    longest = {"questions": 0.0, "moves": 0.0}

    async def turns(what: str, work: Sequence[Callable[[], Awaitable[object]]]) -> None:
        for each in work:
            start = time.thread_time()
            await each()
            longest[what] = max(longest[what], time.thread_time() - start)
            await asyncio.sleep(0)

    def question(number: int, point: Point) -> Callable[[], Awaitable[object]]:
        return lambda: near(world.memory, point, number)

    def move(number: int) -> Callable[[], Awaitable[object]]:
        return lambda: world.memory.move(world.ids[number], _beside(world.cells[number]), NOW)

    points = [point for place in PLACES for point in world.origins(place, 2 * size.questions, dice)]
    points += [somewhere(it, dice) for it in dice.choices(world.communes, k=4 * size.questions)]
    asks = [question(number, point) for number, point in enumerate(points)]
    moves = [move(number) for number in range(min(size.moves // 10, len(world.ids)))]
    await asyncio.gather(turns("questions", asks), turns("moves", moves))
    held = max(longest.values()) * 1e6
    table.note(
        f"{MEMORY}: the loop was held {held:,.0f} µs at most, by its own work, during "
        f"{len(asks):,} questions all over France and {len(moves):,} moves"
    )
    table.aim(f"no stall of the loop above {LONGEST_STALL:,.0f} µs", held <= LONGEST_STALL)
    start = time.thread_time()
    gc.collect()
    table.note(
        f"looking through all that lives for cycles takes {time.thread_time() - start:.2f} s here: "
        "the server does it rarely (web/serve.py), and never for a move or a question alone"
    )
