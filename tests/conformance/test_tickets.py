"""The promises of ``realtime.ports.Tickets``, one test each, on every backend."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from realtime.adapters import memory as memory_file
from realtime.adapters.memory import MemoryTickets
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import TicketExpired
from realtime.kernel.ids import PersonId, random_id
from realtime.ports import Caller, Tickets

ANNA = Caller(PersonId("anna"), "citizen", "session-1")
Deployment = tuple[Tickets, Tickets, ManualClock]


@asynccontextmanager
async def memory() -> AsyncGenerator[Deployment]:
    # One process, so the two handles of a deployment are one.
    clock = ManualClock()
    tickets = MemoryTickets(clock, random_id)
    yield tickets, tickets, clock


BACKENDS: list[Callable[[], AbstractAsyncContextManager[Deployment]]] = [memory]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
async def desks(request: pytest.FixtureRequest) -> AsyncGenerator[Deployment]:
    """Two nodes of one deployment, and the clock of both."""
    async with request.param() as deployment:
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
        *(desk.redeem(ticket) for desk in (here, there) * 10), return_exceptions=True
    )

    assert answers.count(ANNA) == 1
    assert {type(it) for it in answers} == {Caller, TicketExpired}


async def test_t2_after_30_seconds_it_is_worth_nothing(desks: Deployment) -> None:
    here, there, clock = desks
    good, late = await here.issue(ANNA), await here.issue(ANNA)
    clock.advance(29.999)
    assert await there.redeem(good) == ANNA

    clock.advance(0.001)

    with pytest.raises(TicketExpired):
        await there.redeem(late)


@pytest.mark.parametrize("ticket", ["", "never issued", "\x00", "é" * 5000])
async def test_t3_what_was_never_issued_has_expired(desks: Deployment, ticket: str) -> None:
    here, _, _ = desks

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
