"""Every role, every action on a chat, every chat there is: nobody may what was not meant.

The table of roles is `tests/unit/test_access_matrix.py`; here are real people, real chats and the
relations that the services find. What is not written below is a no.
"""

import itertools
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from realtime.kernel.errors import NotAllowed
from realtime.kernel.ids import Channel
from realtime.ports import Caller
from tests.support.listening import Line, a_line
from web.access.gate import AccessGate
from web.access.helpline import HELPLINE
from web.access.tables import Access, role_of
from web.access.vocabulary import Kind, Role, Thing
from web.facts import ServiceFacts

#: Those of the table that are about one chat.
ACTIONS = sorted(
    it
    for it in HELPLINE
    if it.startswith(("chat.", "transfer.")) and it not in {"chat.ask", "chat.resume", "chat.next"}
)
HERS = {"chat.state", "chat.leave", "chat.transcript"}
OPERATORS = {
    *("chat.accept", "chat.hold", "chat.finish", "chat.wrap", "chat.transfer", "chat.interpret"),
    *("transfer.accept", "transfer.finish"),
}
ASKED = {"chat.accept", "chat.refuse", "transfer.accept", "transfer.refuse", "transfer.finish"}
SUPERVISORS = {"chat.watch", "chat.join", "chat.take", "chat.interpret"}
BESIDE = {"chat.part"}
EVERY_CHAT = ("talking", "offered", "handed", "exited", "closed", "none")


@dataclass
class Scene:
    line: Line
    people: dict[str, Caller]
    chats: dict[str, str]
    rooms: dict[str, str]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
async def scene() -> AsyncGenerator[Scene]:
    async with a_line() as line:
        made, people = line.made, {}
        for role in Role:
            people[f"another {role}"] = made.somebody(role)
        people["boss"] = line.supervisor
        anna = people["anna"] = await line.operator()
        views = {}
        people["she talking"], views["talking"] = await line.answered(anna)
        await line.ask(line.supervisor, "chat.watch", chat=views["talking"]["chat"])
        people["she handed"], views["handed"] = await line.answered(anna)
        bea = people["bea"] = await line.operator()
        cleo = people["cleo"] = await line.operator(on=False)
        await line.ask(anna, "chat.interpret", chat=views["talking"]["chat"], person=cleo.person)
        asked = {"chat": views["handed"]["chat"], "person": bea.person, "way": "warm"}
        await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
        people["she exited"], views["exited"] = await line.visitor()
        await line.ask(bea, "chat.accept", chat=views["exited"]["chat"])
        await line.ask(people["she exited"], "session.leave")
        await line.ask(bea, "chat.finish", chat=views["exited"]["chat"])
        await line.ask(bea, "chat.wrap", id="wrap-00001", chat=views["exited"]["chat"], form={})
        people["she closed"], views["closed"] = await line.visitor()
        await line.ask(people["she closed"], "chat.leave", chat=views["closed"]["chat"])
        people["she offered"], views["offered"] = await line.visitor()
        chats = {name: str(it["chat"]) for name, it in views.items()} | {"none": "no-such-chat"}
        rooms = {name: str(it["room"]) for name, it in views.items()} | {"none": "no-such-room"}
        yield Scene(line, people, chats, rooms)


def meant(scene: Scene) -> dict[tuple[str, str], set[str]]:
    """What each may do to each chat, by hand."""
    yes: dict[tuple[str, str], set[str]] = {}
    for chat in EVERY_CHAT:
        for boss in ("boss", "another supervisor", "another duty"):
            yes[boss, chat] = set(SUPERVISORS)
    yes["boss", "talking"] |= BESIDE
    for chat in ("talking", "handed", "offered", "closed"):
        yes[f"she {chat}", chat] = HERS
    yes["anna", "talking"] = yes["anna", "handed"] = OPERATORS
    yes["bea", "handed"] = yes["bea", "offered"] = ASKED
    yes["cleo", "talking"] = BESIDE
    # It was hers, and she wrapped it up: saying so again does nothing.
    yes["bea", "exited"] = OPERATORS
    return yes


async def test_nobody_may_do_to_a_chat_what_was_not_meant(scene: Scene) -> None:
    access, facts = Access(), ServiceFacts(scene.line.made.whole.services)
    yes = meant(scene)
    cells = list(itertools.product(scene.people, EVERY_CHAT, ACTIONS))

    wrong = []
    async with scene.line.made.whole.durable.ledger.reading() as reading:
        held = {
            (who, chat): await facts.relations(
                reading, scene.people[who], Thing(Kind.CHAT, scene.chats[chat])
            )
            for who, chat in itertools.product(scene.people, EVERY_CHAT)
        }
    for who, chat, action in cells:
        role = role_of(scene.people[who].role)
        if access.may(action, role, held[who, chat]) is not (action in yes.get((who, chat), ())):
            wrong.append((who, chat, action))

    assert wrong == []
    assert len(cells) >= 500
    assert {role_of(it.role) for it in scene.people.values()} == set(Role)


async def test_nobody_hears_a_room_that_is_not_theirs(scene: Scene) -> None:
    gate = scene.line.made.whole.gate
    inside = {
        "talking": {"she talking": "room", "anna": "staff", "boss": "staff", "cleo": "room"},
        "handed": {"she handed": "room", "anna": "staff"},
        "offered": {"she offered": "room"},
        "closed": {"she closed": "room"},
    }
    cells = list(
        itertools.product(scene.people, EVERY_CHAT, ("room", "staff", "typing", "looking"))
    )

    wrong = []
    for who, chat, kind in cells:
        known = inside.get(chat, {}).get(who)
        wanted = known is not None and (known == "staff" or kind in {"room", "typing"})
        if await hears(gate, scene.people[who], f"{kind}:{scene.rooms[chat]}") is not wanted:
            wrong.append((who, chat, kind))

    assert wrong == []
    assert len(cells) >= 400


async def test_the_queue_is_for_those_who_answer(scene: Scene) -> None:
    gate = scene.line.made.whole.gate
    staff = {Role.OPERATOR, Role.SUPERVISOR, Role.DUTY}

    for who in scene.people.values():
        for channel in ("queue:3919", "board:3919"):
            assert await hears(gate, who, channel) is (role_of(who.role) in staff)
        for channel in ("queue:3920", "board:3920"):
            assert not await hears(gate, who, channel)


async def hears(gate: AccessGate, who: Caller, channel: str) -> bool:
    try:
        await gate.may_subscribe(who, Channel(channel))
    except NotAllowed:
        return False
    return True
