"""Rides that all nodes share, in a Redis that keeps nothing on disk.

Each person has a record, which is the truth and which Redis forgets after ten minutes. Beside it
are lists of people by line, stop and cell; a list is only a hint: whoever is found in one is looked
up, and counts where the record says. Every command touches one key, so a cluster does as well.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec

from geo.cells import Cell, around
from geo.servers import Command, Redis
from geo.transit.aboard.index import Key, by_cell, by_line, by_stop, names_of
from geo.transit.aboard.ports import Rider
from geo.transit.rules import FRESH, MOST_PEOPLE
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId

#: Records dropped at most with each one added, beyond the bound.
DROPPED_AT_ONCE = 16

_FRESH_MS = FRESH // timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: KEYS the record; ARGV its moment, the record, its life in ms. Whether it is the latest word, and
#: the record of before.
_PUT = """
local kept = redis.call('GET', KEYS[1])
if kept and tonumber(string.match(kept, '^%S+')) > tonumber(ARGV[1]) then
  return {0, kept}
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return {1, kept or ''}
"""


class _Record(msgspec.Struct, array_like=True):
    line: str
    direction: int
    course: int
    along_m: int
    confidence: float
    cell: str
    stop: str | None
    trip: str | None


class RedisAboard:
    """Keeps ``geo.transit.aboard.ports.Aboard``'s promises on all nodes together."""

    def __init__(self, redis: Redis, *, most: int = MOST_PEOPLE) -> None:
        self._redis = redis
        self._most = most

    async def put(self, person: PersonId, ride: Ride) -> None:
        with suppress(Unavailable):
            await self._put(person, ride)

    async def forget(self, person: PersonId) -> None:
        with suppress(Unavailable):
            kept, _ = await self._redis.ask(
                [("GETDEL", self._record(person)), ("ZREM", self._all(), person)]
            )
            await self._leave(person, _names(kept), ())

    async def ride_of(self, person: PersonId, now: datetime) -> Ride | None:
        try:
            (kept,) = await self._redis.ask([("GET", self._record(person))])
        except Unavailable:
            return None
        ride = _read(kept)
        return None if ride is None or ride.at <= now - FRESH else ride

    async def on_line(self, line: LineId, direction: int, now: datetime) -> list[Rider]:
        return await self._found([by_line(line, direction)], now)

    async def at_stops(self, stops: Collection[StopId], now: datetime) -> list[Rider]:
        return await self._found(map(by_stop, stops), now)

    async def near(self, cell: Cell, now: datetime) -> list[Rider]:
        return await self._found(map(by_cell, around(cell)), now)

    async def _put(self, person: PersonId, ride: Ride) -> None:
        at, names = _ms(ride.at), names_of(ride)
        (answer,) = await self._redis.ask(
            [("EVAL", _PUT, 1, self._record(person), at, _written(ride), _FRESH_MS)]
        )
        latest, before = answer
        if not latest:
            return
        lists = [self._list(name) for name in names]
        commands: list[Command] = []
        for key in (*lists, self._all()):
            commands += [
                ("ZADD", key, at, person),
                ("ZREMRANGEBYSCORE", key, "-inf", at - _FRESH_MS),
                ("PEXPIRE", key, _FRESH_MS),
            ]
        *_, many = await self._redis.ask([*commands, ("ZCARD", self._all())])
        await self._leave(person, _names(before), names)
        if many > self._most:
            await self._drop(min(many - self._most, DROPPED_AT_ONCE))

    async def _leave(self, person: PersonId, names: Iterable[Key], kept: Collection[Key]) -> None:
        left = [("ZREM", self._list(name), person) for name in names if name not in kept]
        if left:
            await self._redis.ask(left)

    async def _drop(self, many: int) -> None:
        (oldest,) = await self._redis.ask([("ZRANGE", self._all(), 0, many - 1)])
        for person in oldest:
            await self.forget(PersonId(person.decode()))

    async def _found(self, names: Iterable[Key], now: datetime) -> list[Rider]:
        asked = list(names)
        after = f"({_ms(now) - _FRESH_MS}"
        try:
            lists = await self._redis.ask(
                [("ZRANGE", self._list(name), after, "+inf", "BYSCORE") for name in asked]
            )
            people = sorted({PersonId(it.decode()) for some in lists for it in some})
            records = await self._redis.ask([("GET", self._record(person)) for person in people])
        except Unavailable:
            return []
        rides = ((person, _read(kept)) for person, kept in zip(people, records, strict=True))
        return [
            (person, ride)
            for person, ride in rides
            if ride is not None
            and ride.at > now - FRESH
            and not set(asked).isdisjoint(names_of(ride))
        ]

    def _record(self, person: PersonId) -> str:
        return self._redis.key("aboard", "of", person)

    def _list(self, name: Key) -> str:
        return self._redis.key("aboard", *name)

    def _all(self) -> str:
        return self._redis.key("aboard", "all")


def _written(ride: Ride) -> bytes:
    record = _Record(
        ride.line, ride.direction, ride.course, ride.along_m, ride.confidence, ride.cell,
        ride.stop, ride.trip,
    )  # fmt: skip
    return f"{_ms(ride.at)} ".encode() + msgspec.json.encode(record)


def _read(kept: bytes | None) -> Ride | None:
    if not kept:
        return None
    at, _, body = kept.partition(b" ")
    record = msgspec.json.decode(body, type=_Record)
    return Ride(
        line=LineId(record.line),
        direction=record.direction,
        course=record.course,
        along_m=record.along_m,
        confidence=record.confidence,
        cell=Cell(record.cell),
        at=_EPOCH + timedelta(milliseconds=int(at)),
        stop=None if record.stop is None else StopId(record.stop),
        trip=record.trip,
    )


def _names(kept: bytes | None) -> list[Key]:
    ride = _read(kept)
    return [] if ride is None else names_of(ride)


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
