"""Asking the servers we depend on whether they can be trusted with an alert.

Before a start in production, PostgreSQL's "no" is a refusal. Redis is only asked by ``./run
doctor``: everything goes on without it, so it must keep nobody from starting.
"""

import asyncio

from realtime.adapters.redis.describing import describe
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import AppError
from realtime.sql import Database
from web.settings import PREFIX, Settings

#: A server that takes longer will not serve an alert either.
ANSWER_S = 10.0


async def database_problems(settings: Settings) -> list[str]:
    """Why PostgreSQL must not be trusted, each in a sentence that names no address."""
    # What the settings themselves refuse is not asked.
    if settings.database_file is not None or settings.line_problems:
        return []
    database = await asyncio.to_thread(Database.open, settings.database_url)
    try:
        async with asyncio.timeout(ANSWER_S):
            return [f"{PREFIX}DATABASE: {it}" for it in await database.problems()]
    except TimeoutError:
        return [f"{PREFIX}DATABASE: PostgreSQL does not answer"]
    finally:
        await database.close()


async def broker_problems(settings: Settings) -> list[str]:
    """The same for Redis."""
    if settings.in_memory or settings.line_problems:
        return []
    async with RedisServers.open(settings.broker) as servers:
        try:
            described = await describe(servers)
        except AppError:
            return [f"{PREFIX}BROKER: Redis does not answer"]
    # Of several servers, mostly for one reason.
    found = dict.fromkeys(problem for it in described for problem in it.problems)
    return [f"{PREFIX}BROKER: {it}" for it in found]
