"""She leaves by the exit and returns with her words; an operator's line dies; all is forgotten."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from matching.helpline.rules import DEAD_AFTER, EXIT_KEPT, KEPT_DAYS, PULSE_EVERY, WRONG_MOST
from realtime.ports import Caller
from tests.support.listening import JSON, Line, a_line
from tests.support.service import service
from web.access.vocabulary import Role
from web.auth.addresses import AN_ADDRESS


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    async with a_line() as made:
        yield made


async def leave_by_the_exit(line: Line, she: Caller) -> None:
    await line.ask(she, "session.leave")
    await line.made.settle()


async def resume(line: Line, view: JSON, **more: object) -> tuple[Caller, JSON]:
    """Somebody says her words, in a new session."""
    caller = line.made.somebody()
    return caller, await line.ask(caller, "chat.resume", words=view["words"], **more)


async def test_after_the_exit_nothing_is_shown_until_both_words_are_right(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna, word="Tante Zoé")
    chat, room = view["chat"], view["room"]
    await line.ask(she, "room.say", room=room, id="say-000001", text="il rentre")

    await leave_by_the_exit(line, she)

    assert line.said("queue:3919")[-1] == {
        **line.said("queue:3919")[-1],
        "chat": chat,
        "exited": True,
    }
    gone = line.said(f"room:{room}")[-1]
    assert (gone["what"], gone["seat"], gone["exited"]) == ("left", "elle", True)
    assert (await line.mine(anna))[0]["exited"] is True
    for method, fields in (("chat.state", {"chat": chat}), ("room.state", {"room": room})):
        assert (await line.ask(she, method, **fields))["error"] in {"not_found", "not_a_member"}
    assert (await line.ask(she, "me.state"))["chat"] is None

    _, asked = await resume(line, view)
    assert asked["error"] == "word_asked"
    wrong, answer = await resume(line, view, word="Zora")
    assert answer["error"] == "wrong_words"
    assert (await line.ask(wrong, "chat.state", chat=chat))["error"] == "not_found"
    back, again = await resume(line, view, word="tante zoe")
    assert (again["chat"], again["state"], again["room"]) == (chat, "active", room)
    assert "words" not in again
    seen = await line.ask(back, "room.state", room=room)
    assert (seen["seat"], seen["messages"][0]["text"]) == ("elle", "il rentre")  # type: ignore[index]
    assert line.happened(room)[-1] == "back"
    assert "exited" not in (await line.mine(anna))[0]
    own = (await line.ask(back, "me.state"))["chat"]
    assert own == {"chat": chat, "line": "3919", "room": room, "state": "active"}


async def test_on_another_device_the_first_one_is_shut_out(line: Line) -> None:
    she, view = await line.visitor()

    other, again = await resume(line, view)

    assert (again["state"], again["place"]) == ("waiting", 1)
    assert (await line.ask(she, "chat.state", chat=view["chat"]))["error"] == "not_found"
    assert (await line.ask(other, "chat.state", chat=view["chat"]))["state"] == "waiting"
    same = await line.ask(other, "chat.resume", words=view["words"])
    assert same["chat"] == view["chat"]


async def test_nobody_is_offered_to_write_to_an_empty_room(line: Line) -> None:
    she, view = await line.visitor()
    anna = await line.operator()
    assert len(line.told(anna, "chat.offer")) == 1

    await leave_by_the_exit(line, she)

    assert await line.mine(anna) == []
    await line.visitor()
    assert (await line.mine(anna))[0]["chat"] != view["chat"]
    _, again = await resume(line, view)
    assert again["chat"] == view["chat"]
    await line.made.settle()
    assert {it["chat"] for it in await line.mine(anna)} >= {view["chat"]}


async def test_five_wrong_words_of_her_own_close_it(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna, word="secret")
    await leave_by_the_exit(line, she)

    told = [(await resume(line, view, word=f"guess {it}"))[1]["error"] for it in range(WRONG_MOST)]
    _, late = await resume(line, view, word="secret")

    assert told == ["wrong_words"] * WRONG_MOST
    assert late["error"] == "wrong_words"
    assert [it["state"] for it in await line.mine(anna)] == ["wrap_up"]


async def test_who_does_not_come_back_is_let_go(line: Line) -> None:
    she, view = await line.visitor()
    await leave_by_the_exit(line, she)

    await line.made.pass_time(EXIT_KEPT.total_seconds())

    assert await line.queue() == []
    assert (await resume(line, view))[1]["error"] == "wrong_words"


async def test_words_that_lead_nowhere_say_nothing_and_one_has_one_chat(line: Line) -> None:
    she, view = await line.visitor()
    other, second = await line.visitor()

    assert (await resume(line, {"words": "lampe jardin bateau"}))[1]["error"] == "wrong_words"
    assert (await line.write(she))["error"] == "chat_already_open"
    taken = await line.ask(other, "chat.resume", words=view["words"])
    assert taken["error"] == "chat_already_open"
    again = await line.ask(she, "chat.ask", id="ask-00000001", line="3919", language="fr")
    assert again["words"] == view["words"]
    assert second["words"] != view["words"]


async def test_an_operator_whose_line_is_dead_gives_her_rooms_back_at_the_head(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    _, formless = await line.answered(anna)
    await line.ask(anna, "chat.finish", chat=formless["chat"])
    _, danger = await line.visitor(answers=["weapon"])
    await line.disconnect(anna)

    # A moment's silence is no death.
    await line.made.pass_time(PULSE_EVERY.total_seconds())
    await line.made.pass_time(PULSE_EVERY.total_seconds())
    assert await line.on(anna)
    for _ in range(int(DEAD_AFTER / PULSE_EVERY)):
        await line.made.pass_time(PULSE_EVERY.total_seconds())

    assert not await line.on(anna)
    assert line.told(anna, "duty")[-1]["reason"] == "silent"
    assert [it["chat"] for it in await line.queue()] == [view["chat"], danger["chat"]]
    assert line.told(she, "chat")[-1]["state"] == "waiting"
    assert line.happened(view["room"])[-1] == "away"
    bea = await line.operator()
    first = line.told(bea, "chat.offer")[0]
    assert first["chat"] == view["chat"]
    await line.ask(bea, "chat.accept", chat=view["chat"])
    seen = await line.ask(bea, "room.state", room=view["room"])
    assert seen["seat"] == "ecoutante-2"


async def test_who_signs_out_gives_her_rooms_back_at_once_and_a_warm_one_is_the_others(
    line: Line,
) -> None:
    anna = await line.operator()
    _, one = await line.answered(anna)
    bea = await line.operator()
    asked = {"chat": one["chat"], "way": "warm", "person": bea.person}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.ask(bea, "transfer.accept", chat=one["chat"])

    await line.ask(anna, "session.leave")
    await line.made.settle()

    assert [it["role"] for it in await line.mine(bea)] == ["operator"]
    await line.ask(bea, "session.leave")
    assert [it["chat"] for it in await line.queue()] == [one["chat"]]


async def test_after_retention_nothing_of_her_is_left(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(
        anna, word="mot canari", answers=["weapon"], postcode="13001", seen="yes"
    )
    await line.ask(she, "room.say", room=view["room"], id="say-000001", text="phrase canari")
    await line.ask(anna, "chat.wrap", id="wrap-00001", chat=view["chat"], form={})
    words = str(view["words"])

    await line.made.pass_time(KEPT_DAYS * 86_400)

    database = line.made.whole.durable.database
    async with database.snapshot() as db:
        row = (await db.execute(text("SELECT * FROM line_chat"))).mappings().one()
        keys = (await db.execute(text("SELECT name FROM seal_key"))).scalars().all()
    for name in ("words", "word", "sealed"):
        assert row[name] is None
    assert (row["visitor"], row["asked_as"]) == ("", "")
    left = f"{view['chat']} {view['room']}".split()
    assert not [it for it in keys if it.rpartition(":")[2] in left or it.startswith("asked:")]
    everything = b"".join(it.read_bytes() for it in Path(line.made.folder).rglob("*.db*"))
    # One word alone may be the name of a column.
    for canary in ("canari", "weapon", words):
        assert canary.encode() not in everything


async def test_words_cannot_be_tried_for_long_from_one_address(tmp_path: Path) -> None:
    async with service(tmp_path) as door:
        told = []
        for _ in range(int(AN_ADDRESS[1]) + 1):
            who = await door.person(Role.CITIZEN)
            answer = await door.post("/api/chat/resume", {"words": "un deux trois"}, who=who)
            told.append(answer.json()["error"]["name"])

    assert told == ["wrong_words"] * int(AN_ADDRESS[1]) + ["words_limited"]
