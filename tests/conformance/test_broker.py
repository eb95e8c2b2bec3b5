"""The promises of ``realtime.ports.Broker``, one test each, on every backend."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import Channel, random_id
from realtime.ports import Delivery
from tests.support.broker_ears import Ear

ROOM, OTHER = Channel("room:1"), Channel("room:2")
Pair = tuple[Ear, Ear]
#: Several slots of a cluster, on each of its servers.
MANY = [Channel(f"room:{number}") for number in range(30)]


@asynccontextmanager
async def memory() -> AsyncGenerator[Pair]:
    bus = MemoryBus()
    async with MemoryBroker(bus) as here, MemoryBroker(bus) as there:
        yield Ear(here), Ear(there)


@asynccontextmanager
async def redis(url: str) -> AsyncGenerator[Pair]:
    """Two nodes that share nothing but the servers."""
    prefix = random_id()
    async with (
        RedisServers.open(url, prefix) as ours,
        RedisServers.open(url, prefix) as theirs,
        RedisBroker(ours) as here,
        RedisBroker(theirs) as there,
    ):
        yield Ear(here), Ear(there)


#: A process alone, and each kind of servers by the fixture that starts it.
BACKENDS = ["memory", "redis_server", "valkey_server", "redis_sentinel", "redis_cluster"]


@pytest.fixture(params=BACKENDS)
async def ears(request: pytest.FixtureRequest) -> AsyncGenerator[Pair]:
    """Two nodes of one deployment."""
    if request.param == "memory":
        nodes = memory()
    else:
        nodes = redis(request.getfixturevalue(request.param).url)
    async with nodes as pair:
        yield pair


async def test_b1_reaches_every_subscribed_node_even_the_publisher(ears: Pair) -> None:
    here, there = ears
    await here.broker.subscribe(ROOM)
    await there.broker.subscribe(ROOM)

    await here.say(ROOM, b"hello", offset=7)

    assert await here.next() == Delivery(ROOM, 7, b"hello")
    assert await there.next() == Delivery(ROOM, 7, b"hello")


async def test_b1_a_node_hears_only_what_it_subscribed_to(ears: Pair) -> None:
    here, there = ears
    await there.broker.subscribe(OTHER)

    await here.broker.publish([Delivery(ROOM, 1, b"not for it"), Delivery(OTHER, 1, b"marker")])

    assert await there.next() == Delivery(OTHER, 1, b"marker")


async def test_b2_keeps_the_order_of_one_publisher(ears: Pair) -> None:
    here, there = ears
    await there.broker.subscribe(ROOM)

    for number in range(50):
        await here.say(ROOM, b"", offset=number)

    assert [(await there.next()).offset for _ in range(50)] == list(range(50))


async def test_b2_keeps_the_order_of_what_is_said_at_once(ears: Pair) -> None:
    here, there = ears
    await there.broker.subscribe(ROOM)

    await asyncio.gather(*(here.say(ROOM, b"", offset=number) for number in range(200)))

    assert [(await there.next()).offset for _ in range(200)] == list(range(200))


async def test_b2_one_commit_may_speak_in_many_channels(ears: Pair) -> None:
    here, there = ears
    for channel in MANY:
        await there.broker.subscribe(channel)

    await here.broker.publish(
        [Delivery(channel, number, b"") for number in range(3) for channel in MANY]
    )

    heard = [await there.next() for _ in range(3 * len(MANY))]
    for channel in MANY:
        assert [it.offset for it in heard if it.channel == channel] == [0, 1, 2]


async def test_what_is_quiet_holds_nobody_up(ears: Pair) -> None:
    here, there = ears
    for channel in MANY:
        await there.broker.subscribe(channel)

    # One word at a time, so that all servers but one are silent: a reader that waited for each in
    # turn, were it a tenth of a second, would not be done in time.
    async with asyncio.timeout(30):
        for number in range(20):
            for channel in MANY:
                await here.say(channel, b"", offset=number)
                assert await there.next() == Delivery(channel, number, b"")


async def test_b3_is_silent_after_unsubscribe(ears: Pair) -> None:
    here, there = ears
    await there.broker.subscribe(ROOM)
    await there.broker.subscribe(OTHER)
    await here.say(ROOM, b"still in flight")
    await there.broker.unsubscribe(ROOM)
    await here.say(ROOM, b"too late")
    await here.say(OTHER, b"marker")

    # The marker was sent last: had a ROOM message survived, it would come first.
    assert (await there.next()).body == b"marker"


async def test_b4_joining_twice_or_leaving_unjoined_changes_nothing(ears: Pair) -> None:
    here, _ = ears
    await here.broker.unsubscribe(OTHER)
    await here.broker.subscribe(ROOM)
    await here.broker.subscribe(ROOM)
    await here.broker.subscribe(OTHER)
    await here.say(ROOM, b"once")
    await here.say(OTHER, b"marker")

    assert (await here.next()).body == b"once"
    assert (await here.next()).body == b"marker"


async def test_b5_publishing_to_nobody_succeeds(ears: Pair) -> None:
    here, _ = ears
    await here.say(ROOM, b"anyone?")


async def test_b5_publishing_nothing_succeeds(ears: Pair) -> None:
    here, _ = ears
    await here.broker.publish([])


async def test_what_is_carried_arrives_byte_for_byte(ears: Pair) -> None:
    here, there = ears
    whole = Delivery(Channel("room:é…{x}"), 2**63 - 1, bytes(range(256)) * 300)
    await there.broker.subscribe(whole.channel)

    await here.broker.publish([whole])

    assert await there.next() == whole


async def test_b7_a_broker_with_nothing_amiss_is_not_away_and_missed_nothing(ears: Pair) -> None:
    here, there = ears
    await there.broker.subscribe(ROOM)
    await here.say(ROOM, b"hello")
    await there.next()

    assert not here.broker.away
    assert not there.broker.away
    assert here.gaps == there.gaps == 0


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_broker_that_is_closed_ends_its_deliveries(
    backend: str, request: pytest.FixtureRequest
) -> None:
    nodes = memory() if backend == "memory" else redis(request.getfixturevalue(backend).url)
    async with nodes as (here, _):
        deliveries = here.broker.deliveries()

    async with asyncio.timeout(30):
        assert [batch async for batch in deliveries] == []
