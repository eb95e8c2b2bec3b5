"""The work that events leave for later; every effect is in the transaction that removes the task.

``witness.step`` is urgent: people are told when machines are overwhelmed too.
"""

from datetime import timedelta
from typing import Protocol

from alerts.witness.after import store as after
from alerts.witness.budgets import store as budgets
from alerts.witness.carrying import STEP
from alerts.witness.ending import EXPIRE, SHRED, Finishing
from alerts.witness.finding import Finding, Found
from alerts.witness.looking import Looking
from alerts.witness.messages import WitnessCounts
from alerts.witness.rules import CONTAINED_IN, MARKS_KEPT, SPOTS_DAYS_MOST
from alerts.witness.saying import TALLY, Saying
from alerts.witness.values import EventId
from alerts.witness.watch import store as watch
from realtime.haste import Haste
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks

TIDY, TIDY_EVERY = "witness.tidy", timedelta(hours=1)


class Asks(Protocol):
    """What a step asks of ``service``, which counts it."""

    async def step(self, tx: Transaction, name: EventId, found: Found) -> None: ...


class Handlers:
    def __init__(
        self,
        service: Asks,
        finding: Finding,
        finishing: Finishing,
        looking: Looking,
        saying: Saying,
    ) -> None:
        self._service = service
        self._finding = finding
        self._finishing = finishing
        self._looking = looking
        self._saying = saying

    def register(self, tasks: Tasks) -> None:
        tasks.handle(STEP, self._step, self._look, haste=Haste.URGENT)
        tasks.handle(EXPIRE, self._expire)
        tasks.handle(SHRED, self._shred)
        tasks.handle(TALLY, self._tell, self._count)
        tasks.handle(TIDY, self._tidy)

    async def _look(self, task: Task) -> Found:
        return await self._finding.candidates(EventId(task.key))

    async def _step(self, tx: Transaction, task: Task, found: Found) -> None:
        await self._service.step(tx, EventId(task.key), found)

    async def _expire(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._finishing.expire(tx, EventId(task.key))

    async def _shred(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._finishing.shred(tx, EventId(task.key))

    async def _count(self, task: Task) -> WitnessCounts:
        return await self._looking.counts()

    async def _tell(self, tx: Transaction, task: Task, counted: WitnessCounts) -> None:
        self._saying.counted(tx, counted)

    async def _tidy(self, tx: Transaction, task: Task, prepared: None) -> None:
        await budgets.prune(tx.db, tx.now - CONTAINED_IN)
        await watch.prune_mutes(tx.db, tx.now)
        kept = timedelta(days=SPOTS_DAYS_MOST)
        await after.prune(tx.db, marks=tx.now - MARKS_KEPT, spots=tx.now - kept)
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)
