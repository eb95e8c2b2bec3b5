"""The node when something is slow, lost, or away: the broker, the database, a client."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from realtime.ports import Caller, Delivery
from realtime.writer import Writer
from tests.support.ears import Line
from tests.support.hub import SmallHub, small_hub
from tests.support.phone import Phone, phone, until

ROOM = Channel("room:1")


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


class BadBroker(MemoryBroker):
    """A broker that can be away, lose what it takes, or take its time to subscribe."""

    def __init__(self) -> None:
        super().__init__(MemoryBus())
        self.refuses = False
        self.loses = False
        self.delay = 0.0

    async def publish(self, deliveries: Iterable[Delivery]) -> None:
        if self.refuses:
            raise Unavailable
        if not self.loses:
            await super().publish(deliveries)

    async def subscribe(self, channel: Channel) -> None:
        await asyncio.sleep(self.delay)
        await super().subscribe(channel)


async def say(hub: SmallHub, text: str, channel: Channel = ROOM) -> None:
    await hub.application.tell(channel, {"id": text, "text": text})


async def test_what_the_broker_lost_comes_with_the_next_delivery_in_order() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        broker.loses = True
        await say(hub, "lost")
        await say(hub, "lost too")
        await asyncio.sleep(0.05)
        broker.loses = False
        await say(hub, "heard")

        await until(lambda: heard.texts == ["lost", "lost too", "heard"])
        assert heard.offsets == [1, 2, 3]


async def test_what_the_broker_did_not_take_is_handed_over_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("realtime.commit.HANDED_OVER", timedelta(seconds=0.5))
    broker = BadBroker()
    async with small_hub(broker=broker) as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        broker.refuses = True
        await say(hub, "while away")
        # A later commit takes along the relay tasks of what has been handed over: not this one.
        await say(hub, "elsewhere", Channel("room:2"))
        await asyncio.sleep(0.1)
        assert heard.texts == []
        broker.refuses = False

        await until(lambda: heard.texts == ["while away"])


async def test_a_right_ends_within_two_seconds_when_the_broker_is_away() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        broker.refuses = True

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("anna"), ROOM)

        await hub.made.ledger.write(work)

        async with asyncio.timeout(2):
            await until(lambda: len(heard.unsubscribed) == 1)


async def test_a_right_ends_in_time_while_nothing_can_be_tidied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tidying = asyncio.Event()

    async def held_up(writer: Writer) -> None:
        tidying.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Writer, "tidy", held_up)
    broker = BadBroker()
    async with small_hub(broker=broker) as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        broker.refuses = True
        # As by a node that was stopped while it held what all of them write to.
        await tidying.wait()

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("anna"), ROOM)

        await hub.made.ledger.write(work)

        async with asyncio.timeout(2):
            await until(lambda: len(heard.unsubscribed) == 1)


async def test_nothing_said_while_a_slow_broker_subscribes_is_missed() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub, phone(hub, "anna") as anna:
        broker.delay = 0.05
        listening = asyncio.create_task(anna.listen(ROOM))
        for number in range(20):
            await say(hub, f"{number}")
            await asyncio.sleep(0.005)
        _, heard = await listening
        await say(hub, "last")

        await until(lambda: heard.texts[-1:] == ["last"])
        first = heard.subscribed[0].stream_position.offset + 1
        assert heard.offsets == list(range(first, 22))


async def test_a_greeting_that_cannot_be_finished_ends_and_is_tried_again() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub:
        honest = broker.subscribe
        failures = [Unavailable(), ZeroDivisionError()]

        async def sometimes(channel: Channel) -> None:
            if failures:
                raise failures.pop()
            await honest(channel)

        broker.subscribe = sometimes  # type: ignore[method-assign]
        async with phone(hub, "anna") as anna:
            # A broker that is away refuses nobody: the ledger is asked instead.
            assert [it.error.code for it in anna.life.errors if it.error.code != 109] == [100]
            assert len(hub.node) == 1
            await hub.application.tell(Channel("me:#anna"), {"offer": 1})
            await until(lambda: len(anna.life.told) == 1)


async def test_a_session_that_ends_while_it_is_greeting_is_not_let_in() -> None:
    async with small_hub() as hub, connect(hub.address) as line, asyncio.timeout(10):
        honest = hub.application.authenticate

        async def ends_meanwhile(ticket: str) -> Caller:
            caller = await honest(ticket)

            async def work(tx: Transaction) -> None:
                tx.end_session(caller.session)

            await hub.made.ledger.write(work)
            await asyncio.sleep(0.05)
            return caller

        hub.application.authenticate = ends_meanwhile  # type: ignore[method-assign]
        ticket = await hub.ticket()
        await line.send(msgspec.json.encode({"id": 1, "connect": {"token": ticket}}), text=True)
        await line.wait_closed()

        assert line.close_code == 3503
        assert await hub.presence.present([PersonId("anna")]) == frozenset()


async def test_what_a_session_asked_before_it_ended_is_not_begun_after() -> None:
    """Nor while its socket is still there: whoever asked may not care for our goodbye."""
    async with small_hub() as hub, asyncio.timeout(10):
        begun: list[str] = []

        async def call(caller: Caller, method: str, data: bytes) -> bytes:
            begun.append(method)

            async def work(tx: Transaction) -> None:
                tx.end_session(caller.session)

            await hub.made.ledger.write(work)
            await asyncio.sleep(0.05)
            return b"{}"

        hub.application.call = call  # type: ignore[method-assign]
        client = hub.node.opened(Line())
        greeting = msgspec.json.encode({"id": 1, "connect": {"token": await hub.ticket()}})
        asked = b'\n{"id":%d,"rpc":{"method":"%b","data":{}}}'
        client.received(greeting + asked % (2, b"first") + asked % (3, b"second"), True)
        await until(lambda: client._queue is None)
        client.closed()

        assert begun == ["first"]


async def test_who_goes_while_being_let_in_leaves_nothing_behind() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub:
        broker.delay = 0.05
        for _ in range(10):
            async with connect(hub.address) as going:
                ticket = await hub.ticket()
                await going.send(
                    msgspec.json.encode({"id": 1, "connect": {"token": ticket}})
                    + b'\n{"id":2,"subscribe":{"channel":"room:1"}}',
                    text=True,
                )
                going.transport.abort()
        await until(lambda: len(hub.node) == 0)
        # Only what nodes tell each other is still followed.
        await until(lambda: hub.node.channels == 1)

        assert await hub.presence.present([PersonId("anna")]) == frozenset()


async def test_what_cannot_be_tidied_up_is_no_reason_to_stop() -> None:
    broker = BadBroker()
    async with small_hub(broker=broker) as hub:
        tried: list[str] = []

        async def refuses(channel: Channel) -> None:
            tried.append("broker")
            raise Unavailable

        async def fails(person: PersonId, connection: str) -> None:
            tried.append("presence")
            raise ZeroDivisionError

        broker.unsubscribe = refuses  # type: ignore[method-assign]
        hub.presence.leave = fails  # type: ignore[method-assign]
        async with phone(hub, "anna"):
            pass
        await until(lambda: sorted(tried) == ["broker", "presence"])

        async with phone(hub, "anna") as anna:
            await say(hub, "hello", Channel("me:#anna"))
            await until(lambda: len(anna.life.told) == 1)


async def test_who_leaves_in_the_middle_of_a_command_has_it_finished() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        room, _ = await anna.listen(ROOM)
        saying = asyncio.create_task(room.publish({"id": "1", "text": "said"}))
        waiting = asyncio.create_task(anna.client.rpc("wait", {}))
        await until(lambda: any(client._queue for client in hub.node.clients))
        for client in tuple(hub.node.clients):
            client.link.abort()
        await asyncio.gather(saying, waiting, return_exceptions=True)

        await until(lambda: len(anna.life.connected) == 2)
        page = await hub.made.ledger.history(ROOM, limit=5, since=0, reverse=False)
        assert page.missed is not None
        assert len(page.missed) <= 1


@asynccontextmanager
async def deaf(hub: SmallHub, person: str) -> AsyncGenerator[ClientConnection]:
    """A client on a thin line: it has greeted and entered the room, and reads no more."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", hub.port))
    async with connect(hub.address, sock=sock, max_queue=1, ping_interval=None) as line:
        ticket = await hub.ticket(person)
        await line.send(msgspec.json.encode({"id": 1, "connect": {"token": ticket}}), text=True)
        await line.recv()
        await line.send('{"id":2,"subscribe":{"channel":"room:1"}}')
        await line.recv()
        yield line


async def shout(hub: SmallHub, times: int) -> None:
    """More than the system's buffers hold."""

    async def work(tx: Transaction) -> None:
        for _ in range(10):
            tx.publish(ROOM, {"text": "x" * 30_000})

    for _ in range(times // 10):
        await hub.made.ledger.write(work)


async def test_who_is_too_slow_for_what_must_be_told_is_sent_away_and_resumes_whole() -> None:
    async with small_hub() as hub, phone(hub, "bea") as quick, deaf(hub, "anna") as slow:
        _, heard = await quick.listen(ROOM)

        await shout(hub, 400)

        await until(lambda: len(heard.publications) == 400)
        received = await everything(slow)
        assert slow.close_code in {3008, 1006}
        assert received == list(range(1, len(received) + 1))
        assert len(received) < 400
        await until(lambda: len(hub.node) == 1)
        place = await hub.made.ledger.place(ROOM)
        missed = await hub.made.ledger.since(ROOM, type(place)(place.epoch, len(received)))
        assert missed.missed is not None
        assert [it.offset for it in missed.missed] == list(range(len(received) + 1, 401))


async def everything(line: ClientConnection) -> list[int]:
    """The offsets that a line still brings before it ends."""
    found: list[int] = []
    try:
        async for message in line:
            push = msgspec.json.decode(message).get("push", {})
            if "pub" in push:
                found.append(push["pub"]["offset"])
    except ConnectionClosed:
        pass
    return found


async def test_counts_give_way_for_who_is_slow_and_the_newest_arrives() -> None:
    async with small_hub() as hub, deaf(hub, "anna") as slow:
        await slow.send('{"id":3,"subscribe":{"channel":"board:1"}}')
        while b'"id":3' not in await slow.recv(decode=False):
            pass

        for number in range(400):
            await hub.application.tell(Channel("board:1"), {"count": number, "x": "x" * 30_000})

        numbers: list[int] = []
        while not numbers or numbers[-1] < 399:
            message = msgspec.json.decode(await slow.recv())
            if "pub" in message.get("push", {}):
                numbers.append(message["push"]["pub"]["data"]["count"])
        assert numbers == sorted(set(numbers))
        assert len(numbers) < 400


async def test_ten_phones_that_lose_the_line_at_once_are_all_brought_to_the_present() -> None:
    async with small_hub() as hub, phones(hub, 10) as all_phones:
        heards = [(await each.listen(ROOM))[1] for each in all_phones]
        for wave in range(5):
            for client in tuple(hub.node.clients):
                client.link.abort()
            await say(hub, f"{wave}")
            await asyncio.sleep(0.05)

        await until(lambda: all(len(heard.publications) == 5 for heard in heards))
        assert {tuple(heard.offsets) for heard in heards} == {(1, 2, 3, 4, 5)}


@asynccontextmanager
async def phones(hub: SmallHub, number: int) -> AsyncGenerator[list[Phone]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(phone(hub, f"p{n}")) for n in range(number)]
