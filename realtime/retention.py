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


class Retention:
    def __init__(self, channels: ChannelTable) -> None:
        self._kept = [(rule.prefix, rule.kept) for rule in channels if rule.kept is not None]

    def handled_by(self, tasks: Tasks) -> None:
        tasks.handle(TRIM, self._trim)

    async def plan(self, tx: Transaction) -> None:
        """Begin; it goes on by itself. Run at every start."""
        tx.schedule(TRIM, "all")

    async def _trim(self, tx: Transaction, task: Task, prepared: None) -> None:
        more = False
        for prefix, kept in self._kept:
            gone = await store.trim(tx.db, prefix, tx.now - kept, limit=AT_ONCE)
            more = more or gone == AT_ONCE
        tx.schedule(TRIM, "all", due=tx.now if more else tx.now + EVERY)
