"""The channels this node follows, and what the broker is asked to bring of them.

A broker that will not take a subscription does not refuse anybody: the channel is followed all the
same, by asking the ledger, until the broker takes it.
"""

import asyncio
from collections.abc import Iterator
from weakref import WeakValueDictionary

import structlog

from realtime.channels import ChannelTable
from realtime.client import Client
from realtime.following import Following
from realtime.kernel.errors import AppError, Unavailable
from realtime.kernel.ids import Channel
from realtime.ports import Broker

log = structlog.get_logger(__name__)


class Followed:
    def __init__(self, broker: Broker, channels: ChannelTable) -> None:
        self._broker = broker
        self._channels = channels
        self._following: dict[Channel, Following[Client]] = {}
        self._locks: WeakValueDictionary[Channel, asyncio.Lock] = WeakValueDictionary()
        #: Channels that the broker has not taken yet.
        #: In the order in which they were asked for.
        self._unheard: dict[Channel, None] = {}
        self._since_heard = False

    def __len__(self) -> int:
        return len(self._following)

    def __iter__(self) -> Iterator[Channel]:
        """As of now: channels may come and go on the way."""
        return iter(tuple(self._following))

    def get(self, channel: Channel) -> Following[Client] | None:
        return self._following.get(channel)

    def lock(self, channel: Channel) -> asyncio.Lock:
        # Without it, a listener joining while the last one leaves could see its broker
        # subscription removed behind its back.
        return self._locks.setdefault(channel, asyncio.Lock())

    async def follow(self, channel: Channel) -> Following[Client]:
        """Begin to hear a channel, unless we do already. The caller holds the channel's lock."""
        known = self._following.get(channel)
        if known is not None:
            return known
        try:
            await self._broker.subscribe(channel)
        except Unavailable:
            self._unheard[channel] = None
        durable = self._channels.rule(channel).durable
        following = self._following[channel] = Following[Client](durable)
        return following

    async def unfollow(self, channel: Channel) -> None:
        """The caller holds the channel's lock."""
        del self._following[channel]
        self._unheard.pop(channel, None)
        try:
            await self._broker.unsubscribe(channel)
        except AppError as error:
            log.warning("followed.not_left", error=error.name)

    @property
    def doubtful(self) -> bool:
        """Whether something may have been said that the broker was not asked to bring."""
        return bool(self._unheard) or self._since_heard

    def looked_at(self) -> None:
        """All is about to be asked of the ledger: what has been heard by now is certain."""
        self._since_heard = False

    @property
    def some_unheard(self) -> bool:
        return bool(self._unheard)

    async def hear(self) -> None:
        """Ask the broker again for what it would not take."""
        for channel in tuple(self._unheard):
            async with self.lock(channel):
                if channel not in self._following:
                    continue
                try:
                    await self._broker.subscribe(channel)
                except Unavailable:
                    log.info("followed.still_unheard", count=len(self._unheard))
                    return
                self._unheard.pop(channel, None)
                # What was said since the ledger was asked came by neither way.
                self._since_heard = True
