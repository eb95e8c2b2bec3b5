"""The promises of ``realtime.ports.Presence``, one test each, on every backend."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from realtime.adapters.memory import MemoryPresence
from realtime.kernel.ids import PersonId
from realtime.ports import Presence

ANNA, BEA, CLEO = PersonId("anna"), PersonId("bea"), PersonId("cleo")
Pair = tuple[Presence, Presence]


@asynccontextmanager
async def memory() -> AsyncGenerator[Pair]:
    # One process, so the two handles of a deployment are one.
    presence = MemoryPresence()
    yield presence, presence


BACKENDS: list[Callable[[], AbstractAsyncContextManager[Pair]]] = [memory]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
async def nodes(request: pytest.FixtureRequest) -> AsyncGenerator[Pair]:
    """Two nodes of one deployment."""
    async with request.param() as pair:
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
