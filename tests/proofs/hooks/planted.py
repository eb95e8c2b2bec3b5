"""The same judgement on a hub in which a bug was planted: it must be caught."""

import random
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from unittest.mock import patch

import aiohttp
from sqlalchemy import select

from alerts.networks.hooks import store
from alerts.networks.hooks.store import Waiting, hook_message
from alerts.networks.hooks.telling import Telling, Tried
from realtime.kernel.clock import ManualClock
from realtime.ledger import Transaction
from realtime.push.hook import HookSender
from realtime.push.outgoing import Outgoing
from realtime.push.policy import Outcome, Verdict
from realtime.sql import Connection
from realtime.store import Task
from tests.proofs.hooks.checking import Heard, judge
from tests.proofs.hooks.checking import Verdict as Judged
from tests.support.inward import quiet
from tests.support.telling import Desk, Receiver, desk

EVENTS, CHANGES = 6, 5
BROKEN = Outcome(Verdict.FAILED, status=500)


@asynccontextmanager
async def nothing() -> AsyncGenerator[None]:
    yield


@asynccontextmanager
async def let_go_too_early() -> AsyncGenerator[None]:
    """A message goes whatever its receiver answered."""
    right = Telling._sent

    async def wrong(self: Telling, tx: Transaction, task: Task, tried: Tried | None) -> None:
        if tried is not None and tried.outcome is not None:
            tried = replace(tried, outcome=Outcome(Verdict.SENT))
        await right(self, tx, task, tried)

    with patch.object(Telling, "_sent", wrong):
        yield


@asynccontextmanager
async def newest_first() -> AsyncGenerator[None]:
    """The latest message is sent before those that wait."""

    async def wrong(db: Connection, alert: str) -> Waiting | None:
        query = (
            select(hook_message)
            .where(hook_message.c.alert == alert)
            .order_by(hook_message.c.seq.desc())
            .limit(1)
        )
        row = (await db.execute(query)).first()
        return None if row is None else Waiting(**row._mapping)

    with patch.object(store, "first", wrong):
        yield


@asynccontextmanager
async def without_a_task() -> AsyncGenerator[None]:
    """After a message was taken, nobody looks whether another waits."""
    right = store.first

    async def wrong(self: Telling, tx: Transaction, task: Task, tried: Tried | None) -> None:
        async def none(db: Connection, alert: str) -> None:
            return None

        with patch.object(store, "first", none):
            await sent(self, tx, task, tried)

    sent = Telling._sent
    with patch.object(Telling, "_sent", wrong), patch.object(store, "first", right):
        yield


PLANTS: dict[str, Callable[[], AbstractAsyncContextManager[None]]] = {
    "nothing": nothing,
    "let go before it was taken": let_go_too_early,
    "the newest first": newest_first,
    "a message that waits without a task": without_a_task,
}


async def judged(seed: int, plant: str) -> Judged:
    """Events told to a receiver that fails now and then, in this process."""
    chance = random.Random(seed)
    receiver = Receiver()
    receiver.open.set()
    receiver.answers.extend(BROKEN if chance.random() < 0.3 else _taken() for _ in range(400))
    answers = list(receiver.answers)
    async with PLANTS[plant](), desk(receiver=receiver) as stage:
        await stage.set()
        await _tell_all(stage)
        while await stage.waits() and len(receiver.posted) < len(answers):
            before = len(receiver.posted)
            await stage.pass_time(61)
            if len(receiver.posted) == before:
                # Nothing is tried any more.
                break
    heard = [
        Heard(it.body.alert, it.body.seq, taken=answer.verdict is Verdict.SENT, name=it.name)  # type: ignore[union-attr]
        for it, answer in zip(receiver.posted, answers, strict=False)
    ]
    return judge(heard, {f"alert-{event}": 1 + CHANGES for event in range(EVENTS)})


def _taken() -> Outcome:
    return Outcome(Verdict.SENT, status=204)


async def _tell_all(stage: Desk) -> None:
    for event in range(EVENTS):
        await stage.tell("opened", f"alert-{event}")
    for change in range(CHANGES):
        for event in range(EVENTS):
            await stage.tell("changed", f"alert-{event}", car=str(change))
        if change % 2:
            await stage.settle()


async def heard_inward(*, guarded: bool) -> int:
    """How often a listener inward is called by a sender that follows where it is led."""
    clock = ManualClock()

    async with quiet() as inward:
        url = inward.url("127.0.0.2")
        if guarded:
            outgoing = Outgoing(clock)
            async with outgoing.running():
                await HookSender(outgoing, clock, loopback=True).post(url, b"k" * 32, "a", b"")
        else:
            async with aiohttp.ClientSession() as session:
                try:
                    async with session.post(url, data=b""):
                        pass
                except aiohttp.ClientError:
                    pass
        return len(inward.heard)
