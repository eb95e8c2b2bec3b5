"""One serving process of the simulation: ``web/bootstrap`` itself, on models.

Only what is outside of a node is a model: the database's server, the broker, the line, the clock.
What nodes share in a Redis besides (who is connected, the live map) is one object for all.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from unittest.mock import patch

from sqlalchemy import Column, Integer, String, Table, insert

from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.whereabouts.ports import Whereabouts
from realtime.adapters.memory import MemoryLimits, MemoryPresence
from realtime.client import Client
from realtime.gaps import Gaps
from realtime.kernel.clock import FollowingClock
from realtime.kernel.ids import Channel, Ids, PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Transaction
from realtime.ports import Caller
from realtime.seal import KEY_BYTES, Seals
from realtime.sql import Instant, metadata
from realtime.store import Task
from realtime.tasks import Tasks
from realtime.writer import Writer
from tests.simulation.broker import Bus, ModelBroker
from tests.simulation.database import Server, as_database
from tests.simulation.loop import Host, VirtualLoop
from web import bootstrap
from web.bootstrap import Entraide
from web.channels import channel_table
from web.durable import Durable
from web.engines import Engines
from web.settings import Settings

MASTER_KEY = b"k" * KEY_BYTES
_SECURE = cache(ssl.create_default_context)
#: A dead node's people are forgotten after that long.
PRESENT_S = 10.0
#: Work of the simulation's own: a chain of steps, each of which must take effect once.
STEP = "simulation.step"
#: What the steps did. Nothing in it is unique: a step done twice is two rows.
done = Table(
    "simulation_done",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("chain", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What nodes share."""

    server: Server
    bus: Bus
    presence: MemoryPresence
    whereabouts: Whereabouts
    dice: Random
    steps: int
    #: How often each step of each chain was begun.
    begun: Counter[tuple[str, int]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class SimNode:
    host: Host
    whole: Entraide
    presence: "NodePresence"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node is being started, for those who make its engines."""

    shared: Shared
    presence: "NodePresence"
    ids: Ids
    #: How wrong the machine's own clock is.
    skew: timedelta


_PLACE: ContextVar[_Place] = ContextVar("_PLACE")


class Tickets:
    """A ticket says who comes, and may be used again: how they are kept is tested elsewhere."""

    async def issue(self, caller: Caller) -> str:
        return f"{caller.person}/{caller.role}"

    async def redeem(self, ticket: str) -> Caller:
        person, _, role = ticket.partition("/")
        return Caller(PersonId(person), role, f"session-{person}")


class NodePresence:
    """One node's share of who is connected: forgotten a while after the node is no more."""

    def __init__(self, shared: MemoryPresence) -> None:
        self._shared = shared
        self._people: dict[str, PersonId] = {}
        self._seats: dict[str, set[Channel]] = {}

    async def arrive(self, person: PersonId, connection: str) -> None:
        self._people[connection] = person
        await self._shared.arrive(person, connection)

    async def leave(self, person: PersonId, connection: str) -> None:
        self._people.pop(connection, None)
        await self._shared.leave(person, connection)

    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]:
        return await self._shared.present(people)

    async def sit(self, channel: Channel, connection: str, seat: str) -> None:
        self._seats.setdefault(connection, set()).add(channel)
        await self._shared.sit(channel, connection, seat)

    async def stand(self, channel: Channel, connection: str) -> None:
        await self._shared.stand(channel, connection)

    async def seated(self, channel: Channel) -> dict[str, str]:
        return await self._shared.seated(channel)

    async def forget(self) -> None:
        """The node is no more."""
        await asyncio.sleep(PRESENT_S)
        for connection, person in self._people.items():
            await self._shared.leave(person, connection)
        for connection, channels in sorted(self._seats.items()):
            for channel in sorted(channels):
                await self._shared.stand(channel, connection)


def _number_of(client: Client) -> int:
    return int(client.id.rpartition("-")[2])


@contextmanager
def on_models(loop: VirtualLoop) -> Generator[None]:
    """In here ``web/bootstrap`` finds the models where it looks for the engines."""
    stopwatch = Gaps.__init__.__kwdefaults__
    with (
        patch.object(bootstrap, "open_durable", _open_durable),
        patch.object(bootstrap, "engines", _engines),
        # By its number, or a set of clients would be ordered by where they lie in memory.
        patch.object(Client, "__hash__", _number_of),
        # Nobody comes by HTTP, and nothing leaves by TLS: what takes long to make is not made.
        patch.object(bootstrap, "make_app", lambda surface: None),
        patch("ssl.create_default_context", _SECURE),
        # A node looks at the system's stopwatch to learn that it was stopped: here, at the loop's.
        patch.dict(stopwatch, timer=loop.time),
    ):
        yield


@asynccontextmanager
async def serving(host: Host, shared: Shared, run: int, skew: timedelta) -> AsyncGenerator[SimNode]:
    """A node that serves. To be run on its host; ``run`` counts how often one was started."""
    numbers = count(1)
    presence = NodePresence(shared.presence)
    _PLACE.set(_Place(shared, presence, lambda: f"{host.name}-{run}-{next(numbers):06d}", skew))
    settings = Settings.read(data_dir=Path("/nonexistent"), demo=False)
    # The addresses are of nothing: they say that there are other nodes.
    several = {"database": "postgresql://model/model", "broker": "redis://model"}
    settings = settings.model_copy(update=several)
    async with bootstrap.entraide(settings, pages=Path("/nonexistent")) as whole:
        yield SimNode(host, whole, presence)


@asynccontextmanager
async def _open_durable(settings: Settings, **_: object) -> AsyncGenerator[Durable]:
    place = _PLACE.get()
    server, loop = place.shared.server, asyncio.get_running_loop()
    database = as_database(server)
    # This machine's own clock is wrong; the one that counts is the database's.
    clock = FollowingClock(wall=lambda: server.now() + place.skew, steady=loop.time)
    channels, seals = channel_table(), Seals(MASTER_KEY)
    writer = Writer(database, clock=clock, ids=place.ids, channels=channels, seals=seals)
    ledger = Ledger(database, writer, clock=clock, channels=channels, seals=seals)
    async with writer.running():
        yield Durable(
            clock=clock,
            ids=place.ids,
            database=database,
            writer=writer,
            ledger=ledger,
            master=Secret(MASTER_KEY.hex()),
            phone_key=Secret("a key kept elsewhere"),
        )


@asynccontextmanager
async def _engines(settings: Settings, durable: Durable) -> AsyncGenerator[Engines]:
    place = _PLACE.get()
    yield Engines(
        broker=ModelBroker(place.shared.bus),
        presence=place.presence,
        limits=MemoryLimits(durable.clock),
        tickets=Tickets(),
        whereabouts=place.shared.whereabouts,
        aboard=MemoryAboard(),
    )


def work(tasks: Tasks, shared: Shared) -> None:
    """Take chains of steps: some are prepared faster than a lease ends, some more slowly."""

    async def prepare(task: Task) -> None:
        shared.begun[task.key, int(task.payload)] += 1
        slow = shared.dice.random() < 0.25
        await asyncio.sleep(shared.dice.uniform(6, 9) if slow else shared.dice.uniform(0, 0.5))

    async def apply(tx: Transaction, task: Task, prepared: None) -> None:
        step = int(task.payload)
        await tx.db.execute(insert(done).values(chain=task.key, step=step, at=tx.now))
        tx.publish(Channel("queue:help"), {"type": "step", "chain": task.key, "step": step})
        if step < shared.steps:
            tx.schedule(STEP, task.key, payload=b"%d" % (step + 1))

    tasks.handle(STEP, apply, prepare)
