"""Who is let in first when many come back: people in an alert, those who go to them, and staff."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from realtime.admission import Rank
from realtime.turns import BOUNDS, READS
from tests.support.service import Door, Person, service
from web.access.vocabulary import Role

PLACE = {"lat": 48.857, "lon": 2.352, "accuracy_m": 20}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncGenerator[Door]:
    async with service(tmp_path) as made:
        yield made


async def raises(door: Door, person: Person, number: int = 1) -> str:
    body = {"id": f"raise-{number:010d}", "kind": "followed", "mode": "public", "place": PLACE}
    answer = await door.post("/api/help/raise", body, who=person)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["alert"])


async def ticket(door: Door, person: Person) -> str:
    answer = await door.post("/api/session/ticket", who=person)
    assert answer.status_code == 200
    return str(answer.json()["ticket"])


async def test_a_ticket_says_who_comes_first_and_only_ours_say_so(door: Door) -> None:
    anna, bea = await door.person(), await door.person()
    operator = await door.person(Role.OPERATOR)
    await raises(door, anna)
    arrivals = door.whole.arrivals
    await arrivals.refresh()

    urgent, staff, other = [await ticket(door, it) for it in (anna, operator, bea)]

    assert [arrivals.of_ticket(it) for it in (urgent, staff)] == [Rank.FIRST, Rank.FIRST]
    assert arrivals.of_ticket(other) is Rank.HALFWAY
    assert arrivals.of_ticket(f"{other}!{urgent.partition('!')[2]}") is Rank.HALFWAY
    assert arrivals.of_token(anna.token) is Rank.FIRST
    assert arrivals.of_token(bea.token) is Rank.OTHERS
    # The mark is no part of the secret: each opens one socket, once.
    for each, person in ((urgent, anna), (staff, operator), (other, bea)):
        assert await door.whole.application.authenticate(each) == person.caller


async def test_while_all_turns_are_taken_a_request_for_help_is_answered_and_others_wait(
    door: Door,
) -> None:
    anna, bea = await door.person(), await door.person()
    operator = await door.person(Role.OPERATOR)
    await door.whole.arrivals.refresh()
    async with AsyncExitStack() as taken:
        for _ in range(BOUNDS.at_once // READS):
            await taken.enter_async_context(door.whole.arrivals.turn(Rank.OTHERS))
        waiting = asyncio.create_task(ticket(door, bea))

        await raises(door, anna)
        # For the first, turns are kept.
        assert await ticket(door, operator)
        called = await door.whole.application.call(
            operator.caller, "me.state", msgspec.json.encode({})
        )
        assert b"offers" in called
        assert not waiting.done()

    assert await waiting


async def test_sockets_and_requests_share_their_turns(door: Door) -> None:
    """An empty queue is false: the node once took turns of its own instead."""
    assert door.whole.node._turns is door.whole.arrivals._turns


async def test_the_end_of_an_alert_ends_its_precedence(door: Door) -> None:
    anna = await door.person()
    alert = await raises(door, anna)
    arrivals = door.whole.arrivals
    await arrivals.refresh()
    assert arrivals.of_caller(anna.caller) is Rank.FIRST

    await door.post("/api/help/cancel", {"alert": alert}, who=anna)
    await arrivals.refresh()

    assert arrivals.of_caller(anna.caller) is Rank.OTHERS
