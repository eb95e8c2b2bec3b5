"""One node's broker as a test hears it: one delivery at a time, and what may be missing counted."""

import asyncio
from collections.abc import AsyncIterator

from realtime.kernel.ids import Channel
from realtime.ports import Broker, Delivery

#: Beyond it something is lost, not late.
PATIENCE_S = 30.0


class Ear:
    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        #: Empty batches heard: "something may have been missed" (B6).
        self.gaps = 0
        self._batches: AsyncIterator[list[Delivery]] = broker.deliveries()
        self._heard: list[Delivery] = []

    async def say(self, channel: Channel, body: bytes, offset: int = 0) -> None:
        await self.broker.publish([Delivery(channel, offset, body)])

    async def next(self) -> Delivery:
        """The next delivery; whatever comes before it that is empty is counted."""
        async with asyncio.timeout(PATIENCE_S):
            while not self._heard:
                await self._take()
        return self._heard.pop(0)

    async def gap(self) -> None:
        """Return when one more empty batch has come than before; deliveries are kept for later."""
        before = self.gaps
        async with asyncio.timeout(PATIENCE_S):
            while self.gaps == before:
                await self._take()

    async def _take(self) -> None:
        batch = await anext(self._batches)
        self.gaps += not batch
        self._heard += batch
