"""Networks joined with the rest: who calls their hooks, who fetches their feeds, what is tidied."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from alerts.networks import ours
from alerts.networks.messages import NetworkView
from alerts.networks.rules import HOOK_HOSTS_AT_ONCE, HOOKS_AT_ONCE
from alerts.networks.service import Networks
from alerts.networks.services.service import ServiceAlerts
from alerts.networks.warnings.service import Warnings
from geo.transit.service import Transit
from realtime.ledger import Transaction
from realtime.push.fetching import Fetcher
from realtime.push.guarded import guarded_connector
from realtime.push.hook import HookSender
from realtime.push.outgoing import Outgoing
from realtime.store import Task
from realtime.tasks import Tasks
from web.durable import Durable
from web.feed_settings import sender_of
from web.feeds.authorities import Authorities
from web.feeds.vehicles import Vehicles
from web.settings import Settings

TIDY = "network.tidy"
TIDY_EVERY = timedelta(minutes=10)
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Calls:
    """Whoever calls out: hooks are told, feeds are fetched. And what the project knows."""

    hooks: HookSender
    feeds: Fetcher
    ours: Mapping[str, NetworkView]


@asynccontextmanager
async def calling(settings: Settings, durable: Durable) -> AsyncGenerator[Calls]:
    """Both open, for as long as the block lasts: to public addresses only."""
    loopback = settings.hook_loopback
    outgoing = Outgoing(
        durable.clock,
        per_host=HOOKS_AT_ONCE,
        in_all=HOOK_HOSTS_AT_ONCE,
        connector=partial(guarded_connector, most=HOOK_HOSTS_AT_ONCE, loopback=loopback),
    )
    fetcher = Fetcher(loopback=loopback)
    known = await asyncio.to_thread(ours.read)
    follows = settings.warnings_from or settings.vehicles_from
    async with outgoing.running(), fetcher.running() if follows else nullcontext():
        yield Calls(HookSender(outgoing, durable.clock, loopback=loopback), fetcher, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Networking:
    """Everything about networks, of one installation."""

    networks: Networks
    services: ServiceAlerts
    warnings: Warnings
    authorities: Authorities
    vehicles: Vehicles
    #: Who we are, in CAP's ``sender``.
    sender: str

    def register(self, tasks: Tasks) -> None:
        self.networks.register(tasks)
        self.authorities.register(tasks)
        self.vehicles.register(tasks)
        tasks.handle(TIDY, self._tidy)

    async def plan(self, tx: Transaction) -> None:
        """What begins at every start and goes on by itself."""
        await self.networks.plan(tx)
        await self.authorities.plan(tx)
        await self.vehicles.plan(tx)
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)

    async def _tidy(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self.services.forget(tx)
        await self.warnings.forget(tx)
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)


def joined_networks(
    settings: Settings, durable: Durable, calls: Calls, transit: Transit
) -> Networking:
    sender, ledger = sender_of(settings.cap_sender, settings.origins), durable.ledger
    warnings = Warnings()
    return Networking(
        networks=Networks(
            ledger,
            calls.hooks,
            calls.ours,
            sender=sender,
            new_key=lambda: secrets.token_bytes(KEY_BYTES),
        ),
        services=ServiceAlerts(lambda: transit.network, sender=sender),
        warnings=warnings,
        authorities=Authorities(ledger, calls.feeds, warnings, settings.warnings_from),
        vehicles=Vehicles(ledger, calls.feeds, transit, settings.vehicles_from),
        sender=sender,
    )
