"""Who may do what, on a real alert: nobody may a thing that the table denies.

The pure matrix (``tests/unit/test_access_matrix.py``) shows that the table is read well; this shows
that the relations it is asked about are the true ones, through the pipeline and the gate.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest

from realtime.kernel.errors import NotAllowed
from realtime.kernel.ids import Channel
from realtime.ports import Caller
from realtime.store import read_audit
from tests.support.world import World, world
from web.access.vocabulary import Kind, Relation, Role, Thing
from web.auth.sessions import NOBODY
from web.facts import ServiceFacts

NOTE = "canary: près de la fontaine"
HERE = {"lat": 48.857, "lon": 2.352}


@dataclass(frozen=True, slots=True)
class Scene:
    """One request, two who come, one who was thanked, one who turned back."""

    world: World
    alert: str
    room: str
    #: By a word that says what they are to this alert.
    people: Mapping[str, Caller]


async def offer_to(made: World, caller: Caller, alert: str) -> str:
    state = await made.ask(caller, "me.state")
    offers = state["offers"]
    assert isinstance(offers, list)
    return next(str(it["offer"]) for it in offers if it["alert"] == alert)


async def answer(made: World, caller: Caller, alert: str, word: str) -> None:
    offer = await offer_to(made, caller, alert)
    said = await made.ask(caller, f"offer.{word}", offer=offer)
    assert "error" not in said, said
    await made.settle()


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop: what is tried here is who may, a thousand times over."""
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with world() as made:
        helpers = [await made.helper(lat=48.857 + n / 10_000, lon=2.352) for n in range(4)]
        her, other = made.somebody(), made.somebody()
        raised = await made.raise_help(her, note=NOTE)
        alert, room = str(raised["alert"]), str(raised["room"])
        await made.raise_help(other, place={"lat": 45.76, "lon": 4.83, "accuracy_m": 5})
        first, second, thanked, turned = helpers
        await answer(made, turned, alert, "accept")
        await answer(made, turned, alert, "decline")
        for helper in (first, second):
            await answer(made, helper, alert, "accept")
        people = {
            "her": her,
            "comes": first,
            "comes too": second,
            "thanked": thanked,
            "turned back": turned,
            "another's": other,
            "stranger": made.somebody(),
            "nobody": NOBODY,
            **{role.value: made.somebody(role) for role in Role if role.value not in FOLK},
        }
        yield Scene(made, alert, room, people)


FOLK = {"citizen", "anyone"}
STAFF = {"operator", "supervisor", "duty"}
GOING = {"comes", "comes too"}
EVERYONE = {
    *("her", "comes", "comes too", "thanked", "turned back", "another's", "stranger", "nobody"),
    *("operator", "supervisor", "duty", "admin", "association", "desk", "funder", "newcomer"),
}

#: Channel -> who may listen. ``{alert}`` and ``{room}`` are those of the scene.
LISTEN: dict[str, set[str]] = {
    "alert:{alert}": {"her", *GOING, *STAFF},
    "alert:none-such": set(),
    "room:{room}": {"her", *GOING},
    "room:none-such": set(),
    "staff:{room}": set(),
    "staff:none-such": set(),
    "typing:{room}": {"her", *GOING},
    "looking:{room}": set(),
    "looking:none-such": set(),
    "queue:help": STAFF,
    "queue:other": set(),
    "board:help": STAFF,
    "board:all": set(),
    "desk:hotel-1": set(),
    "me:#{her}": {"her"},
    "me:{her}": set(),
    "me:#": set(),
    "control:nodes": set(),
    "nothing:x": set(),
    "alert:": set(),
    "": set(),
}
SAYING = "say"
SAY = {
    "room:{room}": {"her", *GOING},
    "typing:{room}": {"her", *GOING},
    "alert:{alert}": set[str](),
    "queue:help": set[str](),
    "board:help": set[str](),
    "staff:{room}": set[str](),
    "looking:{room}": set[str](),
    "me:#{her}": set[str](),
    "room:none-such": set[str](),
}
SEE = {
    "room:{room}": {"her", *GOING},
    "alert:{alert}": set[str](),
    "queue:help": set[str](),
    "me:#{her}": set[str](),
    "typing:{room}": set[str](),
}


async def permitted(scene: Scene, door: str, name: str) -> set[str]:
    """Whom the gate lets through, and whom the commands let say something, by what they are."""
    channel = Channel(
        name.format(alert=scene.alert, room=scene.room, her=scene.people["her"].person)
    )
    through = set()
    for who, caller in scene.people.items():
        if door == SAYING:
            if await scene.world.lets_say(caller, channel):
                through.add(who)
            continue
        # G2: whatever the reason, it is told alike.
        with suppress(NotAllowed):
            await getattr(scene.world.whole.gate, door)(caller, channel)
            through.add(who)
    return through


async def test_the_gate_lets_through_whom_the_table_lists_and_nobody_else(scene: Scene) -> None:
    assert set(scene.people) == EVERYONE
    wrong = []
    for door, rows in (("may_subscribe", LISTEN), (SAYING, SAY), ("may_see_presence", SEE)):
        for name, expected in rows.items():
            got = await permitted(scene, door, name)
            if got != expected:
                wrong.append((door, name, sorted(got ^ expected)))

    assert wrong == []


async def test_what_each_is_to_each_thing_is_what_happened(scene: Scene) -> None:
    """The services refuse strangers too; the relations must be right without their help."""
    offer = await offer_to(scene.world, scene.people["comes"], scene.alert)
    person = scene.people["stranger"].person
    expected: dict[Thing | None, dict[str, set[Relation]]] = {
        None: {who: {Relation.HELPER} for who in (*GOING, "thanked", "turned back")},
        Thing(Kind.ALERT, scene.alert): {
            "her": {Relation.HERS},
            **{who: {Relation.ACCEPTED, Relation.PAIRED} for who in GOING},
        },
        Thing(Kind.ALERT, "none-such"): {},
        Thing(Kind.OFFER, offer): {"comes": {Relation.OFFERED_TO}},
        Thing(Kind.OFFER, "none-such"): {},
        Thing(Kind.ROOM, scene.room): {who: {Relation.MEMBER} for who in ("her", *GOING)},
        Thing(Kind.ROOM, "none-such"): {},
        Thing(Kind.PERSON, person): {"stranger": {Relation.SELF}},
    }
    facts = ServiceFacts(scene.world.whole.services)

    async with scene.world.whole.durable.ledger.reading() as reading:
        for thing, held in expected.items():
            for who, caller in scene.people.items():
                found = await facts.relations(reading, caller, thing)
                assert found == held.get(who, set()), (thing, who)


#: Command -> (its fields, who may). Destructive ones are last, and tried by the refused first.
COMMANDS: dict[str, tuple[dict[str, str], set[str]]] = {
    "me.state": ({}, EVERYONE - {"nobody", "newcomer"}),
    "help.state": ({"alert": "{alert}"}, {"her", *GOING, *STAFF}),
    "board.state": ({}, STAFF),
    "helper.pending": ({}, {"operator", "supervisor", "admin"}),
    "room.say": ({"room": "{room}", "id": "say-{n}-0001", "text": "bonjour"}, {"her", *GOING}),
    "note.list": ({"room": "{room}"}, set()),
    "offer.seen": ({"offer": "{offer}"}, {"comes"}),
    "offer.arrived": ({"offer": "{offer}"}, {"comes"}),
    "help.cancel": ({"alert": "{alert}"}, set()),
    "help.release": ({"alert": "{alert}", "helper": "{comes}"}, {"her", *STAFF}),
}


async def test_commands_do_for_each_what_the_table_says(scene: Scene) -> None:
    offer = await offer_to(scene.world, scene.people["comes"], scene.alert)
    wrong = []
    for method, (fields, allowed) in COMMANDS.items():
        for number, (who, caller) in enumerate(scene.people.items()):
            if method == "help.cancel" and who == "her":
                continue
            given = {
                name: value.format(
                    alert=scene.alert,
                    room=scene.room,
                    offer=offer,
                    n=number,
                    comes=scene.people["comes"].person,
                )
                for name, value in fields.items()
            }
            said = await scene.world.ask(caller, method, **given)
            if ("error" not in said) is not (who in allowed):
                wrong.append((method, who, said))
            if "error" in said:
                assert said["error"] in {"not_found", "not_allowed", "unauthorized"}, said

    assert wrong == []


async def test_the_place_and_the_note_are_for_those_who_may_know_them(scene: Scene) -> None:
    sees = set()
    for who, caller in scene.people.items():
        said = await scene.world.ask(caller, "help.state", alert=scene.alert)
        if "place" in said:
            sees.add(who)
        assert ("place" in said) is ("note" in said) is (NOTE in str(said))
        assert ("helpers" in said) is (who in {"her", *STAFF})

    assert sees == {"her", *GOING, *STAFF}


async def test_who_is_asked_sees_the_request_and_neither_place_nor_room() -> None:
    async with world() as made:
        asked = await made.helper(lat=48.857, lon=2.352)
        alert = str((await made.raise_help(made.somebody(), note=NOTE))["alert"])

        said = await made.ask(asked, "help.state", alert=alert)

    assert said["state"] == "searching"
    assert not set(said) & {"place", "note", "helpers", "room", "seat"}


async def test_a_lone_helper_waits_for_a_second_or_for_her_to_open_it() -> None:
    async with world() as made:
        alone = await made.helper(lat=48.857, lon=2.352)
        her = made.somebody()
        alert = str((await made.raise_help(her, note=NOTE))["alert"])
        await answer(made, alone, alert, "accept")
        before = await made.ask(alone, "help.state", alert=alert)

        await made.ask(her, "help.release", alert=alert, helper=alone.person)
        after = await made.ask(alone, "help.state", alert=alert)

    assert "place" not in before
    assert "note" not in before
    assert after["place"] == {**HERE, "accuracy_m": 20.0}


async def test_who_turns_back_loses_the_place_the_room_and_the_stream(scene: Scene) -> None:
    leaver = scene.people["comes"]
    await answer(scene.world, leaver, scene.alert, "decline")

    said = await scene.world.ask(leaver, "help.state", alert=scene.alert)

    assert said == {"error": "not_found"}
    assert "comes" not in await permitted(scene, "may_subscribe", "alert:{alert}")
    assert "comes" not in await permitted(scene, "may_subscribe", "room:{room}")
    assert "comes" not in await permitted(scene, SAYING, "room:{room}")


async def test_an_operator_is_in_a_room_only_once_everyone_there_can_see_it(scene: Scene) -> None:
    operator = scene.people["operator"]
    assert "operator" not in await permitted(scene, "may_subscribe", "room:{room}")

    opened = await scene.world.ask(operator, "room.state", room=scene.room)
    hers = await scene.world.ask(scene.people["her"], "room.state", room=scene.room)

    assert opened["seat"] == "operateur-1"
    members = hers["members"]
    assert isinstance(members, list)
    assert "operateur-1" in {it["seat"] for it in members}
    assert "operator" in await permitted(scene, "may_subscribe", "room:{room}")
    assert "operator" in await permitted(scene, "may_subscribe", "staff:{room}")


async def test_each_look_of_an_operator_is_on_the_record(scene: Scene) -> None:
    await scene.world.ask(scene.people["duty"], "help.state", alert=scene.alert)

    async with scene.world.whole.durable.ledger.reading() as reading:
        lines = await read_audit(reading.db)
    looks = [(it.actor, it.thing) for it in lines if it.action == "place.looked"]
    assert looks == [(scene.people["duty"].person, scene.alert)]
    assert all(NOTE not in f"{it.actor}{it.action}{it.thing}" for it in lines)


async def test_repeating_a_request_gives_the_same_answer_and_one_alert(scene: Scene) -> None:
    her = scene.world.somebody()
    asked = {
        "id": "the-same-id",
        "kind": "afraid",
        "mode": "public",
        "place": {**HERE, "accuracy_m": 20},
    }

    first = await scene.world.ask(her, "help.raise", **asked)
    again = [await scene.world.ask(her, "help.raise", **asked) for _ in range(20)]
    other = await scene.world.ask(her, "help.raise", **{**asked, "id": "another-id"})

    assert again == [first] * 20
    assert other == {"error": "alert_already_open"}
    mine = (await scene.world.ask(her, "me.state"))["alerts"]
    assert isinstance(mine, list)
    assert [it["alert"] for it in mine] == [first["alert"]]
