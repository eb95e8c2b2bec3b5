"""Whatever a client sends, the answer is stated here, and nobody else notices.

Each input has its error number, after which the talk goes on, or the code with which it ends. Codes
from 3500 tell the SDKs not to come back, as the same input would meet the same end.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime.client import Client
from realtime.kernel.ids import Channel
from realtime.session import Effect
from tests.support.hub import SmallHub, small_hub

BAD = 3501
ROOM = Channel("room:1")


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


@pytest.fixture(scope="module")
async def hub() -> AsyncGenerator[SmallHub]:
    """One hub for all: what one input does to it, the next would notice."""
    async with small_hub() as made:
        yield made


@asynccontextmanager
async def greeted(hub: SmallHub, person: str = "anna") -> AsyncGenerator[ClientConnection]:
    async with asyncio.timeout(20), connect(hub.address) as socket:
        await socket.send(
            b'{"id":1,"connect":{"token":"%s"}}' % (await hub.ticket(person)).encode(), text=True
        )
        answer = msgspec.json.decode(await socket.recv())
        assert answer["connect"]["client"]
        yield socket


def command(number: int, **request: object) -> str:
    return msgspec.json.encode({"id": number, **request}).decode()


async def replies(socket: ClientConnection, *, until: int) -> list[dict[str, Any]]:
    """Everything up to the reply of that number."""
    found: list[dict[str, Any]] = []
    while not found or found[-1].get("id") != until:
        lines = (await socket.recv(decode=False)).split(b"\n")
        found += [msgspec.json.decode(line) for line in lines]
    return found


async def ended(socket: ClientConnection) -> int:
    """The code with which the server ends the talk."""
    with suppress(ConnectionClosed):
        while True:
            await socket.recv()
    assert socket.close_code is not None
    return socket.close_code


#: What is answered with an error, by number; the talk goes on.
REFUSED: dict[str, tuple[str, int]] = {
    "a command that asks for nothing": ('{"id":7}', 107),
    "a request nobody has heard of": ('{"id":7,"fly":{}}', 107),
    "a second greeting": ('{"id":7,"connect":{"token":"x"}}', 107),
    "subscribe without a channel": ('{"id":7,"subscribe":{}}', 107),
    "subscribe to a name of control characters": (
        '{"id":7,"subscribe":{"channel":"room:\\n"}}',
        107,
    ),
    "subscribe to no such kind": ('{"id":7,"subscribe":{"channel":"nothing:1"}}', 102),
    "subscribe to a kind without a name": ('{"id":7,"subscribe":{"channel":"room:"}}', 102),
    "subscribe to a bare word": ('{"id":7,"subscribe":{"channel":"room"}}', 102),
    "subscribe to what nodes tell each other": (
        '{"id":7,"subscribe":{"channel":"control:nodes"}}',
        102,
    ),
    "subscribe to another's own channel": ('{"id":7,"subscribe":{"channel":"me:#bea"}}', 103),
    "subscribe to a closed room": ('{"id":7,"subscribe":{"channel":"room:closed"}}', 103),
    "subscribe to one's own channel again": ('{"id":7,"subscribe":{"channel":"me:#anna"}}', 105),
    "recover whole from an impossible place": (
        '{"id":7,"subscribe":{"channel":"room:1","recover":true,"offset":9,"epoch":"x","flag":2}}',
        112,
    ),
    "publish nothing": ('{"id":7,"publish":{"channel":"room:1"}}', 107),
    "publish where only the server speaks": (
        '{"id":7,"publish":{"channel":"me:#anna","data":{}}}',
        103,
    ),
    "publish on the board": ('{"id":7,"publish":{"channel":"board:1","data":{}}}', 103),
    "publish in a closed room": ('{"id":7,"publish":{"channel":"room:closed","data":{}}}', 103),
    "publish to all nodes": ('{"id":7,"publish":{"channel":"control:nodes","data":{}}}', 102),
    "publish nowhere": ('{"id":7,"publish":{"channel":"x","data":{}}}', 102),
    "an unknown method": ('{"id":7,"rpc":{"method":"sudo","data":{}}}', 104),
    "no method": ('{"id":7,"rpc":{}}', 104),
    "a bug of ours": ('{"id":7,"rpc":{"method":"bug"}}', 100),
    "presence where there is none": ('{"id":7,"presence":{"channel":"me:#anna"}}', 108),
    "presence of a closed room": ('{"id":7,"presence":{"channel":"room:closed"}}', 103),
    "presence of nowhere": ('{"id":7,"presence_stats":{"channel":"x:1"}}', 102),
    "history of what is not kept": ('{"id":7,"history":{"channel":"board:1"}}', 108),
    "history of what nodes tell each other": (
        '{"id":7,"history":{"channel":"control:nodes"}}',
        102,
    ),
    "history of a closed room": ('{"id":7,"history":{"channel":"room:closed","limit":10}}', 103),
    "history since another epoch": (
        '{"id":7,"history":{"channel":"room:1","limit":1,"since":{"offset":0,"epoch":"x"}}}',
        112,
    ),
    "refresh with a worthless ticket": ('{"id":7,"refresh":{"token":"x"}}', 109),
}

#: What ends the talk, and with which code.
ENDED: dict[str, tuple[str | bytes, int]] = {
    "not JSON": ("hello", BAD),
    "half a JSON object": ('{"id":7,', BAD),
    "a list": ("[]", BAD),
    "a number": ("7", BAD),
    "null": ("null", BAD),
    "an id that is text": ('{"id":"7","ping":{}}', BAD),
    "an id below zero": ('{"id":-7,"ping":{}}', BAD),
    "an id beyond 32 bits": ('{"id":4294967296,"ping":{}}', BAD),
    "an id that is not whole": ('{"id":7.5,"ping":{}}', BAD),
    "a command that wants an answer and has no id": ('{"rpc":{"method":"echo"}}', BAD),
    "a channel that is a number": ('{"id":7,"subscribe":{"channel":7}}', BAD),
    "a channel name of 256": ('{"id":7,"subscribe":{"channel":"room:%s"}}' % ("x" * 251), BAD),
    "an offset below zero": ('{"id":7,"subscribe":{"channel":"room:1","offset":-1}}', BAD),
    "an offset beyond 63 bits": (
        '{"id":7,"history":{"since":{"offset":9223372036854775808}}}',
        BAD,
    ),
    "129 commands in one message": ("\n".join(['{"id":7,"ping":{}}'] * 129), BAD),
    "brackets without end": ('{"id":7,"rpc":{"data":' + "[" * 30_000, BAD),
    "brackets 30,000 deep": ('{"id":7,"rpc":{"data":' + "[" * 30_000 + "]" * 30_000 + "}}", BAD),
    "a good command, then rubbish": ('{"id":7,"ping":{}}\nrubbish', BAD),
    "bytes instead of text": (b'{"id":7,"ping":{}}', 1003),
    "a message of 65 kB": ('{"id":7,"rpc":{"data":"%s"}}' % ("x" * 66_000), 1009),
}

#: What a client may not even say before it has greeted.
TOO_EARLY = {
    "a command": '{"id":7,"rpc":{"method":"echo"}}',
    "a subscription": '{"id":7,"subscribe":{"channel":"room:1"}}',
    "a message": '{"send":{"data":{}}}',
    "rubbish": "rubbish",
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_done_is_answered_and_the_talk_goes_on(
    hub: SmallHub, case: str
) -> None:
    message, number = REFUSED[case]
    async with greeted(hub) as socket:
        await socket.send(message)
        await socket.send('{"id":8,"ping":{}}')

        first, *_, last = await replies(socket, until=8)

        assert (first["id"], first["error"]["code"]) == (7, number)
        assert "canary" not in repr(first)
        assert last == {"id": 8, "ping": {}}


@pytest.mark.parametrize("case", ENDED)
async def test_what_is_not_the_protocol_ends_the_talk_and_nobody_elses(
    hub: SmallHub, case: str
) -> None:
    message, code = ENDED[case]
    async with greeted(hub, "bea") as other, greeted(hub) as socket:
        await socket.send(message)

        assert await ended(socket) == code
        await other.send('{"id":8,"ping":{}}')
        assert await replies(other, until=8)


@pytest.mark.parametrize("case", TOO_EARLY)
async def test_who_speaks_before_greeting_is_sent_away(hub: SmallHub, case: str) -> None:
    async with connect(hub.address) as socket:
        await socket.send(TOO_EARLY[case])

        async with asyncio.timeout(10):
            assert await ended(socket) == BAD


async def test_a_worthless_ticket_is_109_and_another_may_be_tried_on_the_same_line() -> None:
    async with small_hub() as hub, connect(hub.address) as socket, asyncio.timeout(10):
        await socket.send(
            '{"id":1,"connect":{"token":"worthless"}}\n{"id":2,"subscribe":{"channel":"room:1"}}'
        )
        (refused,) = await replies(socket, until=1)
        ticket = await hub.ticket()
        await socket.send(command(3, connect={"token": ticket}))
        (opened,) = await replies(socket, until=3)

        assert refused["error"] == {"code": 109, "message": "ticket_expired"}
        assert list(opened["connect"]["subs"]) == ["me:#anna"]


async def test_a_ticket_opens_one_line_even_when_two_bring_it_at_once() -> None:
    async with small_hub() as hub, asyncio.timeout(10):
        ticket = await hub.ticket()
        async with connect(hub.address) as one, connect(hub.address) as other:
            for socket in (one, other):
                await socket.send(command(1, connect={"token": ticket}))
            answers = [(await replies(socket, until=1))[0] for socket in (one, other)]

        assert sorted("error" in answer for answer in answers) == [False, True]


async def test_one_client_may_listen_to_64_channels() -> None:
    async with small_hub() as hub, greeted(hub) as socket:
        commands = [
            command(number, subscribe={"channel": f"room:{number}"}) for number in range(2, 66)
        ]
        await socket.send("\n".join(commands))

        answers = [it for it in await replies(socket, until=65) if "id" in it]

        assert ["error" in it for it in answers] == [False] * 63 + [True]
        assert answers[-1]["error"]["code"] == 106


async def test_leaving_and_entering_a_channel_in_one_message_leaves_one_inside() -> None:
    async with small_hub() as hub, greeted(hub) as socket:
        await socket.send(command(2, subscribe={"channel": ROOM}))
        await replies(socket, until=2)

        leave, enter = (
            command(3, unsubscribe={"channel": ROOM}),
            command(4, subscribe={"channel": ROOM}),
        )
        await socket.send(f"{leave}\n{enter}")
        answers = await replies(socket, until=4)
        await hub.application.tell(ROOM, {"text": "hello"})

        assert not any("error" in answer for answer in answers)
        while "pub" not in msgspec.json.decode(await socket.recv())["push"]:
            pass


async def test_a_burst_of_1000_commands_is_answered_whole_in_order_and_bounded() -> None:
    async with small_hub() as hub, greeted(hub) as socket:
        longest = 0
        carry_out = hub.node.carry_out

        async def watched(client: Client, effect: Effect) -> None:
            nonlocal longest
            longest = max(longest, len(client._queue or ()))
            await asyncio.sleep(0)
            await carry_out(client, effect)

        hub.node.carry_out = watched  # type: ignore[method-assign]
        for start in range(2, 1002, 10):
            await socket.send(
                "\n".join(
                    command(number, rpc={"method": "echo", "data": number})
                    for number in range(start, start + 10)
                )
            )

        answers = await replies(socket, until=1001)

        assert [it["rpc"]["data"] for it in answers] == list(range(2, 1002))
        assert longest < 64


async def test_who_stays_silent_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.heart.Heart.GREETING_S", 1)
    async with small_hub() as hub, connect(hub.address) as socket, asyncio.timeout(10):
        assert await ended(socket) == 3013
        assert len(hub.node) == 0


async def test_who_does_not_answer_pings_is_sent_away_and_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("realtime.heart.Heart.PING_S", 2)
    monkeypatch.setattr("realtime.heart.Heart.PONG_S", 1)
    async with small_hub() as hub, greeted(hub, "bea") as answering, greeted(hub) as silent:

        async def answers() -> None:
            async for message in answering:
                if message == "{}":
                    await answering.send("{}")

        task = asyncio.create_task(answers())
        assert await ended(silent) == 3012
        assert len(hub.node) == 1
        task.cancel()
