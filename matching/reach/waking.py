"""The tasks that wake phones. Outside any transaction they call; inside, they keep what came of it.

``push.send`` names a person and nothing else: what she is to be told, her phone asks of us. Each
may run twice: a push replaces the one before it (its topic), a text message has the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from matching.dispatch import store as offers
from matching.dispatch.incident import Offer, OfferId
from matching.reach import devices, store
from matching.reach.rules import (
    COUNTED,
    SEEN_WITHIN,
    TIDIED_AT_ONCE,
    TIDY_EVERY,
    WOKEN_AT_ONCE,
    again_after,
    unheard,
)
from matching.reach.store import Device
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.push.outgoing import BUSY
from realtime.push.policy import Outcome, Verdict
from realtime.push.sender import Errand, Subscription
from realtime.store import Task
from realtime.tasks import Tasks

SEND, TEST, SMS, TIDY = "push.send", "push.test", "push.sms", "push.tidy"
#: The gateway's template, and all that it is told of what is asked.
TEMPLATE = "offer"


class Sending(Protocol):
    """What wakes a phone: ``realtime.push.sender``. Answers what came of it, never raises."""

    async def send(self, to: Subscription, errand: Errand) -> Outcome: ...


class Texting(Protocol):
    """What sends a text message: ``realtime.push.webhook``. Likewise."""

    async def post(self, person: str, template: str, occasion: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Rung:
    """One device, and what came of waking it."""

    device: Device
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Round:
    """A person's devices, once: those that were woken, and those whose service wants time."""

    rung: Sequence[Rung] = ()
    not_now: Sequence[Outcome] = ()

    def again(self) -> timedelta | None:
        return again_after([*(it.outcome for it in self.rung), *self.not_now])


#: Whether something waits for a phone of this person to have it.
Waits = Callable[[Reading, PersonId], Awaitable[bool]]


class Waking:
    def __init__(
        self,
        ledger: Ledger,
        sender: Sending,
        webhook: Texting | None,
        heeds: Sequence[Waits] = (),
    ) -> None:
        """``heeds``: what phones are woken for beside offers."""
        self._ledger = ledger
        self._sender = sender
        self._webhook = webhook
        self._heeds = (_offered, *heeds)
        #: How many people's phones are being woken.
        self._under_way = 0

    def register(self, tasks: Tasks) -> None:
        tasks.handle(SEND, self._sent, self._send)
        tasks.handle(TEST, self._test_sent, self._send_test)
        tasks.handle(TIDY, self._tidy)
        if self._webhook is not None:
            tasks.handle(SMS, self._texted, self._text)

    # An offer.

    async def _send(self, task: Task) -> Round:
        if self._under_way >= WOKEN_AT_ONCE:
            return Round(not_now=[BUSY])
        self._under_way += 1
        try:
            return await self._wake(PersonId(task.key))
        finally:
            self._under_way -= 1

    async def _wake(self, person: PersonId) -> Round:
        async with self._ledger.reading() as reading:
            now = reading.now
            if not await self._waiting(reading, person):
                return Round()
            found = await store.of_person(reading.db, person)
            seen = [it for it in found if now - it.seen <= SEEN_WITHIN]
            reachable = await devices.opened(reading, [it for it in seen if not _quiet(it, now)])
        outcomes = await asyncio.gather(
            *(self._sender.send(it.subscription, Errand.OFFER) for it in reachable)
        )
        return Round(
            [Rung(it.device, outcome) for it, outcome in zip(reachable, outcomes, strict=True)],
            [Outcome(Verdict.LATER, left) for it in seen if (left := _quiet(it, now))],
        )

    async def _sent(self, tx: Transaction, task: Task, done: Round) -> None:
        await _keep(tx, Errand.OFFER, done.rung)
        pause = done.again()
        if pause is not None and await self._waiting(tx, PersonId(task.key)):
            tx.schedule(SEND, task.key, due=tx.now + pause)

    async def _waiting(self, reading: Reading, person: PersonId) -> bool:
        for waits in self._heeds:
            if await waits(reading, person):
                return True
        return False

    # A test. It is tried once: whoever asked for it is looking.

    async def _send_test(self, task: Task) -> list[Rung]:
        async with self._ledger.reading() as reading:
            device = await store.find(reading.db, task.key)
            reachable = await devices.opened(reading, [] if device is None else [device])
        return [
            Rung(it.device, await self._sender.send(it.subscription, Errand.TEST))
            for it in reachable
        ]

    async def _test_sent(self, tx: Transaction, task: Task, rung: list[Rung]) -> None:
        await _keep(tx, Errand.TEST, rung)

    # The second channel.

    async def _text(self, task: Task) -> Outcome | None:
        person = PersonId(task.payload.decode())
        async with self._ledger.reading() as reading:
            offer = await _unheard(reading, person, OfferId(task.key))
        if offer is None or self._webhook is None:
            return None
        occasion = f"{offer.id} {offer.asked_at.isoformat()}"
        return await self._webhook.post(person, TEMPLATE, occasion)

    async def _texted(self, tx: Transaction, task: Task, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        await store.add_results(tx.db, [(tx.ids(), f"sms.{outcome.verdict}")], tx.now)
        person = PersonId(task.payload.decode())
        if outcome.again and await _unheard(tx, person, OfferId(task.key)):
            tx.schedule(SMS, task.key, due=tx.now + outcome.wait, payload=task.payload)

    # What is over is forgotten.

    async def _tidy(self, tx: Transaction, task: Task, prepared: None) -> None:
        await store.drop_results(tx.db, tx.now - COUNTED, limit=TIDIED_AT_ONCE)
        old = await store.unseen(tx.db, tx.now - SEEN_WITHIN, limit=TIDIED_AT_ONCE)
        if old:
            await devices.forget(tx, old)
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)


def _quiet(device: Device, now: datetime) -> timedelta | None:
    """How long its service still wants to be left alone about this device."""
    if device.quiet_until is None or now >= device.quiet_until:
        return None
    return device.quiet_until - now


async def _offered(reading: Reading, person: PersonId) -> bool:
    """Whether some offer to this person waits for a phone to have it."""
    live = await offers.live_offers(reading.db, person, now=reading.now)
    return any(unheard(offer, reading.now) for _, offer in live)


async def _unheard(reading: Reading, person: PersonId, name: OfferId) -> Offer | None:
    live = await offers.live_offers(reading.db, person, now=reading.now)
    waiting = (offer for _, offer in live if offer.id == name and unheard(offer, reading.now))
    return next(waiting, None)


async def _keep(tx: Transaction, errand: Errand, rung: Sequence[Rung]) -> None:
    """What came of it: counted, and a subscription that is over is deleted."""
    rows = [(tx.ids(), f"{errand}.{it.outcome.verdict}") for it in rung]
    await store.add_results(tx.db, rows, tx.now)
    if gone := [it.device for it in rung if it.outcome.verdict is Verdict.GONE]:
        await devices.forget(tx, gone)
    for it in rung:
        if it.outcome.verdict is Verdict.LATER and not it.outcome.whole_host:
            await store.quiet(tx.db, it.device.device, tx.now + it.outcome.wait)
