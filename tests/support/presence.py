"""A node's presence on Redis, with the patience of a test."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from realtime.adapters.redis.presence import LIFE_S, RedisPresence
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import random_id
from tests.support.redis_handles import PATIENCE_S


@asynccontextmanager
async def presence_on(
    servers: RedisServers, *, node: str = "", life_s: float = LIFE_S, patience_s: float = PATIENCE_S
) -> AsyncGenerator[RedisPresence]:
    presence = RedisPresence(
        servers, node=node or random_id(), life_s=life_s, patience_s=patience_s
    )
    async with presence.running():
        yield presence
