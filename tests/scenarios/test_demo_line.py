"""The demo's own client of the wire, against a real node: it greets, hears, and comes back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from random import Random

import aiohttp
import pytest

from realtime.heart import Heart
from realtime.session import SESSION_ENDED, SHUTDOWN
from tests.support.hub import SmallHub, small_hub
from web.demo.api import Api, Json, Refused
from web.demo.line import Line, LineDown


class Tickets(Api):
    """The small hub has no HTTP commands: tickets come from it directly."""

    def __init__(self, http: aiohttp.ClientSession, hub: SmallHub) -> None:
        super().__init__(http, f"http://127.0.0.1:{hub.port}")
        self._hub = hub
        self.given = 0
        self.asked_again = asyncio.Event()

    async def ticket(self, token: str) -> str:
        self.given += 1
        if self.given > 1:
            self.asked_again.set()
        if token == "spent":
            ticket = await self._hub.ticket()
            await self._hub.tickets.redeem(ticket)
            return ticket
        return await self._hub.ticket(token)


class Person:
    def __init__(self, api: Tickets, name: str) -> None:
        self.heard: list[tuple[str, Json]] = []
        self.something = asyncio.Event()
        self.connections: asyncio.Queue[bool] = asyncio.Queue()
        self.line = Line(
            api, name, heard=self._heard, opened=self.connections.put, random=Random(1)
        )

    def _heard(self, channel: str, data: Json) -> None:
        self.heard.append((channel, data))
        self.something.set()

    async def next_heard(self) -> tuple[str, Json]:
        while not self.heard:
            self.something.clear()
            await self.something.wait()
        return self.heard.pop(0)


@asynccontextmanager
async def person(hub: SmallHub, name: str = "anna") -> AsyncGenerator[Person]:
    async with aiohttp.ClientSession() as http, asyncio.timeout(20):
        made = Person(Tickets(http, hub), name)
        running = asyncio.create_task(made.line.run())
        await made.connections.get()
        yield made
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_call_is_answered_and_ones_own_channel_is_heard() -> None:
    async with small_hub() as hub, person(hub) as anna:
        assert await anna.line.call("echo", {"say": "hello"}) == {"say": "hello"}

        await anna.line.call("tell_me", {"type": "offer"})

        assert await anna.next_heard() == ("me:#anna", {"type": "offer"})


async def test_a_refusal_carries_the_name_of_its_error() -> None:
    async with small_hub() as hub, person(hub) as anna:
        with pytest.raises(Refused, match="unknown_method"):
            await anna.line.call("no.such", {})


async def test_what_is_published_in_a_room_is_heard_by_who_is_there() -> None:
    async with small_hub() as hub, person(hub) as anna, person(hub, "bea") as bea:
        await bea.line.subscribe("room:1")

        await anna.line.publish("room:1", {"id": "12345678", "text": "J'arrive"})

        assert await bea.next_heard() == ("room:1", {"id": "12345678", "text": "J'arrive"})


async def test_what_was_said_while_the_line_was_lost_is_heard_on_return() -> None:
    async with small_hub() as hub, person(hub) as anna, person(hub, "bea") as bea:
        await anna.line.subscribe("room:1")
        await anna.line.drop()
        await bea.line.publish("room:1", {"id": "12345678", "text": "meanwhile"})
        await bea.line.call("tell_me", {"marker": True})

        whole = await anna.connections.get()

        assert whole
        assert await anna.next_heard() == ("room:1", {"id": "12345678", "text": "meanwhile"})


async def test_without_a_connection_a_call_says_so_at_once() -> None:
    async with small_hub() as hub, person(hub) as anna:
        await anna.line.drop()

        with pytest.raises(LineDown):
            await anna.line.call("echo", {})


async def test_a_room_that_may_not_be_entered_stays_closed_after_a_return() -> None:
    async with small_hub() as hub, person(hub) as anna:
        with pytest.raises(Refused, match="not_allowed"):
            await anna.line.subscribe("room:closed")
        await anna.line.drop()

        await anna.connections.get()

        assert await anna.line.call("echo", {"still": "here"}) == {"still": "here"}


async def test_whoever_is_told_to_go_for_good_does_not_come_back() -> None:
    async with small_hub() as hub, aiohttp.ClientSession() as http, asyncio.timeout(10):
        anna = Person(Tickets(http, hub), "anna")
        running = asyncio.create_task(anna.line.run())
        await anna.connections.get()

        for client in tuple(hub.node._clients):
            client.close(SESSION_ENDED)

        await running


async def test_whoever_is_told_to_come_back_does() -> None:
    async with small_hub() as hub, person(hub) as anna:
        for client in tuple(hub.node._clients):
            client.close(SHUTDOWN)

        assert await anna.connections.get()


async def test_whoever_answers_pings_is_not_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heart, "PING_S", 1)
    monkeypatch.setattr(Heart, "PONG_S", 1)
    async with small_hub() as hub, person(hub) as anna:
        # A client that says nothing is gone by then.
        await asyncio.sleep(3.5)

        assert await anna.line.call("echo", {"still": "here"}) == {"still": "here"}
        assert anna.connections.empty()


async def test_a_spent_ticket_is_replaced_by_a_new_one() -> None:
    async with small_hub() as hub, aiohttp.ClientSession() as http, asyncio.timeout(10):
        api = Tickets(http, hub)
        anna = Person(api, "spent")
        running = asyncio.create_task(anna.line.run())

        await api.asked_again.wait()

        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
