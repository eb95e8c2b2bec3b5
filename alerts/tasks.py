"""The work that alerts leave for later, and what each kind of it does when it is due.

Whatever waits on memory or on the live map is in ``prepare``; every effect is in ``apply``, which
runs in the one transaction that also removes the task, so it happens exactly once.
"""

from typing import Protocol

from alerts.help.service import (
    ABSENT,
    EXPIRE,
    RUNG,
    SHRED,
    Help,
    parsed_rung_key,
)
from alerts.messages import BoardCounts
from alerts.views import Board
from matching.dispatch.incident import AlertId
from matching.dispatch.search import Candidates
from matching.dispatch.service import AFAR, STEP, Dispatch
from matching.helpers.tally import LINE, TALLY
from realtime.haste import Haste
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks

BOARD = Channel(f"board:{LINE}")


class Carrying(Protocol):
    """What tasks ask of ``alerts/service``."""

    async def step(self, tx: Transaction, alert: AlertId, found: Candidates) -> None: ...
    async def expire(self, tx: Transaction, alert: AlertId) -> None: ...


class Handlers:
    def __init__(self, alerts: Carrying, requests: Help, dispatch: Dispatch, board: Board) -> None:
        self._alerts = alerts
        self._help = requests
        self._dispatch = dispatch
        self._board = board

    def register(self, tasks: Tasks) -> None:
        # Whoever is near is asked before anything else is done, whoever is far when there is time.
        tasks.handle(STEP, self._step, self._look, haste=Haste.URGENT)
        tasks.handle(AFAR, self._step, self._look_afar, haste=Haste.PATIENT)
        # People are called when machines are overwhelmed too.
        tasks.handle(RUNG, self._climb, haste=Haste.ALARM)
        tasks.handle(ABSENT, self._look_for_absence, haste=Haste.ALARM)
        tasks.handle(EXPIRE, self._expire)
        tasks.handle(SHRED, self._shred)
        tasks.handle(TALLY, self._tell, self._count)

    async def _look(self, task: Task) -> Candidates:
        return await self._dispatch.near(AlertId(task.key))

    async def _look_afar(self, task: Task) -> Candidates:
        return await self._dispatch.afar(AlertId(task.key))

    async def _step(self, tx: Transaction, task: Task, found: Candidates) -> None:
        await self._alerts.step(tx, AlertId(task.key), found)

    async def _climb(self, tx: Transaction, task: Task, prepared: None) -> None:
        alert, rung = parsed_rung_key(task.key)
        await self._help.climb(tx, alert, rung)

    async def _look_for_absence(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._help.look_for_absence(tx, AlertId(task.key))

    async def _expire(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._alerts.expire(tx, AlertId(task.key))

    async def _shred(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._help.shred(tx, AlertId(task.key))
        await self._dispatch.coarsen(tx, AlertId(task.key))

    async def _count(self, task: Task) -> BoardCounts:
        return await self._board.counts()

    async def _tell(self, tx: Transaction, task: Task, counted: BoardCounts) -> None:
        tx.publish(BOARD, counted)
