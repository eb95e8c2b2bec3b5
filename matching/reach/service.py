"""Reaching helpers as use cases: a phone subscribes, is tested, is woken for an offer.

It keeps the promises of ``matching.dispatch.ports.Reach``. Without a sender it is off: it has no
devices, wakes nobody, and dispatch is what it was without it.
"""

from collections.abc import Sequence

from matching.dispatch.incident import Offer
from matching.reach import devices, store
from matching.reach.messages import (
    HostState,
    PushBoard,
    PushKey,
    Received,
    ResultCount,
    Subscribed,
    Tested,
    Unsubscribed,
)
from matching.reach.rules import (
    COUNTED,
    HOSTS_SHOWN,
    RECEIPT_WITHIN,
    SEEN_WITHIN,
    SMS_AFTER,
    TIDY_EVERY,
)
from matching.reach.store import Device
from matching.reach.waking import SEND, SMS, TEST, TIDY, Waits, Waking
from realtime.kernel.errors import NotAvailable, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.push.policy import Verdict
from realtime.push.sender import Sender
from realtime.push.webhook import Webhook
from realtime.tasks import Tasks


class Reach:
    def __init__(
        self, ledger: Ledger, sender: Sender | None = None, webhook: Webhook | None = None
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._webhook = webhook
        #: Beside offers, what else somebody may wait to be woken for: set before ``register``.
        self.heeds: list[Waits] = []

    @property
    def on(self) -> bool:
        return self._sender is not None

    def ended(self, verdict: Verdict) -> int:
        """How many pushes of this node have ended so since its start, for the metrics."""
        return self._sender.outgoing.counts[verdict] if self._sender else 0

    def register(self, tasks: Tasks) -> None:
        if self._sender is not None:
            Waking(self._ledger, self._sender, self._webhook, self.heeds).register(tasks)

    async def plan(self, tx: Transaction) -> None:
        """Leave the first tidying to do, at the start."""
        if self.on:
            tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)

    # A person, and her devices.

    async def key(self, reading: Reading, person: PersonId, device: str | None) -> PushKey:
        """What her page must know; ``device``: the one that it is on, if it has subscribed."""
        if self._sender is None:
            return PushKey(None, on=False)
        known = None if device is None else await self._own(reading, person, device)
        return PushKey(
            self._sender.public_key,
            on=known is not None,
            tested_at=known.tested if known else None,
            received_at=known.received if known else None,
            reference=None if self._webhook is None else self._webhook.reference(person),
        )

    async def subscribe(
        self, tx: Transaction, person: PersonId, *, endpoint: str, point: str, auth: str
    ) -> Subscribed:
        """This device may be woken. Said again, it is seen again."""
        if self._sender is None:
            raise NotAvailable
        subscription = devices.checked(endpoint, point, auth, self._sender.hosts)
        return Subscribed(await devices.keep(tx, person, subscription))

    async def unsubscribe(self, tx: Transaction, person: PersonId, device: str) -> Unsubscribed:
        """Not any more. Of a device that is not hers nothing is said, and nothing done."""
        known = await self._own(tx, person, device)
        if known is not None:
            await devices.forget(tx, [known])
        return Unsubscribed(device)

    async def forget(self, tx: Transaction, person: PersonId) -> None:
        """Her session has ended, or she is no helper any more."""
        if own := await store.of_person(tx.db, person):
            await devices.forget(tx, own)
            tx.unschedule(SEND, person)

    async def test(self, tx: Transaction, person: PersonId, device: str) -> Tested:
        """Wake this device now, for nothing."""
        known = await self._own(tx, person, device)
        if self._sender is None or known is None:
            raise NotFound
        await store.tested(tx.db, device, tx.now)
        tx.schedule(TEST, device)
        return Tested(tx.now)

    async def received(self, tx: Transaction, person: PersonId, device: str | None) -> Received:
        """A phone was woken and has asked what for. Without a name: her only device in test."""
        own = [it for it in await store.of_person(tx.db, person) if it.test_under_way]
        mine = [it for it in own if device in (None, it.device)]
        if len(mine) != 1:
            return Received(test=False)
        await store.received(tx.db, mine[0].device, tx.now)
        await store.add_results(tx.db, [(tx.ids(), "test.received")], tx.now)
        return Received(test=True)

    async def board(self, reading: Reading) -> PushBoard:
        circuits = self._sender.outgoing.circuits() if self._sender else {}
        if self._webhook is not None:
            circuits |= self._webhook.outgoing.circuits()
        hosts = [HostState(host, it.state(reading.now)) for host, it in circuits.items()]
        hosts.sort(key=lambda it: (it.state == "closed", it.host))
        results = await store.count_results(reading.db, reading.now - COUNTED)
        return PushBoard(
            on=self.on,
            sms=self._webhook is not None,
            devices=await store.count(reading.db),
            results=[ResultCount(result, count) for result, count in results],
            hosts=hosts[:HOSTS_SHOWN],
            last_test_at=await store.last_test(reading.db),
        )

    # What dispatch asks.

    async def among(self, reading: Reading, people: Sequence[PersonId]) -> frozenset[PersonId]:
        if not self.on or not people:
            return frozenset()
        return await store.having_devices(reading.db, people, since=reading.now - SEEN_WITHIN)

    def ring(self, tx: Transaction, offer: Offer, *, live: bool) -> None:
        self.wake(tx, offer.helper, live=live)
        if self._webhook is not None:
            due = tx.now + SMS_AFTER
            tx.schedule(SMS, offer.id, due=due, payload=offer.helper.encode())

    def wake(self, tx: Transaction, person: PersonId, *, live: bool) -> None:
        """Have a phone woken, if there is still something to be told by then (``heeds``)."""
        if self.on:
            tx.schedule(SEND, person, due=tx.now + RECEIPT_WITHIN if live else None)

    @staticmethod
    async def _own(reading: Reading, person: PersonId, device: str) -> Device | None:
        found = await store.find(reading.db, device)
        return found if found is not None and found.person == person else None
