"""npm ``centrifuge``, as our pages use it, against a real hub.

Unlike the Python SDK it greets and subscribes in one message.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from realtime import store
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from tests.support.hub import SmallHub, restarting, small_hub
from tests.support.javascript import JavaScriptPhone, javascript_phone
from tests.support.phone import cut_lines, until

ROOM = Channel("room:1")
HOME = Channel("me:#anna")


@pytest.fixture(scope="module", params=[("asyncio", {"use_uvloop": True})], ids=["uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return request.param


async def say(hub: SmallHub, *texts: str, channel: Channel = ROOM) -> None:
    for text in texts:
        await hub.application.tell(channel, {"id": text, "text": text})


def texts(phone: JavaScriptPhone) -> list[str]:
    return [event["data"]["text"] for event in phone.all("publication")]


async def test_it_takes_part_in_a_room() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        anna.do("listen", channel=ROOM)
        await anna.until(1, "subscribed")
        said = await anna.ask("say", channel=ROOM, data={"id": "1", "text": "bonjour"})
        called = await anna.ask("call", method="echo", data={"a": [1, "é"]})
        unknown = await anna.ask("call", method="no.such.thing", data={})
        seats = await anna.ask("presence", channel=ROOM)
        page = await anna.ask("history", channel=ROOM, limit=10)
        await anna.ask("send", data={"position": "here"})

        assert said["happened"] == "answer"
        assert called["answer"] == {"a": [1, "é"]}
        assert (unknown["code"], unknown["name"]) == (104, "unknown_method")
        assert seats["answer"] == ["seat of anna"]
        assert page["answer"] == [{"id": "1", "text": "bonjour"}]
        assert (await anna.until(1, "publication"))[0]["offset"] == 1
        await until(lambda: hub.application.heard_messages == [b'{"position":"here"}'])


async def test_a_line_that_was_lost_is_recovered_whole_with_a_new_ticket() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        anna.do("listen", channel=ROOM)
        await anna.until(1, "subscribed")
        await say(hub, "before")
        await say(hub, "offer 1", channel=HOME)
        await anna.until(1, "publication")
        await anna.until(1, "told")

        cut_lines(hub)
        await say(hub, "missed", "missed too")
        await say(hub, "offer 2", channel=HOME)
        _, again = await anna.until(2, "subscribed")
        _, home = await anna.until(2, "home")
        await say(hub, "after")

        await anna.until(4, "publication")
        await anna.until(2, "told")
        assert texts(anna) == ["before", "missed", "missed too", "after"]
        assert [event["data"]["text"] for event in anna.all("told")] == ["offer 1", "offer 2"]
        assert (again["wasRecovering"], again["recovered"]) == (True, True)
        assert home["recovered"]
        # The first ticket was spent: it was refused with 109, and a second one was fetched.
        assert [event["code"] for event in anna.all("error")] == [109]
        assert len(anna.all("wants ticket")) == 2
        assert anna.all("disconnected", "unsubscribed", "subscription error") == []


async def test_who_is_too_far_behind_comes_right_by_the_snapshot() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        await say(hub, "old")
        anna.do("listen", channel=ROOM, snapshot=True)
        await anna.until(1, "subscribed")
        anna.do("listen", channel="room:2")
        await anna.until(2, "subscribed")

        cut_lines(hub)
        await say(hub, "lost")
        await say(hub, "lost there", channel=Channel("room:2"))

        async def work(tx: Transaction) -> None:
            await store.trim(tx.db, "room:", tx.now + timedelta(days=1), limit=1000)

        await hub.made.ledger.write(work)
        seen = await anna.until(4, "subscribed")
        await say(hub, "after")

        await anna.until(1, "publication")
        assert texts(anna) == ["after"]
        # With a snapshot: error 112, the snapshot again, and a recovery from there.
        assert anna.places == [1, 2]
        # Without: it is told, and goes on from now.
        bare = [event for event in seen if event["channel"] == "room:2"]
        assert [event["recovered"] for event in bare] == [False, False]
        assert bare[1]["wasRecovering"]


async def test_a_right_that_ended_unsubscribes_for_good() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        anna.do("listen", channel=ROOM)
        await anna.until(1, "subscribed")

        async def work(tx: Transaction) -> None:
            tx.revoke(PersonId("anna"), ROOM)
            tx.publish(ROOM, {"text": "not for her"})
            tx.publish(HOME, {"text": "marker"})

        await hub.made.ledger.write(work)

        await anna.until(1, "told")
        assert [event["code"] for event in await anna.until(1, "unsubscribed")] == [2103]
        assert anna.all("publication") == []
        assert len(anna.all("subscribed")) == 1


async def test_a_session_that_ended_does_not_come_back() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:

        async def work(tx: Transaction) -> None:
            tx.end_session("session-anna")

        await hub.made.ledger.write(work)

        assert [event["code"] for event in await anna.until(1, "disconnected")] == [3503]
        assert len(anna.all("connecting")) == 1


async def test_draining_makes_it_come_back_and_keep_trying() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        await hub.node.drain(0.1)

        assert [event["code"] for event in await anna.until(2, "connecting")] == [0, 3001]
        await anna.until(1, "error")
        assert anna.all("disconnected") == []


async def test_leaving_and_entering_a_channel_in_one_breath_leaves_it_inside() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        anna.do("listen", channel=ROOM)
        await anna.until(1, "subscribed")

        anna.do("again", channel=ROOM)

        await anna.until(2, "subscribed")
        await say(hub, "hello")
        await anna.until(1, "publication")
        assert texts(anna) == ["hello"]
        assert anna.all("subscription error") == []


async def test_a_refused_channel_is_refused_for_good() -> None:
    async with small_hub() as hub, javascript_phone(hub, "anna") as anna:
        anna.do("listen", channel="room:closed")

        assert [event["code"] for event in await anna.until(1, "unsubscribed")] == [103]


async def test_it_survives_a_restart_of_the_server_and_misses_nothing(tmp_path: Path) -> None:
    async with restarting(tmp_path) as house, javascript_phone(house, "anna") as anna:
        anna.do("listen", channel=ROOM)
        await anna.until(1, "subscribed")
        await say(house.hub, "before")
        await say(house.hub, "offer 1", channel=HOME)
        await anna.until(1, "publication")
        await anna.until(1, "told")
        port = house.hub.port

        await house.stop()
        await anna.until(2, "connecting")
        await house.start(port=port)
        await say(house.hub, "first word after it")
        await say(house.hub, "offer 2", channel=HOME)

        await anna.until(2, "publication")
        await anna.until(2, "told")
        assert texts(anna) == ["before", "first word after it"]
        assert anna.all("subscribed")[-1]["recovered"]
        assert anna.all("disconnected") == []
