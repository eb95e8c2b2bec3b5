"""The task ``feed.transit``: a network's GTFS-Realtime, fetched by one node, known to each.

One node fetches and keeps what was said; every node reads it and tells its own ``Transit`` where
vehicles are.
"""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog

from geo.transit.realtime import Notice, notices, vehicles
from geo.transit.service import Transit
from geo.transit.values import NetworkId, Vehicle
from realtime.kernel.errors import AppError
from realtime.ledger import Ledger, Reading, Transaction
from realtime.push.fetching import NONE, Fetched, Fetcher, Got
from realtime.store import Task
from realtime.tasks import Tasks
from web.feed_settings import Source
from web.feeds import store
from web.feeds.rules import LOOK_S, STALE, TRANSIT_BYTES, TRANSIT_EVERY, pause_after
from web.feeds.store import Said, State

log = structlog.get_logger("web.feeds")

TRANSIT = "feed.transit"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking for a feed once; None: it is as before, or could not be read."""

    fetched: Fetched
    failures: int
    vehicles: bytes | None = None
    notices: bytes | None = None
    counted: int = 0
    refused: int = 0


class Vehicles:
    def __init__(
        self, ledger: Ledger, fetcher: Fetcher, transit: Transit, sources: list[Source]
    ) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._transit = transit
        self._sources = {it.key: it for it in sources}
        #: What this node knows already.
        self._known: dict[str, tuple[str, datetime]] = {}

    def register(self, tasks: Tasks) -> None:
        tasks.handle(TRANSIT, self._apply, self._ask)

    async def plan(self, tx: Transaction) -> None:
        for key in self._sources:
            tx.schedule(TRANSIT, key)

    async def run(self) -> None:
        """On every node: look now and then whether something new was fetched."""
        while self._sources:
            try:
                async with self._ledger.reading() as reading:
                    await self.look(reading)
            except AppError as error:
                log.warning("feed.not_looked", error=error.name)
            await asyncio.sleep(LOOK_S)

    async def look(self, reading: Reading) -> None:
        found = await store.versions(reading.db)
        if found == self._known:
            return
        by_network: dict[str, list[Vehicle]] = defaultdict(list)
        for said in await store.said_by(reading.db):
            if reading.now - said.at <= STALE:
                by_network[said.network] += _vehicles(said.vehicles)
        for network in {network for network, _ in found.values()}:
            self._transit.set_vehicles(NetworkId(network), by_network[network])
        self._known = found

    async def theirs(self, reading: Reading, network: str | None) -> list[Notice]:
        """Service alerts of networks' own feeds that stand now."""
        found = [
            notice
            for said in await store.said_by(reading.db, network)
            for notice in _notices(said.notices)
        ]
        return [it for it in found if it.until is None or it.until > reading.now]

    async def _ask(self, task: Task) -> Taken | None:
        source = self._sources.get(task.key)
        if source is None:
            return None
        async with self._ledger.reading() as reading:
            known, now = await store.state(reading.db, f"transit:{source.key}"), reading.now
        version = NONE if known is None else known.version
        failures = 0 if known is None else known.failures
        fetched = await self._fetcher.get(source.url, version, most=TRANSIT_BYTES)
        if fetched.got is not Got.NEW:
            return Taken(fetched, failures)
        return await asyncio.to_thread(_read, fetched, failures, NetworkId(source.name), now)

    async def _apply(self, tx: Transaction, task: Task, taken: Taken | None) -> None:
        if taken is None:
            await store.forget(tx.db, f"transit:{task.key}")
            await store.forget(tx.db, task.key)
            return
        failed = taken.fetched.got is not Got.SAME and taken.vehicles is None
        failures = taken.failures + 1 if failed else 0
        if taken.vehicles is not None and taken.notices is not None:
            network = self._sources[task.key].name
            said = Said(
                feed=task.key,
                network=network,
                at=tx.now,
                vehicles=taken.vehicles,
                notices=taken.notices,
            )
            await store.put_said(tx.db, said)
        state = State(
            feed=f"transit:{task.key}",
            version=NONE if failed else taken.fetched.version,
            failures=failures,
            at=tx.now,
            got=taken.fetched.got,
            taken=taken.counted,
            refused=taken.refused,
        )
        await store.put_state(tx.db, state)
        tx.schedule(TRANSIT, task.key, due=tx.now + pause_after(failures, TRANSIT_EVERY))


def _read(fetched: Fetched, failures: int, network: NetworkId, now: datetime) -> Taken:
    """Both kinds of things that a feed may hold."""
    moving, refused = vehicles(fetched.body, network, now)
    said, refused_too = notices(fetched.body, network)
    counted, wrong = len(moving) + len(said), sum(refused.values()) + sum(refused_too.values())
    if not counted and wrong:
        log.warning("feed.refused", feed=network, reasons=sorted({*refused, *refused_too}))
        return Taken(fetched, failures, refused=wrong)
    return Taken(fetched, failures, _packed(moving), _packed(said), counted, wrong)


def _packed(values: Sequence[Vehicle] | Sequence[Notice]) -> bytes:
    return zlib.compress(msgspec.json.encode(values), level=1)


def _vehicles(packed: bytes) -> list[Vehicle]:
    return msgspec.json.decode(zlib.decompress(packed), type=list[Vehicle])


def _notices(packed: bytes) -> list[Notice]:
    return msgspec.json.decode(zlib.decompress(packed), type=list[Notice])
