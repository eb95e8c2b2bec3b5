"""Two nodes of one deployment, on one PostgreSQL, and commands that meet there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from tests.support.house import House


@dataclass
class Pair:
    here: House
    there: House
    url: str

    async def audit_break(self) -> int | None:
        return await self.here.made.ledger.audit_break()


def says(*channels: Channel, note: str = "") -> Callable[[Transaction], Awaitable[None]]:
    async def work(tx: Transaction) -> None:
        for channel in channels:
            tx.publish(channel, {"by": tx.ids()})
        tx.record("anna", "did", note or tx.ids())

    return work


@dataclass
class Meeting:
    """Two commands that look at the same thing at the same moment, on two nodes."""

    looked: asyncio.Event
    both: asyncio.Event

    async def first(self) -> None:
        """The first has looked: it goes on when the second has too, or is made to wait."""
        self.looked.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await self.both.wait()


async def meet(
    pair: Pair,
    first: Callable[[Transaction, Meeting], Awaitable[object]],
    second: Callable[[Transaction, Meeting], Awaitable[object]],
) -> None:
    meeting = Meeting(asyncio.Event(), asyncio.Event())

    async def later(tx: Transaction) -> None:
        await second(tx, meeting)

    one = asyncio.create_task(pair.here.write(lambda tx: _nothing(first(tx, meeting))))
    await meeting.looked.wait()
    await pair.there.write(later)
    await one


async def _nothing(work: Awaitable[object]) -> None:
    await work
