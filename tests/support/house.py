"""A ledger in a folder, and what it told after its commits: for the conformance tests."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Column, String, Table, insert, select

from realtime.channels import ChannelRule, ChannelTable, Lane
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.sql import metadata
from realtime.writer import Committed
from tests.support.ledger import Deployment, counted_ids, deployment

ROOM, ME, BOARD = Channel("room:1"), Channel("me:#anna"), Channel("board:1")
CHANNELS = ChannelTable(
    (
        ChannelRule(prefix="me:", lane=Lane.VITAL, durable=True, kept=timedelta(hours=1)),
        ChannelRule(prefix="room:", lane=Lane.ORDERED, durable=True, sealed=True),
        ChannelRule(prefix="board:", lane=Lane.LATEST, durable=False),
    )
)
#: A table of this file's own, for what a command changes.
thing = Table("conformance_thing", metadata, Column("name", String, primary_key=True))

Work = Callable[[Transaction], Awaitable[None]]


class House:
    """A ledger, and what it told after its commits."""

    def __init__(self, folder: Path, clock: ManualClock, name: str) -> None:
        self.folder = folder
        self.clock = clock
        self.ids = counted_ids(name)
        self.committed: list[Committed] = []
        self.made: Deployment

    @property
    def file(self) -> Path:
        return self.folder / "entraide.db"

    def told(self, channel: Channel) -> list[int]:
        return [
            it.offset for each in self.committed for it in each.deliveries if it.channel == channel
        ]

    async def write(self, work: Work) -> None:
        await self.made.ledger.write(work)

    async def together(self, *works: Work) -> list[BaseException | None]:
        """Submit commands at once, so that they share a commit."""
        return await asyncio.gather(*map(self.write, works), return_exceptions=True)

    async def things(self) -> set[str]:
        async with self.made.ledger.reading() as reading:
            return set((await reading.db.execute(select(thing.c.name))).scalars())


@asynccontextmanager
async def house_in(
    folder: Path, address: str = "", *, name: str = "id", clock: ManualClock | None = None
) -> AsyncGenerator[House]:
    """On a file in that folder, or on the database at that address.

    ``name``: another for each of several on one database, so that their ids are not the same.
    """
    clock = clock or ManualClock()
    house = House(folder, clock, name)
    async with deployment(
        folder,
        CHANNELS,
        clock=clock,
        ids=house.ids,
        committed=house.committed.append,
        address=address,
    ) as house.made:
        yield house


def adds(name: str, *, says: Channel | None = None) -> Work:
    async def work(tx: Transaction) -> None:
        await tx.db.execute(insert(thing).values(name=name))
        if says is not None:
            tx.publish(says, {"added": name})

    return work
