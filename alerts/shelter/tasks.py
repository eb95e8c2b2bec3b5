"""The work that needs leave for later; every effect is in the transaction that removes the task."""

from typing import Protocol

from alerts.shelter.need import EXPIRE, RUNG, SHRED, Needs, parsed_rung_key
from alerts.shelter.stays import FOLLOW_UP, Stays, parsed_followup_key
from matching.shelter.holds.service import Holds
from matching.shelter.values import NeedId
from realtime.haste import Haste
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks


class GivesUp(Protocol):
    """What tasks ask of ``service``."""

    async def give_up(self, tx: Transaction, need: NeedId) -> None: ...


class Handlers:
    def __init__(self, shelter: GivesUp, needs: Needs, holds: Holds, stays: Stays) -> None:
        self._shelter = shelter
        self._needs = needs
        self._holds = holds
        self._stays = stays

    def register(self, tasks: Tasks) -> None:
        # People are called when machines are overwhelmed too.
        tasks.handle(RUNG, self._climb, haste=Haste.ALARM)
        tasks.handle(EXPIRE, self._give_up)
        tasks.handle(SHRED, self._shred)
        tasks.handle(FOLLOW_UP, self._follow_up)

    async def _climb(self, tx: Transaction, task: Task, prepared: None) -> None:
        need, rung = parsed_rung_key(task.key)
        await self._needs.climb(tx, need, rung, await self._holds.alive_of(tx, need))

    async def _give_up(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._shelter.give_up(tx, NeedId(task.key))

    async def _shred(self, tx: Transaction, task: Task, prepared: None) -> None:
        need = NeedId(task.key)
        await self._needs.shred(tx, need)
        for it in await self._holds.of_need(tx, need):
            # A room where she still is has its own time.
            if not it.alive:
                await self._holds.forget(tx, it.hold)

    async def _follow_up(self, tx: Transaction, task: Task, prepared: None) -> None:
        hold, day = parsed_followup_key(task.key)
        await self._stays.ask(tx, await self._holds.find(tx, hold), day)
