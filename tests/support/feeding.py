"""Authorities and networks on this machine that publish feeds, and a ledger that follows them."""

import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from alerts.networks.messages import WarningView
from alerts.networks.warnings.service import Warnings
from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.service import Transit
from geo.transit.values import NetworkId, Vehicle
from realtime.kernel.clock import ManualClock
from realtime.push.fetching import Fetcher
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.settling import settled
from web.channels import channel_table
from web.feed_settings import sources
from web.feeds import store as feeds
from web.feeds.authorities import Authorities
from web.feeds.store import State
from web.feeds.vehicles import Vehicles


@dataclass
class Publisher:
    """Documents by path; what is not there is not found."""

    port: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        body = self.documents.get(request.path)
        if body is None:
            return web.Response(status=404)
        tag = f'"{hash(body):x}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=body, headers={"ETag": tag})


class Watched(Transit):
    """Where vehicles are, as it was told last."""

    def __init__(self, made: Deployment, clock: ManualClock) -> None:
        super().__init__(made.ledger, MemoryAboard(), clock)
        self.told: dict[str, list[Vehicle]] = {}

    def set_vehicles(self, network: NetworkId, vehicles: object) -> None:
        self.told[network] = list(vehicles)  # type: ignore[call-overload]


@dataclass
class Following:
    made: Deployment
    clock: ManualClock
    publisher: Publisher
    warnings: Warnings
    vehicles: Vehicles
    transit: Watched

    async def shown(self, language: str = "fr") -> list[WarningView]:
        async with self.made.ledger.reading() as reading:
            return (await self.warnings.list(reading, language)).warnings

    async def names(self) -> list[str]:
        return sorted(it.id for it in await self.shown())

    async def state(self, feed: str) -> State:
        async with self.made.ledger.reading() as reading:
            found = await feeds.state(reading.db, feed)
        if found is None:
            raise AssertionError(feed)
        return found

    async def look(self) -> dict[str, list[Vehicle]]:
        """What another node does now and then."""
        async with self.made.ledger.reading() as reading:
            await self.vehicles.look(reading)
        return self.transit.told

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        await settled(self.made.tasks, self.made.database, self.clock, relays=True)


@asynccontextmanager
async def publishing() -> AsyncGenerator[Publisher]:
    made = Publisher()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        await runner.cleanup()


@asynccontextmanager
async def following(
    publisher: Publisher,
    *,
    cap: str = "",
    transit: str = "",
    clock: ManualClock | None = None,
    address: str = "",
) -> AsyncGenerator[Following]:
    """``cap``, ``transit``: ``name=/path``, several with spaces between."""
    time = clock or ManualClock()

    def whole(said: str) -> str:
        return said.replace("=/", f"={publisher.url('/')}")

    fetcher = Fetcher(loopback=True, total_s=5)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            deployment(
                Path(folder), channel_table(), clock=time, ids=counted_ids(), address=address
            ) as made,
            fetcher.running(),
        ):
            made.writer.committed = lambda done: made.tasks.committed(done.tasks)
            watched, warnings = Watched(made, time), Warnings()
            authorities = Authorities(made.ledger, fetcher, warnings, sources(whole(cap)))
            vehicles = Vehicles(made.ledger, fetcher, watched, sources(whole(transit)))
            authorities.register(made.tasks)
            vehicles.register(made.tasks)
            built = Following(made, time, publisher, warnings, vehicles, watched)
            async with made.tasks.running(alone=not address):
                await made.ledger.write(authorities.plan)
                await made.ledger.write(vehicles.plan)
                await built.settle()
                yield built
