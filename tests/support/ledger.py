"""A real ledger on a temporary SQLite file, with its writer and its task runner."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from realtime.channels import ChannelTable
from realtime.kernel.clock import Clock, ManualClock
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Ids
from realtime.ledger import Ledger, Transaction
from realtime.seal import KEY_BYTES, Seals
from realtime.sql import Database
from realtime.tasks import Tasks
from realtime.writer import Committed, Writer

T = TypeVar("T")
MASTER_KEY = b"k" * KEY_BYTES


def counted_ids(prefix: str = "id") -> Ids:
    """Ids that a test can foresee: id-000001, id-000002, and so on."""
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers):06d}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What stands on one database."""

    database: Database
    writer: Writer
    ledger: Ledger
    seals: Seals
    tasks: Tasks


async def insisted(ledger: Ledger, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Write as a phone does: what is refused for now is asked again."""
    while True:
        try:
            return await ledger.write(work)
        except Unavailable:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def deployment(
    folder: Path,
    channels: ChannelTable,
    *,
    clock: Clock,
    ids: Ids,
    committed: Callable[[Committed], None] = lambda _: None,
    address: str = "",
) -> AsyncGenerator[Deployment]:
    """On a file in that folder, or on the database at that address."""
    # Opening looks at the file system, which nobody waits for yet.
    address = address or f"sqlite:///{folder / 'entraide.db'}"
    database = await asyncio.to_thread(Database.open, address)
    seals = Seals(MASTER_KEY)
    writer = Writer(
        database,
        clock=clock,
        ids=ids,
        channels=channels,
        seals=seals,
        committed=committed,
    )
    ledger = Ledger(database, writer, clock=clock, channels=channels, seals=seals)
    await database.create_tables()
    try:
        async with writer.running():
            yield Deployment(database, writer, ledger, seals, Tasks(ledger, database, ids=ids))
    finally:
        await database.close()


@asynccontextmanager
async def memory_ledger(
    channels: ChannelTable, clock: Clock | None = None, ids: Ids | None = None
) -> AsyncGenerator[Ledger]:
    """A ledger of its own, gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        async with deployment(
            Path(folder),
            channels,
            clock=clock or ManualClock(),
            ids=ids or counted_ids(),
        ) as made:
            yield made.ledger
