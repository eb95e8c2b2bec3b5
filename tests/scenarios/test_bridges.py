"""From a conversation to a room, to people nearby, to something to read: with her yes only."""

from collections.abc import AsyncGenerator

import msgspec
import pytest
from sqlalchemy import text

from matching.helpline.values import ChatId
from realtime.ledger import Transaction
from realtime.store import read_audit
from tests.support.listening_desk import HOUSEHOLD, LAT, LON, Desk, listening
from tests.support.town import Json, many


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
async def house() -> AsyncGenerator[Desk]:
    async with listening() as made:
        yield made


@pytest.fixture
async def desk(house: Desk) -> AsyncGenerator[Desk]:
    """One house for all of these stories, each of other people."""
    yield house
    await house.clear()


def sheet_text(event: Json) -> object:
    """What an event says of a sheet: beside its fields, or in its facts where it is read back."""
    return msgspec.convert(event.get("facts", event), Json).get("text")


async def test_nothing_is_asked_for_before_she_says_yes(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)

    asked = await desk.bridge(chat)

    assert asked["state"] == "asked"
    (event,) = desk.said_in(room, "bridge")
    assert (event["bridge"], event["kind"], event["seat"]) == (
        asked["bridge"],
        "shelter",
        "ecoutante-1",
    )
    # She sees the whole of what would be asked for.
    assert event["shelter"] == {"household": HOUSEHOLD, "nights": 2, "days_ahead": 0}
    board = await desk.ask(desk.operator, "shelter.board")
    assert board["needs"] == []
    assert (await desk.ask(her, "me.state")).get("shelter") is None


async def test_on_her_yes_the_need_is_hers_and_recorded_with_her_answer(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    asked = await desk.bridge(chat)

    done = await desk.answer(her, chat, asked["bridge"])

    need = done["need"]
    state = await desk.ask(her, "shelter.state", need=need)
    assert (state["mine"], state["nights"], state["household"]) == (True, 2, HOUSEHOLD)
    (event,) = desk.said_in(room, "bridged")
    assert (event["state"], event["kind"], event["seat"]) == ("yes", "shelter", "elle")
    async with desk.town.world.whole.durable.ledger.reading() as reading:
        lines = [it for it in await read_audit(reading.db) if it.action == "bridge.shelter"]
    assert (lines[-1].actor, lines[-1].thing) == (desk.operator.person, asked["bridge"])


async def test_an_operator_is_told_a_state_and_an_alias_and_never_where(desk: Desk) -> None:
    inn = await desk.town.hotel(street="7 rue Cachée", name="Hôtel Secret")
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat)
    need = str((await desk.answer(her, chat, asked["bridge"]))["need"])
    held = await desk.town.sheltered(her, inn, need)

    (hers,) = many(await desk.ask(her, "bridge.list", chat=chat), "bridges")
    answer = await desk.ask(desk.operator, "bridge.list", chat=chat)
    (theirs,) = many(answer, "bridges")

    assert (theirs["state"], theirs["outcome"], theirs["alias"]) == (
        "yes",
        "confirmed",
        held["alias"],
    )
    assert "subject" not in theirs
    assert hers["subject"] == need
    told = msgspec.json.encode(answer).decode()
    code = str(held["code"])
    for secret in (need, code, "Cachée", "Secret", str(inn.hotel), "48.87", str(her.person)):
        assert secret not in told
    # Colleagues who have nothing to do with her see nothing at all.
    for who in (desk.other, desk.supervisor, desk.visitor()):
        assert await desk.ask(who, "bridge.list", chat=chat) == {"error": "not_found"}


async def test_where_she_is_is_in_nothing_that_is_said_or_kept_of_the_bridge(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    for kind, prepared in (
        ("shelter", {}),
        ("help", {"help": {"kind": "afraid", "mode": "home"}}),
    ):
        asked = await desk.bridge(chat, kind, **prepared)
        zones = [{"lat": 48.111111, "lon": 2.111111, "radius_m": 500}]
        done = await desk.answer(her, chat, asked["bridge"], zones=zones)
        assert done["state"] == "yes", done

    said = desk.everything_said()
    for number in ("48.8712", "2.3712", "48.1111", "2.1111"):
        assert number not in said


async def test_a_no_has_no_consequence_and_no_reason(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    first = await desk.bridge(chat)

    done = await desk.answer(her, chat, first["bridge"], yes=False, place=None)

    assert done == {"bridge": first["bridge"], "state": "no"}
    (event,) = desk.said_in(room, "bridged")
    assert set(event) == {"type", "what", "at", "seat", "bridge", "kind", "state"}
    assert (await desk.ask(desk.operator, "shelter.board"))["needs"] == []
    # She may change her mind: it is asked again, and her yes counts.
    again = await desk.bridge(chat)
    assert (await desk.answer(her, chat, again["bridge"]))["state"] == "yes"


async def test_only_she_answers_and_only_her_operator_asks(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat)

    for who in (desk.operator, desk.other, desk.supervisor):
        assert await desk.answer(who, chat, asked["bridge"]) == {"error": "not_allowed"}
    assert await desk.answer(desk.visitor(), chat, asked["bridge"]) == {"error": "not_found"}
    for who, refusal in ((her, "not_allowed"), (desk.other, "not_found")):
        tried = await desk.ask(
            who,
            "bridge.ask",
            id=desk.id(),
            chat=chat,
            kind="shelter",
            shelter={"household": HOUSEHOLD},
        )
        assert tried == {"error": refusal}
    # A question of another conversation is none of this one's.
    another = desk.visitor()
    elsewhere, _ = await desk.chat(another)
    assert await desk.answer(another, elsewhere, asked["bridge"]) == {"error": "not_found"}
    assert await desk.answer(her, chat, "nothing") == {"error": "not_found"}
    assert (await desk.ask(desk.operator, "shelter.board"))["needs"] == []


async def test_when_the_other_use_case_refuses_nothing_has_happened(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    asked = await desk.bridge(chat)

    assert await desk.answer(her, chat, asked["bridge"], place=None) == {"error": "place_needed"}
    await desk.town.needs(her)
    refused = await desk.answer(her, chat, asked["bridge"])

    assert refused == {"error": "need_already_open"}
    assert desk.said_in(room, "bridged") == []
    (left,) = many(await desk.ask(her, "bridge.list", chat=chat), "bridges")
    assert left["state"] == "asked"
    assert (await desk.answer(her, chat, asked["bridge"], yes=False))["state"] == "no"


async def test_help_is_raised_as_hers(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat, "help", help={"kind": "followed", "mode": "public"})

    done = await desk.answer(her, chat, asked["bridge"])

    state = await desk.ask(her, "help.state", alert=done["alert"])
    assert (state["mine"], state["kind"]) == (True, "followed")
    assert state["room"] == done["room"]
    (theirs,) = many(await desk.ask(desk.operator, "bridge.list", chat=chat), "bridges")
    assert theirs["outcome"] == state["state"]
    assert {"subject", "alias"}.isdisjoint(theirs)


async def test_a_sheet_is_read_in_the_room_once_she_wants_it(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    names = many(await desk.ask(desk.operator, "sheet.list"), "sheets")
    name = str(names[0]["sheet"])

    asked = await desk.bridge(chat, "sheet", sheet={"sheet": name, "language": "uk"})
    (event,) = desk.said_in(room, "bridge")
    assert "text" not in event
    done = await desk.answer(her, chat, asked["bridge"], place=None)

    (bridged,) = desk.said_in(room, "bridged")
    assert done["sheet"] == {"title": bridged["title"], "text": bridged["text"]}
    assert event["title"] == bridged["title"]
    state = await desk.ask(her, "room.state", room=room)
    assert sheet_text(bridged) in [sheet_text(it) for it in many(state, "events")]
    # Nor is her answer kept where anybody reads it.
    async with desk.town.world.whole.durable.database.snapshot() as db:
        kept = (await db.execute(text("SELECT * FROM answered"))).mappings().all()
    assert kept
    assert str(event["title"]).encode() not in b"".join(bytes(it["answer"] or b"") for it in kept)


async def test_a_service_of_the_directory_is_a_sheet_too(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    found = await desk.ask(desk.operator, "directory.find", words="viols")
    (service,) = many(found, "found")

    asked = await desk.bridge(chat, "sheet", sheet={"service": service["service"]})
    done = await desk.answer(her, chat, asked["bridge"], place=None)

    sheet = msgspec.convert(done["sheet"], dict[str, str])
    assert sheet["title"] == service["name"]
    assert "0 800 05 95 95" in sheet["text"]
    for wrong in ({"service": "nothing"}, {"sheet": "nothing"}):
        assert await desk.bridge(chat, "sheet", sheet=wrong) == {"error": "not_found"}


async def test_what_is_prepared_is_of_its_kind_and_holds_no_place_and_no_text(desk: Desk) -> None:
    chat, _ = await desk.chat(desk.visitor())
    room, help_ = {"household": HOUSEHOLD}, {"kind": "afraid", "mode": "home"}
    wrong: list[tuple[str, Json]] = [
        ("shelter", {"help": help_}),
        ("help", {"shelter": room, "help": help_}),
        ("sheet", {"sheet": {}}),
        ("sheet", {"sheet": {"sheet": "depart", "service": "fr-17"}}),
        ("shelter", {"shelter": {**room, "place": {"lat": LAT, "lon": LON}}}),
        ("help", {"help": {**help_, "note": "elle habite rue X"}}),
    ]

    for kind, prepared in wrong:
        assert await desk.bridge(chat, kind, **prepared) == {"error": "malformed"}, prepared


async def test_a_question_lapses_by_time_and_with_the_conversation(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    first = await desk.bridge(chat)
    assert await desk.bridge(chat) == {"error": "bridge_asked"}
    await desk.town.world.pass_time(30 * 60)

    assert await desk.answer(her, chat, first["bridge"]) == {"error": "bridge_over"}
    assert [it["state"] for it in desk.said_in(room, "bridged")] == ["over"]


async def test_nothing_is_bridged_once_the_conversation_is_over(desk: Desk) -> None:
    her = desk.visitor()
    chat, room = await desk.chat(her)
    asked = await desk.bridge(chat)

    await desk.ask(desk.operator, "chat.finish", chat=chat)

    assert await desk.answer(her, chat, asked["bridge"]) == {"error": "bridge_over"}
    assert await desk.bridge(chat) == {"error": "bridge_over"}
    (left,) = many(await desk.ask(her, "bridge.list", chat=chat), "bridges")
    assert left["state"] == "over"
    assert [it["state"] for it in desk.said_in(room, "bridged")] == ["over"]


async def test_a_question_that_was_forgotten_is_not_answered_after_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should nobody take it back when the conversation ends, its end alone is enough."""

    async def nothing(tx: Transaction, name: ChatId) -> None:
        """Takes back no question."""

    monkeypatch.setattr(desk.town.services.helpline.closing, "ends_with", nothing)
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat)
    await desk.ask(desk.operator, "chat.finish", chat=chat)

    assert await desk.answer(her, chat, asked["bridge"]) == {"error": "bridge_over"}
    assert (await desk.ask(desk.operator, "shelter.board"))["needs"] == []


async def test_a_repeated_yes_asks_for_one_room(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat)
    same = {
        "id": desk.id(),
        "chat": chat,
        "bridge": asked["bridge"],
        "yes": True,
        "place": {"lat": LAT, "lon": LON, "accuracy_m": 20},
    }

    first = await desk.ask(her, "bridge.answer", **same)
    again = await desk.ask(her, "bridge.answer", **same)

    assert first == again
    assert len(many(await desk.ask(desk.operator, "shelter.board"), "needs")) == 1
    # What leads to her need is let go after two days.
    await desk.town.world.pass_time(48 * 3600)
    (theirs,) = many(await desk.ask(her, "bridge.list", chat=chat), "bridges")
    assert {"subject", "outcome"}.isdisjoint(theirs)


async def test_after_an_exit_nobody_answers_for_her(desk: Desk) -> None:
    her = desk.visitor()
    chat, _ = await desk.chat(her)
    asked = await desk.bridge(chat)
    helpline, ledger = desk.town.services.helpline, desk.town.world.whole.durable.ledger
    await ledger.write(lambda tx: helpline.depart(tx, her.person))

    assert await desk.answer(her, chat, asked["bridge"]) == {"error": "not_found"}
    assert (await desk.ask(desk.operator, "shelter.board"))["needs"] == []
