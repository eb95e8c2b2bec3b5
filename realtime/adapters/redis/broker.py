"""The broker of several nodes: publish/subscribe on whatever Redis there is (B1 to B7).

In a cluster it is sharded, so that each message stays within its shard. What keeps every channel
listened to, wherever its server is at the moment, is ``places.py``.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Self

import structlog

from realtime.adapters.redis.body import pack, unpack
from realtime.adapters.redis.inbox import Inbox
from realtime.adapters.redis.places import Places
from realtime.adapters.redis.servers import ENOUGH_S, RedisServers
from realtime.kernel.ids import Channel
from realtime.ports import Delivery

log = structlog.get_logger(__name__)
#: When servers change places, all nodes say so within about a second: one empty list for several.
SOON_S = 0.2


class RedisBroker:
    """Keeps ``realtime.ports.Broker``'s promises between processes and machines.

    Entering waits two seconds for the servers, then begins without them, ``away``. Subscribing
    while away returns at once: the channel is remembered, and in place before B6's empty list.
    """

    def __init__(self, servers: RedisServers) -> None:
        self._inbox = Inbox()
        # A task that dies of a bug takes the broker with it: no node is deaf without knowing.
        self._places = Places(servers, self._arrived, self._missed, self._inbox.fail)
        self._start = servers.key("channel", "").encode()
        self._channels: dict[bytes, Channel] = {}
        self._joined: set[Channel] = set()
        self._soon: asyncio.TimerHandle | None = None
        #: How often the node was told that it may have missed something.
        self.gaps = 0

    @property
    def away(self) -> bool:
        return self._places.away

    @property
    def overflows(self) -> int:
        """How often the node was so far behind that everything waiting for it was dropped."""
        return self._inbox.overflows

    async def __aenter__(self) -> Self:
        self._places.open()
        try:
            async with asyncio.timeout(ENOUGH_S):
                await self._places.settled.wait()
        except TimeoutError:
            self._places.doubt()
            log.warning("redis.begun_away")
        except BaseException:
            await self._places.close()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._inbox.close()
        if self._soon is not None:
            self._soon.cancel()
        await self._places.close()

    async def publish(self, deliveries: Iterable[Delivery]) -> None:
        await self._places.publishing.publish(
            [(self._name(channel), pack(offset, body)) for channel, offset, body in deliveries]
        )

    async def subscribe(self, channel: Channel) -> None:
        name = self._name(channel)
        self._channels[name] = channel
        self._joined.add(channel)
        await self._places.join(name)

    async def unsubscribe(self, channel: Channel) -> None:
        name = self._name(channel)
        if self._channels.pop(name, None) is not None:
            self._joined.discard(channel)
            self._places.leave(name)

    async def deliveries(self) -> AsyncIterator[list[Delivery]]:
        while (taken := await self._inbox.take()) is not None:
            batch, missed = taken
            # B3: what was in flight when a channel was left does not arrive.
            heard = [it for it in batch if it.channel in self._joined]
            if heard:
                yield heard
            if missed:
                yield []

    def _name(self, channel: Channel) -> bytes:
        return self._start + channel.encode()

    def _arrived(self, name: bytes, packed: bytes) -> None:
        if name == self._places.moved:
            if self._soon is None:
                self._soon = asyncio.get_running_loop().call_later(SOON_S, self._missed)
            return
        channel = self._channels.get(name)
        if channel is None:
            return
        found = unpack(packed)
        if found is None:
            # Another release's, during an upgrade: what it says is in the ledger.
            self._missed()
        else:
            self._inbox.put(Delivery(channel, *found))

    def _missed(self) -> None:
        self._soon = None
        self.gaps += 1
        self._inbox.missed()
