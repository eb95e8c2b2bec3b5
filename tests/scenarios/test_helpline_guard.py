"""Who has no business in a conversation any more, or must not be noticed in it, is not there."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from matching.helpline.rules import DEAD_AFTER, PULSE_EVERY, WAITING_LONGEST
from realtime import store
from tests.support.listening import JSON, Line, a_line
from tests.support.service import service
from web.access.vocabulary import Role
from web.auth.addresses import ASKING_BURST


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    async with a_line() as made:
        yield made


def seats(state: JSON) -> set[str]:
    return {it["seat"] for it in state["members"]}  # type: ignore[attr-defined]


async def test_words_said_elsewhere_in_the_midst_of_it_are_told_to_who_answers(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    other = line.made.somebody()

    await line.ask(other, "chat.resume", words=view["words"])
    await line.ask(other, "chat.resume", words=view["words"])

    told = [it for it in line.said(f"room:{view['room']}") if it.get("what") == "back"]
    assert [(it["seat"], it["elsewhere"]) for it in told] == [("elle", True)]


async def test_who_advised_is_gone_with_whoever_asked_for_advice(line: Line) -> None:
    anna = await line.operator()
    _, first = await line.answered(anna)
    _, second = await line.answered(anna)
    bea = await line.operator()
    boss = await line.operator("supervisor", on=False)
    for number, view in enumerate((first, second)):
        asked = {"chat": view["chat"], "person": bea.person, "way": "consult"}
        await line.ask(anna, "chat.transfer", id=f"tr-000000{number}", **asked)
        await line.ask(bea, "transfer.accept", chat=view["chat"])

    await line.ask(boss, "chat.take", chat=first["chat"])
    await line.duty(bea, on=False)
    await line.ask(anna, "session.leave")

    for view in (first, second):
        assert (await line.ask(bea, "room.state", room=view["room"]))["error"] == "not_a_member"
    assert {it["chat"] for it in line.told(bea, "chat.gone")} == {first["chat"], second["chat"]}


async def test_who_signs_out_listens_nowhere_until_it_is_on_the_record_again(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    boss = line.made.somebody("supervisor")
    await line.ask(boss, "chat.watch", chat=view["chat"])

    await line.ask(boss, "session.leave")

    assert (await line.ask(boss, "room.state", room=view["room"]))["error"] == "not_a_member"


async def test_who_answered_before_and_interprets_now_hears_no_notes(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator()
    asked = {"chat": view["chat"], "person": bea.person, "way": "cold"}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.ask(bea, "transfer.accept", chat=view["chat"])

    await line.ask(bea, "chat.interpret", chat=view["chat"], person=anna.person)

    assert [it["role"] for it in await line.mine(anna)] == ["interpret"]
    assert (await line.ask(anna, "note.list", room=view["room"]))["error"] == "not_found"
    # And who was let in is on the record, not only who called.
    async with line.made.whole.durable.ledger.reading() as reading:
        audit = {(it.actor, it.action) for it in await store.read_audit(reading.db, after=0)}
    assert {(bea.person, "chat.interpret"), (anna.person, "chat.interprets")} <= audit


async def test_numbers_of_seats_do_not_tell_of_who_listens_unseen(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    bea = await line.operator()
    quiet, boss = line.made.somebody("supervisor"), line.made.somebody("supervisor")
    await line.ask(quiet, "chat.watch", chat=view["chat"])
    await line.ask(boss, "chat.join", chat=view["chat"])
    asked = {"chat": view["chat"], "person": bea.person, "way": "consult"}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.ask(bea, "transfer.accept", chat=view["chat"])

    seen = seats(await line.ask(she, "room.state", room=view["room"]))
    assert seen == {"elle", "ecoutante-1", "superviseure-1"}

    await line.ask(quiet, "chat.join", chat=view["chat"])
    await line.ask(anna, "chat.transfer", id="tr-0000002", **(asked | {"way": "warm"}))
    seen = seats(await line.ask(she, "room.state", room=view["room"]))
    assert seen == {
        "elle",
        "ecoutante-1",
        "superviseure-1",
        "superviseure-2",
        "ecoutante-2",
    }


async def test_who_listens_unseen_is_not_shown_by_being_called_in(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    boss = await line.operator("supervisor", on=False)
    await line.ask(boss, "chat.watch", chat=view["chat"])

    called = await line.ask(anna, "chat.interpret", chat=view["chat"], person=boss.person)

    assert called["error"] == "not_found"
    seen = seats(await line.ask(she, "room.state", room=view["room"]))
    assert seen == {"elle", "ecoutante-1"}


async def test_who_is_given_a_chat_while_off_duty_has_her_time_to_be_there(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator()
    asked = {"chat": view["chat"], "person": bea.person, "way": "warm"}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.ask(bea, "transfer.accept", chat=view["chat"])
    await line.duty(bea, on=False)
    for _ in range(2 * int(DEAD_AFTER / PULSE_EVERY)):
        await line.made.pass_time(PULSE_EVERY.total_seconds())

    await line.ask(anna, "transfer.finish", chat=view["chat"])
    await line.disconnect(bea)
    await line.made.pass_time(PULSE_EVERY.total_seconds())

    assert [it["role"] for it in await line.mine(bea)] == ["operator"]
    for _ in range(int(DEAD_AFTER / PULSE_EVERY)):
        await line.made.pass_time(PULSE_EVERY.total_seconds())
    assert await line.mine(bea) == []


async def test_an_exercise_is_handed_to_nobody(line: Line) -> None:
    anna, bea = await line.operator(), await line.operator()
    begun = await line.ask(anna, "practice.begin", id="practice-1", line="3919", script="premier")
    if "error" in begun:
        script = (await line.ask(anna, "practice.list"))["scripts"][0]["script"]  # type: ignore[index]
        begun = await line.ask(anna, "practice.begin", id="practice-2", line="3919", script=script)
    chat = begun["chat"]

    for number, to in enumerate(({}, {"person": bea.person})):
        asked = {"chat": chat, "way": "cold", **to}
        refused = await line.ask(anna, "chat.transfer", id=f"tr-000000{number}", **asked)
        assert refused["error"] == "not_available"
    called = await line.ask(anna, "chat.interpret", chat=chat, person=bea.person)
    assert called["error"] == "not_available"
    assert [it["chat"] for it in await line.mine(anna)] == [chat]


async def test_a_block_makes_room_for_the_next(line: Line) -> None:
    anna = await line.operator(trainee=True)
    _, first = await line.visitor()
    _, second = await line.visitor()
    boss = line.made.somebody("supervisor")
    assert [it["chat"] for it in await line.mine(anna)] == [first["chat"]]

    await line.ask(boss, "block.set", chat=first["chat"], reason="flood", days=1)

    assert [it["chat"] for it in await line.mine(anna)] == [second["chat"]]


async def test_nothing_leads_from_a_forgotten_chat_to_her(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    await line.ask(she, "chat.leave", chat=view["chat"])
    await line.ask(anna, "chat.wrap", id="wrap-00001", chat=view["chat"], form={})

    await line.made.pass_time(31 * 24 * 3600)

    async with line.made.whole.durable.ledger.reading() as reading:
        found = await reading.db.exec_driver_sql(
            f"SELECT person FROM room_member WHERE room = '{view['room']}'"  # noqa: S608
        )
        assert she.person not in {it.person for it in found}


async def test_who_waits_for_hours_is_not_left_to_wait_for_ever(line: Line) -> None:
    she, view = await line.visitor()
    anna = await line.operator(trainee=True)
    await line.ask(anna, "chat.accept", chat=view["chat"])
    late, waits = await line.visitor()

    await line.made.pass_time(WAITING_LONGEST.total_seconds())

    # She is heard still; the other is told the numbers that answer.
    assert (await line.ask(she, "chat.state", chat=view["chat"]))["state"] == "active"
    assert line.told(late, "chat")[-1]["state"] == "closed"
    assert await line.queue() == []
    await line.ask(anna, "chat.transfer", id="tr-0000001", chat=view["chat"], way="cold")
    await line.made.pass_time(WAITING_LONGEST.total_seconds() - 1)
    assert [it["chat"] for it in await line.queue()] == [view["chat"]]
    await line.made.pass_time(1)
    assert (await line.ask(she, "chat.state", chat=view["chat"]))["ending"] == "abandoned"
    assert (await line.ask(late, "chat.resume", words=waits["words"]))["error"] == "wrong_words"


async def test_one_address_cannot_fill_the_queue(tmp_path: Path) -> None:
    told = []
    async with service(tmp_path) as door:
        for number in range(ASKING_BURST + 1):
            who = await door.person(Role.CITIZEN)
            asked = {"id": f"ask-{number:08d}", "line": "3919", "language": "fr"}
            told.append((await door.post("/api/chat/ask", asked, who=who)).json()["error"]["name"])

    assert told == ["line_closed"] * ASKING_BURST + ["too_many_requests"]


async def test_in_danger_nobody_waits_long_for_whoever_would_suit_her_best(line: Line) -> None:
    full, learns = await line.operator(), await line.operator(trainee=True, on=False)
    for _ in range(2):
        await line.answered(full)
    _, view = await line.visitor(answers=["danger_now", "weapon"])
    assert view["state"] == "waiting"
    await line.duty(learns, on=True)
    assert line.told(learns, "chat.offer") == []

    await line.made.pass_time(70)

    assert [it["chat"] for it in line.told(learns, "chat.offer")] == [view["chat"]]
