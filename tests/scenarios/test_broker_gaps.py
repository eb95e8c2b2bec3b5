"""What a broker does not bring is asked of the ledger, and a node that was stopped asks first."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from centrifuge import Subscription
from websockets.asyncio.client import ClientConnection, connect

from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.channels import CONTROL
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Ledger, Since, Transaction
from realtime.ports import Caller, Delivery
from tests.scenarios.test_two_nodes import forget
from tests.support.hub import SmallHub, second_hub, small_hub
from tests.support.phone import PATIENCE_S, phone, until

ROOM, OTHER = Channel("room:1"), Channel("room:2")


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


class BrokenLine(MemoryBroker):
    """A broker whose line may be cut and found again, as a server's may."""

    def __init__(self, bus: MemoryBus) -> None:
        super().__init__(bus)
        self.away = False
        self._heard_before: set[Channel] = set()

    def cut(self, *, known: bool) -> None:
        """Nothing comes any more; ``known``: and it says so."""
        self._heard_before, self._channels = self._channels, set()
        self.away = known

    def mend(self) -> None:
        self._channels |= self._heard_before
        self.away = False
        self._inbox.put_nowait([])

    async def deliveries(self) -> AsyncIterator[list[Delivery]]:
        while (batch := await self._inbox.get()) is not None:
            heard = [it for it in batch if it.channel in self._channels]
            if heard or not batch:
                yield heard

    async def subscribe(self, channel: Channel) -> None:
        if self.away:
            raise Unavailable
        await super().subscribe(channel)


@asynccontextmanager
async def two_hubs() -> AsyncGenerator[tuple[SmallHub, SmallHub, BrokenLine]]:
    """A hub that writes, another that only listens, and the line of the second."""
    bus = MemoryBus()
    line = BrokenLine(bus)
    async with small_hub(broker=MemoryBroker(bus)) as first, second_hub(first, line) as second:
        yield first, second, line


async def say(hub: SmallHub, text: str, channel: Channel = ROOM) -> None:
    await hub.application.tell(channel, {"id": text, "text": text})


async def test_while_the_broker_is_away_the_ledger_is_asked_for_everything() -> None:
    async with two_hubs() as (here, there, line), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)
        _, other = await bea.listen(OTHER)
        line.cut(known=True)

        for number in range(3):
            await say(here, f"{number}")
        await say(here, "elsewhere", OTHER)

        await until(lambda: heard.texts == ["0", "1", "2"] and other.texts == ["elsewhere"])
        line.mend()
        await say(here, "by the broker again")
        await until(lambda: heard.texts[3:] == ["by the broker again"])
        assert heard.offsets == [1, 2, 3, 4]


async def test_what_was_missed_without_knowing_is_asked_for_when_the_line_is_found_again() -> None:
    async with (
        two_hubs() as (here, there, line),
        phone(here, "anna") as anna,
        phone(there, "bea") as bea,
    ):
        _, near = await anna.listen(ROOM)
        _, heard = await bea.listen(ROOM)
        line.cut(known=False)
        await say(here, "missed")
        # Handed over, and gone by.
        await until(lambda: near.texts == ["missed"])

        line.mend()

        # Nothing more is said: no later delivery tells that one is missing.
        await until(lambda: heard.texts == ["missed"])


async def test_who_comes_while_the_broker_is_away_is_let_in_and_told() -> None:
    async with two_hubs() as (here, there, line):
        line.cut(known=True)
        async with phone(there, "bea") as bea:
            _, heard = await bea.listen(ROOM)
            await say(here, "away")
            await until(lambda: heard.texts == ["away"])

            line.mend()
            await until(lambda: ROOM in line._channels)
            await say(here, "back")

            await until(lambda: heard.texts == ["away", "back"])


async def test_a_node_that_was_stopped_obeys_before_it_delivers_or_runs_anything() -> None:
    async with two_hubs() as (here, there, line), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("bea"), ROOM)
            tx.publish(ROOM, {"id": "secret", "text": "for those who may"})

        await line.unsubscribe(CONTROL)
        gaps = there.node._gaps
        # As after SIGCONT: much time has passed, and the inbox is full of what was said meanwhile.
        gaps._turn -= 60
        assert gaps.stopped
        async with gaps._settling:
            await here.made.ledger.write(work)

        await until(lambda: len(heard.unsubscribed) == 1)
        await until(lambda: not gaps.stopped)
        assert heard.texts == []


async def test_a_node_that_was_stopped_hears_nothing_at_once() -> None:
    async with two_hubs() as (_, there, _line), phone(there, "bea"):
        (bea,), gaps, application = there.node.clients, there.node._gaps, there.application
        application.at_once = True
        assert there.node.heard_at_once(bea, b"1")

        gaps._turn -= 60
        async with gaps._settling:
            assert not there.node.heard_at_once(bea, b"2")
        await gaps.settled()

        assert there.node.heard_at_once(bea, b"3")
        assert application.heard_messages == [b"1", b"3"]


async def asked(line: ClientConnection, command: dict[str, Any]) -> dict[str, Any]:
    """The answer to a command, whatever is pushed before it."""
    await line.send(msgspec.json.encode(command), text=True)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for each in (await line.recv(decode=False)).split(b"\n"):
                reply = msgspec.json.decode(each, type=dict[str, Any])
                if reply.get("id") == command["id"]:
                    return reply


def stopped_meanwhile(here: SmallHub, there: SmallHub) -> Callable[[], Awaitable[None]]:
    """The second hub does not run for a minute, in which Bea loses her right to the room."""

    async def stop() -> None:
        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("bea"), ROOM)
            tx.publish(ROOM, {"id": "secret", "text": "for those who may"})

        await here.made.ledger.write(work)
        there.node._gaps._turn -= 60

    return stop


async def test_a_node_that_was_stopped_while_it_let_somebody_in_tells_her_nothing() -> None:
    async with two_hubs() as (here, there, line), connect(there.address) as bea:
        ticket = await there.ticket("bea")
        await asked(bea, {"id": 1, "connect": {"token": ticket}})
        subscribed = await asked(bea, {"id": 2, "subscribe": {"channel": ROOM}})
        await asked(bea, {"id": 3, "unsubscribe": {"channel": ROOM}})
        stop, honest = stopped_meanwhile(here, there), there.application.may_subscribe

        async def looked_at(caller: Caller, channel: Channel) -> None:
            await honest(caller, channel)
            await line.unsubscribe(CONTROL)
            await stop()

        there.application.may_subscribe = looked_at  # type: ignore[method-assign]
        place = {"recover": True, "epoch": subscribed["subscribe"]["epoch"], "offset": 0}
        back = await asked(bea, {"id": 4, "subscribe": {"channel": ROOM, **place}})
        page = await asked(bea, {"id": 5, "history": {"channel": ROOM, "limit": 10}})

        assert "error" in back
        assert page["error"]["temporary"]


async def test_a_node_that_was_stopped_while_it_asked_the_ledger_tells_nobody_what_it_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with two_hubs() as (here, there, line), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)
        line.cut(known=True)
        stop, honest, stops = stopped_meanwhile(here, there), Ledger.history, [True]

        async def read(
            ledger: Ledger, channel: Channel, *, limit: int, since: int | None, reverse: bool
        ) -> Since:
            if channel == ROOM and stops:
                stops.pop()
                await stop()
            return await honest(ledger, channel, limit=limit, since=since, reverse=reverse)

        monkeypatch.setattr(Ledger, "history", read)
        await say(here, "something to ask for")

        await until(lambda: len(heard.unsubscribed) == 1)
        assert heard.texts == []


async def test_a_node_that_was_stopped_for_longer_than_orders_are_kept_believes_nothing() -> None:
    async with two_hubs() as (here, there, line), phone(there, "bea") as bea:
        orders = there.application.orders
        await line.unsubscribe(CONTROL)

        async def work(tx: Transaction) -> None:
            tx.end_session("somebody's")
            tx.publish(CONTROL, {"type": "something", "else": "new"})

        there.node._gaps._turn -= 7200
        assert there.node._gaps.stopped
        async with there.node._gaps._settling:
            await here.made.ledger.write(work)
            await forget(here, "control:")

        await until(lambda: None in orders)
        # The sockets are closed with a word that brings them back.
        await until(lambda: len(bea.life.home) == 2)
        assert bea.life.connecting[1].code == 3010


async def test_who_sits_in_a_room_is_seen_on_both_nodes_and_goes_on_both() -> None:
    async with two_hubs() as (here, there, _), phone(here, "anna") as anna:
        room, heard = await anna.listen(ROOM)
        async with phone(there, "bea") as bea:
            theirs, _ = await bea.listen(ROOM)

            await until(lambda: heard.joined == ["seat of anna", "seat of bea"])
            for sub in (room, theirs):
                seats = [it.user for it in (await sub.presence()).clients.values()]
                assert sorted(seats) == ["seat of anna", "seat of bea"]

        await until(lambda: heard.left == ["seat of bea"])
        await until_alone(room)


async def until_alone(room: Subscription) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while len((await room.presence()).clients) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_notice_that_cannot_be_read_hurts_nobody() -> None:
    async with two_hubs() as (here, there, line), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)

        await line.publish([Delivery(ROOM, 0, b"not ours")])
        await say(here, "after")

        await until(lambda: heard.texts == ["after"])
