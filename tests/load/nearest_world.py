"""A million helpers in our adapters and in what one would pick instead, for ``bench_nearest``."""

import gc
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from redis.asyncio import Redis

from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.ports import Found, Whereabouts
from realtime.adapters.redis.batches import BATCH, Batches
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId
from tests.load.france import Commune, communes, homes
from tests.load.nearest_filling import fill
from tests.load.nearest_peers import (
    FilteredHere,
    LookedUp,
    Nearest,
    PostGis,
    SetForEachTag,
    Someone,
)
from web.serve import COLLECT_AFTER

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
WANT, TAG = 50, 1
#: Of those who are live, the share that has the tag.
TAGGED = 0.2
#: Of which departments, and how far it is to the fiftieth there, and a little more.
PLACES = {"Paris": ("75", 0.75), "the Creuse": ("23", 20.0)}
SEARCH, FILTERED, LOOKED_UP = (
    "GEOSEARCH, a set a tag", "GEOSEARCH, filtered here", "GEOSEARCH, tags looked up",
)  # fmt: skip
POSTGIS = "PostGIS <->"


@dataclass(frozen=True, slots=True)
class Size:
    helpers: int
    runs: int
    questions: int
    moves: int
    checked: int


class Counted:
    """``Batches``, with its round trips counted."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self.trips = 0

    @property
    def divided(self) -> bool:
        return self._batches.divided

    def key(self, *parts: str) -> str:
        return self._batches.key(*parts)

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        self.trips += -(-len(commands) // BATCH)
        return await self._batches.ask(commands)


@dataclass(frozen=True, slots=True)
class World:
    people: Sequence[Someone]
    ids: Sequence[PersonId]
    cells: Sequence[Cell]
    memory: MemoryWhereabouts
    redis: RedisWhereabouts
    counted: Counted
    #: None but those of Redis where there is no database.
    peers: Mapping[str, Nearest]
    #: Asked for an answer without work: the floor of a round trip.
    other: Redis
    communes: Sequence[Commune]
    #: Of these, where it is asked from.
    around: Mapping[str, Sequence[Commune]]

    def origins(self, place: str, many: int, dice: random.Random) -> list[Point]:
        """As people live there: alarms are raised where people are."""
        return homes(self.around[place], many, dice)


@asynccontextmanager
async def opened(
    own: str, others: int, database: str | None, size: Size, dice: random.Random
) -> AsyncGenerator[World]:
    known = communes()
    points = homes(known, size.helpers, dice)
    people = [Someone(n, point, dice.random() < TAGGED) for n, point in enumerate(points)]
    ids = [PersonId(f"{dice.getrandbits(88):022x}") for _ in people]
    cells = [cell_of(it) for it in points]
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(RedisServers.open(own, "bench"))
        counted = Counted(Batches(servers, "whereabouts", patience_s=30))
        redis = RedisWhereabouts(counted, patience_s=30)
        tags = [TAG if it.tagged else 0 for it in people]
        memory = await settled(ids, cells, tags)
        await fill(servers, redis, ids, cells, tags, NOW)
        client: Redis = await stack.enter_async_context(Redis(port=others))
        peers: dict[str, Nearest] = {
            SEARCH: SetForEachTag(client),
            FILTERED: FilteredHere(client),
            LOOKED_UP: LookedUp(client),
        }
        if database is not None:
            line = await asyncpg.connect(database)
            stack.push_async_callback(line.close)
            peers[POSTGIS] = PostGis(line)
        for peer in peers.values():
            await peer.fill(people)
        around = {
            place: [it for it in known if it.departement == departement]
            for place, (departement, _) in PLACES.items()
        }
        yield World(people, ids, cells, memory, redis, counted, peers, client, known, around)


async def settled(
    ids: Sequence[PersonId], cells: Sequence[Cell], tags: Sequence[int]
) -> MemoryWhereabouts:
    memory = MemoryWhereabouts()
    for person, cell, tag in zip(ids, cells, tags, strict=True):
        await memory.enlist(person, tag)
        await memory.move(person, cell, NOW)
    return memory


async def near(whereabouts: Whereabouts, point: Point, number: int) -> list[Found]:
    return await whereabouts.near(
        cell_of(point), ring=None, want=WANT, now=NOW, tags_all=TAG, salt=str(number)
    )
