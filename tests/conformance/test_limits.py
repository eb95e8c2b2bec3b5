"""The promises of ``realtime.ports.Limits``, one test each, on every backend."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from realtime.adapters import memory as memory_file
from realtime.adapters.memory import MemoryLimits
from realtime.adapters.redis.limits import RedisLimits
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import TooManyRequests
from realtime.ports import Limits
from tests.support.redis_handles import BACKENDS, PATIENCE_S, two_handles, url_of

Deployment = tuple[Limits, Limits, ManualClock]


@asynccontextmanager
async def memory() -> AsyncGenerator[Deployment]:
    # One process, so the two handles of a deployment are one.
    clock = ManualClock()
    limits = MemoryLimits(clock)
    yield limits, limits, clock


@asynccontextmanager
async def redis(url: str) -> AsyncGenerator[Deployment]:
    """Two nodes; the server's clock is ours to move."""
    clock = ManualClock()
    async with two_handles(url) as handles:
        here, there = (
            RedisLimits(
                servers,
                MemoryLimits(clock),
                key=b"k",
                patience_s=PATIENCE_S,
                now_ms=lambda: int(clock.now().timestamp() * 1000),
            )
            for servers in handles
        )
        yield here, there, clock
        # Whoever is counted by the node itself shows nothing of Redis.
        assert here.failures == there.failures == 0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=BACKENDS)
async def nodes(request: pytest.FixtureRequest) -> AsyncGenerator[Deployment]:
    """Two nodes of one deployment, and the clock of both."""
    url = url_of(request)
    async with memory() if url is None else redis(url) as deployment:
        yield deployment


async def served(limits: Limits, key: str, times: int) -> int:
    """How many of so many requests are let through; two a second, three at once."""
    count = 0
    for _ in range(times):
        try:
            await limits.spend(key, rate=2.0, burst=3)
        except TooManyRequests:
            continue
        count += 1
    return count


async def test_l1_so_many_at_once_and_no_more_on_all_nodes_together(nodes: Deployment) -> None:
    here, there, _ = nodes

    assert await served(here, "anna", 2) == 2
    assert await served(there, "anna", 5) == 1


async def test_l1_afterwards_so_many_a_second(nodes: Deployment) -> None:
    here, _, clock = nodes
    await served(here, "anna", 3)

    clock.advance(0.499)
    assert await served(here, "anna", 1) == 0
    clock.advance(0.001)
    assert await served(here, "anna", 2) == 1


async def test_l1_waiting_for_long_does_not_save_up_more_than_the_burst(nodes: Deployment) -> None:
    here, _, clock = nodes
    await served(here, "anna", 3)

    clock.advance(3600)

    assert await served(here, "anna", 10) == 3


async def test_l1_being_refused_costs_nothing(nodes: Deployment) -> None:
    here, _, clock = nodes
    await served(here, "anna", 100)

    clock.advance(0.5)

    assert await served(here, "anna", 1) == 1


async def test_l1_a_clock_set_back_is_nobodys_fault(nodes: Deployment) -> None:
    here, _, clock = nodes
    await served(here, "anna", 1)

    clock.advance(-3600)

    assert await served(here, "anna", 2) == 2


async def test_l2_keys_do_not_influence_each_other(nodes: Deployment) -> None:
    here, _, _ = nodes
    await served(here, "anna", 10)

    assert await served(here, "bea", 3) == 3


async def test_l4_at_once_counts_the_same_or_nothing(nodes: Deployment) -> None:
    here, _, clock = nodes
    counted = [here.spend_at_once("anna", clock.now(), rate=2.0, burst=3) for _ in range(2)]

    left = await served(here, "anna", 9)

    assert (counted, left) in (([True, True], 1), ([False, False], 3))
    if counted[0]:
        with pytest.raises(TooManyRequests):
            here.spend_at_once("anna", clock.now(), rate=2.0, burst=3)


async def test_l2_in_memory_the_least_recently_used_are_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_file, "MOST_KEYS", 2)
    limits = MemoryLimits(ManualClock())
    await served(limits, "anna", 3)
    await served(limits, "bea", 3)
    await served(limits, "anna", 1)

    await served(limits, "cleo", 1)

    assert await served(limits, "anna", 1) == 0
    assert await served(limits, "bea", 1) == 1
