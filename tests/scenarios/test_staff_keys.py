"""Passkeys and codes open what they should, once, and nothing else, on both engines."""

import asyncio

import pyotp
import pytest

from tests.support.accounts import (
    Account,
    ask,
    audited,
    caller_of,
    enter,
    member,
    newcomer,
)
from tests.support.accounts import (
    accounts as made,
)
from tests.support.authenticator import PRESENT, Authenticator
from tests.support.world import World
from web.access.vocabulary import Role
from web.auth.sessions import NOBODY
from web.auth.staff.rules import CHALLENGE_LIFE, LOCKED_FOR, MOST_KEYS, MOST_WRONG, STEPPED_FOR

__all__ = ["made"]

REFUSED = {"error": "not_admitted"}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


async def application(made: World, who: Account) -> tuple[pyotp.TOTP, str]:
    """Enrol an application; answers it, and the name to sign in under."""
    shown = await ask(made, who, "totp.begin")
    codes = pyotp.TOTP(str(shown["secret"]))
    assert await ask(made, who, "totp.finish", code=now(made, codes)) == {}
    return codes, str(shown["handle"])


def now(made: World, codes: pyotp.TOTP) -> str:
    return codes.at(int(made.clock.now().timestamp()))


def wrong(made: World, codes: pyotp.TOTP) -> str:
    """A code that none of the half minutes around now has."""
    return next(
        it for it in ("000000", "111111", "222222", "333333") if it not in around(made, codes)
    )


def around(made: World, codes: pyotp.TOTP) -> set[str]:
    moment = int(made.clock.now().timestamp())
    return {codes.at(moment + 30 * it) for it in (-1, 0, 1)}


# Passkeys.


async def test_a_key_made_with_an_invitation_opens_what_was_invited_to(made: World) -> None:
    her = await member(made, Role.OPERATOR)

    again = await enter(made, her)

    assert again["role"] == "operator"
    back = await caller_of(made, again["token"])
    assert (back.person, back.role) == (her.person, "operator")
    assert back.session != her.caller.session
    assert await audited(made, her.person) == [
        *("staff.accept", "passkey.enrol", "staff.enter.key", "staff.enter.key"),
    ]


async def test_a_challenge_is_answered_once(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")
    shown = her.device.show(asked)

    first, second = (
        await ask(made, None, "passkey.enter", **shown),
        await ask(made, None, "passkey.enter", **shown),
    )

    assert "token" in first
    assert second == REFUSED
    # Nor by another signature of the same key.
    assert await ask(made, None, "passkey.enter", **her.device.show(asked)) == REFUSED


async def test_of_many_who_answer_one_challenge_at_once_one_is_let_in(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")
    shown = [her.device.show(asked) for _ in range(5)]

    answers = await asyncio.gather(*(ask(made, None, "passkey.enter", **it) for it in shown))

    assert sum("token" in it for it in answers) == 1


async def test_a_wrong_answer_spends_the_challenge(made: World) -> None:
    her, stranger = await member(made, Role.OPERATOR), Authenticator()
    stranger.make({"challenge": "x", "rp": "localhost", "user": "x"})
    asked = await ask(made, None, "passkey.ask")

    assert await ask(made, None, "passkey.enter", **stranger.show(asked)) == REFUSED
    assert await ask(made, None, "passkey.enter", **her.device.show(asked)) == REFUSED


async def test_a_challenge_is_worth_two_minutes(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")

    await made.pass_time(CHALLENGE_LIFE.total_seconds())

    assert await ask(made, None, "passkey.enter", **her.device.show(asked)) == REFUSED


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "http://localhost.evil.example", "http://127.0.0.1:8000"),
        *("https://localhost:8000", "http://localhost@evil.example", "null", "", "http://["),
    ],
)
async def test_a_page_of_somebody_else_gets_nothing_signed_for_us(made: World, origin: str) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")

    shown = her.device.show(asked, origin=origin)

    assert await ask(made, None, "passkey.enter", **shown) == REFUSED


async def test_our_page_in_somebody_elses_frame_is_theirs(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")

    assert await ask(made, None, "passkey.enter", **her.device.show(asked, framed=True)) == REFUSED


async def test_whoever_holds_the_key_must_have_been_verified(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    her.device.flags = PRESENT

    assert await enter(made, her) == REFUSED


async def test_a_key_of_another_name_is_not_ours(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    for key in her.device.keys.values():
        key.rp = "entraide.example"

    assert await enter(made, her) == REFUSED


async def test_a_registration_does_not_sign_in(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    asked = await ask(made, None, "passkey.ask")

    shown = her.device.show(asked, kind="webauthn.create")

    assert await ask(made, None, "passkey.enter", **shown) == REFUSED


async def test_a_copy_of_a_key_opens_nothing_and_is_on_the_record(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    (key,) = her.device.keys.values()
    key.uses = 10
    assert "token" in await enter(made, her)

    key.uses = 4

    assert await enter(made, her) == REFUSED
    assert (await audited(made, her.person)).count("passkey.copied") == 1
    key.uses = 11
    assert "token" in await enter(made, her)


async def test_a_key_that_does_not_count_is_believed(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    (key,) = her.device.keys.values()
    for _ in range(2):
        # Shared between devices, it says 0 for ever.
        key.uses = -1
        assert "token" in await enter(made, her)


async def test_whoever_the_device_takes_her_for_must_be_her(made: World) -> None:
    her, other = await member(made, Role.OPERATOR), await member(made, Role.OPERATOR)
    (key,), (others,) = her.device.keys.values(), other.device.keys.values()
    key.user = others.user

    assert await enter(made, her) == REFUSED


async def test_a_challenge_to_enrol_is_for_one_session(made: World) -> None:
    her, other = await newcomer(made, Role.OPERATOR), await newcomer(made, Role.OPERATOR)
    wanted = await ask(made, her, "passkey.begin")
    key = other.device.make(wanted)

    assert await ask(made, other, "passkey.finish", **key) == {"error": "key_refused"}
    # It is spent by that, for her too.
    assert await ask(made, her, "passkey.finish", **key) == {"error": "key_refused"}


async def test_a_key_is_enrolled_once(made: World) -> None:
    her, other = await member(made, Role.OPERATOR), await newcomer(made, Role.OPERATOR)
    (taken,) = her.device.keys

    wanted = await ask(made, other, "passkey.begin")
    same = await ask(made, other, "passkey.finish", **other.device.make(wanted, called=taken))
    wanted = await ask(made, other, "passkey.begin")
    lied = other.device.make(wanted) | {"credential": taken}

    assert same == {"error": "key_refused"}
    assert await ask(made, other, "passkey.finish", **lied) == {"error": "key_refused"}
    assert "token" in await enter(made, her)


async def test_one_has_no_more_keys_than_one_can_carry(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    for number in range(1, MOST_KEYS):
        wanted = await ask(made, her, "passkey.begin")
        assert len(wanted["exclude"]) == number  # type: ignore[arg-type]
        assert await ask(made, her, "passkey.finish", **her.device.make(wanted)) == {}

    assert await ask(made, her, "passkey.begin") == {"error": "too_many_keys"}


# Codes of an application.


async def test_a_newcomer_without_a_passkey_comes_in_with_an_application(made: World) -> None:
    new = await newcomer(made, Role.DUTY)
    shown = await ask(made, new, "totp.begin")
    codes = pyotp.TOTP(str(shown["secret"]))
    assert str(shown["address"]).startswith(f"otpauth://totp/Entraide:{shown['handle']}?")
    rows = shown["rows"]
    assert isinstance(rows, list)
    assert {len(row) for row in rows} == {len(rows)}

    refused = await ask(made, new, "totp.finish", code=wrong(made, codes))
    entered = await ask(made, new, "totp.finish", code=now(made, codes))

    assert refused == {"error": "wrong_totp"}
    assert entered["role"] == "duty"
    assert await caller_of(made, new.token) == NOBODY
    await made.pass_time(30)
    again = await ask(made, None, "totp.enter", handle=shown["handle"], code=now(made, codes))
    assert again["role"] == "duty"


async def test_a_code_opens_once(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    codes, handle = await application(made, her)
    # The one that enrolled it is spent too.
    assert await ask(made, None, "totp.enter", handle=handle, code=now(made, codes)) == REFUSED
    await made.pass_time(30)

    typed = handle.lower()[:4] + " " + handle.lower()[4:]
    first = await ask(made, None, "totp.enter", handle=typed, code=now(made, codes))
    second = await ask(made, None, "totp.enter", handle=handle, code=now(made, codes))

    assert "token" in first
    assert second == REFUSED


async def test_after_five_wrong_codes_nobody_is_listened_to_for_a_while(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    codes, handle = await application(made, her)
    await made.pass_time(60)
    for _ in range(MOST_WRONG):
        bad = await ask(made, None, "totp.enter", handle=handle, code=wrong(made, codes))
        assert bad == REFUSED

    right = await ask(made, None, "totp.enter", handle=handle, code=now(made, codes))
    await made.pass_time(LOCKED_FOR.total_seconds())
    later = await ask(made, None, "totp.enter", handle=handle, code=now(made, codes))

    assert right == REFUSED
    assert "token" in later
    assert (await audited(made, her.person)).count("totp.locked") == 1


async def test_who_has_an_account_is_nobodys_business(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    codes, handle = await application(made, her)

    unknown = await ask(made, None, "totp.enter", handle="ZZZZZZZZ", code="123456")
    known = await ask(made, None, "totp.enter", handle=handle, code=wrong(made, codes))

    assert unknown == known == REFUSED


async def test_a_new_application_replaces_the_old_one_only_when_it_works(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    codes, handle = await application(made, her)
    await made.pass_time(60)
    assert await step_up_with_key(made, her) == {}
    shown = await ask(made, her, "totp.begin")
    await ask(made, her, "totp.finish", code=wrong(made, pyotp.TOTP(str(shown["secret"]))))

    old = await ask(made, None, "totp.enter", handle=handle, code=now(made, codes))

    assert "token" in old


# Showing it again.


async def step_up_with_key(
    made: World, who: Account, device: Authenticator | None = None
) -> object:
    asked = await ask(made, who, "stepup.ask")
    return await ask(made, who, "stepup.finish", key=(device or who.device).show(asked))


async def stepped(made: World, who: Account) -> bool:
    async with made.whole.durable.ledger.reading() as reading:
        return await made.whole.services.staff.stepped_up(reading, who.caller.session)


async def test_a_session_is_fresh_for_five_minutes_after_a_key_was_shown(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    at_first = await stepped(made, her)
    await made.pass_time(STEPPED_FOR.total_seconds())
    after = await stepped(made, her)
    assert await ask(made, her, "passkey.begin") == {"error": "step_up_needed"}

    assert await step_up_with_key(made, her) == {}

    assert (at_first, after, await stepped(made, her)) == (True, False, True)
    assert "challenge" in await ask(made, her, "passkey.begin")


async def test_a_code_does_as_well(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    codes, _ = await application(made, her)
    await made.pass_time(STEPPED_FOR.total_seconds())

    wrong_one = await ask(made, her, "stepup.finish", code=wrong(made, codes))
    before = await stepped(made, her)
    right_one = await ask(made, her, "stepup.finish", code=now(made, codes))

    assert (wrong_one, before) == (REFUSED, False)
    assert (right_one, await stepped(made, her)) == ({}, True)


async def test_anothers_key_does_not_make_it_her(made: World) -> None:
    her, thief = await member(made, Role.OPERATOR), await member(made, Role.OPERATOR)
    await made.pass_time(STEPPED_FOR.total_seconds())

    assert await step_up_with_key(made, her, device=thief.device) == REFUSED

    assert not await stepped(made, her)


async def test_a_challenge_of_another_session_or_purpose_is_none(made: World) -> None:
    her = await member(made, Role.OPERATOR)
    again = await enter(made, her)
    here = Account(await caller_of(made, again["token"]), str(again["token"]), her.device)
    await made.pass_time(STEPPED_FOR.total_seconds())
    to_enter = await ask(made, None, "passkey.ask")
    elsewhere = await ask(made, here, "stepup.ask")

    for asked in (to_enter, elsewhere):
        answer = await ask(made, her, "stepup.finish", key=her.device.show(asked))
        assert answer == REFUSED
    to_step = await ask(made, her, "stepup.ask")
    assert await ask(made, None, "passkey.enter", **her.device.show(to_step)) == REFUSED
    assert not await stepped(made, her)


async def test_to_step_up_one_shows_one_thing(made: World) -> None:
    her = await member(made, Role.OPERATOR)

    assert await ask(made, her, "stepup.finish") == {"error": "malformed"}


async def test_a_session_made_by_a_program_is_nobodys_account(made: World) -> None:
    program = made.somebody("operator")

    for method in ("stepup.ask", "passkey.begin", "totp.begin", "staff.list"):
        assert await ask(made, program, method) == {"error": "no_account"}
