"""Two nodes of one deployment: what one commits the other delivers, and rights end on both."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from centrifuge import ReplyError, StreamPosition

from realtime import store
from realtime.adapters.memory import MemoryBroker, MemoryBus
from realtime.channels import CONTROL
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Since, Transaction
from tests.support.hub import SmallHub, second_hub, small_hub
from tests.support.phone import phone, until

ROOM, HOME = Channel("room:1"), Channel("me:#bea")
Pair = tuple[SmallHub, SmallHub, MemoryBroker]


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


@asynccontextmanager
async def two_hubs() -> AsyncGenerator[Pair]:
    """A hub that writes, another that only listens, and the broker of the second."""
    bus = MemoryBus()
    broker = MemoryBroker(bus)
    async with small_hub(broker=MemoryBroker(bus)) as first, second_hub(first, broker) as second:
        yield first, second, broker


async def say(hub: SmallHub, text: str, channel: Channel = ROOM) -> None:
    await hub.application.tell(channel, {"id": text, "text": text})


async def forget(hub: SmallHub, prefix: str) -> None:
    async def work(tx: Transaction) -> None:
        await store.trim(tx.db, prefix, tx.now + timedelta(days=1), limit=1000)

    await hub.made.ledger.write(work)


async def test_what_one_says_on_one_node_is_heard_on_the_other() -> None:
    async with (
        two_hubs() as (here, there, _),
        phone(here, "anna") as anna,
        phone(there, "bea") as bea,
    ):
        room, _ = await anna.listen(ROOM)
        _, heard = await bea.listen(ROOM)

        for number in range(10):
            await room.publish({"id": f"{number}", "text": f"{number}"})

        await until(lambda: heard.offsets == list(range(1, 11)))


async def test_rights_and_sessions_end_on_every_node() -> None:
    async with (
        two_hubs() as (here, there, _),
        phone(there, "bea") as bea,
        phone(there, "cleo") as cleo,
    ):
        _, heard = await bea.listen(ROOM)

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("bea"), ROOM)
            tx.end_session("session-cleo")

        await here.made.ledger.write(work)

        await until(lambda: len(heard.unsubscribed) == len(cleo.life.disconnected) == 1)
        assert bea.life.disconnected == []


async def test_a_node_that_does_not_know_the_key_asks_the_ledger() -> None:
    async with two_hubs() as (here, there, _), phone(there, "bea") as bea:
        await say(here, "before")
        _, heard = await bea.listen(ROOM)

        for number in range(5):
            here.made.seals._keys.clear()
            await say(here, f"{number}")

        await until(lambda: heard.texts == [str(number) for number in range(5)])


async def test_a_key_shredded_on_one_node_is_forgotten_by_the_other() -> None:
    async with two_hubs() as (here, _, _):
        await say(here, "secret")
        assert here.made.seals.remembered(ROOM) is not None

        async def shredded_elsewhere(tx: Transaction) -> None:
            tx.publish(CONTROL, {"type": "shred", "key": ROOM})

        await here.made.ledger.write(shredded_elsewhere)

        await until(lambda: here.made.seals.remembered(ROOM) is None)


async def test_what_is_missing_and_no_longer_kept_sends_listeners_to_the_snapshot() -> None:
    async with two_hubs() as (here, there, broker), phone(there, "bea") as bea:
        states: list[int] = []

        async def snapshot(_: str) -> StreamPosition:
            place = await there.made.ledger.place(ROOM)
            states.append(place.offset)
            return StreamPosition(place.offset, place.epoch)

        _, heard = await bea.listen(ROOM, state=snapshot)
        # The second node loses a message, and before it can ask it is no longer kept.
        await broker.unsubscribe(ROOM)
        await say(here, "lost")
        await forget(here, "room:")
        await broker.subscribe(ROOM)
        await say(here, "after")

        await until(lambda: len(heard.subscribed) == 2)
        await say(here, "last")
        await until(lambda: heard.texts[-1:] == ["last"])
        assert states[0] == 0
        assert states[1] >= 1
        assert heard.offsets == list(range(heard.offsets[0], 4))


async def test_a_hole_in_ones_own_channel_makes_the_phone_come_back_and_be_told() -> None:
    async with two_hubs() as (here, there, broker), phone(there, "bea") as bea:
        await say(here, "first", HOME)
        await until(lambda: len(bea.life.told) == 1)
        await broker.unsubscribe(HOME)
        await say(here, "lost", HOME)
        await forget(here, "me:")
        await broker.subscribe(HOME)
        await say(here, "after", HOME)

        await until(lambda: len(bea.life.home) == 2)
        assert bea.life.connecting[1].code == 3010
        assert not bea.life.home[1].recovered
        await say(here, "last", HOME)
        await until(lambda: bea.life.told[-1][1]["text"] == "last")


async def test_what_is_missing_is_fetched_however_often_the_database_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("realtime.subscriptions.RETRY_S", 0.01)
    async with two_hubs() as (here, there, broker), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)
        await broker.unsubscribe(ROOM)
        await say(here, "lost")
        await broker.subscribe(ROOM)
        history = here.made.ledger.history
        refused: list[int] = []

        async def refuses(
            channel: Channel, *, limit: int, since: int | None, reverse: bool
        ) -> Since:
            if channel == ROOM and len(refused) < 3:
                refused.append(1)
                raise Unavailable
            return await history(channel, limit=limit, since=since, reverse=reverse)

        monkeypatch.setattr(here.made.ledger, "history", refuses)
        await say(here, "heard")

        # No further delivery comes: it tries again by itself.
        await until(lambda: heard.texts == ["lost", "heard"])
        assert len(refused) == 3


async def test_a_stream_whose_key_was_shredded_is_gone_for_who_comes_back_and_who_listens() -> None:
    async with two_hubs() as (here, there, broker), phone(there, "bea") as bea:
        _, heard = await bea.listen(ROOM)
        await say(here, "secret")
        await until(lambda: heard.texts == ["secret"])
        await broker.unsubscribe(ROOM)
        await say(here, "lost")

        async def shreds(tx: Transaction) -> None:
            await tx.shred(ROOM)

        await here.made.ledger.write(shreds)
        await broker.subscribe(ROOM)
        await there.node._subscriptions.check(ROOM)

        await until(lambda: len(heard.unsubscribed) == 1)
        assert heard.unsubscribed[0].code == 410
        with pytest.raises(ReplyError) as gone:
            await bea.client.history(ROOM, limit=10)
        assert gone.value.code == 410
        assert heard.texts == ["secret"]


async def test_a_node_that_is_full_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.node.MOST_CLIENTS", 1)
    async with small_hub() as hub, phone(hub, "anna"):
        trying = asyncio.create_task(_enter(hub))
        await asyncio.sleep(0.3)
        assert len(hub.node) == 1
        monkeypatch.setattr("realtime.node.MOST_CLIENTS", 2)

        await trying


async def _enter(hub: SmallHub) -> None:
    async with phone(hub, "bea"):
        pass
