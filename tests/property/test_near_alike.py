"""Redis answers what memory answers: same people, same cells, same order, whatever the world.

Every word is told to both, in Redis by two nodes in turn; then both are asked. Worlds are those of
``test_near.py``: at any scale, on the rims of rings, at the poles and where the grid is awkward.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import Cell, parent
from geo.whereabouts.ports import FRESH, Whereabouts
from realtime.kernel.ids import PersonId
from tests.property.test_near import Town, rings, towns
from tests.support.redis_deployments import ClusterDeployment
from tests.support.redis_handles import two_handles
from tests.support.redis_servers import RedisServer
from tests.support.whereabouts import in_memory, on_redis

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
SLOTS = 45


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop is enough: what is compared is what comes back."""
    return "asyncio", {"use_uvloop": True}


@dataclass(frozen=True)
class Life:
    """What happens to one person of a town, besides arriving."""

    tags: int
    #: Minutes before now at which she was heard last.
    silent: int
    #: She was in the cell of this other person before.
    came_from: int
    #: An older word of hers, from there, comes late.
    late: bool
    off_duty: bool
    new_tags: int | None
    zone: bool


def lives_of(dice: random.Random) -> list[Life]:
    return [
        Life(
            tags=dice.randrange(8),
            silent=dice.randrange(13),
            came_from=dice.randrange(SLOTS),
            late=dice.random() < 0.5,
            off_duty=dice.random() < 0.15,
            new_tags=dice.choice([None, dice.randrange(8)]),
            zone=dice.random() < 0.5,
        )
        for _ in range(SLOTS)
    ]


#: From a seed each: hypothesis would draw, and shrink, three hundred values for every world.
lives = st.integers(0, 1 << 32).map(random.Random).map(lives_of)


@dataclass(frozen=True)
class Asked:
    ring: int | None
    want: int
    tags: int
    salt: str
    minutes: int


questions = st.lists(
    st.builds(
        Asked,
        ring=rings,
        want=st.integers(0, 45),
        tags=st.sampled_from([0, 0, 1, 4, 5]),
        salt=st.sampled_from(["", "alert-1", "alert-2"]),
        minutes=st.integers(0, 12),
    ),
    min_size=1,
    max_size=4,
    # Time does not go back: memory has forgotten what was over.
).map(lambda asked: sorted(asked, key=lambda it: it.minutes))


async def told(whereabouts: Whereabouts, town: Town, lived: Sequence[Life]) -> None:
    cells = list(town.people.values())
    story = sorted(zip(town.people.items(), lived, strict=False), key=lambda each: -each[1].silent)
    for (person, cell), life in story:
        at = NOW - timedelta(minutes=life.silent)
        before = cells[life.came_from % len(cells)]
        await whereabouts.enlist(person, life.tags)
        await whereabouts.move(person, before, at - timedelta(seconds=2))
        await whereabouts.move(person, cell, at)
        if life.late:
            await whereabouts.move(person, before, at - timedelta(seconds=1))
        if life.new_tags is not None:
            await whereabouts.enlist(person, life.new_tags)
        if life.off_duty:
            await whereabouts.discharge(person)


def declared_in(town: Town, lived: Sequence[Life]) -> Mapping[Cell, list[PersonId]]:
    zones: dict[Cell, list[PersonId]] = {}
    for (person, cell), life in zip(town.people.items(), lived, strict=False):
        if life.zone:
            zones.setdefault(parent(cell, 7), []).append(person)
            zones.setdefault(parent(town.origin, 7), []).append(PersonId(f"other {person}"))
    return zones


async def answers(
    whereabouts: Whereabouts, town: Town, lived: Sequence[Life], asked: Sequence[Asked]
) -> list[object]:
    await told(whereabouts, town, lived)
    zones = declared_in(town, lived)
    found: list[object] = [
        await whereabouts.near(
            town.origin,
            ring=it.ring,
            want=it.want,
            now=NOW + timedelta(minutes=it.minutes),
            tags_all=it.tags,
            declared=zones,
            salt=it.salt,
        )
        # Each node again: it begins with as much as the answer before needed.
        for it in asked
        for _ in range(3)
    ]
    walk = whereabouts.walk(
        town.origin, ring=None, now=NOW + timedelta(minutes=asked[-1].minutes), declared=zones
    )
    found += [await walk.on(1 + it.want) for it in asked]
    end = NOW + timedelta(minutes=asked[-1].minutes)
    found += [await whereabouts.counts(res, end, at_least=1) for res in (5, 7)]
    found.append(await whereabouts.counts(8, NOW + FRESH, at_least=1))
    return found


async def check_alike(url: str, town: Town, lived: Sequence[Life], asked: Sequence[Asked]) -> None:
    expected = await answers(in_memory(1_000), town, lived, asked)
    async with two_handles(url) as handles:
        found = await answers(on_redis(handles)(1_000), town, lived, asked)
    assert found == expected


@settings(max_examples=max(150, settings().max_examples))
@given(town=towns(), lived=lives, asked=questions)
async def test_redis_answers_as_memory_does(
    redis_server: RedisServer, town: Town, lived: list[Life], asked: list[Asked]
) -> None:
    await check_alike(redis_server.url, town, lived, asked)


@settings(max_examples=max(15, settings().max_examples // 10))
@given(town=towns(), lived=lives, asked=questions)
async def test_a_cluster_answers_as_memory_does(
    redis_cluster: ClusterDeployment, town: Town, lived: list[Life], asked: list[Asked]
) -> None:
    await check_alike(redis_cluster.url, town, lived, asked)
