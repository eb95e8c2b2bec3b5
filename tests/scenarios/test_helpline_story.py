"""Somebody writes to the helpline and is answered, is handed on, is listened to, and goes."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from matching.helpline.rules import ASK_AGAIN, OFFER_FOR, TOLD_EVERY, WRAP_UP_FOR
from realtime import store
from tests.support.listening import LINE, Line, a_line

FORM = {"kinds": ["physical"], "outcome": ["listened"], "area": "75"}
LATE_S, AGAIN_S = OFFER_FOR.total_seconds(), (ASK_AGAIN + TOLD_EVERY).total_seconds()


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    async with a_line() as made:
        yield made


async def test_she_waits_is_offered_refused_accepted_held_and_said_goodbye(line: Line) -> None:
    she, view = await line.visitor(answers=["strangled"], postcode="20200", seen="no")
    assert (view["state"], view["place"], "low_s" in view) == ("waiting", 1, False)
    anna, bea = await line.operator(), await line.operator(on=False)
    chat, room = view["chat"], view["room"]
    assert [it["chat"] for it in line.told(anna, "chat.offer")] == [chat]
    (waiting,) = await line.queue()
    assert (waiting["state"], waiting["level"], waiting["reasons"], waiting["area"]) == (
        "offered", 3, ["strangled"], "2B",
    )  # fmt: skip

    # Refused: the other is asked, who comes on duty now.
    await line.duty(bea, on=True)
    await line.ask(anna, "chat.refuse", chat=chat)
    await line.made.settle()
    assert [it["chat"] for it in line.told(bea, "chat.offer")] == [chat]
    assert (await line.ask(anna, "chat.accept", chat=chat))["error"] == "not_found"
    assert (await line.ask(bea, "chat.accept", chat=chat))["state"] == "active"
    assert (await line.ask(bea, "chat.accept", chat=chat))["state"] == "active"
    (hers,) = await line.mine(bea)
    assert (hers["role"], hers["seat"], hers["room"]) == ("operator", "ecoutante-1", room)

    # They write to each other, she is asked to wait a moment, they say goodbye.
    await line.ask(she, "room.say", room=room, id="say-000001", text="bonsoir")
    await line.ask(bea, "room.say", room=room, id="say-000002", text="je vous écoute")
    assert (await line.ask(bea, "chat.hold", chat=chat, on=True))["state"] == "held"
    assert (await line.ask(she, "chat.state", chat=chat))["state"] == "held"
    assert (await line.ask(bea, "chat.hold", chat=chat, on=False))["state"] == "active"
    assert (await line.ask(bea, "chat.finish", chat=chat))["state"] == "wrap_up"
    over = await line.ask(she, "chat.state", chat=chat)
    assert (over["state"], over["ending"]) == ("closed", "finished")
    said = await line.ask(she, "chat.transcript", chat=chat)
    assert [it["text"] for it in said["lines"]] == ["bonsoir", "je vous écoute"]  # type: ignore[attr-defined]

    assert await line.load(bea) == 1
    done = await line.ask(bea, "chat.wrap", id="wrap-00001", chat=chat, form=FORM)
    assert (done["state"], await line.load(bea), await line.mine(bea)) == ("closed", 0, [])
    assert line.happened(room) == ["joined", "held", "resumed", "closed"]
    states = [it["state"] for it in line.told(she, "chat")]
    assert [it for at, it in enumerate(states) if it not in states[max(0, at - 1) : at]] == [
        "active", "held", "active", "closed",
    ]  # fmt: skip


async def test_an_offer_that_nobody_answers_goes_on_and_twice_missed_is_off_duty(
    line: Line,
) -> None:
    anna = await line.operator()
    _, view = await line.visitor()
    assert len(line.told(anna, "chat.offer")) == 1

    # Nobody else can have her: anna is asked again.
    await line.made.pass_time(LATE_S)
    assert len(line.told(anna, "chat.offer")) == 2
    await line.made.pass_time(LATE_S)

    assert not await line.on(anna)
    assert line.told(anna, "duty") == [
        {"type": "duty", "line": LINE, "on": False, "reason": "missed"}
    ]
    assert (await line.ask(anna, "chat.accept", chat=view["chat"]))["error"] == "not_found"
    assert [it["state"] for it in await line.queue()] == ["waiting"]


async def test_who_said_no_is_asked_again_after_a_while(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.visitor()
    await line.ask(anna, "chat.refuse", chat=view["chat"])
    assert [it["state"] for it in await line.queue()] == ["waiting"]

    await line.made.pass_time(AGAIN_S)

    assert len(line.told(anna, "chat.offer")) == 2


async def test_nobody_has_more_than_two_and_who_learns_one(line: Line) -> None:
    anna, learns = await line.operator(), await line.operator(trainee=True)
    for _ in range(5):
        await line.visitor()
    for caller in (anna, learns):
        for it in await line.mine(caller):
            await line.ask(caller, "chat.accept", chat=it["chat"])
    await line.made.settle()

    assert [await line.load(it) for it in (anna, learns)] == [2, 1]
    assert [it["state"] for it in await line.queue()] == ["waiting"] * 2
    assert (await line.ask(anna, "chat.next", line=LINE))["error"] == "over_capacity"
    assert (await line.ask(line.supervisor, "chat.next", line=LINE))["error"] == "off_duty"
    first = (await line.queue())[0]
    await line.operator()
    assert (await line.queue())[0]["chat"] == first["chat"]


async def test_the_next_can_be_taken_without_being_offered(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.visitor()
    # Offered to somebody, she is nobody else's to take.
    bea = await line.operator()
    assert await line.ask(bea, "chat.next", line=LINE) == {"chat": None, "room": None}
    for who in (anna, bea):
        await line.ask(who, "chat.refuse", chat=view["chat"])

    taken = await line.ask(anna, "chat.next", line=LINE)

    assert taken == {"chat": view["chat"], "room": view["room"]}
    assert (await line.ask(she, "chat.state", chat=view["chat"]))["state"] == "active"


async def test_a_warm_transfer_with_advice_before_it(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    bea = await line.operator()
    chat, room = view["chat"], view["room"]

    # Advice: she is told nothing, and the colleague reads along.
    asked = {"chat": chat, "person": bea.person, "note": "elle a un bébé"}
    await line.ask(anna, "chat.transfer", id="tr-0000001", way="consult", **asked)
    offer = line.told(bea, "chat.offer")[-1]
    assert (offer["chat"], offer["way"]) == (chat, "consult")
    assert (await line.ask(bea, "transfer.accept", chat=chat))["state"] == "active"
    before = len(line.happened(room))
    (advises,) = await line.mine(bea)
    assert (advises["role"], await line.load(bea)) == ("consult", 0)
    notes = await line.ask(bea, "note.list", room=room)
    assert [it["text"] for it in notes["notes"]] == ["elle a un bébé"]  # type: ignore[attr-defined]
    assert (await line.ask(she, "note.list", room=room))["error"] == "not_allowed"

    # The colleague takes over: both are there, then the first says goodbye.
    asked = {"chat": chat, "person": bea.person}
    await line.ask(anna, "chat.transfer", id="tr-0000002", way="warm", **asked)
    assert line.happened(room)[before:] == ["joined"]
    assert [await line.load(it) for it in (anna, bea)] == [1, 1]
    assert (await line.ask(anna, "transfer.finish", chat=chat))["state"] == "active"
    assert [await line.load(it) for it in (anna, bea)] == [0, 1]
    assert line.happened(room)[before:] == ["joined", "transferred", "left"]
    assert (await line.ask(anna, "room.say", room=room, id="say-000003", text="x"))["error"]
    assert (await line.ask(bea, "room.say", room=room, id="say-000004", text="me voici")) == {}
    assert await line.mine(anna) == []


async def test_a_cold_transfer_is_refused_clearly_or_not_answered_and_then_accepted(
    line: Line,
) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea, off = await line.operator(), await line.operator(on=False)
    chat, cold = view["chat"], {"chat": view["chat"], "way": "cold"}

    for person, name in ((off, "target_off"), (anna, "target_off")):
        refused = await line.ask(
            anna, "chat.transfer", id=f"tr-{name}-{person.person}", person=person.person, **cold
        )
        assert refused["error"] == name
    await line.ask(anna, "chat.transfer", id="tr-0000003", person=bea.person, **cold)
    await line.ask(bea, "transfer.refuse", chat=chat)
    await line.ask(anna, "chat.transfer", id="tr-0000004", person=bea.person, **cold)
    await line.made.pass_time(LATE_S)
    assert [it["state"] for it in line.told(anna, "transfer")] == ["refused", "over"]
    assert (await line.ask(bea, "transfer.accept", chat=chat))["error"] == "not_found"

    await line.ask(anna, "chat.transfer", id="tr-0000005", person=bea.person, **cold)
    await line.ask(bea, "transfer.accept", chat=chat)

    assert [it["role"] for it in await line.mine(bea)] == ["operator"]
    assert await line.mine(anna) == []


async def test_a_full_colleague_is_said_to_be_full(line: Line) -> None:
    anna, learns = await line.operator(), await line.operator(trainee=True)
    await line.visitor()
    await line.visitor()
    for caller in (anna, learns):
        for it in await line.mine(caller):
            await line.ask(caller, "chat.accept", chat=it["chat"])
    (hers,) = await line.mine(anna)

    full = await line.ask(
        anna, "chat.transfer", id="tr-0000006", chat=hers["chat"], way="warm", person=learns.person
    )

    assert full["error"] == "target_full"


async def test_back_to_the_queue_is_at_its_head_and_not_for_who_sent_it(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator(skills=("law",), on=False)
    await line.ask(anna, "chat.transfer", id="tr-0000007", chat=view["chat"], way="cold")
    await line.made.settle()
    # Never back to who sent it, for a while.
    assert [it["state"] for it in await line.queue()] == ["waiting"]
    assert await line.mine(anna) == []
    _, danger = await line.visitor(answers=["weapon"])
    assert [it["chat"] for it in await line.queue()] == [view["chat"], danger["chat"]]

    await line.duty(bea, on=True)

    assert [it["chat"] for it in await line.mine(bea)] == [view["chat"]]


async def test_a_supervisor_listens_unseen_joins_takes_over_and_is_on_record(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    chat, room = view["chat"], view["room"]
    boss = await line.operator("supervisor", on=False)
    before = len(line.said(f"room:{room}"))

    await line.ask(boss, "chat.watch", chat=chat)
    await line.ask(
        boss, "note.add", room=room, id="note-00001", kind="whisper", text="demandez-lui"
    )
    seen = await line.ask(she, "room.state", room=room)
    assert {it["seat"] for it in seen["members"]} == {"elle", "ecoutante-1"}  # type: ignore[attr-defined]
    assert len(line.said(f"room:{room}")) == before
    assert (await line.mine(boss))[0]["role"] == "watch"
    refused = await line.ask(boss, "room.say", room=room, id="say-000005", text="x")
    assert refused["error"] == "only_listening"

    await line.ask(boss, "chat.join", chat=chat)
    assert line.happened(room)[-1] == "joined"
    assert (await line.ask(boss, "chat.take", chat=chat))["state"] == "active"
    await line.made.settle()
    assert line.told(anna, "chat.gone") == [{"type": "chat.gone", "chat": chat}]
    assert (await line.ask(anna, "room.state", room=room))["error"] in {"not_found", "not_a_member"}
    talks = (await line.state(line.supervisor))["talks"]
    assert [(it["chat"], it["operator"]) for it in talks] == [(chat, boss.person)]  # type: ignore[attr-defined]
    assert "talks" not in await line.state(anna)
    async with line.made.whole.durable.ledger.reading() as reading:
        audit = await store.read_audit(reading.db, after=0)
    assert {"chat.watch", "chat.join", "chat.take"} <= {it.action for it in audit}


async def test_an_interpreter_has_a_seat_and_hears_no_notes(line: Line) -> None:
    anna = await line.operator()
    speaks = await line.operator(languages=("fr", "uk"), on=False)
    _, view = await line.answered(anna, language="uk")
    await line.ask(anna, "chat.interpret", chat=view["chat"], person=speaks.person)

    (entry,) = await line.mine(speaks)

    assert (entry["role"], entry["seat"]) == ("interpret", "interprete-1")
    assert (await line.ask(speaks, "note.list", room=view["room"]))["error"] == "not_found"
    assert line.told(speaks, "chat.beside")[0]["room"] == view["room"]
    said = await line.ask(speaks, "room.say", room=view["room"], id="say-000006", text="так")
    assert said == {}
    await line.ask(speaks, "chat.part", chat=view["chat"])
    assert await line.mine(speaks) == []


async def test_a_form_is_not_waited_for_forever(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    assert (await line.ask(she, "chat.leave", chat=view["chat"]))["ending"] == "left"
    assert await line.load(anna) == 1

    await line.made.pass_time(WRAP_UP_FOR.total_seconds())

    assert (await line.load(anna), await line.mine(anna)) == (0, [])


async def test_a_closed_line_says_when_it_opens_and_code_orange_calls_the_supervisors(
    line: Line,
) -> None:
    nobody = line.made.somebody("anyone")
    boss = line.supervisor
    until = "2026-11-24T08:00:00Z"
    await line.ask(boss, "line.set", line=LINE, open=False, reason="panne", until=until)
    closed = await line.ask(nobody, "line.hours", line=LINE)
    assert (closed["open"], closed["opens_at"]) == (False, until)
    _, refused = await line.visitor()
    assert refused["error"] == "line_closed"

    told = await line.ask(boss, "line.set", line=LINE, open=None, reason="")
    assert told == {"line": LINE, "open": True}
    await line.operator(languages=("ar", "fr"))
    hours = await line.ask(nobody, "line.hours", line=LINE)
    assert (hours["open"], hours["languages"], hours["high_s"]) == (True, ["ar", "fr"], 60)
    _, view = await line.visitor(answers=["danger_now"])
    await line.made.pass_time(60)
    assert {"type": "orange", "chat": view["chat"]} in line.said("queue:3919")
    figures = await line.ask(boss, "line.figures", line=LINE, hours=1)
    assert (figures["waiting"], figures["asked"]) == (1, 1)
    assert line.said("board:3919")[-1]["handle"] == LINE
    offices = await line.ask(boss, "line.offices", line=LINE)
    assert offices["offices"][0]["zone"] == "Europe/Paris"  # type: ignore[index]
    again = await line.ask(boss, "line.offices", line=LINE, offices=offices["offices"])
    assert again == offices


async def test_an_office_overseas_keeps_its_own_hours_and_holidays(line: Line) -> None:
    boss = line.supervisor
    spans = [{"days": [0, 1, 2, 3, 4], "opens": 9 * 60, "closes": 18 * 60}]
    reunion = {"name": "Saint-Denis", "zone": "Indian/Reunion", "region": "974", "spans": spans}
    await line.ask(boss, "line.offices", line=LINE, offices=[{**reunion, "holidays": False}])

    told = await line.ask(boss, "line.set", line=LINE, open=None, reason="")

    # It is midnight there; nothing is read from a disk to know it.
    assert told == {"line": LINE, "open": False}
    hours = await line.ask(boss, "line.hours", line=LINE)
    assert hours["opens_at"] == "2026-11-24T05:00:00Z"
    # The end of slavery is a holiday there.
    line.made.clock.advance(
        (datetime(2027, 12, 20, 6, tzinfo=UTC) - line.made.clock.now()).total_seconds()
    )
    assert (await line.ask(boss, "line.hours", line=LINE))["opens_at"] == "2027-12-21T05:00:00Z"
