"""The part that outlives the process: the database, its writer and its log.

Command-line verbs need it too; it knows no domain beyond the tables they all declare.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from realtime import store
from realtime.kernel.clock import Clock, FollowingClock, SystemClock
from realtime.kernel.errors import Conflict, Gone
from realtime.kernel.ids import Ids, random_id
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Transaction
from realtime.seal import Seals
from realtime.sql import Database
from realtime.writer import Writer
from web.channels import channel_table
from web.keys import derived, make_key, read_key
from web.migrate import ready
from web.settings import BadSettings, Settings

#: The name of a key that seals nothing.
PROOF = "deployment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """What a command needs to be recorded."""

    clock: Clock
    ids: Ids
    database: Database
    writer: Writer
    ledger: Ledger
    #: The key outside the database: others are made from it, each for one purpose (``derived``).
    master: Secret
    #: Under which phone numbers are compared without being kept.
    phone_key: Secret

    def key(self, purpose: str) -> bytes:
        """A key that every node of this deployment makes alike, and nobody else can make."""
        return derived(bytes.fromhex(self.master.reveal()), purpose)


@asynccontextmanager
async def open_durable(
    settings: Settings, *, clock: Clock | None = None, ids: Ids = random_id
) -> AsyncGenerator[Durable]:
    """The ledger with its writer running. Tables and the key are made in development."""
    # Nobody waits for this loop yet, but reading a disk has no place on it.
    master, database = await asyncio.to_thread(_opened, settings)
    if clock is None:
        # Nodes of one deployment must agree on the time: theirs is the database's.
        clock = FollowingClock() if database.shared else SystemClock()
    channels, seals = channel_table(), Seals(master)
    try:
        await ready(settings, database)
        writer = Writer(database, clock=clock, ids=ids, channels=channels, seals=seals)
        ledger = Ledger(database, writer, clock=clock, channels=channels, seals=seals)
        async with writer.running():
            if not await _same_key(ledger, seals):
                raise BadSettings([f"{settings.seal_key_file} is not the key of this database"])
            yield Durable(
                clock=clock,
                ids=ids,
                database=database,
                writer=writer,
                ledger=ledger,
                master=Secret(master.hex()),
                phone_key=Secret(derived(master, "phones").hex()),
            )
    finally:
        await database.close()


async def _same_key(ledger: Ledger, seals: Seals) -> bool:
    """Whether our key is the one under which other nodes, and earlier runs, have sealed.

    One key in the database tells: it is made by whoever comes first.
    """

    async def look(tx: Transaction) -> bool:
        kept = await store.wrapped_key(tx.db, PROOF)
        if kept is None:
            await tx.seal(PROOF, b"", context=PROOF)
            return True
        try:
            seals.unwrap(PROOF, kept)
        except Gone:
            return False
        return True

    try:
        return await ledger.write(look)
    except Conflict:
        # Another node was faster: now it is there.
        return await ledger.write(look)


def _opened(settings: Settings) -> tuple[bytes, Database]:
    key = read_key if settings.production else make_key
    try:
        if settings.database_file is not None:
            settings.database_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return key(settings.seal_key_file), Database.open(settings.database_url)
    except OSError:
        raise BadSettings(["the data folder cannot be made, or written to"]) from None
