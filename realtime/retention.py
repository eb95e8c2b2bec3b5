"""Forgets publications that have been kept for as long as the channel table says.

Sealed streams have no such time: they end with their key (``Transaction.shred``). A client that
comes back after its stream was trimmed is told so, and starts from the snapshot.
"""

from datetime import timedelta

from realtime import store
from realtime.channels import ChannelTable
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks

TRIM = "ledger.trim"
EVERY = timedelta(minutes=10)
#: Publications forgotten in one transaction: everybody's commits wait meanwhile.
AT_ONCE = 2_000


def register(tasks: Tasks, channels: ChannelTable) -> None:
    kept_for = [(rule.prefix, rule.kept) for rule in channels if rule.kept is not None]

    async def trim(tx: Transaction, task: Task, prepared: None) -> None:
        more = False
        for prefix, kept in kept_for:
            gone = await store.trim(tx.db, prefix, tx.now - kept, limit=AT_ONCE)
            more = more or gone == AT_ONCE
        tx.schedule(TRIM, "all", due=tx.now if more else tx.now + EVERY)

    tasks.handle(TRIM, trim)


async def plan(tx: Transaction) -> None:
    """Begin, at every start; it goes on by itself."""
    tx.schedule(TRIM, "all")
