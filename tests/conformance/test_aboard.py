"""The promises of ``geo.transit.aboard.ports.Aboard``, each tested, on every backend."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geo.cells import Cell, around, cell_of
from geo.point import Point
from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.aboard.adapters.redis import RedisAboard
from geo.transit.aboard.ports import Aboard, Rider
from geo.transit.rules import ABOARD, FRESH
from geo.transit.values import NOWHERE, LineId, Ride, StopId
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId, random_id
from tests.support.redis_handles import BACKENDS, PATIENCE_S, two_handles, url_of

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
FAR = cell_of(Point(lat=48.9, lon=2.5))
ANNA, BEA, CLEO = (PersonId(name) for name in ("anna", "bea", "cleo"))
T1, T2 = LineId("idfm:T1"), LineId("idfm:T2")
STOP, NEXT = StopId("idfm:1"), StopId("idfm:{2}")

Make = Callable[[int], Aboard]


class InTurn:
    """Two nodes, asked in turn: what one was told, the other is asked about."""

    def __init__(self, one: Aboard, other: Aboard) -> None:
        self._one, self._other = one, other

    def _turn(self) -> Aboard:
        self._one, self._other = self._other, self._one
        return self._one

    async def put(self, person: PersonId, ride: Ride) -> None:
        await self._turn().put(person, ride)

    async def forget(self, person: PersonId) -> None:
        await self._turn().forget(person)

    async def ride_of(self, person: PersonId, now: datetime) -> Ride | None:
        return await self._turn().ride_of(person, now)

    async def on_line(self, line: LineId, direction: int, now: datetime) -> list[Rider]:
        return await self._turn().on_line(line, direction, now)

    async def at_stops(self, stops: Collection[StopId], now: datetime) -> list[Rider]:
        return await self._turn().at_stops(stops, now)

    async def near(self, cell: Cell, now: datetime) -> list[Rider]:
        return await self._turn().near(cell, now)


def node(servers: RedisServers, name: str, most: int) -> RedisAboard:
    redis = Batches(servers, "aboard", patience_s=PATIENCE_S)
    redis.key = lambda *parts: servers.key(name, *parts)  # type: ignore[method-assign]
    return RedisAboard(redis, most=most)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=BACKENDS)
async def make(request: pytest.FixtureRequest) -> AsyncGenerator[Make]:
    url = url_of(request)
    if url is None:
        yield lambda most: MemoryAboard(most=most)
        return
    async with two_handles(url) as handles:

        def made(most: int) -> Aboard:
            name = random_id()
            return InTurn(*(node(each, name, most) for each in handles))

        yield made


@pytest.fixture
def aboard(make: Make) -> Aboard:
    return make(1_000)


def ride(line: LineId = T1, *, at: datetime = NOW, cell: Cell = HERE, sure: float = 0.9) -> Ride:
    return Ride(line=line, direction=0, course=0, along_m=1_200, confidence=sure, cell=cell, at=at)


def standing(stop: StopId = STOP, *, at: datetime = NOW, cell: Cell = HERE) -> Ride:
    return replace(ride(at=at, cell=cell), stop=stop)


async def test_a1_a_person_has_the_latest_ride(aboard: Aboard) -> None:
    later = NOW + timedelta(seconds=5)
    moved = replace(ride(T2, at=later, cell=FAR), direction=1, trip="trip-7")

    await aboard.put(ANNA, ride())
    await aboard.put(ANNA, moved)

    assert await aboard.ride_of(ANNA, later) == moved
    assert await aboard.on_line(T1, 0, later) == []
    assert await aboard.on_line(T2, 0, later) == []
    assert await aboard.on_line(T2, 1, later) == [(ANNA, moved)]
    assert await aboard.near(HERE, later) == []


async def test_a1_a_late_report_does_not_undo_a_recent_one(aboard: Aboard) -> None:
    later = NOW + timedelta(seconds=5)
    await aboard.put(ANNA, ride(T2, at=later))

    await aboard.put(ANNA, ride(T1))

    assert [it for it, _ in await aboard.on_line(T2, 0, later)] == [ANNA]
    assert await aboard.on_line(T1, 0, later) == []


async def test_a2_forget_leaves_nothing_and_may_be_repeated(aboard: Aboard) -> None:
    await aboard.put(ANNA, ride())
    await aboard.put(BEA, ride())

    await aboard.forget(ANNA)
    await aboard.forget(ANNA)

    assert await aboard.ride_of(ANNA, NOW) is None
    assert [it for it, _ in await aboard.on_line(T1, 0, NOW)] == [BEA]
    assert [it for it, _ in await aboard.near(HERE, NOW)] == [BEA]


async def test_a3_ten_minutes_later_nobody_is_found(aboard: Aboard) -> None:
    await aboard.put(ANNA, ride())
    await aboard.put(BEA, standing())
    just, after = NOW + FRESH - timedelta(milliseconds=1), NOW + FRESH

    assert await aboard.ride_of(ANNA, just) is not None
    assert len(await aboard.near(HERE, just)) == 2

    assert await aboard.ride_of(ANNA, after) is None
    assert await aboard.on_line(T1, 0, after) == []
    assert await aboard.at_stops([STOP], after) == []
    assert await aboard.near(HERE, after) == []


async def test_a3_what_has_expired_comes_back_with_its_next_word(aboard: Aboard) -> None:
    await aboard.put(ANNA, ride())
    after = NOW + FRESH + timedelta(seconds=1)

    await aboard.put(BEA, ride(at=after))
    await aboard.put(ANNA, ride(at=after))

    assert [it for it, _ in await aboard.on_line(T1, 0, after)] == [ANNA, BEA]


async def test_a4_neither_who_stands_nor_who_is_unsure_rides(aboard: Aboard) -> None:
    await aboard.put(ANNA, ride(sure=ABOARD))
    await aboard.put(BEA, standing())
    await aboard.put(CLEO, ride(sure=ABOARD - 0.01))

    found = await aboard.on_line(T1, 0, NOW)

    assert [it for it, _ in found] == [ANNA]


async def test_a5_who_stands_at_one_of_the_stops(aboard: Aboard) -> None:
    await aboard.put(ANNA, standing(STOP))
    await aboard.put(BEA, standing(NEXT))
    await aboard.put(CLEO, ride())

    assert await aboard.at_stops([STOP], NOW) == [(ANNA, standing(STOP))]
    assert [it for it, _ in await aboard.at_stops([NEXT, STOP, STOP], NOW)] == [ANNA, BEA]
    assert await aboard.at_stops([], NOW) == []


async def test_a6_near_is_the_cell_and_the_six_around_it(aboard: Aboard) -> None:
    beside = next(cell for cell in around(HERE) if cell != HERE)
    two_away = next(cell for cell in around(beside) if cell not in around(HERE))
    await aboard.put(ANNA, ride(cell=beside))
    await aboard.put(BEA, replace(ride(NOWHERE, cell=HERE), confidence=0.0))
    await aboard.put(CLEO, standing(cell=two_away))

    assert [it for it, _ in await aboard.near(HERE, NOW)] == [ANNA, BEA]


async def test_a7_in_the_order_of_the_ids_and_nobody_twice(aboard: Aboard) -> None:
    for person in (CLEO, ANNA, BEA, ANNA):
        await aboard.put(person, ride())

    assert [it for it, _ in await aboard.on_line(T1, 0, NOW)] == [ANNA, BEA, CLEO]
    assert [it for it, _ in await aboard.near(HERE, NOW)] == [ANNA, BEA, CLEO]


async def test_a8_beyond_the_bound_the_oldest_is_forgotten(make: Make) -> None:
    aboard = make(2)
    for second, person in enumerate((ANNA, BEA, CLEO)):
        await aboard.put(person, ride(at=NOW + timedelta(seconds=second)))

    assert [it for it, _ in await aboard.near(HERE, NOW)] == [BEA, CLEO]
    assert await aboard.ride_of(ANNA, NOW) is None


@pytest.mark.parametrize("server", ["redis_server", "valkey_server"])
async def test_a9_nothing_outlives_ten_minutes_whoever_dies(
    request: pytest.FixtureRequest, server: str
) -> None:
    url = request.getfixturevalue(server)
    async with two_handles(url if isinstance(url, str) else url.url) as (ours, theirs):
        aboard = node(ours, random_id(), 10)
        await aboard.put(ANNA, ride())
        await aboard.put(BEA, standing())
        redis = Batches(theirs, "test", patience_s=PATIENCE_S)
        (_, keys), *_ = await redis.ask([("SCAN", 0, "MATCH", redis.key("*"), "COUNT", 10_000)])

        lives = await redis.ask([("PTTL", key.decode()) for key in keys])

        # Two records, a line, a stop, their cell, and everybody.
        assert len(keys) == 6
        assert all(0 < it <= FRESH / timedelta(milliseconds=1) for it in lives)
        for person in (ANNA, BEA):
            await aboard.forget(person)
        (_, left), *_ = await redis.ask([("SCAN", 0, "MATCH", redis.key("*"), "COUNT", 10_000)])
        assert left == []


class Away:
    """A Redis that does not answer."""

    divided = False

    def key(self, *parts: str) -> str:
        return ":".join(parts)

    async def ask(self, commands: object) -> list[object]:
        raise Unavailable


@pytest.mark.parametrize(
    "question",
    [
        lambda it: it.on_line(T1, 0, NOW),
        lambda it: it.at_stops([STOP], NOW),
        lambda it: it.near(HERE, NOW),
    ],
)
async def test_a10_while_it_is_away_nobody_is_aboard(
    question: Callable[[Aboard], Awaitable[list[Rider]]],
) -> None:
    aboard = RedisAboard(Away())

    await aboard.put(ANNA, ride())
    await aboard.forget(ANNA)

    assert await question(aboard) == []
    assert await aboard.ride_of(ANNA, NOW) is None
