"""Whereabouts of a deployment with two nodes, on every backend."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from geo.cells import Cell
from geo.point import Point
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.ports import LEAST_COUNTED, Found, Walk, Whereabouts
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId, random_id
from tests.support.redis_handles import PATIENCE_S

#: Makes an empty one, for so many people at most.
Make = Callable[[int], Whereabouts]


class InTurn:
    """Two nodes, asked in turn: what one was told, the other is asked about."""

    def __init__(self, one: Whereabouts, other: Whereabouts) -> None:
        self._one, self._other = one, other

    def _turn(self) -> Whereabouts:
        self._one, self._other = self._other, self._one
        return self._one

    async def enlist(self, person: PersonId, tags: int) -> None:
        await self._turn().enlist(person, tags)

    async def discharge(self, person: PersonId) -> None:
        await self._turn().discharge(person)

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        return await self._turn().move(person, cell, now)

    def at_hand(self, person: PersonId) -> bool:
        return self._turn().at_hand(person)

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        self._turn().move_at_once(person, point, now)

    async def near(
        self,
        origin: Cell,
        *,
        ring: int | None,
        want: int,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> list[Found]:
        return await self._turn().near(
            origin,
            ring=ring,
            want=want,
            now=now,
            tags_all=tags_all,
            declared=declared,
            salt=salt,
        )

    def walk(
        self,
        origin: Cell,
        *,
        ring: int | None,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> Walk:
        return self._turn().walk(
            origin, ring=ring, now=now, tags_all=tags_all, declared=declared, salt=salt
        )

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        return await self._turn().counts(res, now, at_least=at_least)


def in_memory(most: int) -> Whereabouts:
    return MemoryWhereabouts(most=most)


def on(servers: RedisServers, most: int = 1_000, prefix: str = "") -> RedisWhereabouts:
    """One node's, with the patience of a test."""
    redis = Batches(servers, "whereabouts", patience_s=PATIENCE_S)
    if prefix:
        redis.key = lambda *parts: servers.key(prefix, *parts)  # type: ignore[method-assign]
    return RedisWhereabouts(redis, most=most, patience_s=PATIENCE_S)


def on_redis(handles: tuple[RedisServers, RedisServers]) -> Make:
    """Each made is a deployment of its own, with a node on each handle."""

    def make(most: int) -> Whereabouts:
        name = random_id()
        return InTurn(*(on(each, most, name) for each in handles))

    return make
