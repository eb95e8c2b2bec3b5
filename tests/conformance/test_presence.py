"""The promises of ``realtime.ports.Presence``, one test each, on every backend."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from realtime.adapters.memory import MemoryPresence
from realtime.kernel.ids import Channel, PersonId
from realtime.ports import Presence
from tests.support.presence import presence_on
from tests.support.redis_handles import BACKENDS, two_handles, url_of

ANNA, BEA, CLEO = PersonId("anna"), PersonId("bea"), PersonId("cleo")
ROOM, OTHER = Channel("room:1"), Channel("room:2")
Pair = tuple[Presence, Presence]


@asynccontextmanager
async def memory() -> AsyncGenerator[Pair]:
    # One process, so the two handles of a deployment are one.
    presence = MemoryPresence()
    yield presence, presence


@asynccontextmanager
async def redis(url: str) -> AsyncGenerator[Pair]:
    async with (
        two_handles(url) as (ours, theirs),
        presence_on(ours) as here,
        presence_on(theirs) as there,
    ):
        yield here, there


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=BACKENDS)
async def nodes(request: pytest.FixtureRequest) -> AsyncGenerator[Pair]:
    """Two nodes of one deployment."""
    url = url_of(request)
    async with memory() if url is None else redis(url) as pair:
        yield pair


async def test_r1_a_person_is_present_everywhere_from_arrival_to_leaving(nodes: Pair) -> None:
    here, there = nodes
    await here.arrive(ANNA, "phone")

    assert await there.present([ANNA]) == {ANNA}
    await here.leave(ANNA, "phone")
    assert await there.present([ANNA]) == frozenset()


async def test_r1_a_person_with_two_devices_leaves_with_the_last(nodes: Pair) -> None:
    here, there = nodes
    await here.arrive(ANNA, "phone")
    await there.arrive(ANNA, "tablet")

    await here.leave(ANNA, "phone")

    assert await here.present([ANNA]) == {ANNA}
    await there.leave(ANNA, "tablet")
    assert await here.present([ANNA]) == frozenset()


async def test_r2_only_those_asked_about_are_answered(nodes: Pair) -> None:
    here, _ = nodes
    await here.arrive(ANNA, "phone")
    await here.arrive(BEA, "phone of bea")

    assert await here.present([BEA, CLEO]) == {BEA}
    assert await here.present([]) == frozenset()


async def test_r3_leaving_twice_or_without_having_come_does_nothing(nodes: Pair) -> None:
    here, there = nodes
    await here.arrive(ANNA, "phone")
    await there.arrive(ANNA, "tablet")
    await here.leave(ANNA, "phone")
    await here.leave(ANNA, "phone")
    await here.leave(CLEO, "phone")

    assert await here.present([ANNA, CLEO]) == {ANNA}


async def test_r1_many_who_come_and_go_at_once_are_told_in_order(nodes: Pair) -> None:
    here, there = nodes
    people = [PersonId(f"person-{number}") for number in range(200)]

    async def visit(number: int, person: PersonId) -> None:
        await here.arrive(person, "phone")
        if number % 2:
            await here.leave(person, "phone")
        if number % 3 == 0:
            await here.arrive(person, "tablet")

    await asyncio.gather(*(visit(number, person) for number, person in enumerate(people)))

    stayed = {person for number, person in enumerate(people) if number % 2 == 0 or number % 3 == 0}
    assert await there.present(people) == stayed


async def test_r2_thousands_are_asked_about_at_once(nodes: Pair) -> None:
    here, there = nodes
    people = [PersonId(f"person-{number}") for number in range(2_500)]
    await asyncio.gather(*(here.arrive(person, "phone") for person in people[::3]))

    assert await there.present(people) == set(people[::3])


async def test_r4_everybody_in_a_channel_is_shown_with_a_seat_on_every_node(nodes: Pair) -> None:
    here, there = nodes
    await here.sit(ROOM, "phone", "Camille")
    await there.sit(ROOM, "tablet", "operator 1")
    await there.sit(OTHER, "desk", "operator 2")

    seats = {"phone": "Camille", "tablet": "operator 1"}
    assert await here.seated(ROOM) == await there.seated(ROOM) == seats
    await here.sit(ROOM, "phone", "Dominique")
    assert await there.seated(ROOM) == seats | {"phone": "Dominique"}
    assert await here.seated(Channel("room:3")) == {}


async def test_r4_standing_up_twice_or_without_having_sat_does_nothing(nodes: Pair) -> None:
    here, there = nodes
    await here.sit(ROOM, "phone", "Camille")
    await here.sit(ROOM, "tablet", "Camille")
    await here.stand(ROOM, "phone")
    await here.stand(ROOM, "phone")
    await there.stand(OTHER, "desk")

    assert await there.seated(ROOM) == {"tablet": "Camille"}
    await here.stand(ROOM, "tablet")
    assert await there.seated(ROOM) == {}
