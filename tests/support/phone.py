"""A phone written with the maintained Python SDK (``centrifuge-python``), and what it has seen."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from centrifuge import (
    Client,
    ClientEventHandler,
    StreamPosition,
    Subscription,
    SubscriptionEventHandler,
)

from tests.support.hub import SmallHub

PATIENCE_S = 10.0

#: The SDK's contexts have no types of their own.
Context = Any


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nothing announces, but not for ever."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.005)


@dataclass(slots=True)
class Heard(SubscriptionEventHandler):
    """Everything that happened to one subscription, in order."""

    publications: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    subscribed: list[Context] = field(default_factory=list)
    unsubscribed: list[Context] = field(default_factory=list)
    errors: list[Context] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [data["text"] for _, data in self.publications]

    @property
    def offsets(self) -> list[int]:
        return [offset for offset, _ in self.publications]

    async def on_publication(self, ctx: Context) -> None:
        self.publications.append((ctx.pub.offset, ctx.pub.data))

    async def on_subscribed(self, ctx: Context) -> None:
        self.subscribed.append(ctx)

    async def on_unsubscribed(self, ctx: Context) -> None:
        self.unsubscribed.append(ctx)

    async def on_error(self, ctx: Context) -> None:
        self.errors.append(ctx)

    async def on_join(self, ctx: Context) -> None:
        self.joined.append(ctx.info.user)

    async def on_leave(self, ctx: Context) -> None:
        self.left.append(ctx.info.user)


@dataclass(slots=True)
class Life(ClientEventHandler):
    """Everything that happened to the connection, and on the channel the server subscribes."""

    connected: list[Context] = field(default_factory=list)
    connecting: list[Context] = field(default_factory=list)
    disconnected: list[Context] = field(default_factory=list)
    errors: list[Context] = field(default_factory=list)
    home: list[Context] = field(default_factory=list)
    told: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    async def on_connected(self, ctx: Context) -> None:
        self.connected.append(ctx)

    async def on_connecting(self, ctx: Context) -> None:
        self.connecting.append(ctx)

    async def on_disconnected(self, ctx: Context) -> None:
        self.disconnected.append(ctx)

    async def on_error(self, ctx: Context) -> None:
        self.errors.append(ctx)

    async def on_subscribed(self, ctx: Context) -> None:
        self.home.append(ctx)

    async def on_publication(self, ctx: Context) -> None:
        self.told.append((ctx.pub.offset, ctx.pub.data))


@dataclass(slots=True)
class Phone:
    client: Client
    life: Life
    tickets: list[str]

    async def listen(
        self,
        channel: str,
        *,
        state: Callable[[str], Awaitable[StreamPosition]] | None = None,
        wait: bool = True,
    ) -> tuple[Subscription, Heard]:
        heard = Heard()
        subscription = self.client.new_subscription(
            channel,
            events=heard,
            recoverable=True,
            positioned=True,
            join_leave=True,
            get_state=state,
        )
        await subscription.subscribe()
        if wait:
            await until(lambda: len(heard.subscribed) == 1)
        return subscription, heard


class Desk(Protocol):
    """Where a phone connects, and where it gets its tickets."""

    @property
    def address(self) -> str: ...
    async def ticket(self, person: str = "anna", /) -> str: ...


@asynccontextmanager
async def phone(hub: Desk, person: str, *, first_ticket: str = "") -> AsyncGenerator[Phone]:
    """A phone that is connected; it fetches its tickets by itself, as ours do."""
    life = Life()
    tickets: list[str] = []

    async def ticket() -> str:
        tickets.append(await hub.ticket(person))
        return tickets[-1]

    client = Client(
        hub.address,
        token=first_ticket,
        get_token=ticket,
        events=life,
        min_reconnect_delay=0.02,
        max_reconnect_delay=0.2,
    )
    await client.connect()
    try:
        await until(lambda: bool(life.connected))
        yield Phone(client, life, tickets)
    finally:
        await client.disconnect()


def cut_lines(hub: SmallHub) -> None:
    """Drop every connection without a word, as a tunnel does."""
    for client in tuple(hub.node.clients):
        client.link.abort()
