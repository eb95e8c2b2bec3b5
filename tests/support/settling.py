"""Waits until nothing is due any more, on a clock that is moved by hand."""

import asyncio

from sqlalchemy import func, select

from realtime import store
from realtime.kernel.clock import Clock
from realtime.ledger import Transaction
from realtime.sql import Database
from realtime.tasks import Tasks
from realtime.writer import RELAY
from tests.support.ledger import Deployment

#: Beyond it something is due for ever.
SETTLE_S = 20.0


async def settled(tasks: Tasks, database: Database, clock: Clock, *, relays: bool = False) -> None:
    """Return once no task is due. ``relays``: nor anything waits to be handed to the broker."""
    async with asyncio.timeout(SETTLE_S):
        while await _due(database, clock, relays=relays):
            # The scan must not wait for a real second.
            tasks.look()
            await asyncio.sleep(0.002)


async def all_heard(made: Deployment, clock: Clock, *, relays: bool = False) -> None:
    """Return once no task is due, and what the last of them said has been heard."""
    await settled(made.tasks, made.database, clock, relays=relays)
    # That comes just after its commit: one commit later it was.
    await made.ledger.write(_nothing)


async def _nothing(tx: Transaction) -> None:
    """A commit that changes nothing."""


async def _due(database: Database, clock: Clock, *, relays: bool) -> int:
    query = select(func.count()).where(store.task.c.due <= clock.now())
    if not relays:
        query = query.where(store.task.c.kind != RELAY)
    async with database.snapshot() as db:
        return int((await db.execute(query)).scalar_one())
