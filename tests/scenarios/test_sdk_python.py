"""The maintained Python SDK against a real hub: it takes part, loses the line, and comes right."""

from datetime import timedelta
from pathlib import Path

import pytest
from centrifuge import ReplyError, StreamPosition

from realtime import store
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from tests.support.hub import SmallHub, restarting, small_hub
from tests.support.phone import cut_lines, phone, until

ROOM = Channel("room:1")


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


async def say(hub: SmallHub, *texts: str, channel: Channel = ROOM) -> None:
    for text in texts:
        await hub.application.tell(channel, {"id": text, "text": text})


async def forget_what_was_said(hub: SmallHub, prefix: str) -> None:
    """Everything said so far has been kept for long enough."""

    async def work(tx: Transaction) -> None:
        await store.trim(tx.db, prefix, tx.now + timedelta(days=1), limit=1000)

    await hub.made.ledger.write(work)


async def test_what_one_says_in_a_room_the_other_hears_in_order_and_once() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna, phone(hub, "bea") as bea:
        room, _ = await anna.listen(ROOM)
        _, heard = await bea.listen(ROOM)

        for number in range(20):
            await room.publish({"id": f"{number}", "text": f"{number}"})

        await until(lambda: len(heard.publications) == 20)
        assert heard.texts == [str(number) for number in range(20)]
        assert heard.offsets == list(range(1, 21))


async def test_a_command_is_answered_and_a_bug_in_one_tells_nothing() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        answer = await anna.client.rpc("echo", {"a": [1, "é"]})
        with pytest.raises(ReplyError) as unknown:
            await anna.client.rpc("no.such.thing", {})
        with pytest.raises(ReplyError) as bug:
            await anna.client.rpc("bug", {})

        assert answer.data == {"a": [1, "é"]}
        assert (unknown.value.code, unknown.value.message) == (104, "unknown_method")
        assert (bug.value.code, bug.value.message, bug.value.temporary) == (100, "internal", True)


async def test_presence_shows_seats_and_never_people() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        room, heard = await anna.listen(ROOM)
        async with phone(hub, "bea") as bea:
            await bea.listen(ROOM)
            seen = await room.presence()
            counted = await room.presence_stats()
            await until(lambda: "seat of bea" in heard.joined)

        await until(lambda: heard.left == ["seat of bea"])
        assert sorted(it.user for it in seen.clients.values()) == ["seat of anna", "seat of bea"]
        assert (counted.num_clients, counted.num_users) == (2, 2)


async def test_history_is_read_by_pages_in_both_directions() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        room, _ = await anna.listen(ROOM)
        await say(hub, "a", "b", "c", "d")

        place = await room.history(limit=0)
        newest = await room.history(limit=2, reverse=True)
        after = await room.history(limit=2, since=StreamPosition(1, place.epoch))
        with pytest.raises(ReplyError) as elsewhere:
            await room.history(limit=2, since=StreamPosition(1, "another epoch"))

        assert (place.offset, place.publications) == (4, [])
        assert [it.data["text"] for it in newest.publications] == ["d", "c"]
        assert [it.data["text"] for it in after.publications] == ["b", "c"]
        assert elsewhere.value.code == 112


async def test_a_line_that_was_lost_is_recovered_whole_with_a_new_ticket() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        await say(hub, "before")
        await hub.application.tell(Channel("me:#anna"), {"offer": 1})
        await until(lambda: heard.texts == ["before"] and len(anna.life.told) == 1)

        cut_lines(hub)
        await say(hub, "missed", "missed too")
        await hub.application.tell(Channel("me:#anna"), {"offer": 2})
        await until(lambda: len(heard.subscribed) == 2 and len(anna.life.home) == 2)
        await say(hub, "after")

        await until(lambda: len(heard.publications) == 4)
        await until(lambda: len(anna.life.told) == 2)
        assert heard.texts == ["before", "missed", "missed too", "after"]
        assert [data["offer"] for _, data in anna.life.told] == [1, 2]
        assert heard.subscribed[1].was_recovering
        assert heard.subscribed[1].recovered
        assert anna.life.home[1].recovered
        # The first ticket was spent: it was refused with 109, and a second one was fetched.
        assert [it.error.code for it in anna.life.errors] == [109]
        assert len(anna.tickets) == 2


async def test_a_worthless_ticket_is_replaced_without_a_word_to_the_user() -> None:
    async with small_hub() as hub, phone(hub, "anna", first_ticket="spent long ago") as anna:
        assert [it.error.code for it in anna.life.errors] == [109]
        assert anna.life.disconnected == []


async def test_who_is_too_far_behind_is_told_and_hears_what_comes_next() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        await say(hub, "before")
        await until(lambda: heard.texts == ["before"])

        cut_lines(hub)
        await say(hub, "lost")
        await forget_what_was_said(hub, "room:")
        await until(lambda: len(heard.subscribed) == 2)
        await say(hub, "after")

        await until(lambda: heard.texts == ["before", "after"])
        assert heard.subscribed[1].was_recovering
        assert not heard.subscribed[1].recovered
        assert heard.subscribed[1].stream_position.offset == 2


async def test_who_asked_not_to_be_left_with_a_hole_gets_112_and_comes_right_by_the_snapshot() -> (
    None
):
    async with small_hub() as hub, phone(hub, "anna") as anna:
        states: list[int] = []

        async def snapshot(_: str) -> StreamPosition:
            place = await hub.made.ledger.place(ROOM)
            states.append(place.offset)
            return StreamPosition(place.offset, place.epoch)

        await say(hub, "old")
        _, heard = await anna.listen(ROOM, state=snapshot)

        cut_lines(hub)
        await say(hub, "lost")
        await forget_what_was_said(hub, "room:")
        await until(lambda: len(heard.subscribed) == 2)
        await say(hub, "after")

        await until(lambda: heard.texts == ["after"])
        assert states == [1, 2]
        assert heard.offsets == [3]


async def test_a_right_that_ended_unsubscribes_for_good() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna, phone(hub, "bea") as bea:
        _, heard = await anna.listen(ROOM)
        _, other = await bea.listen(ROOM)

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("anna"), ROOM)
            tx.publish(ROOM, {"text": "not for her"})

        await hub.made.ledger.write(work)

        await until(lambda: len(heard.unsubscribed) == 1 and other.texts == ["not for her"])
        # A marker on her own channel comes after whatever the room could still have sent.
        await hub.application.tell(Channel("me:#anna"), {"marker": 1})
        await until(lambda: len(anna.life.told) == 1)
        assert heard.unsubscribed[0].code < 2500
        assert heard.publications == []
        assert len(heard.subscribed) == 1


async def test_a_session_that_ended_closes_its_socket_and_it_does_not_come_back() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna, phone(hub, "bea") as bea:

        async def work(tx: Transaction) -> None:
            tx.end_session("session-anna")

        await hub.made.ledger.write(work)

        await until(lambda: len(anna.life.disconnected) == 1)
        assert 3500 <= anna.life.disconnected[0].code < 4000
        assert bea.life.disconnected == []


async def test_a_channel_that_is_not_hers_is_refused_and_not_asked_for_again() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        codes = []
        for channel in ("room:closed", "me:#bea", "control:nodes", "nowhere:1"):
            _, heard = await anna.listen(channel, wait=False)
            await until(lambda heard=heard: len(heard.unsubscribed) == 1)  # type: ignore[misc]
            codes.append(heard.unsubscribed[0].code)

        assert codes == [103, 103, 102, 102]


async def test_leaving_and_entering_a_channel_in_one_breath_leaves_one_inside() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna:
        room, heard = await anna.listen(ROOM)

        await room.unsubscribe()
        await room.subscribe()

        await until(lambda: len(heard.subscribed) == 2)
        await say(hub, "hello")
        await until(lambda: heard.texts == ["hello"])
        assert heard.errors == []


async def test_draining_asks_everyone_to_come_back_and_lets_nobody_in() -> None:
    async with small_hub() as hub, phone(hub, "anna") as anna, phone(hub, "bea") as bea:
        await hub.node.drain(0.1)

        await until(lambda: len(anna.life.connecting) == len(bea.life.connecting) == 2)
        await until(lambda: len(hub.node) == 0)
        assert anna.life.connecting[1].code == 3001
        # It keeps trying; whoever serves next is found.
        await until(lambda: len(anna.life.errors) > 0)
        assert anna.life.disconnected == bea.life.disconnected == []
        assert len(hub.node) == 0


async def test_a_phone_survives_a_restart_of_the_server_and_misses_nothing(
    tmp_path: Path,
) -> None:
    async with restarting(tmp_path) as house, phone(house, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        await say(house.hub, "before")
        await until(lambda: heard.texts == ["before"])
        port = house.hub.port

        await house.stop()
        await until(lambda: len(anna.life.connecting) == 2)
        await house.start(port=port)
        await say(house.hub, "first word after it")

        await until(lambda: heard.texts == ["before", "first word after it"])
        assert heard.subscribed[-1].recovered
        assert anna.life.disconnected == []
