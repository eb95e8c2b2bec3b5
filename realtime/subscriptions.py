"""Joining and leaving channels on this node, and keeping each of them whole.

A subscriber is first noted as joining (so that nothing said meanwhile is missed), then reads the
ledger, then hears the rest. Deliveries that leave a hole are replaced by what the ledger has.
"""

import asyncio
from collections.abc import Callable, Coroutine
from weakref import WeakValueDictionary

import msgspec
import structlog

from realtime import wire
from realtime.channels import CONTROL, ChannelRule
from realtime.client import Client
from realtime.fanout import Fanout, Listener
from realtime.following import Following, Verdict
from realtime.frames import encode_text
from realtime.hub import Hub
from realtime.kernel.errors import AppError, Gone, UnrecoverablePosition
from realtime.kernel.ids import Channel
from realtime.ledger import Ledger
from realtime.ports import Broker, Delivery
from realtime.session import Closing
from realtime.store import Kept
from realtime.streams import MOST_RECOVERED, Place

log = structlog.get_logger(__name__)
#: The SDKs subscribe again, and are told that they must start from the snapshot.
INSUFFICIENT = Closing(2500, "insufficient state")


class Subscriptions:
    def __init__(
        self,
        ledger: Ledger,
        broker: Broker,
        controlled: Callable[[dict[str, str]], None],
    ) -> None:
        self.hub: Hub[Listener] = Hub()
        self._ledger = ledger
        self._broker = broker
        self._controlled = controlled
        loop = asyncio.get_running_loop()
        self._fanout = Fanout(self.hub, loop.call_soon)
        self._following: dict[Channel, Following[Client]] = {}
        self._locks: WeakValueDictionary[Channel, asyncio.Lock] = WeakValueDictionary()
        self._chores: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Channels that somebody on this node listens to."""
        return len(self._following)

    async def start(self) -> None:
        """Follow what nodes tell each other, from now on."""
        async with self._lock(CONTROL):
            await self._follow(CONTROL)

    async def stop(self) -> None:
        for chore in tuple(self._chores):
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def join(
        self,
        client: Client,
        channel: Channel,
        since: Place | None,
        *,
        whole: bool,
        seat: str,
        answer: Callable[[wire.SubscribeResult], None],
    ) -> None:
        """Bring a client to the present of a channel, answer it, and let it hear the rest."""
        rule = self._ledger.channels.rule(channel)
        async with self._lock(channel):
            following = await self._follow(channel)
            following.joining[client] = []
        try:
            result = (
                await self._caught_up(channel, following, since)
                if rule.durable
                else None
            )
            if (
                whole
                and result is not None
                and since is not None
                and not result.recovered
            ):
                raise UnrecoverablePosition
        except BaseException:
            following.joining.pop(client, None)
            self._perhaps_unfollow(channel)
            raise
        if not client.session.listens(channel):
            # It left, or was made to leave, while we were reading.
            following.joining.pop(client, None)
            self._perhaps_unfollow(channel)
            return
        # No await from here: whoever is in the hub hears everything after what is answered now.
        self._fanout.settle(channel)
        answer(result or wire.SubscribeResult())
        for frame in following.joined(client, result.offset if result else 0):
            client.deliver(rule.lane, channel, frame)
        self.hub.join(client, channel)
        if rule.presence:
            following.seats[client] = seat
            self._announce(channel, rule, wire.joined(channel, _info(client, seat)))

    def leave(self, client: Client, channel: Channel) -> None:
        """Take a client off a channel; nothing more is written to it from there."""
        following = self._following.get(channel)
        if following is None:
            return
        following.joining.pop(client, None)
        was_here = client in self.hub.audience(channel)
        self.hub.leave(client, channel)
        seat = following.seats.pop(client, None)
        if was_here and seat is not None:
            rule = self._ledger.channels.rule(channel)
            self._announce(channel, rule, wire.left(channel, _info(client, seat)))
        self._perhaps_unfollow(channel)

    def present(self, channel: Channel) -> dict[str, wire.ClientInfo]:
        """Who listens to a channel on this node, by seat."""
        following = self._following.get(channel)
        seats = {} if following is None else following.seats
        return {client.id: _info(client, seat) for client, seat in seats.items()}

    def deliver(self, delivery: Delivery) -> None:
        """Take what the broker brought."""
        channel, offset, body = delivery
        following = self._following.get(channel)
        if following is None:
            return
        match following.judge(offset):
            case Verdict.OLD:
                return
            case Verdict.GAP:
                self._catch_up_soon(channel)
            case Verdict.NEXT:
                clear = self._ledger.opened_at_once(Kept(channel, offset, body))
                if clear is None:
                    self._catch_up_soon(channel)
                else:
                    self._say(channel, following, offset, clear)

    async def check(self, channel: Channel) -> None:
        """Look in the ledger for what the broker may have failed to bring."""
        following = self._following.get(channel)
        if following is not None and following.offset is not None:
            await self._catch_up(channel, following)

    def _say(
        self, channel: Channel, following: Following[Client], offset: int, clear: bytes
    ) -> None:
        if channel == CONTROL:
            following.said(offset, b"")
            self._controlled(msgspec.json.decode(clear, type=dict[str, str]))
            return
        frame = encode_text(wire.publication(channel, clear, offset))
        following.said(offset, frame)
        self._fanout.say(channel, self._ledger.channels.rule(channel).lane, frame)

    def _announce(self, channel: Channel, rule: ChannelRule, push: bytes) -> None:
        self._fanout.say(channel, rule.lane, encode_text(push))

    async def _follow(self, channel: Channel) -> Following[Client]:
        """Begin to hear a channel, unless we do already. The caller holds the channel's lock."""
        known = self._following.get(channel)
        if known is not None and (known.offset is not None or not known.durable):
            return known
        following: Following[Client] = Following(
            self._ledger.channels.rule(channel).durable
        )
        self._following[channel] = following
        try:
            await self._broker.subscribe(channel)
            if following.durable:
                following.offset = (await self._ledger.since(channel, None)).now.offset
        except BaseException:
            del self._following[channel]
            raise
        return following

    async def _caught_up(
        self, channel: Channel, following: Following[Client], since: Place | None
    ) -> wire.SubscribeResult:
        """What to answer a subscriber, once this node has said everything that is in it."""
        found = await self._ledger.since(channel, since)
        while following.offset is not None and following.offset < found.now.offset:
            await self._catch_up(channel, following)
        missed = found.missed or ()
        return wire.SubscribeResult(
            recoverable=True,
            positioned=True,
            epoch=found.now.epoch,
            offset=found.now.offset,
            was_recovering=since is not None,
            recovered=since is not None and found.missed is not None,
            publications=[
                wire.Publication(msgspec.Raw(it.body), it.offset) for it in missed
            ],
        )

    async def _catch_up(self, channel: Channel, following: Following[Client]) -> None:
        """Say what the ledger has and this node has not said yet."""
        async with self._lock(channel):
            if (
                following.offset is None
                or self._following.get(channel) is not following
            ):
                return
            try:
                page = await self._ledger.history(
                    channel, limit=MOST_RECOVERED, since=following.offset, reverse=False
                )
            except Gone:
                # The channel's key has been shredded: there is nothing more to hear.
                now = (await self._ledger.since(channel, None)).now
                self._cut(channel, following, now.offset)
                return
            for kept in page.missed or ():
                match following.judge(kept.offset):
                    case Verdict.NEXT:
                        self._say(channel, following, kept.offset, kept.body)
                    case Verdict.GAP:
                        self._cut(channel, following, kept.offset - 1)
                        self._say(channel, following, kept.offset, kept.body)
                    case Verdict.OLD:
                        pass
            if not page.missed and following.offset < page.now.offset:
                self._cut(channel, following, page.now.offset)

    def _cut(self, channel: Channel, following: Following[Client], offset: int) -> None:
        """What is missing is gone for good: the listeners must start from the snapshot."""
        log.warning("subscriptions.cut", listeners=len(self.hub.audience(channel)))
        following.offset = offset
        push = wire.unsubscribed(channel, INSUFFICIENT.code, INSUFFICIENT.reason)
        for listener in tuple(self.hub.audience(channel)):
            if isinstance(listener, Client) and listener.session.dropped(channel):
                self.leave(listener, channel)
                listener.deliver(
                    self._ledger.channels.rule(channel).lane, "", encode_text(push)
                )

    def _catch_up_soon(self, channel: Channel) -> None:
        self.chore(self._checked(channel))

    async def _checked(self, channel: Channel) -> None:
        try:
            await self.check(channel)
        except AppError as error:
            # The next delivery, or the relay's second attempt, comes back here.
            log.warning("subscriptions.not_caught_up", error=error.name)

    def _perhaps_unfollow(self, channel: Channel) -> None:
        following = self._following.get(channel)
        if (
            following is None
            or channel in self.hub
            or following.joining
            or channel == CONTROL
        ):
            return
        self.chore(self._unfollow(channel))

    async def _unfollow(self, channel: Channel) -> None:
        async with self._lock(channel):
            following = self._following.get(channel)
            if following is None or channel in self.hub or following.joining:
                return
            del self._following[channel]
            try:
                await self._broker.unsubscribe(channel)
            except AppError as error:
                log.warning("subscriptions.not_left", error=error.name)

    def chore(self, work: Coroutine[None, None, None]) -> None:
        """Do something soon, and own it until it is done."""
        task = asyncio.create_task(work, name="realtime.subscriptions")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    def _lock(self, channel: Channel) -> asyncio.Lock:
        # Without it, a listener joining while the last one leaves could see its broker
        # subscription removed behind its back.
        return self._locks.setdefault(channel, asyncio.Lock())


def _info(client: Client, seat: str) -> wire.ClientInfo:
    return wire.ClientInfo(user=seat, client=client.id)
