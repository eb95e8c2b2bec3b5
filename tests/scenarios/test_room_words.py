"""A room with staff of its own, through commands, publications and the gate."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import pytest

from realtime.kernel.errors import Malformed, NotAllowed, NotFound, TooManyRequests
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.ports import Caller
from tests.support.world import World, world

NOTE = {"id": "note-0001", "kind": "whisper", "text": "canari", "to": "ecoutante-1"}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@dataclass
class Scene:
    world: World
    her: Caller
    listener: Caller
    supervisor: Caller
    #: Sits there without being of the staff, whatever its role.
    interpreter: Caller
    stranger: Caller

    async def publish(self, who: Caller, kind: str, /, **said: object) -> None:
        channel = Channel(f"{kind}:r1")
        await self.world.whole.application.say(who, channel, msgspec.json.encode(said))

    def heard(self, kind: str) -> list[dict[str, object]]:
        return [
            msgspec.json.decode(body)
            for channel, body in self.world.said
            if channel == f"{kind}:r1"
        ]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with world() as made:
        found = Scene(
            made,
            made.somebody(),
            made.somebody("operator"),
            made.somebody("supervisor"),
            made.somebody("operator"),
            made.somebody("operator"),
        )
        rooms = made.whole.services.rooms

        async def work(tx: Transaction) -> None:
            await rooms.open(tx, "r1", "chat-1")
            await rooms.join(tx, "r1", found.her.person, "elle", alone=True)
            await rooms.join(tx, "r1", found.listener.person, "ecoutante", staff=True)
            await rooms.join(
                tx, "r1", found.supervisor.person, "superviseuse", staff=True, silent=True
            )
            await rooms.join(tx, "r1", found.interpreter.person, "interprete")

        await made.whole.durable.ledger.write(work)
        yield found


async def test_each_channel_is_for_those_whom_it_concerns(scene: Scene) -> None:
    people = {
        "her": scene.her,
        "listener": scene.listener,
        "supervisor": scene.supervisor,
        "interpreter": scene.interpreter,
        "stranger": scene.stranger,
    }
    everyone, staff = {"her", "listener", "supervisor", "interpreter"}, {"listener", "supervisor"}
    expected = {"room": everyone, "typing": everyone, "staff": staff, "looking": staff}

    for kind, through in expected.items():
        channel = Channel(f"{kind}:r1")
        listen, say = set(), set()
        for name, caller in people.items():
            with suppress(NotAllowed):
                await scene.world.whole.gate.may_subscribe(caller, channel)
                listen.add(name)
            if await scene.world.lets_say(caller, channel):
                say.add(name)
        assert (listen, say) == (through, through), kind


async def test_who_listens_silently_is_present_among_staff_only(scene: Scene) -> None:
    gate = scene.world.whole.gate

    seats = {
        kind: await gate.seat(scene.supervisor, Channel(f"{kind}:r1")) for kind in ("room", "staff")
    }

    assert seats == {"room": "", "staff": "superviseuse-1002"}
    assert await gate.seat(scene.listener, Channel("room:r1")) == "ecoutante-1"


async def test_a_whisper_is_heard_by_staff_and_is_in_nothing_she_is_told(scene: Scene) -> None:
    await scene.publish(scene.supervisor, "staff", **NOTE)
    await scene.publish(scene.listener, "room", id="line-0001", text="bonjour")

    hers = await scene.world.ask(scene.her, "room.state", room="r1")
    notes = await scene.world.ask(scene.listener, "note.list", room="r1")

    assert [(it["type"], it["text"], it["to"]) for it in scene.heard("staff")] == [
        ("whisper", "canari", "ecoutante-1")
    ]
    assert [(it["type"], it["text"]) for it in scene.heard("room")] == [("say", "bonjour")]
    assert "canari" not in str(hers)
    assert "superviseuse" not in str(hers)
    assert "canari" in str(notes)
    for who in (scene.her, scene.interpreter, scene.stranger):
        for method, fields in (("note.list", {}), ("note.add", NOTE), ("room.draft", {"on": True})):
            answer = await scene.world.ask(who, method, room="r1", **fields)
            assert answer["error"] in {"not_found", "not_allowed"}, (method, answer)


async def test_what_is_sent_twice_is_there_once_by_whichever_door(scene: Scene) -> None:
    ask = scene.world.ask
    for _ in range(2):
        await scene.publish(scene.her, "room", id="line-0001", text="là")
        await ask(scene.her, "room.say", room="r1", id="line-0001", text="là")
        await ask(scene.her, "room.edit", room="r1", id="edit-0001", of="line-0001", text="ici")
        await scene.publish(scene.listener, "staff", **NOTE)
        await ask(scene.listener, "note.add", room="r1", **NOTE)

    state = await ask(scene.her, "room.state", room="r1")

    assert [it["type"] for it in scene.heard("room")] == ["say", "edit"]
    assert [it["type"] for it in scene.heard("staff")] == ["whisper"]
    messages = state["messages"]
    assert isinstance(messages, list)
    assert [(it["text"], it["edited"]) for it in messages] == [("ici", True)]


async def test_marks_are_published_and_read_back(scene: Scene) -> None:
    await scene.publish(scene.listener, "room", id="line-0001", text="bonjour")
    await scene.publish(scene.her, "typing", on=True)
    await scene.publish(scene.listener, "looking", state="typing")
    await scene.world.ask(scene.her, "room.read", room="r1", offset=1)
    taken = await scene.world.ask(scene.listener, "room.draft", room="r1", on=True)
    state = await scene.world.ask(scene.listener, "room.state", room="r1")

    assert taken == {"holder": "ecoutante-1"}
    assert state["read"] == [{"seat": "elle", "read": 1}]
    assert [it["key"] for it in scene.heard("typing")] == ["typing:elle", "read:elle"]
    assert [it["state"] for it in scene.heard("looking")] == ["typing", "draft"]


MALFORMED: tuple[tuple[str, dict[str, object]], ...] = (
    ("typing", {"on": 1}),
    ("typing", {}),
    ("looking", {"state": "draft"}),
    ("staff", {**NOTE, "kind": "say"}),
    ("staff", {**NOTE, "to": "Anna Durand"}),
    ("staff", {**NOTE, "text": ""}),
    ("room", {"id": "line-0001", "text": "x", "seat": "ecoutante-1"}),
    ("room", {"id": "line-0001", "text": ""}),
)


async def test_what_is_not_as_it_should_be_is_refused(scene: Scene) -> None:
    for kind, said in MALFORMED:
        with pytest.raises(Malformed):
            await scene.publish(scene.listener, kind, **said)
    assert scene.heard("room") == []


async def test_nobody_floods_the_marks(scene: Scene) -> None:
    for _ in range(10):
        await scene.publish(scene.her, "typing", on=True)
    with pytest.raises(TooManyRequests):
        await scene.publish(scene.her, "typing", on=True)


async def test_staff_take_no_seat_by_looking_into_a_room_that_is_not_an_alerts(
    scene: Scene,
) -> None:
    looked = await scene.world.ask(scene.stranger, "room.state", room="r1")
    missing = await scene.world.ask(scene.stranger, "room.state", room="none-such")

    assert (looked, missing) == ({"error": "not_a_member"}, {"error": "not_found"})
    people = await scene.world.ask(scene.her, "room.state", room="r1")
    assert "operateur" not in str(people)


async def test_a_mark_of_a_room_that_is_not_ones_own_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await scene.world.whole.application.say(
            scene.stranger, Channel("typing:r1"), b'{"on": true}'
        )
