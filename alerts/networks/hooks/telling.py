"""Leaves messages for a network's hook, and sends them: in order for each event, at least once.

A message is written in the transaction that changes its event, and goes in the transaction that
follows the receiver's 2xx. One task for each event is alone to send its messages, the oldest
first. A crash between the two sends a message again: its ``Entraide-Id`` is the same.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from alerts.cap.times import ours
from alerts.cap.values import Reference
from alerts.cap.writing import as_cap
from alerts.networks import store as networks
from alerts.networks.hooks import store
from alerts.networks.hooks.restricted import as_message
from alerts.networks.hooks.store import Thread, Waiting
from alerts.networks.ports import Posting
from alerts.networks.rules import (
    TIDIED_AT_ONCE,
    TIDY_EVERY,
    TOLD_KEPT,
    is_stuck,
    pause_after,
    spread,
)
from alerts.networks.values import Event, What
from realtime.ledger import Ledger, Reading, Transaction
from realtime.push.policy import Outcome, Verdict
from realtime.store import Task
from realtime.tasks import Tasks

SEND, TIDY = "hook.send", "hook.tidy"


class Body(msgspec.Struct, frozen=True):
    """What a hook is sent."""

    type: What
    alert: str
    #: From 1, without a gap, for each event.
    seq: int
    at: str
    cap: str


class Hook(msgspec.Struct, frozen=True):
    """Where a network is told, and the key that it checks our signature with."""

    url: str
    key: str

    @property
    def secret(self) -> bytes:
        return base64.b64decode(self.key)


@dataclass(frozen=True, slots=True)
class Tried:
    """One message, and what came of sending it; None: the network has no hook now."""

    message: Waiting
    outcome: Outcome | None


class Telling:
    def __init__(self, ledger: Ledger, posting: Posting, *, sender: str) -> None:
        self._ledger = ledger
        self._posting = posting
        #: Who we are, in CAP's ``sender``.
        self._sender = sender

    def register(self, tasks: Tasks) -> None:
        tasks.handle(SEND, self._sent, self._send)
        tasks.handle(TIDY, self._tidy)

    async def plan(self, tx: Transaction) -> None:
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)

    async def tell(
        self, tx: Transaction, alert: str, what: What, body: Event, *, network_name: str
    ) -> None:
        """Leave a message. An event that is over was never told: nobody is told of its end."""
        known = await store.thread(tx.db, alert)
        if known is None:
            if what == "ended":
                return
            await store.begin(tx.db, Thread(alert=alert, network=body.network, seq=0, sent=tx.now))
            known = await store.thread(tx.db, alert)
        if known is None:
            raise RuntimeError("a thread that was begun is not there")
        waits = await store.first(tx.db, alert) is not None
        seq = known.seq + 1
        message = as_message(
            body,
            name=_name(alert, seq),
            sender=self._sender,
            at=tx.now,
            network_name=network_name,
            before=self._before(known),
        )
        said = Body(what, alert, seq, message.sent.isoformat(), as_cap(message).decode())
        sealed = await tx.seal(_key(alert), msgspec.json.encode(said), context=_name(alert, seq))
        await store.add(tx.db, Waiting(alert=alert, seq=seq, at=tx.now, sealed=sealed))
        if not waits:
            # Else its task is there, and will come to this one: another would overtake it.
            tx.schedule(SEND, alert)

    async def again(self, tx: Transaction, network: str) -> int:
        """Send now what waits for a network; how many events that is."""
        alerts = await store.waiting_of(tx.db, network)
        await store.again(tx.db, alerts)
        for alert in alerts:
            tx.schedule(SEND, alert)
        return len(alerts)

    def _before(self, known: Thread) -> Reference | None:
        """The message that a new one follows."""
        if known.seq == 0:
            return None
        return Reference(self._sender, _name(known.alert, known.seq), ours(known.sent))

    # The task.

    async def _send(self, task: Task) -> Tried | None:
        async with self._ledger.reading() as reading:
            message = await store.first(reading.db, task.key)
            known = await store.thread(reading.db, task.key)
            if message is None or known is None:
                return None
            hook = await hook_of(reading, known.network)
            name = _name(message.alert, message.seq)
            body = await reading.open(_key(message.alert), message.sealed, context=name)
        if hook is None:
            return Tried(message, None)
        return Tried(message, await self._posting.post(hook.url, hook.secret, name, body))

    async def _sent(self, tx: Transaction, task: Task, tried: Tried | None) -> None:
        known = await store.thread(tx.db, task.key)
        if tried is None or known is None or tried.outcome is None:
            # Without a hook it waits for one: setting it sends everything.
            return
        outcome, now = tried.outcome, tx.now
        alert, seq = tried.message.alert, tried.message.seq
        if outcome.verdict is Verdict.SENT:
            await store.drop(tx.db, alert, seq)
            await store.note(tx.db, alert, tries=0, at=now, status=outcome.status)
            if await store.first(tx.db, alert) is not None:
                tx.schedule(SEND, alert)
            return
        if outcome.verdict is Verdict.LATER and not outcome.status:
            # Nobody was asked: its host is left alone, or there is no room.
            tx.schedule(SEND, alert, due=now + spread(outcome.wait, alert))
            return
        waited, tries = now - tried.message.at, known.tries + 1
        stuck = now if is_stuck(tried.message.at, now) else None
        await store.note(tx.db, alert, tries=tries, at=now, status=outcome.status, stuck=stuck)
        if stuck is None:
            asked = outcome.wait if outcome.verdict is Verdict.LATER else timedelta(0)
            tx.schedule(SEND, alert, due=now + max(asked, pause_after(tries, waited)))

    async def _tidy(self, tx: Transaction, task: Task, prepared: None) -> None:
        old = await store.quiet(tx.db, tx.now - TOLD_KEPT, limit=TIDIED_AT_ONCE)
        for alert in old:
            await tx.shred(_key(alert))
        await store.forget(tx.db, old)
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)


async def hook_of(reading: Reading, network: str) -> Hook | None:
    row = await networks.find(reading.db, network)
    if row is None or row.hook is None:
        return None
    clear = await reading.open(hook_key(network), row.hook, context=hook_key(network))
    return msgspec.json.decode(clear, type=Hook)


def hook_key(network: str) -> str:
    """The name of the key that seals a network's hook."""
    return f"hook:{network}"


def _key(alert: str) -> str:
    """The name of the key that seals what is told of an event."""
    return f"told:{alert}"


def _name(alert: str, seq: int) -> str:
    """A message's own name, in CAP and under its seal."""
    return f"{alert}.{seq}"
