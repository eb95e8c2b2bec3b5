"""Invited, let in, listed, removed; one's sessions, and their end; on both engines."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection, inspect, text

from realtime.channels import CONTROL
from realtime.kernel.errors import Gone
from realtime.kernel.ids import PersonId
from tests.support.accounts import (
    Account,
    Answer,
    ask,
    audited,
    caller_of,
    enter,
    hotel,
    invitation,
    member,
    newcomer,
    tablet,
)
from tests.support.accounts import accounts as made
from tests.support.world import World
from web.access.vocabulary import Role
from web.auth.sessions import LIFETIME, NOBODY
from web.auth.staff.keys.totp import key_of
from web.auth.staff.rules import INVITATION_LIFE, SHIFT_LIFE, STEPPED_FOR

__all__ = ["made"]

SPENT = {"error": "invitation_spent"}
NOT_INVITABLE = {"error": "not_invitable"}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


def ended(made: World) -> list[str]:
    """The sessions whose sockets every node was told to close."""
    orders = [msgspec.json.decode(body) for channel, body in made.said if channel == CONTROL]
    return [it["session"] for it in orders if it["type"] == "end_session"]


async def accept(made: World, code: object) -> Answer:
    return await ask(made, None, "staff.accept", code=code, name="Nour")


def everything(db: Connection) -> dict[str, str]:
    """What each table holds, as text."""
    names = inspect(db).get_table_names()
    return {
        name: str(db.execute(text(f'SELECT * FROM "{name}"')).all())  # noqa: S608
        for name in names
    }


# Invitations.


async def test_an_invitation_opens_once(made: World) -> None:
    code = await invitation(made, Role.OPERATOR)

    answers = await asyncio.gather(*(accept(made, code) for _ in range(5)))

    assert sum("token" in it for it in answers) == 1
    assert [it for it in answers if "token" not in it] == [SPENT] * 4


async def test_an_invitation_is_worth_two_days(made: World) -> None:
    code, other = await invitation(made, Role.OPERATOR), await invitation(made, Role.OPERATOR)
    await made.pass_time((INVITATION_LIFE - timedelta(minutes=1)).total_seconds())
    in_time = await accept(made, code)
    await made.pass_time(120)

    assert "token" in in_time
    assert await accept(made, other) == SPENT


async def test_a_code_nobody_made_is_refused_like_a_spent_one(made: World) -> None:
    assert await accept(made, "AAAA-AAAA-AAAA-AAAA") == SPENT


async def test_a_newcomer_may_enrol_and_nothing_else(made: World) -> None:
    new = await newcomer(made, Role.ADMIN)

    for method in ("me.state", "session.ticket", "staff.list", "session.list", "board.state"):
        assert await ask(made, new, method) == {"error": "not_allowed"}, method
    await made.pass_time(LIFETIME[Role.NEWCOMER].total_seconds())
    assert await caller_of(made, new.token) == NOBODY


async def test_whoever_asks_twice_for_one_invitation_gets_one(made: World) -> None:
    her = await member(made, Role.ADMIN)
    asked = {
        "invitation": f"asked-{her.person}",
        "role": "association",
        "new": {"kind": "association", "name": "Foyer du Pont"},
    }

    first, second = [await ask(made, her, "staff.invite", **asked) for _ in range(2)]
    one = await accept(made, first["code"])

    assert first == second
    assert first["path"] == f"/equipe#{first['code']}"
    assert "token" in one
    assert await accept(made, second["code"]) == SPENT
    listed = await ask(made, her, "staff.list")
    names = [it["name"] for it in msgspec.convert(listed["organisations"], list[dict[str, str]])]
    assert names.count("Foyer du Pont") == 1


async def test_no_code_is_written_anywhere(made: World) -> None:
    her = await member(made, Role.ADMIN)
    issued = await ask(
        made, her, "staff.invite", invitation=f"secret-{her.person}", role="operator"
    )
    code = str(issued["code"])
    async with made.whole.durable.database.snapshot() as db:
        rows = await db.run_sync(everything)

    assert "staff_invitation" in rows
    for form in (code, code.replace("-", "")):
        assert not [table for table, held in rows.items() if form in held]


async def test_one_shows_ones_key_before_inviting(made: World) -> None:
    her = await member(made, Role.SUPERVISOR)
    await made.pass_time(STEPPED_FOR.total_seconds())

    refused = await ask(made, her, "staff.invite", invitation=f"late-{her.person}", role="operator")

    assert refused == {"error": "step_up_needed"}


@pytest.mark.parametrize(
    ("by", "role", "where", "answer"),
    [
        (Role.SUPERVISOR, "operator", {}, None),
        (Role.SUPERVISOR, "supervisor", {}, NOT_INVITABLE),
        (Role.SUPERVISOR, "admin", {}, NOT_INVITABLE),
        (Role.SUPERVISOR, "funder", {"new": {"kind": "funder", "name": "Région"}}, None),
        (Role.SUPERVISOR, "operator", {"new": {"kind": "helpline", "name": "2"}}, NOT_INVITABLE),
        (Role.ADMIN, "admin", {"new": {"kind": "helpline", "name": "2"}}, None),
        (Role.ADMIN, "operator", {"new": {"kind": "funder", "name": "x"}}, NOT_INVITABLE),
        (Role.ADMIN, "operator", {"organisation": "none-such"}, NOT_INVITABLE),
        (Role.ASSOCIATION, "association", {}, None),
        (Role.ASSOCIATION, "operator", {}, NOT_INVITABLE),
        (
            *(Role.ASSOCIATION, "association"),
            *({"new": {"kind": "association", "name": "x"}}, NOT_INVITABLE),
        ),
        (Role.OPERATOR, "operator", {}, {"error": "not_allowed"}),
        (
            *(Role.ADMIN, "desk"),
            *({"new": {"kind": "hotel", "hotel": "none-such"}}, {"error": "no_such_hotel"}),
        ),
        (Role.ADMIN, "desk", {"new": {"kind": "hotel", "name": "x"}}, {"error": "malformed"}),
        (Role.ADMIN, "funder", {"new": {"kind": "funder"}}, {"error": "malformed"}),
    ],
)
async def test_who_may_invite_whom(
    made: World, by: Role, role: str, where: dict[str, object], answer: Answer | None
) -> None:
    her = await member(made, by)

    got = await ask(made, her, "staff.invite", invitation=f"by-{her.person}", role=role, **where)

    if answer is None:
        assert "code" in got
    else:
        assert got == answer


async def test_people_at_a_desk_are_invited_to_their_hotel(made: World) -> None:
    at, her = await hotel(made, "hotel-of-zoe"), await member(made, Role.ADMIN)
    invited = await ask(
        made,
        her,
        "staff.invite",
        invitation=f"desk-{her.person}",
        role="desk",
        new={"kind": "hotel", "hotel": at},
    )
    accepted = await accept(made, invited["code"])
    zoe = Account(await caller_of(made, accepted["token"]), str(accepted["token"]))
    wanted = await ask(made, zoe, "passkey.begin")
    entered = await ask(made, zoe, "passkey.finish", **zoe.device.make(wanted))
    zoe = Account(await caller_of(made, entered["token"]), str(entered["token"]), zoe.device)

    async with made.whole.durable.ledger.reading() as reading:
        found = await made.whole.services.staff.organisation_of(reading, zoe.person)
    assert found is not None
    assert (found.kind, found.hotel, found.name) == ("hotel", at, "")
    # A shift, not a tablet's ninety days.
    await made.pass_time(SHIFT_LIFE.total_seconds())
    assert await caller_of(made, zoe.token) == NOBODY


# Colleagues.


async def test_colleagues_see_each_other_and_no_other_organisation(made: World) -> None:
    first, second = [await member(made, Role.ASSOCIATION, "Les Deux Rives") for _ in range(2)]
    await member(made, Role.ASSOCIATION, "Ailleurs")

    listed = await ask(made, first, "staff.list")

    members = msgspec.convert(listed["members"], list[dict[str, object]])
    assert [it["member"] for it in members] == [first.person, second.person]
    assert [(it["name"], it.get("me", False)) for it in members] == [
        ("Anne", True),
        ("Anne", False),
    ]
    assert all(it["keyed"] for it in members)
    assert listed["organisations"] == []


async def test_no_list_of_organisations_holds_a_hotel(made: World) -> None:
    at, her = await hotel(made, "hotel-hidden"), await member(made, Role.ADMIN)
    await tablet(made, at)

    listed = await ask(made, her, "staff.list")

    organisations = msgspec.convert(listed["organisations"], list[dict[str, str]])
    assert organisations
    assert "hotel" not in {it["kind"] for it in organisations}
    assert "hotel-hidden" not in str(listed)


async def test_whoever_is_removed_is_out_at_once(made: World) -> None:
    boss, her = await member(made, Role.ADMIN), await member(made, Role.OPERATOR)
    second = await enter(made, her)
    there = await caller_of(made, second["token"])
    asked = await ask(made, None, "passkey.ask")

    assert await ask(made, boss, "staff.remove", member=her.person) == {}

    assert {her.caller.session, there.session} <= set(ended(made))
    assert await caller_of(made, her.token) == NOBODY
    assert await caller_of(made, second["token"]) == NOBODY
    # A challenge that was given before does not help.
    refused = await ask(made, None, "passkey.enter", **her.device.show(asked))
    assert refused == {"error": "not_admitted"}
    assert await enter(made, her) == {"error": "not_admitted"}
    assert "staff.remove" in await audited(made, her.person)
    # Her name can be read no more, by anybody.
    async with made.whole.durable.ledger.reading() as reading:
        with pytest.raises(Gone):
            await reading.open(key_of(her.person), b"\x00" * 40, context="staff name")


async def test_her_invitations_end_with_her(made: World) -> None:
    boss, her = await member(made, Role.ADMIN), await member(made, Role.SUPERVISOR)
    invited = await ask(made, her, "staff.invite", invitation=f"of-{her.person}", role="operator")

    await ask(made, boss, "staff.remove", member=her.person)

    assert await accept(made, invited["code"]) == SPENT


@pytest.mark.parametrize(
    ("by", "of", "answer"),
    [
        (Role.SUPERVISOR, Role.OPERATOR, {}),
        (Role.SUPERVISOR, Role.SUPERVISOR, {"error": "not_found"}),
        (Role.SUPERVISOR, Role.ADMIN, {"error": "not_found"}),
        (Role.OPERATOR, Role.OPERATOR, {"error": "not_allowed"}),
    ],
)
async def test_who_may_remove_whom(made: World, by: Role, of: Role, answer: Answer) -> None:
    boss, her = await member(made, by), await member(made, of)

    assert await ask(made, boss, "staff.remove", member=her.person) == answer


async def test_nobody_removes_herself_or_nobody(made: World) -> None:
    her = await member(made, Role.ADMIN)

    for person in (her.person, PersonId("none-such")):
        answer = await ask(made, her, "staff.remove", member=person)
        assert answer == {"error": "not_found"}


# Sessions.


async def test_one_sees_where_one_is_signed_in_and_cuts_it(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")
    shown = her.device.show(asked)
    second = await ask(made, None, "passkey.enter", **shown, label="Firefox, Windows")
    other = await caller_of(made, second["token"])

    listed = await ask(made, her, "session.list")
    found = {it["id"]: it for it in msgspec.convert(listed["sessions"], list[dict[str, object]])}
    cut = await ask(made, her, "session.end", session=other.session)

    assert set(found) == {her.caller.session, other.session}
    assert found[her.caller.session]["here"] is True
    there = found[other.session]
    assert (there["label"], there["way"], there["here"]) == ("Firefox, Windows", "key", False)
    assert cut == {}
    assert other.session in ended(made)
    assert await caller_of(made, second["token"]) == NOBODY
    assert await caller_of(made, her.token) == her.caller
    assert "session.end" in await audited(made, other.session)


async def test_another_persons_session_does_not_exist(made: World) -> None:
    her, other = await member(made, Role.ADMIN), await member(made, Role.OPERATOR)

    for session in (other.caller.session, "none-such"):
        answer = await ask(made, her, "session.end", session=session)
        assert answer == {"error": "not_found"}
    assert await caller_of(made, other.token) == other.caller
