"""Redis is killed, emptied or silent: tickets, limits and presence go on, or come back."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from realtime.adapters.memory import MemoryLimits
from realtime.adapters.redis.limits import RedisLimits
from realtime.adapters.redis.presence import RedisPresence
from realtime.adapters.redis.servers import RedisServers
from realtime.adapters.redis.tickets import RedisTickets
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import TicketExpired, TooManyRequests
from realtime.kernel.ids import Channel, PersonId, random_id
from realtime.ports import Caller
from tests.support.presence import presence_on
from tests.support.redis_handles import PATIENCE_S, two_handles, until
from tests.support.redis_servers import RedisServer, redis_alone
from tests.support.ticket_desks import database_desks

ANNA, BEA = PersonId("anna"), PersonId("bea")
CALLER = Caller(ANNA, "citizen", "session-1")
ROOM = Channel("room:1")
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


# Tickets


async def test_a_ticket_lost_with_its_redis_has_expired_and_the_next_is_from_the_database(
    server: RedisServer, handles: Handles, tmp_path: Path
) -> None:
    async with database_desks(tmp_path, ManualClock()) as desks:
        here, there = (
            RedisTickets(redis, random_id, desk, patience_s=PATIENCE_S)
            for redis, desk in zip(handles, desks, strict=True)
        )
        lost, forgotten = await here.issue(CALLER), await here.issue(CALLER)

        server.kill()
        with pytest.raises(TicketExpired):
            await there.redeem(lost)
        tickets = [await here.issue(CALLER), await there.issue(CALLER)]

        assert [it[:2] for it in (lost, *tickets)] == ["r.", "d.", "d."]
        assert await there.redeem(tickets[0]) == await here.redeem(tickets[1]) == CALLER
        for spent in tickets:
            with pytest.raises(TicketExpired):
                await here.redeem(spent)

        server.start()
        # One that was issued meanwhile is still good; one of before is not, and Redis issues again.
        with pytest.raises(TicketExpired):
            await here.redeem(forgotten)

        async def from_redis() -> bool:
            return (await here.issue(CALLER)).startswith("r.")

        await until(from_redis)


async def test_redis_holds_no_ticket_that_could_be_used(
    server: RedisServer, handles: Handles, tmp_path: Path
) -> None:
    async with database_desks(tmp_path, ManualClock()) as (desk, _):
        tickets = RedisTickets(handles[0], random_id, desk, patience_s=PATIENCE_S)
        ticket = await tickets.issue(CALLER)

        (name,) = server.ask("KEYS", f"{handles[0].prefix}:*")
        assert ticket[2:] not in name
        assert ticket[2:] not in server.ask("GET", name)
        assert 0 < server.ask("PTTL", name) <= 30_000


# Limits


async def test_a_node_counts_by_itself_while_redis_is_dead(
    server: RedisServer, handles: Handles
) -> None:
    clock = ManualClock()
    limits = RedisLimits(handles[0], MemoryLimits(clock), key=b"k", patience_s=PATIENCE_S)
    server.kill()
    try:
        for _ in range(3):
            await limits.spend("anna", rate=2.0, burst=3)
        with pytest.raises(TooManyRequests):
            await limits.spend("anna", rate=2.0, burst=3)
    finally:
        server.start()


async def test_a_redis_that_says_nothing_is_asked_once_and_then_left_alone(
    server: RedisServer, handles: Handles
) -> None:
    limits = RedisLimits(handles[0], MemoryLimits(ManualClock()), key=b"k", patience_s=0.05)
    server.pause()
    try:
        for number in range(20):
            await limits.spend(f"person-{number}", rate=2.0, burst=3)
        asked = limits.failures
    finally:
        server.resume()

    # One each second, on a machine that is not stopped for twenty.
    assert 1 <= asked < 20


async def test_the_servers_clock_fills_a_bucket_and_its_end_is_set(
    server: RedisServer, handles: Handles
) -> None:
    # Nobody counts on this node, so whoever is let through was by Redis.
    nobody = MemoryLimits(ManualClock())
    limits = [RedisLimits(it, nobody, key=b"k", patience_s=PATIENCE_S) for it in handles]

    async def served() -> bool:
        try:
            await limits[1].spend("anna of 192.0.2.7", rate=5.0, burst=2)
        except TooManyRequests:
            return False
        return True

    assert await served()
    assert await served()
    assert not await served()
    await until(served)

    (name,) = server.ask("KEYS", f"{handles[0].prefix}:*")
    assert "anna" not in name
    assert "192" not in name
    assert 0 < server.ask("PTTL", name) <= 60_400
    assert limits[1].failures == 0


# Presence


async def in_the_room(presence: RedisPresence) -> tuple[frozenset[PersonId], dict[str, str]]:
    return await presence.present([ANNA, BEA]), await presence.seated(ROOM)


async def test_an_emptied_redis_is_told_everything_again(
    server: RedisServer, handles: Handles
) -> None:
    async with presence_on(handles[0]) as here, presence_on(handles[1]) as there:
        await here.arrive(ANNA, "phone")
        await here.sit(ROOM, "phone", "Camille")
        assert await in_the_room(there) == (frozenset({ANNA}), {"phone": "Camille"})

        server.flush()

        await until(lambda: came_back(there))
        assert await in_the_room(there) == (frozenset({ANNA}), {"phone": "Camille"})


async def came_back(presence: RedisPresence) -> bool:
    return await in_the_room(presence) == (frozenset({ANNA}), {"phone": "Camille"})


async def test_without_redis_a_node_knows_its_own_and_tells_what_changed_meanwhile(
    server: RedisServer, handles: Handles
) -> None:
    async with presence_on(handles[0]) as here, presence_on(handles[1]) as there:
        await here.arrive(BEA, "tablet")
        server.kill()
        try:
            await here.arrive(ANNA, "phone")
            await here.sit(ROOM, "phone", "Camille")
            await here.leave(BEA, "tablet")

            assert await in_the_room(here) == (frozenset({ANNA}), {"phone": "Camille"})
            assert await in_the_room(there) == (frozenset(), {})
        finally:
            server.start()

        await until(lambda: came_back(there))


async def test_a_change_that_redis_lost_although_the_rest_is_there_is_noticed(
    server: RedisServer, handles: Handles
) -> None:
    """A replica that takes over may lack the last things told."""
    async with presence_on(handles[0], node="n") as here, presence_on(handles[1]) as there:
        await here.arrive(ANNA, "phone")
        await here.sit(ROOM, "phone", "Camille")
        name = handles[0].key("presence", "{n}")
        server.ask("SREM", f"{name}:people", ANNA)
        server.ask("SADD", f"{name}:people", BEA)
        server.ask("DECR", f"{name}:version")

        await until(lambda: came_back(there))


class Pausable(RedisPresence):
    """A node whose process can be stopped: it says nothing, and does not know it."""

    def __init__(self, servers: RedisServers) -> None:
        super().__init__(servers, node="paused", life_s=1.0, patience_s=PATIENCE_S)
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def _turn(self) -> None:
        await self.goes_on.wait()
        await super()._turn()


async def test_a_stopped_node_is_gone_for_the_others_until_it_goes_on(
    server: RedisServer, handles: Handles
) -> None:
    name = handles[0].key("presence", "{paused}")
    node = Pausable(handles[0])
    async with presence_on(handles[1]) as there, node.running():
        await node.arrive(ANNA, "phone")
        await node.sit(ROOM, "phone", "Camille")
        assert await came_back(there)

        node.goes_on.clear()
        await until(lambda: nobody_in(there))
        await until(lambda: nothing_named(server, name))

        node.goes_on.set()
        await until(lambda: came_back(there))

    assert await nothing_named(server, name)


async def nobody_in(presence: RedisPresence) -> bool:
    return await in_the_room(presence) == (frozenset(), {})


async def nothing_named(server: RedisServer, name: str) -> bool:
    return bool(server.ask("KEYS", f"{name}*") == [])
