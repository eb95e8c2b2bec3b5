"""A node that listens, in a process of its own: ours, with redis-py's reader, or hardly any.

Orders come as lines of JSON. Each later one says how many messages to take, and whether to look at
the moment that each carries; the answer is what they cost.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
import uvloop
from hiredis import Reader
from redis.asyncio import Redis

from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import Channel
from tests.load.processes import tell

#: Of a packed delivery: a version and an offset, then the body.
HEAD = 9
#: For the names to be in place.
IN_PLACE_S = 10.0

Heard = Callable[[bytes], None]


class Place(msgspec.Struct, frozen=True):
    """One server, and what is listened to there."""

    host: str
    port: int
    names: list[str]


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    core: int | None
    url: str
    rooms: list[str]
    places: list[Place]
    sharded: bool


class Take(msgspec.Struct, frozen=True):
    messages: int
    timed: bool


class Tally:
    """Counts, and no more, unless the moment is asked for: the same work for every reader."""

    def __init__(self) -> None:
        self._left = 0
        self._timed = False
        self.taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.hops: list[float] = []

    def begin(self, take: Take) -> None:
        self._left, self._timed, self.hops = take.messages, take.timed, []
        self.taken = asyncio.get_running_loop().create_future()

    def heard(self, body: bytes) -> None:
        self._left -= 1
        if self._timed:
            self.hops.append((time.perf_counter_ns() - int.from_bytes(body[:8])) / 1e3)
        if not self._left:
            self.taken.set_result(None)


@asynccontextmanager
async def ours(orders: Orders, heard: Heard) -> AsyncGenerator[None]:
    """As a node listens, up to the list of deliveries that its pump is given."""
    async with RedisServers.open(orders.url) as servers, RedisBroker(servers) as broker:
        for room in orders.rooms:
            await broker.subscribe(Channel(room))

        async def pump() -> None:
            async for batch in broker.deliveries():
                for delivery in batch:
                    heard(delivery.body)

        task = asyncio.create_task(pump())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def redis_py(orders: Orders, heard: Heard) -> AsyncGenerator[None]:
    """Its own publish/subscribe, a task for each server."""

    async def listen(place: Place) -> None:
        async with Redis(host=place.host, port=place.port) as client, client.pubsub() as line:
            for name in place.names:
                await (line.ssubscribe if orders.sharded else line.subscribe)(name)
            async for message in line.listen():
                if message["type"].endswith("message"):
                    heard(message["data"][HEAD:])
                elif (in_place := waited.get(message["channel"].decode())) is not None:
                    in_place.set()

    waited = {name: asyncio.Event() for place in orders.places for name in place.names}
    tasks = [asyncio.create_task(listen(place)) for place in orders.places]
    for each in waited.values():
        async with asyncio.timeout(IN_PLACE_S):
            await each.wait()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def bare(orders: Orders, heard: Heard) -> AsyncGenerator[None]:
    """A ``Protocol`` and hiredis' reader: nothing is put back in place, nobody is told."""
    loop = asyncio.get_running_loop()
    lines = []
    for place in orders.places:
        made = loop.create_connection(lambda: _Bare(heard), place.host, place.port)
        transport, protocol = await made
        command = "SSUBSCRIBE" if orders.sharded else "SUBSCRIBE"
        for name in place.names:
            transport.write(f"{command} {name}\r\n".encode())
        while protocol.in_place < len(place.names):  # noqa: ASYNC110  # only before the measurement
            await asyncio.sleep(0.01)
        lines.append(transport)
    yield
    for transport in lines:
        transport.close()


class _Bare(asyncio.Protocol):
    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._answers = Reader()
        self.in_place = 0

    def data_received(self, data: bytes) -> None:
        self._answers.feed(data)
        while (answer := self._answers.gets()) is not False:
            if answer[0].endswith(b"message"):
                self._heard(answer[2][HEAD:])
            else:
                self.in_place += 1


READERS = {"ours": ours, "redis-py": redis_py, "bare": bare}


async def main() -> None:
    # Ten thousand names are one line.
    line = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(line), sys.stdin
    )
    orders = msgspec.json.decode(await line.readline(), type=Orders)
    if orders.core is not None:
        os.sched_setaffinity(0, {orders.core})
    tally = Tally()
    async with READERS[orders.kind](orders, tally.heard):
        tell(ready=True)
        while said := await line.readline():
            take = msgspec.json.decode(said, type=Take)
            tally.begin(take)
            tell(ready=True)
            cpu, wall = time.process_time(), time.perf_counter()
            await tally.taken
            spent, took = time.process_time() - cpu, time.perf_counter() - wall
            tell(cpu_us=spent / take.messages * 1e6, seconds=took, hops=tally.hops)


def as_orders(
    kind: str, core: int | None, url: str, rooms: Sequence[str], places: Sequence[Place]
) -> dict[str, object]:
    orders = Orders(
        kind=kind,
        core=core,
        url=url,
        rooms=list(rooms),
        places=list(places),
        sharded=len(places) > 1,
    )
    built: dict[str, object] = msgspec.to_builtins(orders)
    return built


if __name__ == "__main__":
    uvloop.run(main())
