"""The promises of ``realtime.ports.Tickets``, one test each, on every backend."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from realtime.adapters import memory as memory_file
from realtime.adapters.memory import MemoryTickets
from realtime.adapters.redis.tickets import RedisTickets
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import TicketExpired, TooManyRequests
from realtime.kernel.ids import PersonId, random_id
from realtime.ports import Caller, Tickets
from tests.support.redis_handles import BACKENDS, PATIENCE_S, two_handles, url_of
from tests.support.ticket_desks import NoDesk, database_desks, let_pass
from web.auth import store
from web.auth import tickets as database_file
from web.auth.sessions import Sessions
from web.auth.tokens import random_token

ANNA = Caller(PersonId("anna"), "citizen", "session-1")
#: Two nodes, and what lets so many seconds pass.
Deployment = tuple[Tickets, Tickets, Callable[[float], object]]


@asynccontextmanager
async def memory() -> AsyncGenerator[Deployment]:
    # One process, so the two handles of a deployment are one.
    clock = ManualClock()
    tickets = MemoryTickets(clock, random_id)
    yield tickets, tickets, clock.advance


@asynccontextmanager
async def redis(url: str) -> AsyncGenerator[Deployment]:
    async with two_handles(url) as (ours, theirs):
        here, there = (
            RedisTickets(it, random_id, NoDesk(), patience_s=PATIENCE_S) for it in (ours, theirs)
        )
        yield here, there, lambda seconds: let_pass(url, ours.prefix, seconds)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=[*BACKENDS, "sqlite", "postgres"])
async def desks(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Deployment]:
    """Two nodes of one deployment, and the time of both."""
    if request.param in {"sqlite", "postgres"}:
        clock, address = ManualClock(), ""
        if request.param == "postgres":
            address = request.getfixturevalue("postgres").new_database()
        async with database_desks(tmp_path, clock, address) as (here, there):
            yield here, there, clock.advance
        return
    url = url_of(request)
    async with memory() if url is None else redis(url) as deployment:
        yield deployment


async def test_a_ticket_is_worth_its_caller_on_every_node_and_cannot_be_guessed(
    desks: Deployment,
) -> None:
    here, there, _ = desks

    ticket = await here.issue(ANNA)

    assert len(ticket) >= 43  # 256 bits
    assert await there.redeem(ticket) == ANNA


async def test_t1_of_many_who_ask_at_once_one_is_served(desks: Deployment) -> None:
    here, there, _ = desks
    ticket = await here.issue(ANNA)

    answers = await asyncio.gather(
        *(desk.redeem(ticket) for desk in (here, there) * 50), return_exceptions=True
    )

    assert answers.count(ANNA) == 1
    assert {type(it) for it in answers} == {Caller, TicketExpired}


async def test_t2_after_30_seconds_it_is_worth_nothing(desks: Deployment) -> None:
    here, there, passes = desks
    good, late = await here.issue(ANNA), await here.issue(ANNA)
    passes(15)
    assert await there.redeem(good) == ANNA

    passes(15)

    with pytest.raises(TicketExpired):
        await there.redeem(late)
    later = await here.issue(ANNA)
    passes(45)
    with pytest.raises(TicketExpired):
        await there.redeem(later)


async def test_t2_in_memory_to_the_millisecond() -> None:
    clock = ManualClock()
    desk = MemoryTickets(clock, random_id)
    good, late = await desk.issue(ANNA), await desk.issue(ANNA)
    clock.advance(29.999)
    assert await desk.redeem(good) == ANNA

    clock.advance(0.001)

    with pytest.raises(TicketExpired):
        await desk.redeem(late)


NEVER_ISSUED = ("", "never", "\x00", "é" * 5000, "r." + "x" * 44, "d." + "x" * 43, "r.é", "d.é")


async def test_t3_what_was_never_issued_has_expired(desks: Deployment) -> None:
    here, _, _ = desks

    for ticket in NEVER_ISSUED:
        with pytest.raises(TicketExpired):
            await here.redeem(ticket)


async def test_in_memory_the_oldest_give_way_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_file, "MOST_TICKETS", 3)
    clock = ManualClock()
    desk = MemoryTickets(clock, random_id)
    tickets = [await desk.issue(ANNA) for _ in range(4)]

    with pytest.raises(TicketExpired):
        await desk.redeem(tickets[0])
    assert await desk.redeem(tickets[1]) == ANNA


async def test_in_memory_those_that_expired_make_room() -> None:
    clock = ManualClock()
    desk = MemoryTickets(clock, random_id)
    for _ in range(5):
        await desk.issue(ANNA)
    clock.advance(31)

    await desk.issue(ANNA)

    assert len(desk._waiting) == 1


async def test_in_the_database_those_nobody_came_with_are_swept(tmp_path: Path) -> None:
    clock = ManualClock()
    async with database_desks(tmp_path, clock) as (desk, _):
        await desk.issue(ANNA)
        clock.advance(31)
        await desk.issue(ANNA)

        await desk._ledger.write(Sessions(random_token).prune)

        async with desk._ledger.reading() as reading:
            assert await store.count_tickets(reading.db) == 1


async def test_in_the_database_there_is_room_for_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "MOST_TICKETS", 2)
    clock = ManualClock()
    async with database_desks(tmp_path, clock) as (desk, _):
        for _ in range(2):
            await desk.issue(ANNA)
        with pytest.raises(TooManyRequests):
            await desk.issue(ANNA)

        clock.advance(30)

        assert await desk.redeem(await desk.issue(ANNA)) == ANNA
