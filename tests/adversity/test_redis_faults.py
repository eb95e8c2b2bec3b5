"""What happens to the broker's servers, and what the broker owes the node each time.

During each of these: ``away`` goes up. Afterwards: an empty list has been yielded (B6), ``away`` is
down (B7), and everything published from then on arrives.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.crc import key_slot

from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, random_id
from tests.support.broker_ears import PATIENCE_S, Ear
from tests.support.faults.link import bad_link
from tests.support.faults.weather import FAIR, Weather
from tests.support.redis_deployments import ClusterDeployment, redis_clustered, redis_sentinels
from tests.support.redis_servers import RedisServer, redis_alone, valkey_program

ROOM = Channel("room:1")
#: Several slots on each of a cluster's servers.
ROOMS = [Channel(f"room:{number}") for number in range(30)]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """The loop that serves; these tests wait for servers, and the other is in the conformance."""
    return "asyncio", {"use_uvloop": True}


@asynccontextmanager
async def node(url: str, prefix: str = "faults") -> AsyncGenerator[Ear]:
    async with RedisServers.open(url, prefix) as servers, RedisBroker(servers) as broker:
        yield Ear(broker)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110  # what happens, happens in a server
            await asyncio.sleep(0.005)


async def said(ear: Ear, channel: Channel, offset: int) -> None:
    """Publish as the relay does: again, until a server has taken it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await ear.say(channel, b"", offset)
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                return


async def all_is_well(speaker: Ear, listener: Ear, channels: list[Channel]) -> None:
    """Both are back, the listener was told of the gap, and hears everything from now on."""
    await until(lambda: not speaker.broker.away and not listener.broker.away)
    await listener.gap()
    for channel in channels:
        await said(speaker, channel, 99)

    heard = [await listener.next() for _ in channels]
    assert {it.channel for it in heard if it.offset == 99} == set(channels)


@pytest.fixture(params=["redis", "valkey"])
def server(request: pytest.FixtureRequest) -> Iterator[RedisServer]:
    program = valkey_program() if request.param == "valkey" else None
    with redis_alone(program=program) as alone:
        yield alone


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with redis_alone() as alone:
        yield alone


async def test_a_server_killed_and_started_again(server: RedisServer) -> None:
    async with node(server.url) as here, node(server.url) as there:
        await there.broker.subscribe(ROOM)

        server.kill()
        await until(lambda: here.broker.away and there.broker.away)
        with pytest.raises(Unavailable):
            await here.say(ROOM, b"to nobody")
        server.start()

        await all_is_well(here, there, [ROOM])


async def test_a_channel_joined_while_away_is_in_place_before_the_node_is_told(
    redis: RedisServer,
) -> None:
    async with node(redis.url) as here, node(redis.url) as there:
        await there.broker.subscribe(ROOMS[0])
        redis.kill()
        await until(lambda: there.broker.away)

        for room in ROOMS:
            await there.broker.subscribe(room)
        await there.broker.unsubscribe(ROOM)
        redis.start()

        await all_is_well(here, there, [room for room in ROOMS if room != ROOM])


async def test_a_node_that_starts_before_its_server(redis: RedisServer) -> None:
    redis.kill()
    async with node(redis.url) as here:
        assert here.broker.away
        await here.broker.subscribe(ROOM)
        redis.start()

        await all_is_well(here, here, [ROOM])


async def test_a_server_that_is_emptied_loses_nothing_of_ours(server: RedisServer) -> None:
    async with node(server.url) as here, node(server.url) as there:
        await there.broker.subscribe(ROOM)

        server.flush()

        await here.say(ROOM, b"hello")
        assert (await there.next()).body == b"hello"
        assert there.gaps == 0


@pytest.mark.parametrize("kind", ["pubsub", "normal"])
async def test_lines_that_a_server_closes(server: RedisServer, kind: str) -> None:
    async with node(server.url) as here, node(server.url) as there:
        await there.broker.subscribe(ROOM)
        await here.say(ROOM, b"lines are open")
        await there.next()

        server.kill_clients(kind)

        if kind == "pubsub":
            await until(lambda: there.broker.away)
            await all_is_well(here, there, [ROOM])
        else:
            # The line that speaks is opened again at the next word, which is not lost.
            await here.say(ROOM, b"still here")
            assert (await there.next()).body == b"still here"


async def test_a_line_that_is_half_open(redis: RedisServer) -> None:
    async with (
        bad_link(redis.port) as link,
        node(redis.url) as here,
        node(f"redis://127.0.0.1:{link.port}") as there,
    ):
        await there.broker.subscribe(ROOM)

        await link.black_hole()
        # Nothing is closed: that nothing answers is all there is to see, and doubt comes first.
        await until(lambda: there.broker.away)
        assert isinstance(there.broker, RedisBroker)
        assert all(ear.steady for ear in there.broker._places.ears)
        await here.say(ROOM, b"swallowed", 1)
        with pytest.raises(Unavailable):
            await there.say(ROOM, b"swallowed too", 2)
        # A channel joined now must not wait for the line to come back.
        async with asyncio.timeout(PATIENCE_S):
            await there.broker.subscribe(ROOMS[0])
        await link.turn(FAIR)

        await all_is_well(here, there, [ROOM, ROOMS[0]])


async def test_whoever_has_joined_over_a_slow_line_hears_what_is_said_right_after(
    redis: RedisServer,
) -> None:
    async with (
        bad_link(redis.port) as link,
        node(redis.url) as here,
        node(f"redis://127.0.0.1:{link.port}") as there,
    ):
        await link.turn(Weather(delay_s=0.05))

        await there.broker.subscribe(ROOM)
        await here.say(ROOM, b"right after")

        assert (await there.next()).body == b"right after"


async def test_a_server_that_stands_still_and_goes_on(redis: RedisServer) -> None:
    async with node(redis.url) as here, node(redis.url) as there:
        await there.broker.subscribe(ROOM)

        redis.pause()
        await until(lambda: there.broker.away)
        redis.resume()
        await until(lambda: not there.broker.away)

        await said(here, ROOM, 99)
        assert (await there.next()).offset == 99


async def test_ten_thousand_channels_are_put_back(redis: RedisServer) -> None:
    rooms = [Channel(f"many:{number}") for number in range(10_001)]
    async with node(redis.url) as here, node(redis.url) as there:
        await asyncio.gather(*(there.broker.subscribe(room) for room in rooms))

        redis.kill_clients()

        await until(lambda: there.broker.away)
        await all_is_well(here, there, [rooms[0], rooms[5_000], rooms[-1]])
        numbers = redis.ask("PUBSUB", "NUMSUB", *(f"faults:channel:{room}" for room in rooms))
        assert sum(int(number) for number in numbers[1::2]) == len(rooms)


async def test_a_primary_killed_under_sentinels() -> None:
    with redis_sentinels() as deployment:
        async with node(deployment.url) as here, node(deployment.url) as there:
            await there.broker.subscribe(ROOM)

            killed = deployment.kill_primary()
            await until(lambda: there.broker.away)
            await all_is_well(here, there, [ROOM])

            # It comes back and takes itself for the primary, until the Sentinels tell it.
            killed.start()
            await here.say(ROOM, b"to the one that leads")
            assert (await there.next()).body == b"to the one that leads"


async def test_a_primary_killed_in_a_cluster() -> None:
    with redis_clustered(replicas=1) as deployment:
        async with node(deployment.url) as here, node(deployment.url) as there:
            for room in ROOMS:
                await there.broker.subscribe(room)

            deployment.kill_primary(key_slot(f"faults:channel:{ROOM}".encode()))

            await until(lambda: there.broker.away)
            # What other shards carry goes on meanwhile.
            await all_is_well(here, there, ROOMS)


async def test_a_slot_that_moves_while_its_channel_speaks(
    redis_cluster: ClusterDeployment,
) -> None:
    prefix, last = random_id(), 10**6
    name = f"{prefix}:channel:{ROOM}"
    async with node(redis_cluster.url, prefix) as here, node(redis_cluster.url, prefix) as there:
        for room in ROOMS:
            await there.broker.subscribe(room)
        hearing = asyncio.create_task(_offsets_until(there, last))
        saying = asyncio.create_task(_count(here))

        for _ in range(3):
            owner = redis_cluster.migrate_slot(key_slot(name.encode()))
            # The server itself says that we are back: an empty list may be that of the last move.
            await until(lambda it=owner: it.ask("PUBSUB", "SHARDNUMSUB", name) == [name, 1])  # type: ignore[misc]
            await until(lambda: not there.broker.away)
        saying.cancel()
        # Whoever may have spoken to the wrong server says so to all, those who lost no line too.
        await until(lambda: _gaps(here) > 0 and not here.broker.away)
        await said(here, ROOM, last)

        async with asyncio.timeout(PATIENCE_S):
            offsets = await hearing
        # In order and none twice; those that are missing are why the empty lists came.
        assert offsets == sorted(set(offsets))
        assert there.gaps >= 3


async def test_what_is_said_where_a_slot_was_goes_where_it_is(
    redis_cluster: ClusterDeployment,
) -> None:
    prefix = random_id()
    slot = key_slot(f"{prefix}:channel:{ROOM}".encode())
    async with node(redis_cluster.url, prefix) as here:
        await here.say(ROOM, b"lines are open")

        redis_cluster.migrate_slot(slot)

        await here.say(ROOM, b"not refused, though the first server asked is another's")


async def _count(ear: Ear) -> None:
    """Say something in the room as fast as it goes, with ever greater offsets."""
    for offset in range(1, 10**6):
        await said(ear, ROOM, offset)


async def _offsets_until(ear: Ear, last: int) -> list[int]:
    offsets = [0]
    while offsets[-1] != last:
        async with asyncio.timeout(PATIENCE_S):
            offsets.append((await ear.next()).offset)
    return offsets


def _gaps(ear: Ear) -> int:
    assert isinstance(ear.broker, RedisBroker)
    return ear.broker.gaps
