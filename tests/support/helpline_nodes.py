"""Helplines on one database, each with its own writer: who is offered what, on which node."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from matching.helpline import store
from matching.helpline.asking import Asked
from matching.helpline.choosing import load
from matching.helpline.rules import capacity
from matching.helpline.service import Helpline
from matching.helpline.staffing import store as staffing
from matching.helpline.values import Chat, ChatId, LineId
from realtime.adapters.memory import MemoryPresence
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.rooms.service import Rooms
from tests.support.ledger import Deployment, counted_ids, deployment, insisted
from web.channels import channel_table

T = TypeVar("T")
LINE = LineId("3919")
BOSS = PersonId("boss")


@dataclass
class Node:
    made: Deployment
    helpline: Helpline

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await insisted(self.made.ledger, work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    async def open(self) -> None:
        await self.write(lambda tx: self.helpline.found_line(tx, LINE))
        await self.write(
            lambda tx: self.helpline.supervising.set_line(
                tx, BOSS, LINE, open_=True, reason="test", until=None
            )
        )

    async def duty(self, person: str, *, on: bool = True) -> None:
        await self.write(lambda tx: self.helpline.answering.duty(tx, PersonId(person), LINE, on=on))

    async def ask(self, visitor: str) -> ChatId:
        asked = Asked(asked_as=f"asked-{visitor}", language="fr", answers=())
        opened = await self.write(
            lambda tx: self.helpline.asking.ask(tx, PersonId(visitor), LINE, asked)
        )
        return opened.chat.chat

    async def accept(self, person: str, chat: ChatId) -> str:
        """What somebody who accepts is told."""
        try:
            found = await self.write(
                lambda tx: self.helpline.answering.accept(tx, PersonId(person), chat)
            )
        except AppError as error:
            return error.name
        return found.state

    async def next(self, person: str) -> str:
        try:
            found = await self.write(
                lambda tx: self.helpline.answering.next(tx, PersonId(person), LINE)
            )
        except AppError as error:
            return error.name
        return "nobody" if found is None else found.chat

    async def taken(self) -> list[Chat]:
        return await self.read(lambda reading: store.taken(reading.db, LINE))

    async def overfull(self) -> list[str]:
        """Who has more than they may."""
        loads = load(await self.taken())
        everyone = await self.read(lambda reading: staffing.operators(reading.db, LINE))
        return [it.person for it in everyone if loads[it.person] > capacity(trainee=it.trainee)]


@asynccontextmanager
async def helplines(folder: Path, address: str, many: int) -> AsyncGenerator[list[Node]]:
    """So many writers on one database; the line is open."""
    clock = ManualClock()
    async with AsyncExitStack() as stack:
        nodes = []
        for number in range(many):
            made = await stack.enter_async_context(
                deployment(
                    folder,
                    channel_table(),
                    clock=clock,
                    ids=counted_ids(f"node-{number}"),
                    address=address,
                )
            )
            rooms = Rooms(made.ledger)
            line = Helpline(made.ledger, rooms, MemoryPresence(), key=b"k" * 32, keep_days=30)
            nodes.append(Node(made, line))
        await nodes[0].open()
        yield nodes
