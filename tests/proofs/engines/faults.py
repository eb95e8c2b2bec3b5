"""The faults, by name: each breaks one thing for a moment under load, and says when it was whole.

All times are drawn from the run's dice: a seed breaks the same things in the same order.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from redis.crc import key_slot
from redis.exceptions import ResponseError

from tests.adversity.history.lines import Fault
from tests.proofs.engines.house import House, Hub
from tests.support.faults.link import BadLink
from tests.support.faults.processes import paused
from tests.support.postgres import Postgres
from tests.support.redis_deployments import SLOTS, ClusterDeployment, SentinelDeployment
from tests.support.redis_servers import RedisServer, eventually

#: Slots that change hands in one run.
MIGRATED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What may be broken."""

    house: House
    chance: random.Random
    #: How long a hub is stopped.
    pause_s: float
    postgres: Postgres | None = None
    redis: RedisServer | None = None
    sentinels: SentinelDeployment | None = None
    cluster: ClusterDeployment | None = None

    def hub(self) -> Hub:
        return self.chance.choice(self.house.hubs)

    async def moment(self, most: float) -> None:
        await asyncio.sleep(self.chance.uniform(0, most))


Break = Callable[[Ground], Awaitable[None]]


async def carry_out(ground: Ground, kind: str) -> Fault:
    """Break it, mend it; from when to when."""
    began = time.time()
    await KINDS[kind](ground)
    return Fault(began, time.time(), kind)


async def hub_killed(ground: Ground) -> None:
    server = ground.hub().server
    server.kill()
    await ground.moment(1.0)
    await server.start()


async def hub_stopped(ground: Ground) -> None:
    async with paused(ground.hub().server.process_id, ground.pause_s):
        pass


async def postgres_restarted(ground: Ground) -> None:
    assert ground.postgres is not None
    await asyncio.to_thread(ground.postgres.stop, "immediate")
    await ground.moment(1.5)
    await asyncio.to_thread(ground.postgres.start)


async def redis_flushed(ground: Ground) -> None:
    for _ in range(3):
        if ground.cluster is not None:
            await asyncio.to_thread(ground.cluster.flush)
        elif ground.redis is not None:
            await asyncio.to_thread(ground.redis.flush)
        await ground.moment(0.5)


async def redis_killed(ground: Ground) -> None:
    assert ground.redis is not None
    await asyncio.to_thread(ground.redis.kill)
    await ground.moment(3.0)
    await asyncio.to_thread(ground.redis.start)


async def redis_stopped(ground: Ground) -> None:
    """It hangs: connections stay open, nothing is answered."""
    assert ground.redis is not None
    ground.redis.pause()
    await ground.moment(4.0)
    ground.redis.resume()


async def cut_from_database(ground: Ground) -> None:
    await _cut(ground, ground.hub().database)


async def cut_from_broker(ground: Ground) -> None:
    await _cut(ground, ground.hub().broker)


async def _cut(ground: Ground, link: BadLink | None) -> None:
    """Refused at once, or swallowed without a word: a hub must survive both."""
    assert link is not None
    if ground.chance.random() < 0.5:
        link.cut(refuse=True)
    else:
        await link.black_hole()
    await asyncio.sleep(ground.chance.uniform(1.0, 4.0))
    await link.fair()


async def sentinel_primary_killed(ground: Ground) -> None:
    deployment = ground.sentinels
    assert deployment is not None
    killed = await asyncio.to_thread(deployment.kill_primary)
    replaced = partial(eventually, lambda: deployment.primary is not killed, "nobody took over")
    await asyncio.to_thread(replaced)
    await asyncio.to_thread(deployment.restore)


async def cluster_primary_killed(ground: Ground) -> None:
    deployment, slot = ground.cluster, ground.chance.randrange(SLOTS)
    assert deployment is not None
    killed = await asyncio.to_thread(deployment.kill_primary, slot)
    replaced = partial(eventually, lambda: deployment.owner(slot) is not killed, "nobody took over")
    await asyncio.to_thread(replaced)
    await asyncio.to_thread(deployment.restore)


async def slots_migrated(ground: Ground) -> None:
    """The slots of channels that hubs listen to change hands, one by one."""
    deployment = ground.cluster
    assert deployment is not None
    for slot in await asyncio.to_thread(_listened, deployment):
        # One that holds a key at this moment stays where it is.
        with contextlib.suppress(ResponseError):
            await asyncio.to_thread(deployment.migrate_slot, slot)


def _listened(deployment: ClusterDeployment) -> list[int]:
    names: set[str] = set()
    for server in deployment.servers:
        if server.running:
            names.update(server.ask("PUBSUB", "SHARDCHANNELS"))
    return sorted({key_slot(name.encode()) for name in names})[:MIGRATED]


KINDS: dict[str, Break] = {
    "hub SIGKILL": hub_killed,
    "hub SIGSTOP, then SIGCONT": hub_stopped,
    "PostgreSQL immediate restart": postgres_restarted,
    "Redis FLUSHALL": redis_flushed,
    "Redis killed, restarted empty": redis_killed,
    "Redis hangs": redis_stopped,
    "network cut, hub to PostgreSQL": cut_from_database,
    "network cut, hub to Redis": cut_from_broker,
    "Sentinel: primary killed": sentinel_primary_killed,
    "Cluster: primary killed": cluster_primary_killed,
    "Cluster: slots migrated": slots_migrated,
}
#: What ends with a Redis that has lost what it knew, or that cannot be reached.
REDIS = frozenset(kind for kind in KINDS if "Redis" in kind or ":" in kind)
