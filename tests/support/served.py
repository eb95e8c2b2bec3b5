"""A whole service behind real sockets, in the test's own loop, on a clock moved by hand.

Phones speak to it over HTTP and WebSocket as they do to a server, and keep every frame they were
sent, as it was: what somebody may not know must be in none of them.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import aiohttp
import uvicorn

from realtime.edge import EdgeLimits, edge_for
from realtime.kernel.ids import PersonId
from realtime.ports import Caller
from tests.support.world import World, world
from web.access.vocabulary import Role
from web.demo.api import Api, Json, Refused
from web.demo.line import Line

PATIENCE_S = 10.0


class Recorded(Line):
    """A line that keeps each frame it takes."""

    def __init__(self, *given: object, frames: list[str], **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self._frames = frames

    async def _take(self, part: str) -> None:
        self._frames.append(part)
        await super()._take(part)


class Phone:
    """Somebody's phone: a session, a line, all that it was sent and answered."""

    def __init__(self, api: Api, token: str, person: str) -> None:
        self.api, self.token, self.person = api, token, person
        self.frames: list[str] = []
        self.heard: list[tuple[str, Json]] = []
        self._opened = asyncio.Event()
        self._something = asyncio.Event()
        self.line = Recorded(
            api,
            token,
            heard=self._hear,
            opened=self._connected,
            random=Random(1),
            frames=self.frames,
        )

    @property
    def caller(self) -> Caller:
        return Caller(PersonId(self.person), "citizen", "")

    def _hear(self, channel: str, data: Json) -> None:
        self.heard.append((channel.partition(":")[0], data))
        self._something.set()

    async def _connected(self, whole: bool) -> None:
        self._opened.set()

    async def opened(self) -> None:
        await self._opened.wait()

    def told(self, kind: str, **wanted: object) -> list[Json]:
        """What has been pushed of one type, in order."""
        whole = {"type": kind, **wanted}
        return [data for _, data in self.heard if whole.items() <= data.items()]

    async def until(self, kind: str, *, within_s: float = PATIENCE_S, **wanted: object) -> Json:
        """The first push of that type that holds all that is wanted, come already or to come."""
        async with asyncio.timeout(within_s):
            while not (found := self.told(kind, **wanted)):
                self._something.clear()
                await self._something.wait()
        return found[0]

    async def ask(self, method: str, **fields: object) -> Json:
        """Run a command on the socket; a refusal is an answer too, by its name."""
        try:
            return await self.line.call(method, fields)
        except Refused as refused:
            return {"error": refused.name}


@dataclass
class Served:
    world: World
    api: Api
    _stack: AsyncExitStack
    phones: list[Phone] = field(default_factory=list)

    async def phone(self, role: Role = Role.CITIZEN) -> Phone:
        """Somebody new whose page is connected; with a role, somebody of the staff."""
        if role is Role.CITIZEN:
            opened = await self.api.call("session", {})
            phone = Phone(self.api, str(opened["token"]), str(opened["person"]))
        else:
            sessions, ledger = self.world.whole.services.sessions, self.world.whole.durable.ledger
            made = await ledger.write(lambda tx: sessions.open(tx, role))
            phone = Phone(self.api, made.token.reveal(), made.caller.person)
        running = asyncio.create_task(phone.line.run())
        self._stack.push_async_callback(_ended, running)
        await phone.opened()
        self.phones.append(phone)
        return phone


async def _ended(running: "asyncio.Task[None]") -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def served(database: str = "") -> AsyncGenerator[Served]:
    """On SQLite, or on the database at that address."""
    async with (
        world(database) as made,
        _listening(made) as port,
        aiohttp.ClientSession() as http,
        AsyncExitStack() as stack,
    ):
        yield Served(made, Api(http, f"http://127.0.0.1:{port}"), stack)


@asynccontextmanager
async def _listening(made: World) -> AsyncGenerator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        made.whole.app,
        ws=edge_for(made.whole.node, EdgeLimits()),
        lifespan="off",
        log_config=None,
        access_log=False,
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
