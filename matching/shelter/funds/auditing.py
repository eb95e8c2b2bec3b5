"""Every five minutes the books are added up: what does not balance is told, and is an alarm."""

from functools import partial

import structlog

from matching.shelter.funds.looking import Looking
from matching.shelter.funds.vouchers import Books
from matching.shelter.rules import RECONCILE_EVERY
from realtime.ledger import Ledger, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

log = structlog.get_logger(__name__)
AUDIT = "fund.audit"


class Auditing:
    def __init__(self, ledger: Ledger, funds: Looking) -> None:
        self._ledger = ledger
        self._funds = funds
        #: What was wrong when the books were last added up here: for the metrics.
        self.wrong = 0

    def register(self, tasks: Tasks) -> None:
        tasks.handle(AUDIT, self._apply, self._look)

    async def plan(self, tx: Transaction) -> None:
        """Begin, at every start; it goes on by itself."""
        tx.schedule(AUDIT, "all")

    async def _look(self, task: Task) -> Books:
        async with self._ledger.reading() as reading:
            return await self._funds.audit(reading)

    async def _apply(self, tx: Transaction, task: Task, seen: Books) -> None:
        if not seen.right:
            log.error("fund.drift", count=seen.wrong)
        tx.after_commit(partial(self._seen, seen.wrong))
        tx.schedule(AUDIT, "all", due=tx.now + RECONCILE_EVERY)

    def _seen(self, wrong: int) -> None:
        self.wrong = wrong
