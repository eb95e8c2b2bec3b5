"""W16 of ``geo.whereabouts.ports.Whereabouts``: a walk, on every backend."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import h3
import pytest

from geo.cells import Cell, cell_of, parent
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from realtime.kernel.ids import PersonId
from tests.support.redis_handles import BACKENDS, two_handles, url_of
from tests.support.whereabouts import in_memory, on_redis

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
ANNA, BEA = PersonId("anna"), PersonId("bea")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=BACKENDS)
async def whereabouts(request: pytest.FixtureRequest) -> AsyncGenerator[Whereabouts]:
    url = url_of(request)
    if url is None:
        yield in_memory(1_000)
        return
    async with two_handles(url) as handles:
        yield on_redis(handles)(1_000)


def at_ring(ring: int, place: int = 0) -> Cell:
    return Cell(sorted(h3.grid_ring(HERE, ring))[place])


async def arrive(whereabouts: Whereabouts, person: PersonId, cell: Cell) -> None:
    await whereabouts.enlist(person, 0)
    assert await whereabouts.move(person, cell, NOW)


async def test_w16_a_walk_answers_in_pieces_what_is_answered_at_once(
    whereabouts: Whereabouts,
) -> None:
    for ring in (0, 1, 4, 9, 20, 90, 400):
        for number in range(2):
            await arrive(whereabouts, PersonId(f"{ring}-{number}"), at_ring(ring))
    declared = {parent(at_ring(15), 7): [ANNA], parent(at_ring(60), 7): [ANNA, BEA]}
    whole = await whereabouts.near(HERE, ring=None, want=99, now=NOW, declared=declared, salt="a")
    walk = whereabouts.walk(HERE, ring=None, now=NOW, declared=declared, salt="a")

    pieces = [await walk.on(want) for want in (1, 2, 3, 99, 1)]

    assert [it for piece in pieces for it in piece] == whole
    # Whole layers, and no more of them than it takes.
    assert [len(piece) for piece in pieces] == [2, 2, 4, len(whole) - 8, 0]


async def test_w16_who_moves_between_two_pieces_is_answered_once(whereabouts: Whereabouts) -> None:
    await arrive(whereabouts, ANNA, at_ring(1))
    await arrive(whereabouts, BEA, at_ring(30))
    walk = whereabouts.walk(HERE, ring=None, now=NOW)
    first = await walk.on(1)

    await whereabouts.move(ANNA, at_ring(60), NOW)
    rest = await walk.on(9)

    assert [it.person for it in first + rest] == [ANNA, BEA]


async def test_w16_who_leaves_before_a_walk_has_come_to_her_is_not_answered(
    whereabouts: Whereabouts,
) -> None:
    await arrive(whereabouts, ANNA, at_ring(1))
    await arrive(whereabouts, BEA, at_ring(2_000))
    walk = whereabouts.walk(HERE, ring=None, now=NOW)
    first = await walk.on(1)

    await whereabouts.discharge(BEA)

    assert [it.person for it in first] == [ANNA]
    assert await walk.on(9) == []


async def test_w16_a_zone_that_is_nobody_s_any_more_is_passed(whereabouts: Whereabouts) -> None:
    near, far = parent(at_ring(30), 7), parent(at_ring(90), 7)
    declared = {parent(HERE, 7): [ANNA], near: [BEA], far: [PersonId("cleo")]}
    walk = whereabouts.walk(HERE, ring=None, now=NOW, declared=declared)
    first = await walk.on(1)

    del declared[near]
    rest = await walk.on(9)

    assert [it.person for it in first + rest] == [ANNA, "cleo"]
