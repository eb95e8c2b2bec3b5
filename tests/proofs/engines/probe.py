"""How soon each hub writes again: a small command asked of each, over and over, past the door."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import aiohttp

EVERY_S = 0.2
PATIENCE_S = 2.0


class Probe:
    """Moments at which each hub has answered a command that writes."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._answered: dict[str, list[float]] = {url: [] for url in urls}

    def recovered(self, since: float, before: float) -> float:
        """Seconds until all hubs had written again; up to ``before``, when one never had."""
        first = [
            min(next((at for at in moments if at >= since), before), before)
            for moments in self._answered.values()
        ]
        return max(first) - since

    async def ask(self, web: aiohttp.ClientSession, url: str) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with web.post(f"{url}/api/session", json={}) as got:
                    if got.status == 200:
                        self._answered[url].append(time.time())
            await asyncio.sleep(EVERY_S)


@asynccontextmanager
async def probing(urls: Sequence[str]) -> AsyncGenerator[Probe]:
    probe = Probe(urls)
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as web:
        tasks = [asyncio.create_task(probe.ask(web, url)) for url in urls]
        try:
            yield probe
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
