"""A walk has pauses in which people come, move and go: whoever stays is found.

Here everybody looked at is followed by a pause, and in each pause something happens.
"""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from unittest.mock import patch

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import Cell, cell_of, parent, steps
from geo.point import Point
from geo.whereabouts import nearest
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from realtime.kernel.ids import PersonId
from tests.property.test_near import NOW, Town, settled, towns

PARIS = cell_of(Point(lat=48.8566, lon=2.3522))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One event loop is enough: what is compared is what comes back."""
    return "asyncio"


@asynccontextmanager
async def restless(
    whereabouts: MemoryWhereabouts, people: list[PersonId], cells: list[Cell], dice: random.Random
) -> AsyncGenerator[list[int]]:
    """With each turn of the loop one of them goes off duty, or is somewhere; answers how often."""
    turns = [0]

    async def live_on() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)
            person = dice.choice(people)
            if dice.random() < 0.3:
                await whereabouts.discharge(person)
            else:
                await whereabouts.enlist(person, 0)
                await whereabouts.move(person, dice.choice(cells), NOW)

    living = asyncio.create_task(live_on())
    try:
        yield turns
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


@settings(max_examples=max(200, settings().max_examples))
@given(town=towns(), seed=st.integers(0, 1 << 32))
async def test_who_stays_is_found_once_and_the_nearest_first_whoever_comes_and_goes(
    town: Town, seed: int
) -> None:
    dice, whereabouts = random.Random(seed), await settled(town)
    stay = {person: cell for person, cell in town.people.items() if dice.random() < 0.5}
    others = [*(town.people.keys() - stay.keys()), PersonId("another")]
    cells = [town.origin, *town.people.values()]

    with patch.object(nearest, "LOOKED_AT_ONCE", 1):
        async with restless(whereabouts, sorted(others), cells, dice):
            walk = whereabouts.walk(town.origin, ring=None, now=NOW)
            found = [it for want in (1, 3, 99) for it in await walk.on(want)]

    assert [it.steps for it in found] == sorted(it.steps for it in found)
    assert len({it.person for it in found}) == len(found)
    assert {it.person: it.cell for it in found if it.person in stay} == stay
    assert all(it.steps == steps(town.origin, it.cell) for it in found if it.person in stay)


@settings(max_examples=max(200, settings().max_examples))
@given(town=towns(), seed=st.integers(0, 1 << 32))
async def test_whose_zone_stays_is_found_once_and_in_order_whatever_zones_come_and_go(
    town: Town, seed: int
) -> None:
    dice, whereabouts = random.Random(seed), await settled(town)
    homes = [parent(cell, 7) for cell in (town.origin, *town.people.values())]
    declared = {home: [PersonId(f"at {home}")] for home in homes if dice.random() < 0.7}
    stay = {home for home in declared if dice.random() < 0.5}

    walk = whereabouts.walk(town.origin, ring=None, now=NOW, declared=declared)
    found = []
    for want in (1, 2, 3, 4, 99):
        found += await walk.on(want)
        for home in sorted({*homes} - stay):
            if dice.random() < 0.5:
                declared.pop(home, None)
            else:
                declared[home] = [PersonId(f"at {home}")]

    assert [it.steps for it in found] == sorted(it.steps for it in found)
    assert len({it.person for it in found}) == len(found)
    assert {it.cell for it in found if not it.live} >= stay


async def test_a_walk_over_many_gives_others_their_turn() -> None:
    around = [Cell(it) for it in h3.grid_ring(PARIS, 40)]
    town = Town(PARIS, {PersonId(f"p{number}"): cell for number, cell in enumerate(around)})
    whereabouts, dice = await settled(town), random.Random(1)
    blocks = {parent(cell, 7) for cell in around}

    with patch.object(nearest, "LOOKED_AT_ONCE", 1):
        async with restless(whereabouts, [PersonId("other")], [PARIS], dice) as turns:
            await whereabouts.near(PARIS, ring=None, want=1, now=NOW)

    assert turns[0] >= len(blocks)
