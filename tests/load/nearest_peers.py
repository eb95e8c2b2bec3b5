"""The nearest of a million, asked of Redis' GEOSEARCH and of PostGIS, each as well as we know how.

They are told exact places, where ours knows cells only. Redis must be told how far to look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import asyncpg  # type: ignore[import-untyped]
from redis.asyncio import Redis

from geo.point import Point

#: Entries of one command while they are filled.
AT_ONCE = 1_000
_TAGGED, _ALL, _RECORDS = "tagged", "all", "records"


@dataclass(frozen=True, slots=True)
class Someone:
    number: int
    point: Point
    #: Has the tag that is asked for.
    tagged: bool


class Nearest(Protocol):
    async def nearest(self, point: Point, want: int, first_km: float) -> list[int]:
        """So many with the tag, the nearest first."""
        ...

    async def within(self, point: Point, metres: float) -> set[int]:
        """Everybody with the tag who is no further."""
        ...

    async def fill(self, people: Sequence[Someone]) -> None: ...

    async def move(self, people: Sequence[Someone]) -> None:
        """They are there from now on; in one round trip."""
        ...


class SetForEachTag:
    """GEOSEARCH in the set of those who have the tag."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def fill(self, people: Sequence[Someone]) -> None:
        await _geoadd(self._redis, _TAGGED, [(it, str(it.number)) for it in people if it.tagged])

    async def nearest(self, point: Point, want: int, first_km: float) -> list[int]:
        km = first_km
        while True:
            found = await _geosearch(self._redis, _TAGGED, point, km, want)
            if len(found) >= want or km > 2_000:
                return [int(it) for it in found]
            km *= 2

    async def within(self, point: Point, metres: float) -> set[int]:
        return {int(it) for it in await _geosearch(self._redis, _TAGGED, point, metres / 1e3)}

    async def move(self, people: Sequence[Someone]) -> None:
        await _moved(self._redis, _TAGGED, [(it, str(it.number)) for it in people if it.tagged])


class FilteredHere:
    """GEOSEARCH in one set of everybody; whoever lacks the tag is passed over by who asked.

    Tags are part of the name: looking them up would be another round trip.
    """

    #: One in so many has the tag, and a few more to be sure.
    MANY_MORE = 7

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def fill(self, people: Sequence[Someone]) -> None:
        await _geoadd(self._redis, _ALL, [(it, _name(it)) for it in people])

    async def move(self, people: Sequence[Someone]) -> None:
        await _moved(self._redis, _ALL, [(it, _name(it)) for it in people])

    async def nearest(self, point: Point, want: int, first_km: float) -> list[int]:
        km, many = first_km, want * self.MANY_MORE
        while True:
            listed = await _geosearch(self._redis, _ALL, point, km, many)
            found = await self._eligible(listed)
            if len(found) >= want or km > 2_000:
                return found[:want]
            if len(listed) == many:
                many *= 2
            else:
                km *= 2

    async def within(self, point: Point, metres: float) -> set[int]:
        return set(await self._eligible(await _geosearch(self._redis, _ALL, point, metres / 1e3)))

    async def _eligible(self, names: Sequence[bytes]) -> list[int]:
        return [int(it[:-2]) for it in names if it.endswith(b"/1")]


class LookedUp(FilteredHere):
    """The same set, tags in a hash beside it: a second round trip, as who keeps records must make.

    This is the pair that does what ours does: a place and a record of whether somebody may.
    """

    async def fill(self, people: Sequence[Someone]) -> None:
        for start in range(0, len(people), AT_ONCE):
            tags = {str(it.number): int(it.tagged) for it in people[start : start + AT_ONCE]}
            await self._redis.execute_command(  # type: ignore[no-untyped-call]
                "HSET", _RECORDS, *(part for entry in tags.items() for part in entry)
            )

    async def _eligible(self, names: Sequence[bytes]) -> list[int]:
        if not names:
            return []
        numbers = [int(it[:-2]) for it in names]
        tags = await self._redis.execute_command(  # type: ignore[no-untyped-call]
            "HMGET", _RECORDS, *numbers
        )
        return [it for it, tag in zip(numbers, tags, strict=True) if tag == b"1"]


class PostGis:
    """``<->`` on geography, with a GiST index of those who have the tag."""

    def __init__(self, line: asyncpg.Connection) -> None:
        self._line = line

    async def fill(self, people: Sequence[Someone]) -> None:
        await self._line.execute(
            "CREATE TEMPORARY TABLE told (number int, lon float8, lat float8, tagged boolean);"
            "CREATE UNLOGGED TABLE helper (number int, place geography(Point), tagged boolean)"
        )
        await self._line.copy_records_to_table(
            "told", records=((it.number, it.point.lon, it.point.lat, it.tagged) for it in people)
        )
        await self._line.execute(
            "INSERT INTO helper SELECT number, ST_MakePoint(lon, lat)::geography, tagged FROM told;"
            "CREATE INDEX ON helper USING gist (place) WHERE tagged;"
            "CREATE INDEX ON helper (number); ANALYZE helper"
        )
        self._nearest = await self._line.prepare(
            "SELECT number FROM helper WHERE tagged"
            " ORDER BY place <-> ST_MakePoint($1, $2)::geography LIMIT $3"
        )
        self._within = await self._line.prepare(
            "SELECT number FROM helper WHERE tagged"
            " AND ST_DWithin(place, ST_MakePoint($1, $2)::geography, $3)"
        )

    async def move(self, people: Sequence[Someone]) -> None:
        await self._line.execute(
            "UPDATE helper SET place = ST_MakePoint(lon, lat)::geography FROM"
            " unnest($1::int[], $2::float8[], $3::float8[]) AS told (who, lon, lat)"
            " WHERE number = who",
            [it.number for it in people],
            [it.point.lon for it in people],
            [it.point.lat for it in people],
        )

    async def nearest(self, point: Point, want: int, first_km: float) -> list[int]:
        return [it[0] for it in await self._nearest.fetch(point.lon, point.lat, want)]

    async def within(self, point: Point, metres: float) -> set[int]:
        return {it[0] for it in await self._within.fetch(point.lon, point.lat, metres)}


def _name(someone: Someone) -> str:
    return f"{someone.number}/{int(someone.tagged)}"


async def _geosearch(
    redis: Redis, key: str, point: Point, km: float, count: int | None = None
) -> list[bytes]:
    some = () if count is None else ("COUNT", count)
    found: list[bytes] = await redis.execute_command(  # type: ignore[no-untyped-call]
        "GEOSEARCH", key, "FROMLONLAT", point.lon, point.lat, "BYRADIUS", km, "km", "ASC", *some
    )
    return found


async def _geoadd(redis: Redis, key: str, people: Sequence[tuple[Someone, str]]) -> None:
    for start in range(0, len(people), AT_ONCE):
        command: list[object] = ["GEOADD", key]
        for it, name in people[start : start + AT_ONCE]:
            command += (it.point.lon, it.point.lat, name)
        await redis.execute_command(*command)  # type: ignore[no-untyped-call]


async def _moved(redis: Redis, key: str, people: Sequence[tuple[Someone, str]]) -> None:
    line = redis.pipeline(transaction=False)
    for it, name in people:
        line.execute_command("GEOADD", key, it.point.lon, it.point.lat, name)
    await line.execute()
