"""Where every part is chosen and joined: the only file that knows all of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette

from alerts.service import Alerts
from alerts.witness.service import Witness
from geo.service import Places
from geo.transit.service import Transit
from matching.dispatch.service import Dispatch
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from matching.helpers.told import Told
from matching.helpline.directory.importing import settle as settle_directory
from matching.helpline.hours import load_holidays
from matching.reach.service import Reach
from realtime import retention
from realtime.kernel.clock import Clock
from realtime.kernel.ids import Ids, random_id
from realtime.ledger import Transaction
from realtime.node import Node
from realtime.rooms.service import Rooms
from realtime.store import Task
from realtime.tasks import Tasks
from realtime.turns import Turns
from realtime.writer import Committed
from web.access.gate import AccessGate
from web.access.tables import Access
from web.alone import serving_alone
from web.api.attachments import PictureDoor
from web.api.callers import Callers
from web.api.commands import CommandDoor
from web.api.exports import ExportDoor
from web.api.feeds import FeedDoor
from web.api.health import Health
from web.api.pages import Pages
from web.api.posters import PosterDoor
from web.api.taps import TapDoor
from web.app import Surface, make_app
from web.application import EntraideApplication
from web.arrivals import Arrivals, RankedTickets
from web.auth.addresses import Addresses
from web.auth.origins import Origins
from web.auth.sessions import Sessions
from web.auth.staff.joining import joined_staff
from web.auth.tokens import random_token
from web.campaign import joined_campaign
from web.commands.catalogue import registry
from web.commands.pipeline import Pipeline, prune
from web.durable import Durable, open_durable
from web.engines import Engines, engines
from web.facts import ServiceFacts
from web.figures import show
from web.helpline import joined_helpline, plan_line, settle_line
from web.inns import VisitorDesk, settle_inns
from web.lag import Lag
from web.moves import Moves
from web.networks import Calls, calling, joined_networks
from web.observe import Metrics
from web.places import settle_demo
from web.public import DemoCity, PublicFacts
from web.reach import reaching
from web.services import Services
from web.settings import Settings
from web.sheltering import joined_shelter
from web.tools import Written, joined_tools, written
from web.tramway import settle_tram
from web.witness import Exercises, Seen, Whence, join_witness

__all__ = ["DIST", "Durable", "Entraide", "entraide", "open_durable"]

DIST = Path(__file__).parent / "client" / "dist"
#: A session that has ended keeps its sockets for at most that long.
PRUNE_EVERY = timedelta(minutes=1)
#: Who may do what: one table for a process, as the commands are.
ACCESS = Access()


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
    told: Told
    arrivals: Arrivals
    lag: Lag
    app: Starlette
    draining: Draining


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
    async with (
        open_durable(settings, clock=clock, ids=ids) as durable,
        serving_alone(settings),
        engines(settings, durable) as found,
        reaching(settings, durable) as reach,
        calling(settings, durable) as calls,
    ):
        read = await asyncio.to_thread(Pages, pages)
        await asyncio.to_thread(load_holidays)
        texts = await asyncio.to_thread(written)
        whole = _joined(settings, durable, found, reach, calls, pages=read, demo=demo, texts=texts)
        helpers, ledger = whole.services.helpers, durable.ledger
        # Other nodes are listened to first: a post that changes while the roster is filled is read
        # again.
        async with whole.node.running(whole.tasks), _running(whole):
            async with ledger.reading() as reading:
                await helpers.load(reading)
                await whole.services.transit.load(reading)
            await helpers.muster()
            # On PostgreSQL other nodes may be at work: their leases are theirs.
            async with whole.tasks.running(alone=settings.database_file is not None):
                await ledger.write(_plan)
                await ledger.write(retention.plan)
                await ledger.write(reach.plan)
                await ledger.write(whole.services.witness.plan)
                await ledger.write(whole.services.sheltering.plan)
                await ledger.write(lambda tx: plan_line(tx, whole.services.helpline))
                await ledger.write(whole.services.tools.plan)
                await ledger.write(whole.services.networking.plan)
                await settle_directory(ledger)
                if demo is not None:
                    await settle_demo(ledger)
                    await settle_tram(ledger, whole.services.transit)
                    await settle_inns(ledger, whole.services.sheltering)
                    await settle_line(ledger, whole.services.helpline)
                yield whole


@asynccontextmanager
async def _running(whole: Entraide) -> AsyncGenerator[None]:
    """Own what keeps memory right: should one of these die, so does the service, loudly."""
    async with asyncio.TaskGroup() as group:
        loops = [
            group.create_task(whole.told.run(), name="web.roster"),
            group.create_task(whole.arrivals.run(), name="web.arrivals"),
            group.create_task(whole.lag.run(), name="web.lag"),
            group.create_task(whole.services.transit.run(), name="web.transit"),
            group.create_task(whole.services.networking.vehicles.run(), name="web.vehicles"),
        ]
        desk = whole.services.public.desk
        if desk is not None:
            loops.append(group.create_task(desk.run(), name="web.demo.desk"))
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()


def _joined(
    settings: Settings,
    durable: Durable,
    found: Engines,
    reach: Reach,
    calls: Calls,
    *,
    pages: Pages,
    demo: DemoCity | None,
    texts: Written,
) -> Entraide:
    ledger, writer = durable.ledger, durable.writer
    tasks = Tasks(ledger, durable.database, ids=durable.ids)
    public = PublicFacts(demo=demo, development=not settings.production, exit_url=settings.exit_url)
    turns = Turns()
    services, arrivals = _with_arrivals(
        _services(settings, durable, found, reach, calls, public, texts), durable, turns
    )
    if demo is not None:
        visitor = replace(services.public, desk=VisitorDesk(ledger, services.staff))
        services = replace(services, public=visitor)
    told = services.helpers.register(tasks, ledger)
    services.alerts.register(tasks)
    services.witness.register(tasks)
    services.rooms.register(tasks)
    services.sheltering.register(tasks)
    services.helpline.register(tasks)
    services.tools.register(tasks)
    services.campaign.register(tasks)
    services.networking.register(tasks)
    reach.register(tasks)
    retention.register(tasks, ledger.channels)
    _tend(tasks, services)
    access, facts = ACCESS, ServiceFacts(services)
    pipeline = Pipeline(
        registry(), ledger, services, access=access, facts=facts, metrics=services.metrics
    )
    application = EntraideApplication(
        pipeline,
        ledger,
        tickets=services.tickets,
        sessions=services.sessions,
        limits=found.limits,
        moves=Moves(pipeline, services, found.limits, access),
        told=told,
        watching=services.witness.watching,
        arrivals=arrivals,
    )
    gate = AccessGate(ledger, access, facts)
    origins = Origins.of(settings.origins, loopback=not settings.production)
    node = Node(
        ledger,
        writer,
        found.broker,
        found.presence,
        gate=gate,
        application=application,
        ids=durable.ids,
        admits=lambda origin, host, secure: origins.admits(origin, host, secure=secure),
        turns=turns,
    )

    def committed(done: Committed) -> None:
        node.committed(done)
        tasks.committed(done.tasks)

    writer.committed = committed
    draining, lag = Draining(), Lag(ledger)
    callers = Callers(ledger, services.sessions)
    # Made alike by every node: the limits may be shared, and one address is one address.
    addresses = Addresses(found.limits, durable.key("addresses"), burst=settings.session_burst)
    surface = Surface(
        registry=pipeline.registry,
        access=access,
        door=CommandDoor(
            pipeline,
            application,
            callers,
            addresses,
            arrivals,
        ),
        exports=ExportDoor(
            ledger,
            services,
            application,
            callers,
            access=access,
            facts=facts,
            limits=found.limits,
            key=durable.key("exports"),
        ),
        pictures=PictureDoor(
            ledger, services, callers, access=access, facts=facts, limits=found.limits
        ),
        posters=PosterDoor(
            ledger,
            services,
            callers,
            access=access,
            limits=found.limits,
            origins=settings.origins,
        ),
        taps=TapDoor(ledger, services.campaign.counting, addresses),
        feeds=FeedDoor(ledger, services, addresses, base=next(iter(settings.origins), "")),
        health=Health(ledger, services.metrics, draining=lambda: draining.now, look=lag.look),
        pages=pages,
        origins=origins,
        metrics=services.metrics,
    )
    services.sheltering.show(services.metrics)
    Seen(services.witness).show(services.metrics)
    show(
        services.metrics,
        node=node,
        writer=writer,
        tasks=tasks,
        turns=turns,
        reach=reach,
        alerts=services.alerts,
        lag=lag,
    )
    return Entraide(
        durable=durable,
        services=services,
        pipeline=pipeline,
        application=application,
        gate=gate,
        node=node,
        tasks=tasks,
        told=told,
        arrivals=arrivals,
        lag=lag,
        app=make_app(surface),
        draining=draining,
    )


def _with_arrivals(services: Services, durable: Durable, turns: Turns) -> tuple[Services, Arrivals]:
    """Who comes back first is written on the tickets."""
    arrivals = Arrivals(
        durable.ledger,
        [it.people_in for it in services.carried],
        services.sessions,
        turns=turns,
        key=durable.key("arrivals"),
    )
    return replace(services, tickets=RankedTickets(services.tickets, arrivals)), arrivals


def _services(
    settings: Settings,
    durable: Durable,
    found: Engines,
    reach: Reach,
    calls: Calls,
    public: PublicFacts,
    texts: Written,
) -> Services:
    """The domains, joined with each other."""
    ledger, whereabouts = durable.ledger, found.whereabouts
    helpers = Helpers(Roster(), whereabouts, phone_key=durable.phone_key)
    phones = reach if reach.on else None
    dispatch = Dispatch(ledger, helpers, whereabouts, found.presence, phones)
    rooms, sessions = Rooms(ledger), Sessions(random_token)
    sheltering = joined_shelter(durable)
    helpline = joined_helpline(
        settings, durable, rooms, found.presence, away=lambda: found.broker.away
    )
    transit = Transit(ledger, found.aboard, durable.clock)
    networking = joined_networks(settings, durable, calls, transit)
    witness = Witness(ledger, transit, helpers, found.presence, reach, networking.networks)
    campaign = joined_campaign(transit, networking.networks, Exercises(witness))
    join_witness(witness, reach, campaign)
    return Services(
        clock=durable.clock,
        sessions=sessions,
        staff=joined_staff(settings, durable, sessions),
        tickets=found.tickets,
        presence=found.presence,
        rooms=rooms,
        helpers=helpers,
        reach=reach,
        alerts=Alerts(ledger, helpers, dispatch, rooms, whereabouts),
        witness=witness,
        whence=Whence(durable.key("whence")),
        helpline=helpline,
        places=Places(),
        transit=transit,
        campaign=campaign,
        networks=networking.networks,
        networking=networking,
        shelter=sheltering.shelter,
        sheltering=sheltering,
        tools=joined_tools(durable, rooms, helpline, texts),
        public=public,
        metrics=Metrics(),
    )


def _tend(tasks: Tasks, services: Services) -> None:
    """The housekeeping of this folder: what is over is forgotten."""

    async def tidy(tx: Transaction, task: Task, prepared: None) -> None:
        await prune(tx)
        await services.sessions.prune(tx)
        await services.staff.prune(tx)
        tx.schedule("web.tidy", "all", due=tx.now + PRUNE_EVERY)

    tasks.handle("web.tidy", tidy)


async def _plan(tx: Transaction) -> None:
    tx.schedule("web.tidy", "all", due=tx.now + PRUNE_EVERY)
