"""Every five minutes all rooms are counted again: what does not add up is told, and is an alarm.

That is never so, while every change goes through ``Inventory``. A room that a dead hold still keeps
is given back, a night that a living one lacks is taken if there is a room: each is an audit line.
"""

from dataclasses import dataclass
from functools import partial

import structlog

from matching.shelter.errors import RoomTaken
from matching.shelter.holds import store as holds
from matching.shelter.inventory import store
from matching.shelter.inventory.counting import store as counting
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of
from matching.shelter.rules import RECONCILE_EVERY
from matching.shelter.values import HoldId, KindId, Night
from realtime.kernel.errors import NotFound
from realtime.ledger import Ledger, Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

log = structlog.get_logger(__name__)
RECONCILE = "shelter.reconcile"
#: In whose name rooms are given back.
ACTOR = "reconciliation"


@dataclass(frozen=True, slots=True)
class Drift:
    #: Nights of a kind with less than no room free.
    overfull: list[tuple[KindId, Night]]
    #: Holds that have not exactly their nights.
    astray: list[HoldId]

    def __len__(self) -> int:
        return len(self.overfull) + len(self.astray)


async def drift(reading: Reading) -> int:
    """How many things do not add up: 0."""
    return len(await found(reading))


async def found(reading: Reading) -> Drift:
    tonight = night_of(reading.now)
    return Drift(
        await counting.overfull(reading.db, tonight),
        await counting.astray(reading.db),
    )


class Reconciliation:
    def __init__(self, ledger: Ledger, inventory: Inventory) -> None:
        self._ledger = ledger
        self._inventory = inventory
        #: What did not add up when it was last counted here: for the metrics.
        self.drift = 0

    def register(self, tasks: Tasks) -> None:
        tasks.handle(RECONCILE, self._apply, self._count)

    async def plan(self, tx: Transaction) -> None:
        """Begin, at every start; it goes on by itself."""
        tx.schedule(RECONCILE, "all")

    async def _count(self, task: Task) -> Drift:
        async with self._ledger.reading() as reading:
            return await found(reading)

    async def _apply(self, tx: Transaction, task: Task, seen: Drift) -> None:
        for name in seen.astray:
            await self._repair(tx, name)
        if seen:
            log.error("shelter.drift", count=len(seen))
        tx.after_commit(partial(self._counted, len(seen)))
        tx.schedule(RECONCILE, "all", due=tx.now + RECONCILE_EVERY)

    def _counted(self, drift: int) -> None:
        self.drift = drift

    async def _repair(self, tx: Transaction, name: HoldId) -> None:
        hold = await holds.find(tx.db, name)
        if hold is None or not hold.alive:
            hotel = await counting.hotel_of(tx.db, name)
            if hotel is None:
                return
            await store.lock(tx.db, hotel)
            await counting.give_back(tx.db, name)
        else:
            try:
                await store.lock(tx.db, hold.hotel)
                await counting.drop_others(tx.db, hold)
                await self._inventory.take(tx, hold)
            except (RoomTaken, NotFound):
                # Nothing to repair it with: it stays an alarm.
                return
        tx.record(ACTOR, "shelter.repair", name)
