"""A crowd in the lists of Redis is read whole, and holds neither Redis nor the loop."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import h3
import pytest

from geo.cells import Cell, cell_of, parent, to_cell, to_index
from geo.point import Point
from geo.whereabouts.adapters import reading, scripts
from geo.whereabouts.adapters import redis as redis_file
from geo.whereabouts.adapters.lists import Lists, milliseconds
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.adapters.reading import Reading
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.asks import Look, Question
from geo.whereabouts.ports import FRESH, Found, Whereabouts
from geo.whereabouts.stems import stem_of
from realtime.adapters.redis.batches import Batches
from realtime.kernel.ids import PersonId, random_id
from tests.support.redis_handles import two_handles

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
STADIUM = Cell(min(h3.grid_ring(HERE, 9)))
CROWD, AT_MOST, IN_ONE_TURN = 70, 20, 7


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


class Weighed:
    """A Redis whose answers are weighed."""

    def __init__(self, redis: Batches, name: str) -> None:
        self._redis, self._name = redis, name
        self.heaviest = self.trips = 0

    @property
    def divided(self) -> bool:
        return self._redis.divided

    def key(self, *parts: str) -> str:
        return self._redis.key(self._name, *parts)

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        answers = await self._redis.ask(commands)
        self.trips += 1
        self.heaviest = max([self.heaviest, *map(_weight, answers)])
        return answers


def _weight(answer: object) -> int:
    return sum(map(_weight, answer)) if isinstance(answer, list) else 1


async def _told(*all_of_them: Whereabouts) -> None:
    for each in all_of_them:
        for number in range(CROWD):
            person = PersonId(f"p{number}")
            await each.enlist(person, number % 4)
            # One in seven has just fallen silent when she is asked for.
            at = NOW if number % 7 else NOW - FRESH + timedelta(seconds=1)
            await each.move(person, STADIUM, at)


async def test_a_crowd_that_falls_silent_in_many_lists_is_swept_a_few_people_at_a_time(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty-four lists are read in one step, and in each a move sweeps sixty-four people."""
    monkeypatch.setattr(scripts, "SWEPT_AT_ONCE", 3)
    monkeypatch.setattr(scripts, "SWEPT_IN_A_STEP", 7)
    places = [to_index(cell) for cell in sorted(h3.grid_disk(parent(HERE, 5), 1))]
    async with two_handles(request.getfixturevalue("redis_server").url) as (servers, _):
        redis = Weighed(Batches(servers, "whereabouts"), random_id())
        silent, memory, lists = RedisWhereabouts(redis), MemoryWhereabouts(), Lists(redis)
        for number in range(CROWD):
            person = PersonId(f"p{number}")
            cell = h3.cell_to_center_child(to_cell(places[number % len(places)]), 9)
            # Nobody moves any more but one person.
            at = NOW if number else NOW + timedelta(minutes=1)
            for each in (silent, memory):
                await each.enlist(person, number % 4)
                await each.move(person, Cell(cell), at)
        late = NOW + FRESH
        question = Question(
            origin=to_index(HERE), ring=None, want=5, tags_all=0, zones={}, salt="alert"
        )

        left = [CROWD]
        while left[-1] > 1:
            look = Look([places], 5)
            found = await Reading(redis, lists, question, milliseconds(NOW)).look(look)
            assert found is not None
            assert [people for people in found[0].values() if people] == [["p0"]]
            asked = [("ZCARD", lists.parts(stem_of(cell))[1]) for cell in places]
            left.append(sum(await redis.ask(asked)))
            assert 0 < left[-2] - left[-1] <= 7

        expected = await memory.near(HERE, ring=None, want=5, now=late)
        assert await silent.near(HERE, ring=None, want=5, now=late) == expected


async def test_the_nearest_in_a_crowd_are_one_round_trip_and_nobody_behind_them_is_read(
    request: pytest.FixtureRequest,
) -> None:
    async with two_handles(request.getfixturevalue("redis_server").url) as (servers, _):
        redis = Weighed(Batches(servers, "whereabouts"), random_id())
        whereabouts = RedisWhereabouts(redis)
        for number, cell in enumerate(sorted(h3.grid_disk(HERE, 4)) * 2):
            await whereabouts.enlist(PersonId(f"p{number}"), 0)
            await whereabouts.move(PersonId(f"p{number}"), Cell(cell), NOW)
        redis.trips = redis.heaviest = 0

        found = await whereabouts.near(HERE, ring=None, want=10, now=NOW)

    assert [it.steps for it in found] == [0] * 2 + [1] * 12
    assert redis.trips == 1
    assert redis.heaviest < 2 * len(found)


@pytest.mark.parametrize(("enough", "groups"), [(30, 1), (31, 2), (61, 3), (999, 4)])
async def test_a_crowd_is_read_ring_by_ring_until_there_are_enough(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, enough: int, groups: int
) -> None:
    monkeypatch.setattr(scripts, "READ_AT_ONCE", AT_MOST)
    cells = [min(h3.grid_ring(STADIUM, ring)) for ring in range(3)]
    async with two_handles(request.getfixturevalue("redis_server").url) as (servers, _):
        redis = Weighed(Batches(servers, "whereabouts"), random_id())
        whereabouts = RedisWhereabouts(redis)
        for number in range(90):
            await whereabouts.enlist(PersonId(f"p{number}"), 0)
            await whereabouts.move(PersonId(f"p{number}"), Cell(cells[number % 3]), NOW)
        look = Look([[to_index(cell)] for cell in (*cells, HERE)], enough)
        question = Question(
            origin=to_index(STADIUM), ring=None, want=0, tags_all=0, zones={}, salt=""
        )
        whole = Reading(redis, Lists(redis), question, milliseconds(NOW - FRESH))

        found = await whole.look(look)

    assert found is not None
    assert found[1] == groups
    assert sum(map(len, found[0].values())) == 30 * min(groups, 3)


async def _near(it: Whereabouts, origin: Cell, ring: int | None, want: int) -> list[Found]:
    asked = NOW + timedelta(seconds=2)
    return await it.near(origin, ring=ring, want=want, now=asked, tags_all=1, salt="alert")


@pytest.mark.parametrize("backend", ["redis_server", "redis_cluster"])
async def test_a_crowd_is_read_in_pieces_and_answered_whole(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setattr(scripts, "READ_AT_ONCE", AT_MOST)
    monkeypatch.setattr(scripts, "SWEPT_AT_ONCE", 3)
    for file in (reading, redis_file):
        monkeypatch.setattr(file, "AT_ONCE", IN_ONE_TURN)
    async with two_handles(request.getfixturevalue(backend).url) as (servers, _):
        redis = Weighed(Batches(servers, "whereabouts"), random_id())
        crowded, memory = RedisWhereabouts(redis), MemoryWhereabouts()
        await _told(crowded, memory)
        redis.heaviest = 0

        for origin, ring, want in ((STADIUM, None, 5), (HERE, 9, 5), (HERE, 12, 500)):
            expected = await _near(memory, origin, ring, want)
            assert len(expected) == CROWD // 2 - CROWD // 2 // 7
            for _ in range(2):
                assert await _near(crowded, origin, ring, want) == expected
        live = {parent(STADIUM, 7): CROWD - CROWD // 7}
        assert await crowded.counts(7, NOW + timedelta(seconds=2)) == live

    assert 0 < redis.heaviest <= AT_MOST + 6
