"""What operators have at hand, through commands: blocks, forms, replies, exercises."""

from collections.abc import AsyncGenerator

import msgspec
import pytest

from realtime.kernel.errors import UnknownMethod
from realtime.store import wrapped_key
from tests.support.listening_desk import ELSEWHERE, LINE, Desk, listening
from tests.support.town import Json, many


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    async with listening() as made:
        yield made


# Blocks.


async def test_who_is_blocked_cannot_write_until_it_ends(desk: Desk) -> None:
    him = desk.visitor()
    chat, room = await desk.chat(him)

    made = await desk.ask(desk.operator, "block.set", chat=chat, reason="insults", days=2)

    assert made["reason"] == "insults"
    assert desk.said_in(room, "closed")
    assert await desk.writes(him) == {"error": "chat_blocked"}
    assert await desk.writes(him, at=ELSEWHERE, answers=["danger_now"]) == {"error": "chat_blocked"}
    # By the socket, which does not say where from, nobody asks at all.
    asked = {"id": desk.id(), "line": LINE, "language": "fr"}
    socket = desk.town.world.whole.pipeline
    with pytest.raises(UnknownMethod):
        await socket.run(desk.visitor(), "chat.ask", msgspec.json.encode(asked))
    listed = many(await desk.ask(desk.other, "block.list", line=LINE), "blocks")
    assert [it["block"] for it in listed] == [made["block"]]
    assert str(him.person) not in msgspec.json.encode(listed).decode()
    await desk.town.world.pass_time(2 * 24 * 3600)
    assert (await desk.writes(him)).get("state") == "waiting"


async def test_where_he_wrote_from_stops_nobody_who_says_she_is_in_danger(desk: Desk) -> None:
    chat, _ = await desk.chat(desk.visitor())
    await desk.ask(desk.operator, "block.set", chat=chat, reason="threats", days=30)

    assert await desk.writes(desk.visitor()) == {"error": "chat_blocked"}
    for answers in (["danger_now"], ["alone_with_him"]):
        assert (await desk.writes(desk.visitor(), answers=answers)).get("state") == "waiting"
    assert (await desk.writes(desk.visitor(), at=ELSEWHERE)).get("state") == "waiting"
    await desk.town.world.pass_time(24 * 3600)
    assert (await desk.writes(desk.visitor())).get("state") == "waiting"


async def test_longer_than_thirty_days_or_without_end_is_a_supervisors_word(desk: Desk) -> None:
    chat, _ = await desk.chat(desk.visitor())

    for days in (31, None):
        asked = {"chat": chat, "reason": "prank", "days": days}
        assert await desk.ask(desk.operator, "block.set", **asked) == {"error": "block_too_long"}
        made = await desk.ask(desk.supervisor, "block.set", **asked)
        assert "block" in made
        assert (made["until"] is None) is (days is None)
        named = {"line": LINE, "block": made["block"]}
        assert await desk.ask(desk.operator, "block.drop", **named) == {"error": "not_allowed"}
        assert await desk.ask(desk.supervisor, "block.drop", **named) == {"block": made["block"]}
    other, _ = await desk.chat(desk.visitor(), at=ELSEWHERE)
    refused = await desk.ask(desk.other, "block.set", chat=other, reason="prank", days=1)
    assert refused == {"error": "not_found"}
    told = await desk.ask(desk.operator, "block.set", chat=other, reason="because", days=1)
    assert told == {"error": "malformed"}


# Forms and counts.


async def test_forms_hold_no_text_are_counted_and_told_once_the_month_is_over(desk: Desk) -> None:
    form: Json = {"kinds": ["cyber"], "outcome": ["listened"], "area": "69", "minutes": 20}
    for _ in range(5):
        chat, _ = await desk.chat(desk.visitor())
        wrapped = await desk.ask(desk.operator, "chat.wrap", id=desk.id(), chat=chat, form=form)
        assert wrapped.get("state") == "closed", wrapped
    chat, _ = await desk.chat(desk.visitor())
    for extra in ({"note": "elle"}, {"outcome": ["sent to Anna"]}, {"area": "Lyon"}):
        told = await desk.ask(
            desk.operator, "chat.wrap", id=desk.id(), chat=chat, form=form | extra
        )
        assert told == {"error": "malformed"}
    now = {"line": LINE, "month": "2026-11"}
    assert await desk.ask(desk.operator, "line.counts", **now) == {"error": "month_not_told"}

    await desk.town.world.pass_time(10 * 24 * 3600)
    counts = await desk.ask(desk.operator, "line.counts", **now)

    assert counts["chats"] == 5
    assert {"area": "69", "of": "cyber", "count": 5} in many(counts, "kinds")
    assert {"area": "69", "of": "under_30", "count": 5} in many(counts, "minutes")
    assert await desk.ask(desk.visitor(), "line.counts", **now) == {"error": "not_allowed"}


# Replies and the directory.


async def test_a_supervisor_writes_replies_and_operators_use_them(desk: Desk) -> None:
    new = {"line": LINE, "name": "salut", "language": "fr", "title": "Salut"}

    for who in (desk.operator, desk.visitor()):
        refused = await desk.ask(who, "reply.set", **new, text="Salut.")
        assert refused == {"error": "not_allowed"}
    assert await desk.ask(desk.supervisor, "reply.set", **new, text="Moi, {prenom_ecoutante}.") == {
        "error": "unknown_variable"
    }
    made = await desk.ask(desk.supervisor, "reply.set", **new, text="Le {numero} répond.")
    named = {"line": LINE, "name": "salut", "language": "fr"}
    used = await desk.ask(desk.operator, "reply.used", **named)
    assert (made["uses"], used["uses"], used["variables"]) == (0, 1, ["numero"])
    listed = many(await desk.ask(desk.operator, "reply.list", line=LINE), "replies")
    assert len([it for it in listed if it.get("ours")]) >= 100
    assert await desk.ask(desk.supervisor, "reply.drop", **named) == {}
    assert await desk.ask(desk.operator, "reply.used", **named) == {"error": "not_found"}


# Exercises.


async def test_an_exercise_answers_once_the_operator_has_stopped(desk: Desk) -> None:
    scripts = many(await desk.ask(desk.operator, "practice.list"), "scripts")
    script = scripts[0]
    begun = await desk.ask(
        desk.operator, "practice.begin", id=desk.id(), line=LINE, script=script["script"]
    )
    room, chat = str(begun["room"]), str(begun["chat"])

    def lines() -> int:
        return len([it for it in desk.town.said_on(f"room:{room}", "say") if it["seat"] == "elle"])

    async def say(text: str) -> None:
        said = await desk.ask(desk.operator, "room.say", room=room, id=desk.id(), text=text)
        assert said == {}

    assert lines() == 0
    await desk.town.world.pass_time(2)
    opened = lines()
    assert opened >= 1
    await desk.town.world.pass_time(60)
    assert lines() == opened

    await say("Bonjour.")
    await desk.town.world.pass_time(5)
    await say("Vous êtes au bon endroit.")
    await desk.town.world.pass_time(5)
    # Her turn was put off by the second word.
    assert lines() == opened
    await desk.town.world.pass_time(60)
    assert lines() > opened

    for _ in range(int(str(script["turns"]))):
        if not desk.said_in(room, "closed"):
            await say("Je vous écoute.")
            await desk.town.world.pass_time(60)
    assert desk.said_in(room, "closed")
    again = await desk.ask(
        desk.operator, "practice.begin", id=desk.id(), line=LINE, script=script["script"]
    )
    assert "chat" in again
    assert chat != again["chat"]


async def test_an_exercise_is_in_no_queue_no_figure_and_no_count(desk: Desk) -> None:
    asked = {"line": LINE, "script": "urgence"}
    begun = await desk.ask(desk.operator, "practice.begin", id=desk.id(), **asked)
    chat = str(begun["chat"])

    state = await desk.ask(desk.operator, "line.state", line=LINE)
    assert state["queue"] == []
    (mine,) = many(state, "mine")
    assert (mine["chat"], mine["practice"]) == (chat, True)
    others = await desk.ask(desk.other, "line.state", line=LINE)
    assert (others["queue"], others["mine"]) == ([], [])
    watching = await desk.ask(desk.supervisor, "line.state", line=LINE)
    assert watching.get("talks", []) == []
    # Whoever learns is offered nothing less: a real visitor still comes.
    her = desk.visitor()
    _, real = await desk.chat(her)
    await desk.ask(her, "room.say", room=real, id=desk.id(), text="Bonsoir.")
    second = await desk.ask(desk.operator, "practice.begin", id=desk.id(), **asked)
    assert second == {"error": "over_capacity"}
    block = await desk.ask(desk.operator, "block.set", chat=chat, reason="prank", days=1)
    assert block == {"error": "not_available"}

    form = {"kinds": ["physical"], "outcome": ["emergency"], "area": "48"}
    done = await desk.ask(desk.operator, "chat.wrap", id=desk.id(), chat=chat, form=form)
    assert done.get("state") == "closed", done
    # What was said in it is gone at once, whatever is kept of others.
    async with desk.town.world.whole.durable.ledger.reading() as reading:
        assert await wrapped_key(reading.db, f"room:{begun['room']}") is None
        assert await wrapped_key(reading.db, f"room:{real}") is not None
    await desk.town.world.pass_time(10 * 24 * 3600)
    counts = await desk.ask(desk.operator, "line.counts", line=LINE, month="2026-11")
    assert (counts["chats"], counts["kinds"]) == (0, [])
    figures = await desk.ask(desk.supervisor, "line.figures", line=LINE, hours=168)
    assert figures.get("asked", 0) in (0, 1)


async def test_nothing_can_be_asked_for_in_the_name_of_an_exercise(desk: Desk) -> None:
    begun = await desk.ask(
        desk.operator, "practice.begin", id=desk.id(), line=LINE, script="enfants"
    )
    chat = str(begun["chat"])
    asked = await desk.bridge(chat)

    for who in (desk.operator, desk.visitor()):
        assert "error" in await desk.answer(who, chat, asked["bridge"])
    assert (await desk.ask(desk.operator, "shelter.board"))["needs"] == []
    unknown = {"line": LINE, "script": "nothing"}
    assert await desk.ask(desk.other, "practice.begin", id=desk.id(), **unknown) == {
        "error": "not_found"
    }
    assert await desk.ask(desk.visitor(), "practice.begin", id=desk.id(), **unknown) == {
        "error": "not_allowed"
    }
