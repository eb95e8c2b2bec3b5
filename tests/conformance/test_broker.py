"""The promises of ``realtime.ports.Broker``, one test each, on every backend."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.kernel.ids import Channel
from realtime.ports import Broker, Delivery

ROOM, OTHER = Channel("room:1"), Channel("room:2")
Pair = tuple["Ear", "Ear"]


class Ear:
    """One node's broker, heard one delivery at a time."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._batches: AsyncIterator[list[Delivery]] = broker.deliveries()
        self._heard: list[Delivery] = []

    async def say(self, channel: Channel, body: bytes, offset: int = 0) -> None:
        await self.broker.publish([Delivery(channel, offset, body)])

    async def next(self) -> Delivery:
        async with asyncio.timeout(2):
            while not self._heard:
                self._heard += await anext(self._batches)
        return self._heard.pop(0)


@asynccontextmanager
async def memory() -> AsyncGenerator[Pair]:
    bus = MemoryBus()
    async with MemoryBroker(bus) as here, MemoryBroker(bus) as there:
        yield Ear(here), Ear(there)


BACKENDS: list[Callable[[], AbstractAsyncContextManager[Pair]]] = [memory]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
async def ears(request: pytest.FixtureRequest) -> AsyncGenerator[Pair]:
    """Two nodes of one deployment."""
    async with request.param() as pair:
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


async def test_a_broker_that_is_closed_ends_its_deliveries() -> None:
    async with memory() as (here, _):
        deliveries = here.broker.deliveries()

    async with asyncio.timeout(2):
        assert [batch async for batch in deliveries] == []
