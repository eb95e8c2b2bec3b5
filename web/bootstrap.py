"""Where every part is chosen and joined: the only file that knows all of them."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette

from alerts.service import Alerts
from geo.service import Places
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from matching.dispatch.service import Dispatch
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from realtime import retention
from realtime.adapters.memory import (
    MemoryBroker,
    MemoryBus,
    MemoryLimits,
    MemoryPresence,
    MemoryTickets,
)
from realtime.kernel.clock import Clock, SystemClock
from realtime.kernel.ids import Ids, random_id
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Transaction
from realtime.node import Node
from realtime.ports import Presence
from realtime.rooms.service import Rooms
from realtime.seal import Seals
from realtime.sql import Database
from realtime.store import Task
from realtime.tasks import Tasks
from realtime.writer import Committed, Writer
from web.access.gate import AccessGate
from web.access.tables import Access
from web.alone import serving_alone
from web.api.callers import Callers
from web.api.commands import CommandDoor
from web.api.health import Health
from web.api.pages import Pages
from web.app import Surface, make_app
from web.application import EntraideApplication
from web.auth.addresses import Addresses
from web.auth.origins import Origins
from web.auth.sessions import Sessions
from web.auth.tokens import random_token
from web.channels import channel_table
from web.commands.catalogue import registry
from web.commands.pipeline import Pipeline, prune
from web.facts import ServiceFacts
from web.keys import derived, make_key, read_key
from web.observe import Metrics
from web.places import settle_demo
from web.public import DemoCity, PublicFacts
from web.services import Services
from web.settings import BadSettings, Settings

DIST = Path(__file__).parent / "client" / "dist"
#: A session that has ended keeps its sockets for at most that long.
PRUNE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """The part that outlives the process: what command-line verbs need too."""

    clock: Clock
    ids: Ids
    database: Database
    writer: Writer
    ledger: Ledger
    #: Under which phone numbers are compared without being kept.
    phone_key: Secret


@dataclass(slots=True)
class Draining:
    """Whether this process is on its way out."""

    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entraide:
    """A whole service, running."""

    durable: Durable
    services: Services
    pipeline: Pipeline
    application: EntraideApplication
    gate: AccessGate
    node: Node
    tasks: Tasks
    app: Starlette
    draining: Draining


@asynccontextmanager
async def open_durable(
    settings: Settings, *, clock: Clock | None = None, ids: Ids = random_id
) -> AsyncGenerator[Durable]:
    """The ledger with its writer running. Tables are made; the key is made in development."""
    # Nobody waits for this loop yet, but reading a disk has no place on it.
    master, database = await asyncio.to_thread(_opened, settings)
    clock = clock or SystemClock()
    channels, seals = channel_table(), Seals(master)
    try:
        await database.create_tables()
        writer = Writer(database, clock=clock, ids=ids, channels=channels, seals=seals)
        ledger = Ledger(database, writer, clock=clock, channels=channels, seals=seals)
        async with writer.running():
            yield Durable(
                clock=clock,
                ids=ids,
                database=database,
                writer=writer,
                ledger=ledger,
                phone_key=Secret(derived(master, "phones").hex()),
            )
    finally:
        await database.close()


def _opened(settings: Settings) -> tuple[bytes, Database]:
    key = read_key if settings.production else make_key
    try:
        if settings.database_file is not None:
            settings.database_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return key(settings.seal_key_file), Database.open(settings.database_url)
    except OSError:
        raise BadSettings(["the data folder cannot be made, or written to"]) from None


@asynccontextmanager
async def entraide(
    settings: Settings,
    *,
    pages: Path = DIST,
    demo: DemoCity | None = None,
    clock: Clock | None = None,
    ids: Ids = random_id,
) -> AsyncGenerator[Entraide]:
    """Everything joined and running; what is under way is finished when the block ends."""
    async with open_durable(settings, clock=clock, ids=ids) as durable, serving_alone(settings):
        whole = _joined(settings, durable, pages=await asyncio.to_thread(Pages, pages), demo=demo)
        helpers, ledger = whole.services.helpers, durable.ledger
        async with ledger.reading() as reading:
            await helpers.load(reading)
        await helpers.muster()
        async with (
            whole.node.running(whole.tasks),
            whole.tasks.running(alone=settings.workers == 1),
        ):
            await ledger.write(_plan)
            await ledger.write(retention.plan)
            if demo is not None:
                await settle_demo(ledger)
            yield whole


def _joined(
    settings: Settings, durable: Durable, *, pages: Pages, demo: DemoCity | None
) -> Entraide:
    clock, ledger, writer = durable.clock, durable.ledger, durable.writer
    tasks = Tasks(ledger, durable.database, ids=durable.ids)
    presence, limits = MemoryPresence(), MemoryLimits(clock)
    public = PublicFacts(demo=demo, exit_url=settings.exit_url)
    services = _services(durable, presence, public)
    services.helpers.register(tasks)
    services.alerts.register(tasks)
    retention.register(tasks, ledger.channels)
    _tend(tasks, services)
    access, facts = Access(), ServiceFacts(services)
    pipeline = Pipeline(
        registry(), ledger, services, access=access, facts=facts, metrics=services.metrics
    )
    application = EntraideApplication(
        pipeline,
        ledger,
        tickets=services.tickets,
        sessions=services.sessions,
        limits=limits,
    )
    gate = AccessGate(ledger, access, facts)
    origins = Origins.of(settings.origins, loopback=not settings.production)
    node = Node(
        ledger,
        writer,
        MemoryBroker(MemoryBus()),
        presence,
        gate=gate,
        application=application,
        ids=durable.ids,
        admits=lambda origin, host, secure: origins.admits(origin, host, secure=secure),
    )

    def committed(done: Committed) -> None:
        node.committed(done)
        tasks.committed(done.tasks)

    writer.committed = committed
    draining = Draining()
    surface = Surface(
        registry=pipeline.registry,
        access=access,
        door=CommandDoor(
            pipeline,
            application,
            Callers(ledger, services.sessions),
            Addresses(limits, secrets.token_bytes(32), burst=settings.session_burst),
        ),
        health=Health(ledger, services.metrics, draining=lambda: draining.now),
        pages=pages,
        origins=origins,
        metrics=services.metrics,
    )
    services.metrics.watch(
        {
            "sockets": ("Sockets open", lambda: len(node)),
            "channels": ("Channels followed", lambda: node.channels),
            "waiting_commands": ("Commands waiting for a commit", lambda: len(writer)),
            "task_failures": ("Attempts at tasks that failed", lambda: tasks.failures),
        }
    )
    return Entraide(
        durable=durable,
        services=services,
        pipeline=pipeline,
        application=application,
        gate=gate,
        node=node,
        tasks=tasks,
        app=make_app(surface),
        draining=draining,
    )


def _services(durable: Durable, presence: Presence, public: PublicFacts) -> Services:
    """The domains, joined with each other."""
    ledger, whereabouts = durable.ledger, MemoryWhereabouts()
    helpers = Helpers(Roster(), whereabouts, phone_key=durable.phone_key)
    dispatch = Dispatch(ledger, helpers, whereabouts, presence)
    rooms = Rooms(ledger)
    return Services(
        clock=durable.clock,
        sessions=Sessions(random_token),
        tickets=MemoryTickets(durable.clock, random_id),
        presence=presence,
        rooms=rooms,
        helpers=helpers,
        alerts=Alerts(ledger, helpers, dispatch, rooms, whereabouts),
        places=Places(),
        public=public,
        metrics=Metrics(),
    )


def _tend(tasks: Tasks, services: Services) -> None:
    """The housekeeping of this folder: what is over is forgotten."""

    async def tidy(tx: Transaction, task: Task, prepared: None) -> None:
        await prune(tx)
        await services.sessions.prune(tx)
        tx.schedule("web.tidy", "all", due=tx.now + PRUNE_EVERY)

    tasks.handle("web.tidy", tidy)


async def _plan(tx: Transaction) -> None:
    tx.schedule("web.tidy", "all", due=tx.now + PRUNE_EVERY)
