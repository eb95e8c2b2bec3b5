"""The simulated operator: on duty while nobody real is, and never taken for somebody."""

import asyncio
from collections.abc import AsyncGenerator
from random import Random

import pytest

from web.demo import listener
from web.demo.api import Api, Json, Refused
from web.demo.listener import SAYS, Listener


class Server:
    """What the listener's line is connected to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Json]] = []
        self.colleagues: list[Json] = []
        self.on = False
        self.refuses = ""

    async def call(self, method: str, asked: Json) -> Json:
        if method == self.refuses:
            raise Refused("offer_over")
        self.asked.append((method, asked))
        match method:
            case "me.state":
                return {"person": "demo"}
            case "line.state":
                return {"on": self.on, "colleagues": self.colleagues}
            case "line.duty":
                self.on = bool(asked["on"])
            case "chat.accept":
                return {"room": "r1"}
            case _:
                pass
        return {}

    async def subscribe(self, channel: str) -> None:
        self.asked.append(("subscribe", {"channel": channel}))

    async def run(self) -> None:
        await asyncio.Event().wait()

    def said(self) -> list[object]:
        return [asked["text"] for method, asked in self.asked if method == "room.say"]


@pytest.fixture
async def pair(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[tuple[Listener, Server]]:
    for name in ("ACCEPTS_S", "WRITES_S"):
        monkeypatch.setattr(listener, name, (0.0, 0.0))
    monkeypatch.setattr(listener, "LOOKS_S", 0.001)
    server = Server()
    monkeypatch.setattr(listener, "Line", lambda *args, **named: server)
    made = Listener(Api.__new__(Api), "token", Random(1))
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0)
    await made._opened(whole=True)
    yield made, server
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def until(server: Server, method: str, times: int = 1) -> None:
    async with asyncio.timeout(5):
        while sum(it == method for it, _ in server.asked) < times:  # noqa: ASYNC110 - a fake
            await asyncio.sleep(0.001)


async def test_she_answers_says_what_she_is_and_goes(pair: tuple[Listener, Server]) -> None:
    made, server = pair
    assert server.on
    made._heard("me:#demo", {"type": "chat.offer", "chat": "c1"})
    await until(server, "room.say")
    assert "c’est un programme" in str(server.said()[0])

    for number in range(2, len(SAYS) + 1):
        made._heard("room:r1", {"type": "say", "seat": "elle", "text": "bonsoir"})
        await until(server, "room.say", number)
    await until(server, "chat.finish")
    made._heard("room:r1", {"type": "say", "seat": "elle", "text": "merci"})
    made._heard("room:r1", {"type": "event", "what": "closed"})
    await until(server, "chat.wrap")

    assert server.said() == list(SAYS)
    assert ("subscribe", {"channel": "room:r1"}) in server.asked


async def test_she_leaves_the_line_to_whoever_is_real(pair: tuple[Listener, Server]) -> None:
    _, server = pair
    server.colleagues = [{"person": "demo", "on": True}, {"person": "anna", "on": True}]

    await until(server, "line.duty", 2)
    assert not server.on
    server.colleagues = []
    await until(server, "line.duty", 3)
    assert server.on


async def test_what_is_refused_is_let_be(pair: tuple[Listener, Server]) -> None:
    made, server = pair
    server.refuses = "chat.accept"
    made._heard("me:#demo", {"type": "chat.offer", "chat": "c1"})
    await until(server, "line.state", 5)

    assert server.said() == []
    made._heard("room:r9", {"type": "event", "what": "closed"})
    made._heard("typing:r9", {"type": "typing", "seat": "elle"})
    server.refuses = "line.state"
    await asyncio.sleep(0.02)
    server.refuses = "room.say"
    made._heard("room:r1", {"type": "say", "seat": "elle", "text": "?"})
    await asyncio.sleep(0.02)
    assert server.said() == []
