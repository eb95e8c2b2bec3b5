"""Bugs that a house like this one could have: each must be found by playing a few seeds.

A check that has never failed proves nothing. Each bug replaces one function by what somebody might
have written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from unittest.mock import patch

from sqlalchemy import delete

from matching.dispatch.incident import AlertId, OfferState
from matching.dispatch.service import Dispatch, Outcome
from matching.helpers import eligibility
from realtime import ledger, store
from realtime.batch import Batch, Command, Manner, Runner
from realtime.following import Following, Verdict
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Transaction
from realtime.relay import Relay
from realtime.sql import Connection
from realtime.store import Task
from realtime.streams import Place, Stretch, missed
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from realtime.writer import Committed

Planted = Callable[[], AbstractContextManager[object]]
_judge, _attempt, _schedule = Following.judge, Runner._attempt, Transaction.schedule
_hand_over, _write = Relay._hand_over, Ledger.write
T = TypeVar("T")


async def _finish_any(db: Connection, done: Task) -> bool:
    """Whoever has the task's name may remove it."""
    gone = await db.execute(
        delete(store.task).where(store.task.c.kind == done.kind, store.task.c.key == done.key)
    )
    return gone.rowcount == 1


async def _finish_always(self: Transaction, task: Task) -> bool:
    """The answer of removing it is not looked at."""
    await store.finish_task(self.db, task)
    return True


async def _renew_nothing(self: Tasks) -> None:
    """A lease is for ever, surely."""


def _judge_gap(self: Following[Any], offset: int) -> Verdict:
    verdict = _judge(self, offset)
    return Verdict.NEXT if verdict is Verdict.GAP and self.offset is not None else verdict


async def _hand_over_or_not(self: Relay, done: Committed) -> None:
    """It was tried."""
    await _hand_over(self, done)
    if done.relay is not None:
        self._writer.relayed(done.relay)


def _schedule_in_memory(
    self: Transaction,
    kind: str,
    key: str,
    *,
    due: datetime | None = None,
    payload: bytes = b"",
) -> None:
    """A timer is a timer."""
    if due is None or due <= self.now:
        _schedule(self, kind, key, due=due, payload=payload)
        return
    rings = partial(_ring, self.written_by, kind, key, payload)  # type: ignore[attr-defined]
    later = (due - self.now).total_seconds()
    loop = asyncio.get_running_loop()
    self.after_commit(lambda: _keep(loop.call_later(later, rings)))


def _ring(ledger: Ledger, kind: str, key: str, payload: bytes) -> None:
    async def work(tx: Transaction) -> None:
        _schedule(tx, kind, key, payload=payload)

    # Nobody keeps it, and nobody looks whether it could be written.
    asyncio.ensure_future(_write(ledger, work)).add_done_callback(
        lambda it: it.cancelled() or it.exception()
    )


def _keep(timer: asyncio.TimerHandle) -> None:
    """The loop has it."""


async def _write_noted(self: Ledger, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """A timer of the memory has to know where to write."""

    async def noted(tx: Transaction) -> T:
        tx.written_by = self  # type: ignore[attr-defined]
        return await work(tx)

    return await _write(self, noted)


@contextmanager
def _timers_in_memory() -> Iterator[None]:
    with (
        patch.object(Ledger, "write", _write_noted),
        patch.object(Transaction, "schedule", _schedule_in_memory),
    ):
        yield


async def _attempt_and_answer(
    self: Runner,
    batch: Batch,
    command: Command,
    tx: Transaction,
    apart: AbstractAsyncContextManager[object],
    manner: Manner,
) -> None:
    """It will be committed in a moment: she need not wait."""
    await _attempt(self, batch, command, tx, apart, manner)
    for answered, answer in batch.answers:
        if answered is command and not command.answer.done():
            command.answer.set_result(answer)


async def _nobody_excluded(*_: object) -> frozenset[PersonId]:
    return frozenset()


def _joined_without(self: Following[Any], listener: object, upto: int) -> Iterator[bytes]:
    """What was said while somebody joined is not kept."""
    self.joining.pop(listener, None)
    return iter(())


async def _ask_nothing(self: Subscriptions) -> None:
    """The broker will have brought everything."""


async def _end_alert_only(
    self: Dispatch, tx: Transaction, alert: AlertId, state: OfferState
) -> Outcome:
    """The request has ended; the search goes on."""
    incident = await self.incident(tx, alert)
    return Outcome(incident, incident)


def _missed_one_less(since: Place, now: Place) -> Stretch | None:
    wanted = missed(since, now)
    return wanted and replace(wanted, first=min(wanted.first + 1, wanted.last))


BUGS: Mapping[str, Planted] = {
    "a fence is ignored": lambda: patch.object(store, "finish_task", _finish_any),
    "a task is applied twice": lambda: patch.object(Transaction, "finish", _finish_always),
    "a lease is not renewed": lambda: patch.object(Tasks, "_renew", _renew_nothing),
    "a gap in the offsets is accepted": lambda: patch.object(Following, "judge", _judge_gap),
    "a relay is dropped after a failure": lambda: patch.object(
        Relay, "_hand_over", _hand_over_or_not
    ),
    "a timer is only in memory": _timers_in_memory,
    "it is answered before the commit": lambda: patch.object(
        Runner, "_attempt", _attempt_and_answer
    ),
    "the exclusion list is not asked": lambda: patch.object(
        eligibility, "excluded_among", _nobody_excluded
    ),
    "who joins is not kept what is said": lambda: patch.object(
        Following, "joined", _joined_without
    ),
    "the ledger is not asked while the broker is away": lambda: patch.object(
        Subscriptions, "check_all", _ask_nothing
    ),
    "a search outlives its request": lambda: patch.object(Dispatch, "end", _end_alert_only),
    "a resumption is one short": lambda: patch.object(ledger, "missed", _missed_one_less),
}
#: Seen only when two things come together, after 5 to 40 seeds: `./run prove simulation` does.
SUBTLE = frozenset(
    {
        "a relay is dropped after a failure",
        "it is answered before the commit",
        "who joins is not kept what is said",
        "a search outlives its request",
        "a resumption is one short",
        "the ledger is not asked while the broker is away",
    }
)
