"""Joining and leaving channels on this node, and keeping each of them whole.

A subscriber is first noted as joining (so that nothing said meanwhile is missed), then reads the
ledger, then hears the rest. Deliveries that leave a hole are replaced by what the ledger has.
"""

import asyncio
from collections.abc import Callable, Coroutine

import msgspec
import structlog

from realtime import wire
from realtime.channels import CONTROL, Lane
from realtime.client import Client
from realtime.fanout import Fanout
from realtime.followed import Followed
from realtime.following import Following, Verdict
from realtime.frames import encode_text
from realtime.hub import Hub
from realtime.kernel.errors import (
    AppError,
    Gone,
    NotAllowed,
    Unavailable,
    UnrecoverablePosition,
)
from realtime.kernel.ids import Channel
from realtime.ledger import Ledger, Since
from realtime.ports import Broker, Delivery
from realtime.seats import Seats
from realtime.session import CUT_OFF, INSUFFICIENT
from realtime.store import Kept
from realtime.streams import MOST_RECOVERED, Place

log = structlog.get_logger(__name__)
#: Between two attempts to fetch what is missing.
RETRY_S = 1.0
#: Streams whose heads are asked for in one reading, when all are looked at.
HEADS_AT_ONCE = 1000
#: Streams read at the same time then: less than the connections there are to read with.
FETCHED_AT_ONCE = 3


class Subscriptions:
    def __init__(
        self,
        ledger: Ledger,
        broker: Broker,
        controlled: Callable[[dict[str, str]], None],
        lost: Callable[[], None] = lambda: None,
        *,
        seats: Callable[[Callable[[Channel, bytes], None]], Seats] | None = None,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        """``controlled`` is given what nodes tell each other; ``lost``: some of it is gone.

        ``seats`` makes the seats of this node, given what writes a frame to who listens here.
        ``sure``: whether we know of all that was decided until a moment ago (``gaps.py``).
        """
        self.hub: Hub[Client] = Hub()
        self._ledger = ledger
        self._controlled = controlled
        self._lost = lost
        self._sure = sure
        loop = asyncio.get_running_loop()
        self._fanout = Fanout(self.hub, loop.call_soon, loop.call_later, lambda: ledger.at_work)
        self._followed = Followed(broker, ledger.channels)
        self._seats = seats(self._announce) if seats is not None else None
        self._chores: set[asyncio.Task[None]] = set()
        self._hearing = False
        #: Who came back and was told all they had missed, or that they must start over: counted.
        self.resumed = self.started_over = 0

    def __len__(self) -> int:
        """Channels that somebody on this node listens to."""
        return len(self._followed)

    @property
    def doubtful(self) -> bool:
        """Whether the ledger must be asked, whatever the broker promises."""
        return self._followed.doubtful

    @property
    def behind(self) -> int:
        """Channels of which something is known to be missing here."""
        followed = (self._followed.get(it) for it in self._followed)
        return sum(it is not None and it.behind for it in followed)

    async def start(self) -> None:
        """Follow what nodes tell each other, from now on."""
        async with self._followed.lock(CONTROL):
            following = await self._followed.follow(CONTROL)
        following.stands((await self._ledger.place(CONTROL)).offset)

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
        """Bring a client to the present of a channel, answer it, and let it hear the rest.

        With a ``seat``, the others are told that it is here.
        """
        rule = self._ledger.channels.rule(channel)
        async with self._followed.lock(channel):
            following = await self._followed.follow(channel)
            following.joining[client] = []
        try:
            result = await self._caught_up(client, channel, following, since)
            self._must_be_sure(channel)
            _let_in(client, channel, result, refuse=whole and since is not None and rule.durable)
        except BaseException:
            following.joining.pop(client, None)
            self._perhaps_unfollow(channel)
            raise
        # No await from here: whoever is in the hub hears everything after what is answered now.
        self._fanout.settle(channel)
        self.resumed += result.was_recovering and result.recovered
        self.started_over += result.was_recovering and not result.recovered
        answer(result)
        for frame in following.joined(client, result.offset):
            client.deliver(rule.lane, channel, frame)
        self.hub.join(client, channel)
        if seat and self._seats is not None:
            await self._seats.sit(client, channel, seat)

    def leave(self, client: Client, channel: Channel) -> None:
        """Take a client off a channel; nothing more is written to it from there."""
        following = self._followed.get(channel)
        if following is None:
            return
        following.joining.pop(client, None)
        self.hub.leave(client, channel)
        if self._seats is not None and self._seats.leave(client, channel):
            self.chore(self._seats.stand(client, channel))
        self._perhaps_unfollow(channel)

    async def present(self, channel: Channel) -> dict[str, wire.ClientInfo]:
        """Who listens to a channel, on any node, by seat."""
        return {} if self._seats is None else await self._seats.present(channel)

    def deliver(self, delivery: Delivery) -> None:
        """Take what the broker brought."""
        channel, offset, body = delivery
        following = self._followed.get(channel)
        if following is None:
            return
        if offset == 0 and following.durable:
            if self._seats is not None:
                self._seats.heard(channel, body)
            return
        verdict = following.judge(offset)
        if verdict is Verdict.NEXT:
            clear = self._ledger.opened_at_once(Kept(channel, offset, body))
            if clear is not None:
                self._say(channel, following, offset, clear)
                return
        if verdict is not Verdict.OLD and not following.catching:
            self.chore(self._fetch(channel, following))

    async def check(self, channel: Channel) -> None:
        """Look in the ledger for what the broker may have failed to bring."""
        following = self._followed.get(channel)
        if following is not None and following.offset is not None:
            await self._catch_up(channel, following)

    async def check_all(self) -> None:
        """Look in the ledger for all that the broker may have failed to bring, alerts first.

        ``Unavailable`` when it could not be done to the end.
        """
        self._followed.looked_at()
        self._hear()
        durable = sorted(filter(self._is_durable, self._followed), key=self._rank)
        for first in range(0, len(durable), HEADS_AT_ONCE):
            part = durable[first : first + HEADS_AT_ONCE]
            places = await asyncio.gather(*(self._ledger.place(it) for it in part))
            behind = []
            for channel, place in zip(part, places, strict=True):
                following = self._followed.get(channel)
                if following is not None:
                    # Whoever is joining just now may have read before this.
                    following.heard_of(place.offset)
                    if following.behind:
                        behind.append((channel, following))
            await self._fetch_all(behind)

    def _say(
        self, channel: Channel, following: Following[Client], offset: int, clear: bytes
    ) -> None:
        if channel == CONTROL:
            following.said(offset, b"")
            self._controlled(msgspec.json.decode(clear, type=dict[str, str]))
            return
        frame = encode_text(wire.publication(channel, clear, offset))
        following.said(offset, frame)
        rule = self._ledger.channels.rule(channel)
        self._fanout.say(channel, rule.lane, frame, rule.key(clear))

    def _announce(self, channel: Channel, frame: bytes) -> None:
        self._fanout.say(channel, self._ledger.channels.rule(channel).lane, frame)

    async def _caught_up(
        self,
        client: Client,
        channel: Channel,
        following: Following[Client],
        since: Place | None,
    ) -> wire.SubscribeResult:
        """What to answer a subscriber, once this node has said everything that is in it."""
        if not following.durable:
            return wire.SubscribeResult()
        while True:
            found = await self._ledger.since(channel, since)
            following.stands(found.now.offset)
            if following.behind:
                await self._catch_up(channel, following)
            whole = (
                following.joining.get(client) is not None and found.now.offset >= following.began
            )
            if whole or not client.session.listens(channel):
                break
            # Another has read further before us, or what was missing is gone: read again.
            following.joining[client] = []
        missed = found.missed or ()
        return wire.SubscribeResult(
            recoverable=True,
            positioned=True,
            epoch=found.now.epoch,
            offset=found.now.offset,
            was_recovering=since is not None,
            recovered=since is not None and found.missed is not None,
            publications=[wire.Publication(msgspec.Raw(it.body), it.offset) for it in missed],
        )

    async def _catch_up(self, channel: Channel, following: Following[Client]) -> None:
        """Say what the ledger has and this node has not said yet."""
        async with self._followed.lock(channel):
            while following.offset is not None and self._followed.get(channel) is following:
                try:
                    page = await self._ledger.history(
                        channel, limit=MOST_RECOVERED, since=following.offset, reverse=False
                    )
                except Gone:
                    # The channel's key has been shredded: there is nothing more to hear.
                    page = Since(await self._ledger.place(channel), ())
                self._must_be_sure(channel)
                self._say_page(channel, following, page)
                if following.offset >= page.now.offset:
                    return

    def _must_be_sure(self, channel: Channel) -> None:
        """Refuse, for now, to tell what was read: this process may have been stopped meanwhile.

        It would be told to people who have lost the right to it since they were looked at.
        """
        if channel != CONTROL and not self._sure():
            raise Unavailable

    def _say_page(self, channel: Channel, following: Following[Client], page: Since) -> None:
        for kept in page.missed or ():
            verdict = following.judge(kept.offset)
            if verdict is Verdict.GAP:
                self._cut(channel, following, kept.offset - 1)
            if verdict is not Verdict.OLD:
                self._say(channel, following, kept.offset, kept.body)
        if not page.missed and (following.offset or 0) < page.now.offset:
            self._cut(channel, following, page.now.offset)

    def _cut(self, channel: Channel, following: Following[Client], offset: int) -> None:
        """What is missing is gone for good: the listeners must start from the snapshot."""
        listeners = tuple(self.hub.audience(channel))
        log.warning("subscriptions.cut", count=len(listeners))
        following.cut(offset)
        if channel == CONTROL:
            self._lost()
            return
        push = encode_text(wire.unsubscribed(channel, CUT_OFF.code, CUT_OFF.reason))
        rule = self._ledger.channels.rule(channel)
        for client in listeners:
            if client.session.home == channel:
                # The SDKs do not subscribe again to what the server subscribed for them.
                client.close(INSUFFICIENT)
            elif client.session.dropped(channel):
                self.leave(client, channel)
                client.deliver(rule.lane, "", push)

    async def _fetch(self, channel: Channel, following: Following[Client]) -> None:
        """Get what is missing, however long the database is away."""
        following.catching = True
        try:
            while following.behind and self._followed.get(channel) is following:
                try:
                    await self._catch_up(channel, following)
                except AppError as error:
                    log.warning("subscriptions.not_caught_up", error=error.name)
                if following.behind:
                    await asyncio.sleep(RETRY_S)
        finally:
            following.catching = False

    async def _fetch_all(self, behind: list[tuple[Channel, Following[Client]]]) -> None:
        """Get what is missing on several channels; the first refusal ends it."""
        waiting = iter(behind)
        refusals: list[AppError] = []

        async def fetch() -> None:
            for channel, following in waiting:
                if refusals:
                    return
                try:
                    await self._catch_up(channel, following)
                except AppError as error:
                    refusals.append(error)

        await asyncio.gather(*(fetch() for _ in range(FETCHED_AT_ONCE)))
        if refusals:
            raise Unavailable from refusals[0]

    def _hear(self) -> None:
        if self._followed.some_unheard and not self._hearing:
            self._hearing = True
            self.chore(self._heard())

    async def _heard(self) -> None:
        try:
            await self._followed.hear()
        finally:
            self._hearing = False

    def _is_durable(self, channel: Channel) -> bool:
        return self._ledger.channels.rule(channel).durable

    def _rank(self, channel: Channel) -> int:
        if channel == CONTROL:
            return 0
        return 1 if self._ledger.channels.rule(channel).lane is Lane.VITAL else 2

    def _perhaps_unfollow(self, channel: Channel) -> None:
        if self._is_idle(channel):
            self.chore(self._unfollow(channel))

    async def _unfollow(self, channel: Channel) -> None:
        async with self._followed.lock(channel):
            if not self._is_idle(channel):
                return
            await self._followed.unfollow(channel)

    def _is_idle(self, channel: Channel) -> bool:
        """Whether nobody here wants a channel that we follow."""
        following = self._followed.get(channel)
        if following is None or channel == CONTROL:
            return False
        return channel not in self.hub and not following.joining

    def chore(self, work: Coroutine[None, None, None]) -> None:
        """Do something soon, and own it until it is done."""
        task = asyncio.create_task(work, name="realtime.subscriptions")
        self._chores.add(task)
        task.add_done_callback(self._chore_done)

    def _chore_done(self, task: asyncio.Task[None]) -> None:
        self._chores.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("subscriptions.chore_failed", exc_info=task.exception())


def _let_in(
    client: Client, channel: Channel, result: wire.SubscribeResult, *, refuse: bool
) -> None:
    if refuse and not result.recovered:
        raise UnrecoverablePosition
    if not client.session.listens(channel):
        # It left, or was made to leave, while we were reading.
        raise NotAllowed
