"""A node behind real sockets with a small application of its own: to test the wire alone."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import uvicorn

from realtime.adapters.memory import (
    MemoryBroker,
    MemoryBus,
    MemoryPresence,
    MemoryTickets,
)
from realtime.admission import Rank
from realtime.channels import ChannelRule, ChannelTable, Lane
from realtime.edge import edge_for
from realtime.kernel.clock import SystemClock
from realtime.kernel.errors import NotAllowed, NotFound, UnknownMethod
from realtime.kernel.ids import Channel, PersonId, random_id
from realtime.ledger import Transaction
from realtime.node import Node
from realtime.ports import Broker, Caller
from realtime.tasks import Tasks
from realtime.writer import Committed
from tests.support.ledger import Deployment, deployment

CHANNELS = ChannelTable(
    (
        ChannelRule(prefix="me:", lane=Lane.VITAL, durable=True),
        ChannelRule(
            prefix="room:",
            lane=Lane.ORDERED,
            durable=True,
            sealed=True,
            presence=True,
            writable=True,
        ),
        ChannelRule(prefix="board:", lane=Lane.LATEST, durable=False),
    )
)


class SmallApplication:
    """Rooms anyone may enter but ``room:closed``, and a few commands. Also the gate."""

    def __init__(self, made: Deployment, tickets: MemoryTickets) -> None:
        self._made = made
        self._tickets = tickets
        self.heard_messages: list[bytes] = []
        #: Whether nothing that is heard has to be waited for.
        self.at_once = False
        self.orders: list[Mapping[str, str] | None] = []

    def rank(self, ticket: str) -> Rank:
        return Rank.OTHERS

    async def authenticate(self, ticket: str) -> Caller:
        return await self._tickets.redeem(ticket)

    async def call(self, caller: Caller, method: str, data: bytes) -> bytes:
        match method:
            case "echo":
                return data
            case "tell_me":
                await self.tell(Channel(f"me:#{caller.person}"), msgspec.json.decode(data))
                return b"{}"
            case "wait":
                await asyncio.sleep(0.2)
                return b"{}"
            case "bug":
                raise RuntimeError("canary in a bug")
            case _:
                raise UnknownMethod

    async def say(self, caller: Caller, channel: Channel, data: bytes) -> None:
        if channel == "room:closed":
            raise NotFound
        await self.tell(channel, msgspec.json.decode(data, type=dict[str, object]))

    async def heard(self, caller: Caller, data: bytes) -> None:
        self.heard_messages.append(data)

    def heard_at_once(self, caller: Caller, data: bytes) -> bool:
        if self.at_once:
            self.heard_messages.append(data)
        return self.at_once

    def ordered(self, order: Mapping[str, str] | None) -> None:
        self.orders.append(order)

    async def tell(self, channel: Channel, message: dict[str, object]) -> None:
        async def work(tx: Transaction) -> None:
            tx.publish(channel, message)

        await self._made.ledger.write(work)

    async def may_subscribe(self, caller: Caller, channel: Channel) -> None:
        if channel == "room:closed" or channel.startswith("me:"):
            raise NotAllowed

    async def may_see_presence(self, caller: Caller, channel: Channel) -> None:
        await self.may_subscribe(caller, channel)

    async def seat(self, caller: Caller, channel: Channel) -> str:
        return f"seat of {caller.person}"


@dataclass(frozen=True, slots=True)
class SmallHub:
    port: int
    node: Node
    made: Deployment
    tickets: MemoryTickets
    presence: MemoryPresence
    application: SmallApplication

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/connection/websocket"

    async def ticket(self, person: str = "anna") -> str:
        return await self.tickets.issue(Caller(PersonId(person), "citizen", f"session-{person}"))


@asynccontextmanager
async def small_hub(
    folder: Path | None = None, *, broker: Broker | None = None, port: int = 0
) -> AsyncGenerator[SmallHub]:
    """Serve on a port of its own; the same ``folder`` again is the same hub, restarted."""
    with tempfile.TemporaryDirectory() as temporary:
        clock = SystemClock()
        tickets, presence = MemoryTickets(clock, random_id), MemoryPresence()
        async with deployment(
            folder or Path(temporary), CHANNELS, clock=clock, ids=random_id
        ) as made:
            application = SmallApplication(made, tickets)
            node = Node(
                made.ledger,
                made.writer,
                broker or MemoryBroker(MemoryBus()),
                presence,
                gate=application,
                application=application,
                ids=random_id,
                admits=lambda origin, host, secure: True,
            )

            def committed(done: Committed) -> None:
                node.committed(done)
                made.tasks.committed(done.tasks)

            made.writer.committed = committed
            async with (
                node.running(made.tasks),
                made.tasks.running(alone=True),
                serving(node, port) as given,
            ):
                yield SmallHub(given, node, made, tickets, presence, application)


class Restarting:
    """A hub that is stopped and started again, at one address and on one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()
        self.hub: SmallHub

    @property
    def address(self) -> str:
        return self.hub.address

    @property
    def made(self) -> Deployment:
        return self.hub.made

    async def ticket(self, person: str = "anna", /) -> str:
        return await self.hub.ticket(person)

    async def start(self, *, port: int = 0) -> None:
        self.hub = await self._stack.enter_async_context(small_hub(self._folder, port=port))

    async def stop(self) -> None:
        await self._stack.aclose()


@asynccontextmanager
async def restarting(folder: Path) -> AsyncGenerator[Restarting]:
    made = Restarting(folder)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@asynccontextmanager
async def serving(node: Node, port: int = 0) -> AsyncGenerator[int]:
    """Serve with uvicorn in this loop, with our edge and nothing else."""

    async def nothing(scope: object, receive: object, send: object) -> None:
        raise AssertionError("only sockets are served here")

    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        nothing, ws=edge_for(node), lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    # Signals are the test runner's.
    run = asyncio.create_task(server._serve([listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await run


@asynccontextmanager
async def second_hub(first: SmallHub, broker: Broker) -> AsyncGenerator[SmallHub]:
    """Another node of the same deployment, which only listens; it has a broker of its own."""
    made = first.made
    node = Node(
        made.ledger,
        made.writer,
        broker,
        first.presence,
        gate=first.application,
        application=first.application,
        ids=random_id,
        admits=lambda origin, host, secure: True,
    )
    tasks = Tasks(made.ledger, made.database, ids=random_id)
    async with node.running(tasks), serving(node) as port:
        yield replace(first, port=port, node=node)
