"""A slot of a cluster moves: a word may be lost, nobody is told of an error, nobody is twice."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest
from redis.crc import key_slot

from geo.cells import Cell, cell_of, to_index
from geo.point import Point
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.ports import Found
from geo.whereabouts.stems import share_of, stem_of
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId
from tests.support.redis_deployments import ClusterDeployment
from tests.support.redis_handles import two_handles, until
from tests.support.whereabouts import on

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
FAR = cell_of(Point(lat=46.17, lon=1.87))
ANNA, BEA = PersonId("anna"), PersonId("bea")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def node(redis_cluster: ClusterDeployment) -> AsyncGenerator[RedisServers]:
    async with two_handles(redis_cluster.url) as (servers, _):
        yield servers


def _slot(whereabouts: RedisWhereabouts, cell: Cell) -> int:
    by_cell, *_ = whereabouts._lists.parts(share_of(stem_of(to_index(cell))))
    return int(key_slot(by_cell.encode()))


async def test_a_word_said_while_its_list_moves_may_be_lost_and_the_next_is_heard(
    redis_cluster: ClusterDeployment, node: RedisServers
) -> None:
    here = on(node)
    for person in (ANNA, BEA):
        await here.enlist(person, 0)
    await here.move(BEA, HERE, NOW)
    await here.move(ANNA, FAR, NOW)

    with redis_cluster.while_moving(_slot(here, HERE)):
        assert await here.move(ANNA, HERE, NOW + timedelta(seconds=1)) is True

    async def found(cell: Cell) -> bool:
        near = await here.near(cell, ring=0, want=9, now=NOW)
        return Found(ANNA, cell, 0, live=True) in near

    await until(lambda: found(FAR))
    assert not await found(HERE)
    await here.move(ANNA, HERE, NOW + timedelta(seconds=2))
    assert await found(HERE)
    assert not await found(FAR)
