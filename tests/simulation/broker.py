"""The broker between nodes, as bad as its promises allow: it delays, repeats, overtakes, goes away.

What one node publishes on one channel keeps its order (B2). Nothing else does. While a line is cut
what would have come over it is lost, and the node is told so when the line is back (B6).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from random import Random
from typing import Self

from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel
from realtime.ports import Delivery
from tests.simulation.loop import HOST, Host, VirtualLoop, on_host

_END = None


class Bus:
    def __init__(self, loop: VirtualLoop, seed: int) -> None:
        self.loop = loop
        self.dice = Random(f"broker {seed}")
        self.brokers: dict[str, ModelBroker] = {}
        self._away = False
        self._cut: set[str] = set()

    def reachable(self, host: Host) -> bool:
        return not self._away and host.name not in self._cut

    def leave(self) -> None:
        """Gone, and with it what was on its way."""
        self._away = True
        for broker in self.brokers.values():
            broker.line += 1

    def come_back(self) -> None:
        self._away = False
        self._find(*self.brokers.values())

    def cut(self, host: Host) -> None:
        self._cut.add(host.name)
        if host.name in self.brokers:
            self.brokers[host.name].line += 1

    def mend(self, host: Host) -> None:
        self._cut.discard(host.name)
        self._find(*(it for it in self.brokers.values() if it.host is host))

    def _find(self, *brokers: "ModelBroker") -> None:
        """Lines are found again, a little later, each with its subscriptions."""
        for broker in brokers:
            self.loop.call_later(
                self.dice.uniform(0.01, 0.5), broker.found, context=on_host(broker.host)
            )


class ModelBroker:
    """Keeps the promises of ``realtime.ports.Broker``, and no more than these."""

    def __init__(self, bus: Bus) -> None:
        self.host = HOST.get()
        self._bus = bus
        self._channels: set[Channel] = set()
        self._inbox: asyncio.Queue[list[Delivery] | None] = asyncio.Queue()
        #: Goes up when the line is lost: what was sent on an earlier one does not arrive.
        self.line = 0
        self._found = 0
        #: When the last thing on a channel, from one node, will have arrived here.
        self._last: dict[tuple[str, Channel], float] = {}

    @property
    def away(self) -> bool:
        return self._found != self.line or not self._bus.reachable(self.host)

    async def __aenter__(self) -> Self:
        self._bus.brokers[self.host.name] = self
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._bus.brokers.pop(self.host.name, None)
        self._inbox.put_nowait(_END)

    async def publish(self, deliveries: Iterable[Delivery]) -> None:
        batch = list(deliveries)
        await asyncio.sleep(self._bus.dice.uniform(0, 0.003))
        if self.away:
            raise Unavailable
        toss = self._bus.dice.random()
        if toss < 0.02:
            raise Unavailable
        for broker in self._bus.brokers.values():
            for delivery in batch:
                broker.sent(self.host, delivery)
        if toss < 0.04:
            # It was taken, and the word of it was lost.
            raise Unavailable

    async def subscribe(self, channel: Channel) -> None:
        await asyncio.sleep(self._bus.dice.uniform(0, 0.003))
        if self.away:
            raise Unavailable
        self._channels.add(channel)

    async def unsubscribe(self, channel: Channel) -> None:
        self._channels.discard(channel)

    async def deliveries(self) -> AsyncIterator[list[Delivery]]:
        while (batch := await self._inbox.get()) is not None:
            heard = [it for it in batch if it.channel in self._channels]
            if heard or not batch:
                yield heard

    # The line.

    def sent(self, publisher: Host, delivery: Delivery) -> None:
        """Somebody has published something."""
        if self.away or delivery.channel not in self._channels:
            return
        loop, dice = self._bus.loop, self._bus.dice
        for _ in range(2 if dice.random() < 0.03 else 1):
            key = publisher.name, delivery.channel
            delay = dice.uniform(0, 0.005) if dice.random() < 0.95 else dice.uniform(0, 1.5)
            when = max(loop.time() + delay, self._last.get(key, 0.0) + 1e-6)
            self._last[key] = when
            loop.call_at(when, self._arrived, self.line, delivery, context=on_host(self.host))

    def _arrived(self, line: int, delivery: Delivery) -> None:
        if line == self.line:
            self._inbox.put_nowait([delivery])

    def found(self) -> None:
        """The line is back, and the subscriptions are in place again (B6)."""
        if self._bus.reachable(self.host) and self._found != self.line:
            self._found = self.line
            self._inbox.put_nowait([])
