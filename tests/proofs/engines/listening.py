"""Phones of the maintained Python SDK that write down where they stand and what they hear."""

import time
from typing import Any

from centrifuge import (
    Client,
    ClientEventHandler,
    ClientState,
    Subscription,
    SubscriptionEventHandler,
    SubscriptionState,
)

from tests.adversity.history.book import Book
from tests.adversity.history.lines import Heard, Joined, Rested
from tests.proofs.engines.asking import Asker

#: The SDK's contexts have no types of their own.
Context = Any
#: Rooms a phone listens to at once; it leaves the oldest.
ROOMS = 4


def spoken(data: dict[str, Any]) -> str:
    """What tells a publication from the others of its channel.

    >>> spoken({"type": "offer_state", "offer": "o1", "state": "closed"})
    'offer_state o1 closed'
    >>> spoken({"id": "m1", "text": "…", "seat": "aide 1"})
    'm1'
    """
    if "id" in data:
        return str(data["id"])
    what = data.get("offer") or data.get("alert") or ""
    return " ".join(str(it) for it in (data.get("type"), what, data.get("state")) if it)


class Pen:
    """Writes down what one person's phone is told of one channel."""

    def __init__(self, book: Book, who: str) -> None:
        self._book = book
        self._who = who
        #: When something was last heard.
        self.last = time.monotonic()

    def joined(self, channel: str, ctx: Context) -> None:
        self.last = time.monotonic()
        place = ctx.stream_position
        self._book.write(
            Joined(self._book.now(), self._who, channel, place.epoch, place.offset, ctx.recovered)
        )

    def heard(self, channel: str, ctx: Context) -> None:
        self.last = time.monotonic()
        data = ctx.pub.data
        calls = str(data["alert"]) if data.get("type") == "offer" else ""
        self._book.write(
            Heard(self._book.now(), self._who, channel, ctx.pub.offset, spoken(data), alert=calls)
        )

    def rested(self, channel: str) -> None:
        self._book.write(Rested(self._book.now(), self._who, channel))


class RoomEar(SubscriptionEventHandler):
    def __init__(self, pen: Pen, channel: str) -> None:
        self._pen = pen
        self._channel = channel

    async def on_subscribed(self, ctx: Context) -> None:
        self._pen.joined(self._channel, ctx)

    async def on_publication(self, ctx: Context) -> None:
        self._pen.heard(self._channel, ctx)


class Ear(ClientEventHandler):
    """One person's phone: her own channel, and the rooms that she is in."""

    def __init__(self, asker: Asker, socket_url: str, who: str, token: str) -> None:
        self.who = who
        self._asker = asker
        self._token = token
        self._pen = Pen(asker.book, who)
        self._rooms: dict[str, Subscription] = {}
        self._home = ""
        self.client = Client(
            socket_url,
            get_token=self._ticket,
            events=self,
            min_reconnect_delay=0.1,
            max_reconnect_delay=2.0,
        )

    @property
    def there(self) -> bool:
        """Connected, and listening to everything that it wants and may hear."""
        return self.client.state == ClientState.CONNECTED and all(
            it.state != SubscriptionState.SUBSCRIBING for it in self._rooms.values()
        )

    @property
    def quiet_s(self) -> float:
        """For how long it has heard nothing."""
        return time.monotonic() - self._pen.last

    async def enter(self, room: str) -> None:
        """Listen to a room from now on."""
        channel = f"room:{room}"
        if channel in self._rooms:
            return
        while len(self._rooms) >= ROOMS:
            oldest = next(iter(self._rooms))
            subscription = self._rooms.pop(oldest)
            await subscription.unsubscribe()
            self.client.remove_subscription(subscription)
        subscription = self.client.new_subscription(
            channel, events=RoomEar(self._pen, channel), recoverable=True, positioned=True
        )
        self._rooms[channel] = subscription
        await subscription.subscribe()

    def rest(self) -> None:
        """All is quiet: what was said until now must have been heard."""
        # One that the server has closed to this person is not listened to any more.
        open_ = [
            channel
            for channel, it in self._rooms.items()
            if it.state == SubscriptionState.SUBSCRIBED
        ]
        for channel in (self._home, *open_):
            if channel:
                self._pen.rested(channel)

    async def on_subscribed(self, ctx: Context) -> None:
        self._home = ctx.channel
        self._pen.joined(ctx.channel, ctx)

    async def on_publication(self, ctx: Context) -> None:
        self.heard(ctx.pub.data)
        self._pen.heard(ctx.channel, ctx)

    def heard(self, data: dict[str, Any]) -> None:
        """Do something about what was said; nothing, for most."""

    async def _ticket(self) -> str:
        return str((await self._asker.ask("session/ticket", {}, token=self._token))["ticket"])
