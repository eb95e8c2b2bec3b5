"""Runs what the ledger says is to be done: a timer is a task due later, an event a task due now.

A task is run at least once and its effects happen exactly once: ``prepare`` may wait on anything,
``apply`` runs in the one transaction that also removes the task, and removing fails for whoever was
replaced or overtaken in between (the *fence*). Work committed here is woken at once; one scan a
second finds what nobody woke: timers, what a command-line process left, a dead node's leases.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from realtime import store
from realtime.haste import Haste
from realtime.kernel.errors import AppError
from realtime.kernel.ids import Ids
from realtime.ledger import Ledger, Transaction
from realtime.sql import Database
from realtime.store import Task

log = structlog.get_logger(__name__)
P = TypeVar("P")

SCAN_S = 1.0
#: How long a task is ours; renewed at half time while we hold it.
LEASE = timedelta(seconds=5)
#: Tasks under way at once…
MOST_AT_ONCE = 64
#: …with so many more of the kinds that must never wait behind the others…
MOST_URGENT = 16
#: …and waiting here for their turn; the others stay in the table.
MOST_READY = 4096
#: Of the kinds that wait for all others, so many under way, and so many waiting here.
MOST_PATIENT, MOST_PATIENT_READY = 1, 64
#: A preparation that takes longer has hung: it is given up, and tried again.
LONGEST_PREPARE_S = 60.0
#: A failed task is tried again after 1, 2, 4… seconds, then every minute: never dropped.
LONGEST_PAUSE_S = 60

Prepare = Callable[[Task], Awaitable[P]]
Apply = Callable[[Transaction, Task, P], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What tasks of a kind do, and how soon. Any: each kind prepares something of its own."""

    prepare: Prepare[Any] | None
    apply: Apply[Any]
    haste: Haste
    #: While it says so, this node cannot.
    unable: Callable[[], bool]


class Tasks:
    def __init__(self, ledger: Ledger, database: Database, *, ids: Ids) -> None:
        self._ledger = ledger
        self._database = database
        self._ids = ids
        self._kinds: dict[str, Kind] = {}
        self._under_way: dict[Task, asyncio.Task[None]] = {}
        #: Ours, waiting for their turn.
        self._ready: dict[Haste, deque[Task]] = {haste: deque() for haste in Haste}
        #: What we hold, and until when.
        self._leases: dict[Task, datetime] = {}
        self._wake = asyncio.Event()
        #: When the scan looks again if nobody wakes it; None while it is looking.
        self._next_look: datetime | None = None
        #: Attempts that failed since the start, for the metrics.
        self.failures = 0

    def handle(
        self,
        kind: str,
        apply: Apply[P],
        prepare: Prepare[P] | None = None,
        *,
        unable: Callable[[], bool] = lambda: False,
        haste: Haste = Haste.USUAL,
    ) -> None:
        """Say what a kind of task does. Without ``prepare``, ``apply`` is given None.

        While ``unable`` says so, tasks of that kind are left for other nodes to find. What is
        urgent goes before the rest, and has room of its own when the rest fills everything; an
        alarm goes before what is urgent, and has room of its own when that does; what is patient
        is begun while nothing urgent is under way, or once a second.
        """
        if kind in self._kinds:
            raise ValueError(f"{kind} has a handler already")
        self._kinds[kind] = Kind(prepare=prepare, apply=apply, haste=haste, unable=unable)

    @asynccontextmanager
    async def running(self, *, alone: bool) -> AsyncGenerator[None]:
        """Own the runner. ``alone``: no other process serves, so every lease is a dead one's.

        That is never known of a database that processes on other machines may use.
        """
        if alone and not self._database.shared:
            await self._ledger.write(_release_leases)
        self._ledger.hold_back_while(self._is_pressed)
        scan = asyncio.create_task(self._scan(), name="realtime.tasks.scan")
        try:
            yield
        finally:
            for waiting in self._ready.values():
                waiting.clear()
            running = [scan, *self._under_way.values()]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def committed(self, tasks: tuple[Task, ...]) -> None:
        """Told of every commit: run what is due, remember to look when the rest will be."""
        now = self._ledger.clock.now()
        for task in tasks:
            if task.due <= now:
                self._take(task, now)
            elif self._next_look is None or task.due < self._next_look:
                self._wake.set()

    def look(self) -> None:
        """Look now rather than at the next scan: for a clock that has been moved."""
        self._wake.set()

    def _take(self, task: Task, now: datetime) -> None:
        """Run a task that is ours, at once or when there is room."""
        kind = self._kinds.get(task.kind)
        if kind is None:
            return
        waiting = self._ready[kind.haste]
        most = MOST_PATIENT_READY if kind.haste is Haste.PATIENT else MOST_READY
        again = self._planned_before(task)
        if again is None and len(waiting) >= most:
            # Its lease runs out, and the scan (here, or on a node that knows the kind) takes it.
            return
        if again is None:
            waiting.append(task)
        else:
            del self._leases[waiting[again]]
            waiting[again] = task
        self._leases[task] = now + LEASE
        self._start()

    def _planned_before(self, task: Task) -> int | None:
        """Where the same waits already, of what is patient: it keeps its place.

        A step of a search plans it again, more often than its turn comes under load.
        """
        name = (task.kind, task.key)
        patient = self._ready[Haste.PATIENT]
        same = (at for at, it in enumerate(patient) if (it.kind, it.key) == name)
        return next(same, None)

    def _start(self, *, anyway: bool = False) -> None:
        """Begin what there is room for; ``anyway``: one that is patient, whatever is under way."""
        self._begin(Haste.ALARM, MOST_AT_ONCE + 2 * MOST_URGENT - len(self._under_way))
        self._begin(Haste.URGENT, MOST_AT_ONCE + MOST_URGENT - len(self._under_way))
        self._begin(Haste.USUAL, MOST_AT_ONCE - len(self._under_way))
        if anyway or not self._is_pressed():
            patient = sum(self._kinds[it.kind].haste is Haste.PATIENT for it in self._under_way)
            self._begin(Haste.PATIENT, MOST_PATIENT - patient)

    def _begin(self, haste: Haste, room: int) -> None:
        waiting = self._ready[haste]
        for _ in range(min(room, len(waiting))):
            task = waiting.popleft()
            running = asyncio.create_task(self._run(task), name=f"task.{task.kind}")
            self._under_way[task] = running
            running.add_done_callback(partial(self._over, task))

    def _is_pressed(self) -> bool:
        """Whether anything urgent is under way: it is about to be written."""
        return bool(self._ready[Haste.URGENT]) or any(
            self._kinds[it.kind].haste <= Haste.URGENT for it in self._under_way
        )

    def _over(self, task: Task, _: asyncio.Task[None]) -> None:
        del self._under_way[task]
        del self._leases[task]
        self._start()
        self._ledger.look_again()

    async def _run(self, task: Task) -> None:
        kind = self._kinds[task.kind]

        try:
            async with asyncio.timeout(LONGEST_PREPARE_S):
                prepared = await kind.prepare(task) if kind.prepare else None

            async def work(tx: Transaction) -> None:
                if await tx.finish(task):
                    await kind.apply(tx, task, prepared)

            await self._ledger.write(work, haste=kind.haste)
        except Exception as error:
            self.failures += 1
            if not isinstance(error, AppError):
                log.exception("task.failed", kind=task.kind, attempt=task.attempt)
            else:
                log.warning("task.failed", kind=task.kind, attempt=task.attempt, error=error.name)
            await self._postpone(task)

    async def _postpone(self, task: Task) -> None:
        pause = timedelta(seconds=min(2.0 ** min(task.attempt, 10), LONGEST_PAUSE_S))
        try:
            await self._ledger.write(
                lambda tx: store.postpone_task(tx.db, task, due=tx.now + pause)
            )
        except AppError:
            # The lease runs out by itself, and the scan finds it.
            log.warning("task.not_postponed", kind=task.kind)

    async def _scan(self) -> None:
        while True:
            pause = SCAN_S
            self._next_look = None
            self._wake.clear()
            try:
                self._start(anyway=True)
                await self._renew()
                pause = await self._take_due()
            except AppError as error:
                log.warning("tasks.scan_failed", error=error.name)
            except Exception:
                # Whatever it was, timers must go on.
                log.exception("tasks.scan_failed")
            self._next_look = self._ledger.clock.now() + timedelta(seconds=pause)
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _renew(self) -> None:
        """Keep what we hold and have not finished, before others take it for a dead node's."""
        now = self._ledger.clock.now()
        held = [task for task, until in self._leases.items() if until - now < LEASE / 2]
        if not held:
            return

        await self._ledger.write(
            lambda tx: store.renew_tasks(tx.db, held, tx.now + LEASE), haste=Haste.ALARM
        )
        self._leases.update({task: now + LEASE for task in held if task in self._leases})

    async def _take_due(self) -> float:
        """Take what is due; the seconds until there is something to look at again."""
        now = self._ledger.clock.now()
        room = MOST_AT_ONCE - len(self._under_way)
        room -= len(self._ready[Haste.USUAL]) + len(self._ready[Haste.URGENT])
        # Those that are urgent whatever waits here: a full house must not keep an alarm from being
        # heard.
        limits = {
            Haste.ALARM: MOST_URGENT,
            Haste.URGENT: max(room, 0) + MOST_URGENT,
            Haste.USUAL: room,
            Haste.PATIENT: MOST_PATIENT_READY - len(self._ready[Haste.PATIENT]),
        }
        able = {name: kind for name, kind in self._kinds.items() if not kind.unable()}
        found: list[Task] = []
        async with self._database.snapshot() as db:
            for haste, limit in limits.items():
                kinds = sorted(name for name, kind in able.items() if kind.haste is haste)
                if kinds and limit > 0:
                    found += await store.due_tasks(db, now, kinds=kinds, limit=limit)
            later = await store.next_due(db, now)
        mine = [task for task in found if task not in self._leases]
        if mine:
            # An alarm whatever it finds: one would wait behind the look for it.
            claimed = await self._ledger.write(lambda tx: self._claim(tx, mine), haste=Haste.ALARM)
            for task in claimed:
                self._take(task, now)
        if later is None:
            return SCAN_S
        return min(SCAN_S, max(0.01, (later - now).total_seconds()))

    async def _claim(self, tx: Transaction, found: list[Task]) -> list[Task]:
        return await store.claim_tasks(tx.db, found, ids=self._ids, lease=tx.now + LEASE)


async def _release_leases(tx: Transaction) -> None:
    await store.release_leases(tx.db)
