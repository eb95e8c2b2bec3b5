"""Hands what is committed to the broker, at once; what it does not take, a task hands over later.

Every commit that says something durable leaves a ``relay`` task in the same transaction. It goes
with a later commit once the broker has taken the publications; while it stands, any node may take
it, and a publication handed over twice is delivered once (``following.py``).
"""

import asyncio
from collections import deque

import msgspec
import structlog

from realtime.kernel.errors import AppError
from realtime.kernel.ids import Channel
from realtime.ledger import Ledger, Transaction
from realtime.ports import Broker, Delivery
from realtime.store import Task
from realtime.tasks import Tasks
from realtime.writer import RELAY, Committed, Writer

log = structlog.get_logger(__name__)


#: Commits waiting for a broker that does not answer; beyond it they are left to their tasks.
MOST_OUTGOING = 10_000


class Relay:
    def __init__(self, ledger: Ledger, writer: Writer, broker: Broker) -> None:
        self._ledger = ledger
        self._writer = writer
        self._broker = broker
        self._outgoing: deque[Committed] = deque()
        self._some = asyncio.Event()

    def handled_by(self, tasks: Tasks) -> None:
        # A node that is cut off from the broker would only keep others from doing it.
        tasks.handle(RELAY, self._done, prepare=self._again, unable=lambda: self._broker.away)

    def committed(self, done: Committed) -> None:
        """Told of every commit, in order."""
        if not done.deliveries:
            return
        if len(self._outgoing) >= MOST_OUTGOING:
            log.warning("relay.full")
            return
        self._outgoing.append(done)
        self._some.set()

    def tell(self, delivery: Delivery) -> None:
        """Hand over something that is kept nowhere, in its turn; lost if the broker is away."""
        self.committed(Committed((delivery,), (), None))

    async def run(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            while self._outgoing:
                await self._hand_over(self._outgoing.popleft())

    async def _hand_over(self, done: Committed) -> None:
        try:
            await self._broker.publish(done.deliveries)
        except AppError as error:
            log.warning("relay.failed", error=error.name)
            return
        if done.relay is not None:
            self._writer.relayed(done.relay)

    async def _again(self, task: Task) -> None:
        """A commit's publications were not handed over in time: do it from the ledger."""
        deliveries: list[Delivery] = []
        for channel, offset in msgspec.json.decode(task.payload, type=list[tuple[str, int]]):
            kept = await self._ledger.kept(Channel(channel), offset)
            deliveries += [Delivery(it.channel, it.offset, it.body) for it in kept]
        await self._broker.publish(deliveries)

    async def _done(self, tx: Transaction, task: Task, prepared: None) -> None:
        """The task has gone with this transaction: nothing is left to do."""
