"""Redis is killed or emptied, or a node dies in the middle: a dispatch goes on, nobody is twice."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from geo.cells import Cell, cell_of, parent, steps
from geo.point import Point
from geo.whereabouts.adapters import redis as redis_file
from geo.whereabouts.adapters import scripts
from geo.whereabouts.ports import FRESH, Found
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId
from tests.support.redis_handles import PATIENCE_S, two_handles, until
from tests.support.redis_servers import RedisServer, redis_alone
from tests.support.whereabouts import on

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
FAR = cell_of(Point(lat=46.17, lon=1.87))
BESIDE = cell_of(Point(lat=48.85, lon=2.36))
ANNA, BEA = PersonId("anna"), PersonId("bea")
Handles = tuple[RedisServers, RedisServers]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """One of our own, which each test leaves running."""
    with redis_alone() as made:
        yield made


@pytest.fixture
async def handles(server: RedisServer) -> AsyncGenerator[Handles]:
    async with two_handles(server.url) as both:
        yield both


async def test_w14_without_redis_a_dispatch_goes_on_with_the_declared(
    server: RedisServer, handles: Handles
) -> None:
    here, zone = on(handles[0]), parent(HERE, 7)
    await here.enlist(ANNA, 0)
    assert await here.move(ANNA, FAR, NOW)

    server.kill()
    try:
        found = await here.near(HERE, ring=15, want=9, now=NOW, declared={zone: [ANNA, BEA]})
        assert {it.person for it in found} == {ANNA, BEA}
        assert {it.cell for it in found} == {zone}
        assert await here.move(ANNA, HERE, NOW) is True
        assert await here.counts(8, NOW, at_least=1) == {}
        for telling in (here.enlist(BEA, 0), here.discharge(BEA)):
            with pytest.raises(Unavailable):
                await telling
    finally:
        server.start()

    await until(lambda: filled_again(on(handles[1])))


async def filled_again(whereabouts: Any) -> bool:  # noqa: ANN401
    """As ``matching/helpers/posts.py`` does with each word of a phone."""
    try:
        if not await whereabouts.move(ANNA, HERE, NOW):
            await whereabouts.enlist(ANNA, 0)
            await whereabouts.move(ANNA, HERE, NOW)
    except Unavailable:
        return False
    found = await whereabouts.near(HERE, ring=None, want=9, now=NOW)
    return bool(found == [Found(ANNA, HERE, 0, live=True)])


async def test_w14_whoever_moves_after_it_was_emptied_is_live_again(
    server: RedisServer, handles: Handles
) -> None:
    here, there = map(on, handles)
    await here.enlist(ANNA, 5)
    await here.move(ANNA, HERE, NOW)

    server.flush()

    assert await there.near(HERE, ring=None, want=9, now=NOW) == []
    assert await here.move(ANNA, HERE, NOW) is False
    assert await filled_again(here)


async def test_nothing_that_tells_a_place_outlives_ten_minutes(
    server: RedisServer, handles: Handles
) -> None:
    server.flush()
    here = on(handles[0])
    for number in range(20):
        person = PersonId(f"person-{number}")
        await here.enlist(person, 1)
        await here.move(person, FAR, NOW)
        await here.move(person, HERE, NOW)
        await here.enlist(person, 3)

    names = server.ask("KEYS", "*")
    assert len(names) > 20
    for name in names:
        life = server.ask("PTTL", name)
        assert 0 < life <= FRESH.total_seconds() * 1000 or name.endswith(":duty"), name

    # And while others go on moving, those who fell silent are taken off the lists.
    await here.tidy(NOW + FRESH)
    assert [it for it in server.ask("KEYS", "*") if "by-tags" in it] == []


@pytest.mark.parametrize("towards", [HERE, None], ids=["marked", "other tags"])
async def test_whoever_is_alone_in_a_list_expires_like_anybody(
    server: RedisServer, handles: Handles, towards: Cell | None
) -> None:
    """Her entry is replaced: for a moment the list would be empty, and forget when it ends."""
    server.flush()
    here = on(handles[0])
    await here.enlist(ANNA, 1)
    await here.move(ANNA, FAR, NOW)
    if towards is None:
        await here.enlist(ANNA, 3)
    else:
        here._together._redis = Dies(handles[0], scripts.PLACE)
        await here.move(ANNA, towards, NOW)

    names = [it for it in server.ask("KEYS", "*") if not it.endswith(":duty")]
    assert {it.rpartition(":")[2] for it in names} >= {"by-tags", "by-time", "people"}
    for name in names:
        assert 0 < server.ask("PTTL", name) <= FRESH.total_seconds() * 1000, name


async def test_what_is_over_is_swept_where_nobody_moves_any_more(
    server: RedisServer, handles: Handles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_file, "TIDY_S", 0.05)
    server.flush()
    here = on(handles[0])
    await here.enlist(ANNA, 0)
    await here.move(ANNA, HERE, NOW)
    clock = ManualClock(NOW + FRESH)

    async def swept() -> bool:
        return not [it for it in server.ask("KEYS", "*") if "by-" in it]

    async with here.tidying(clock):
        await until(swept)


async def test_a_crowd_that_fell_silent_is_swept_at_once(
    server: RedisServer, handles: Handles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_file, "SWEPT_MOST", 3)
    server.flush()
    here = on(handles[0])
    for number in range(10):
        await here.enlist(PersonId(f"person-{number}"), 1)
        await here.move(PersonId(f"person-{number}"), HERE, NOW)

    await here.tidy(NOW + FRESH)

    assert [it for it in server.ask("KEYS", "*") if "by-" in it] == []


class Dies:
    """A node that dies before a script of its own runs."""

    def __init__(self, servers: RedisServers, script: str) -> None:
        self._redis = Batches(servers, "whereabouts", patience_s=PATIENCE_S)
        self._script = script
        self.died = False

    @property
    def divided(self) -> bool:
        return self._redis.divided

    def key(self, *parts: str) -> str:
        return self._redis.key(*parts)

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        if any(self._script in it for it in commands):
            self.died = True
            raise Unavailable
        return await self._redis.ask(commands)


class Waits(Dies):
    """A node that is held up before a script of its own runs."""

    def __init__(self, servers: RedisServers, script: str) -> None:
        super().__init__(servers, script)
        self.waiting, self.go = asyncio.Event(), asyncio.Event()

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        if any(self._script in it for it in commands):
            self.waiting.set()
            await self.go.wait()
        return await self._redis.ask(commands)


@pytest.mark.parametrize(
    ("script", "place"),
    [
        (scripts.MOVE, FAR),
        (scripts.MARK, FAR),
        (scripts.PLACE, FAR),
        (scripts.LEAVE, HERE),
        (scripts.MOVED, HERE),
    ],
    ids=["move", "mark", "place", "leave", "moved"],
)
async def test_a_node_that_dies_between_two_writes_leaves_nobody_in_two_places(
    handles: Handles, script: str, place: Cell
) -> None:
    dying, other = on(handles[0]), on(handles[1])
    await other.enlist(ANNA, 0)
    await other.move(ANNA, FAR, NOW)
    cut = dying._together._redis = Dies(handles[0], script)

    await dying.move(ANNA, HERE, NOW)

    assert cut.died
    left = HERE if place == FAR else FAR
    found = [Found(ANNA, place, 0, live=True)]
    assert await other.near(place, ring=1, want=9, now=NOW) == found
    assert await other.near(left, ring=1, want=9, now=NOW) == []
    for origin in (HERE, FAR):
        found = [Found(ANNA, place, steps(origin, place), live=True)]
        assert await other.near(origin, ring=None, want=9, now=NOW) == found
    assert await other.counts(7, NOW, at_least=1) == {parent(place, 7): 1}

    # Wherever she speaks next, nothing is left of it.
    await other.move(ANNA, BESIDE, NOW)
    for origin in (HERE, FAR, BESIDE):
        found = [Found(ANNA, BESIDE, steps(origin, BESIDE), live=True)]
        assert await other.near(origin, ring=None, want=9, now=NOW) == found
    await other.discharge(ANNA)
    assert await other.near(FAR, ring=None, want=9, now=NOW) == []
    assert await other.counts(7, NOW, at_least=1) == {}


async def test_a_word_on_its_way_when_somebody_goes_off_duty_is_not_heard(
    handles: Handles,
) -> None:
    slow, other = on(handles[0]), on(handles[1])
    await other.enlist(ANNA, 0)
    await other.move(ANNA, HERE, NOW)
    await _while_her_word_waits(slow, handles[0], other.discharge(ANNA))

    assert await other.near(HERE, ring=None, want=9, now=NOW) == []
    await other.enlist(ANNA, 0)
    await other.move(ANNA, HERE, NOW)
    assert await other.near(HERE, ring=0, want=9, now=NOW) == [Found(ANNA, HERE, 0, live=True)]


async def test_a_first_word_on_its_way_when_somebody_goes_off_duty_is_not_heard(
    handles: Handles,
) -> None:
    slow, other = on(handles[0]), on(handles[1])
    await other.enlist(ANNA, 0)
    await _while_her_word_waits(slow, handles[0], other.discharge(ANNA))

    assert await other.near(HERE, ring=None, want=9, now=NOW) == []


async def test_a_node_that_dies_after_somebody_went_off_duty_is_made_good_when_it_is_told_again(
    handles: Handles,
) -> None:
    dying, other = on(handles[0]), on(handles[1])
    await other.enlist(ANNA, 0)
    waits = Waits(handles[0], scripts.DISCHARGE)
    cut = waits._redis = Dies(handles[0], scripts.LEAVE)  # type: ignore[assignment]
    dying._redis = dying._lists._redis = waits

    async with asyncio.TaskGroup() as tasks:
        told = tasks.create_task(_given_up(dying.discharge(ANNA)))
        await waits.waiting.wait()
        await other.move(ANNA, HERE, NOW)
        waits.go.set()
    assert told.result()
    assert cut.died

    await other.discharge(ANNA)
    assert await other.near(HERE, ring=None, want=9, now=NOW) == []


async def _while_her_word_waits(
    slow: redis_file.RedisWhereabouts, redis: RedisServers, meanwhile: Awaitable[object]
) -> None:
    """Anna's word is on its way to the list while something else is said and heard."""
    waits = slow._together._redis = Waits(redis, scripts.PLACE)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(slow.move(ANNA, HERE, NOW))
        await waits.waiting.wait()
        await meanwhile
        waits.go.set()


async def _given_up(telling: Awaitable[None]) -> bool:
    try:
        await telling
    except Unavailable:
        return True
    return False


async def test_two_first_words_of_one_millisecond_on_two_nodes_are_one_place(
    handles: Handles,
) -> None:
    slow, other = on(handles[0]), on(handles[1])
    await other.enlist(ANNA, 0)
    await _while_her_word_waits(slow, handles[0], other.move(ANNA, FAR, NOW))

    assert await other.near(HERE, ring=0, want=9, now=NOW) == []
    assert await other.near(FAR, ring=0, want=9, now=NOW) == [Found(ANNA, FAR, 0, live=True)]
    await other.discharge(ANNA)
    assert await other.near(HERE, ring=None, want=9, now=NOW) == []


async def test_somebody_who_moves_on_two_nodes_at_once_is_in_one_place_the_latest(
    handles: Handles,
) -> None:
    nodes = list(map(on, handles))
    await nodes[0].enlist(ANNA, 0)
    cells = [cell_of(Point(lat=48.0 + number / 20, lon=2.0)) for number in range(40)]

    async def told(number: int, cell: Cell) -> None:
        await nodes[number % 2].move(ANNA, cell, NOW.replace(microsecond=number * 1000))

    await asyncio.gather(*(told(number, cell) for number, cell in enumerate(cells)))

    for node in nodes:
        (found,) = await node.near(HERE, ring=None, want=9, now=NOW)
        assert (found.person, found.cell) == (ANNA, cells[-1])
        assert await node.counts(8, NOW, at_least=1) == {parent(cells[-1], 8): 1}
