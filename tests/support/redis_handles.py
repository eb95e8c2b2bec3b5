"""Two nodes that share nothing but the servers, for the tests of what Redis keeps for them."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from realtime.adapters.redis import servers as servers_file
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import random_id

#: The memory of one process, and each kind of servers by the fixture that starts it.
BACKENDS = ["memory", "redis_server", "valkey_server", "redis_cluster"]
#: How long a test on a busy machine waits for Redis where the program would go on without it.
PATIENCE_S = 30.0


@asynccontextmanager
async def two_handles(
    url: str, prefix: str | None = None
) -> AsyncGenerator[tuple[RedisServers, RedisServers]]:
    """A deployment of its own on servers that others use too."""
    prefix = prefix or f"test-{random_id()}"
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            # A server on a busy machine may be silent for longer than a phone would wait.
            for name in ("CONNECT_S", "ANSWER_S", "ENOUGH_S"):
                patch.setattr(servers_file, name, PATIENCE_S)
            ours = await stack.enter_async_context(RedisServers.open(url, prefix))
            theirs = await stack.enter_async_context(RedisServers.open(url, prefix))
        yield ours, theirs


def url_of(request: pytest.FixtureRequest) -> str | None:
    """The address of the servers a test is parametrised with; None for memory."""
    return None if request.param == "memory" else request.getfixturevalue(request.param).url


def ports_of(url: str) -> list[int]:
    """Where the servers of an address listen; those of a cluster without replicas are all there."""
    return [int(port) for port in re.findall(r":([0-9]+)", url)]


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Return once it has happened."""
    async with asyncio.timeout(PATIENCE_S):
        while not await happened():  # noqa: ASYNC110  # a server does not tell
            await asyncio.sleep(0.02)
