"""A hotel's tablet and its shifts: linked, opened, guessed at, taken, ended; on both engines."""

import asyncio

import pytest
from sqlalchemy import text

from tests.support.accounts import (
    Account,
    Answer,
    ask,
    audited,
    caller_of,
    hotel,
    member,
    tablet,
)
from tests.support.accounts import accounts as made
from tests.support.world import World
from web.access.vocabulary import Role
from web.auth.sessions import NOBODY
from web.auth.staff.desks.shifts import HASHER
from web.auth.staff.rules import (
    DESK_LINK_LIFE,
    LOCKED_FOR,
    MOST_WRONG,
    SHIFT_LIFE,
    STEPPED_FOR,
    TABLET_LIFE,
)

__all__ = ["made"]

REFUSED = {"error": "desk_refused"}
PIN, OTHER = "640917", "640918"


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


def test_figures_cost_who_tries_them_all() -> None:
    kept = HASHER.hash("x")

    # RFC 9106, section 4, second choice; one processor.
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


async def link(made: World, name: str) -> tuple[str, str]:
    """A desk and its code."""
    answer = await ask(made, made.somebody("operator"), "desk.link", hotel=await hotel(made, name))
    path, _, desk = str(answer["path"]).partition("#")
    assert path == "/bureau"
    return desk, str(answer["code"])


async def try_code(made: World, desk: str, code: str) -> Answer:
    return await ask(made, None, "desk.open", desk=desk, code=code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# The tablet.


async def test_a_link_and_six_figures_make_a_tablet_the_desk_of_one_hotel(made: World) -> None:
    desk, code = await link(made, "hotel-1")

    opened = await try_code(made, desk, code)

    caller = await caller_of(made, opened["token"])
    async with made.whole.durable.ledger.reading() as reading:
        found = await made.whole.services.staff.organisation_of(reading, caller.person)
    assert caller.role == "desk"
    assert found is not None
    assert (found.kind, found.hotel) == ("hotel", "hotel-1")
    assert "desk.open" in await audited(made, desk)
    # Once.
    assert await try_code(made, desk, code) == REFUSED


async def test_of_many_tablets_at_once_one_is_let_in(made: World) -> None:
    desk, code = await link(made, "hotel-2")

    answers = await asyncio.gather(*(try_code(made, desk, code) for _ in range(5)))

    assert sum("token" in it for it in answers) == 1


async def test_after_five_wrong_codes_the_link_is_dead(made: World) -> None:
    desk, code = await link(made, "hotel-3")
    for _ in range(MOST_WRONG):
        assert await try_code(made, desk, wrong(code)) == REFUSED

    assert await try_code(made, desk, code) == REFUSED
    assert (await audited(made, desk)).count("desk.dead") == 1


async def test_guessing_from_everywhere_at_once_gives_no_more_tries(made: World) -> None:
    desk, code = await link(made, "hotel-4")
    guesses = [wrong(code)] * MOST_WRONG * 4

    answers = await asyncio.gather(*(try_code(made, desk, it) for it in guesses))

    assert answers == [REFUSED] * len(guesses)
    assert await try_code(made, desk, code) == REFUSED


async def test_four_wrong_codes_are_forgiven(made: World) -> None:
    desk, code = await link(made, "hotel-5")
    for _ in range(MOST_WRONG - 1):
        await try_code(made, desk, wrong(code))

    assert "token" in await try_code(made, desk, code)


async def test_a_link_is_worth_a_day(made: World) -> None:
    desk, code = await link(made, "hotel-6")

    await made.pass_time(DESK_LINK_LIFE.total_seconds())

    assert await try_code(made, desk, code) == REFUSED


async def test_a_code_of_another_desk_or_of_none_is_refused_alike(made: World) -> None:
    first, second = await link(made, "hotel-7"), await link(made, "hotel-8")

    assert await try_code(made, first[0], second[1]) == REFUSED
    assert await try_code(made, "none-such", first[1]) == REFUSED


async def test_a_hotel_that_is_not_here_has_no_desk(made: World) -> None:
    answer = await ask(made, made.somebody("operator"), "desk.link", hotel="none-such")

    assert answer == {"error": "no_such_hotel"}


async def test_a_tablet_lives_ninety_days_and_shows_no_key(made: World) -> None:
    it = await tablet(made, await hotel(made, "hotel-9"))

    for method in ("stepup.ask", "passkey.begin", "totp.begin"):
        assert await ask(made, it, method) == {"error": "no_account"}
    invited = await ask(made, it, "staff.invite", invitation="by-a-tablet", role="desk")
    assert invited == {"error": "no_account"}
    await made.pass_time(TABLET_LIFE.total_seconds() - 60)
    assert await caller_of(made, it.token) == it.caller
    await made.pass_time(120)
    assert await caller_of(made, it.token) == NOBODY


# Shifts.


async def at_a_desk(made: World, name: str) -> tuple[Account, Account]:
    """A tablet, and somebody of that hotel who has chosen her six figures."""
    at = await hotel(made, name)
    it, zoe = await tablet(made, at), await member(made, Role.DESK, hotel=at)
    assert await ask(made, zoe, "shift.set", pin=PIN) == {}
    return it, zoe


async def begin(made: World, it: Account, who: Account, pin: str = PIN) -> Answer:
    return await ask(made, it, "shift.begin", member=who.person, pin=pin)


async def test_a_shift_is_taken_with_six_figures_and_ends_in_eight_hours(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-10")

    begun = await begin(made, it, zoe)

    shift = await caller_of(made, begun["token"])
    assert (shift.person, shift.role) == (zoe.person, "desk")
    # Six figures are no key.
    async with made.whole.durable.ledger.reading() as reading:
        assert not await made.whole.services.staff.stepped_up(reading, shift.session)
    await made.pass_time(SHIFT_LIFE.total_seconds())
    assert await caller_of(made, begun["token"]) == NOBODY
    assert await caller_of(made, it.token) == it.caller


async def test_a_shift_is_ended_and_the_tablet_goes_on(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-11")
    begun = await begin(made, it, zoe)
    shift = await caller_of(made, begun["token"])

    assert await ask(made, shift, "shift.end") == {}

    assert await caller_of(made, begun["token"]) == NOBODY
    assert await ask(made, it, "shift.end") == {"error": "not_found"}
    assert await caller_of(made, it.token) == it.caller


async def test_five_wrong_codes_close_the_door_for_a_quarter_of_an_hour(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-12")
    for _ in range(MOST_WRONG):
        assert await begin(made, it, zoe, OTHER) == {"error": "wrong_pin"}

    assert await begin(made, it, zoe) == {"error": "pin_locked"}
    assert (await audited(made, zoe.person)).count("shift.locked") == 1
    await made.pass_time(LOCKED_FOR.total_seconds())
    assert "token" in await begin(made, it, zoe)


async def test_many_guesses_at_once_are_no_more_than_five(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-13")

    answers = await asyncio.gather(*(begin(made, it, zoe, OTHER) for _ in range(MOST_WRONG * 2)))

    names = [it["error"] for it in answers]
    assert names.count("wrong_pin") == MOST_WRONG
    assert names.count("pin_locked") == MOST_WRONG
    assert await begin(made, it, zoe) == {"error": "pin_locked"}


async def test_the_right_code_forgives_the_mistakes_before_it(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-14")
    for _ in range(2):
        for _ in range(MOST_WRONG - 1):
            await begin(made, it, zoe, OTHER)
        assert "token" in await begin(made, it, zoe)


async def test_a_shift_is_taken_at_ones_own_hotel_only(made: World) -> None:
    it, _ = await at_a_desk(made, "hotel-15")
    _, elsewhere = await at_a_desk(made, "hotel-16")
    operator = await member(made, Role.OPERATOR)

    for who in (elsewhere, operator, it):
        assert await begin(made, it, who) == {"error": "wrong_pin"}
    # Nor without a tablet.
    assert await begin(made, elsewhere, elsewhere) == {"error": "no_account"}


async def test_a_code_anybody_would_try_is_refused(made: World) -> None:
    zoe = await member(made, Role.DESK, hotel=await hotel(made, "hotel-17"))

    for weak in ("000000", "123456", "987654", "121212"):
        assert await ask(made, zoe, "shift.set", pin=weak) == {"error": "weak_pin"}


async def test_a_code_is_chosen_with_a_key_and_kept_as_a_hash(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-18")
    async with made.whole.durable.database.snapshot() as db:
        kept = (await db.execute(text("SELECT hash FROM staff_pin"))).scalars().all()
    await made.pass_time(STEPPED_FOR.total_seconds())

    assert all(it.startswith("$argon2id$") and PIN not in it for it in kept)
    assert await ask(made, zoe, "shift.set", pin=OTHER) == {"error": "step_up_needed"}
    assert await ask(made, it, "shift.set", pin=OTHER) == {"error": "no_account"}


async def test_whoever_is_removed_takes_no_shift(made: World) -> None:
    it, zoe = await at_a_desk(made, "hotel-19")
    boss = await member(made, Role.ADMIN)

    await ask(made, boss, "staff.remove", member=zoe.person)

    assert await begin(made, it, zoe) == {"error": "wrong_pin"}


async def test_a_tablet_that_is_lost_is_cut(made: World) -> None:
    it, _ = await at_a_desk(made, "hotel-20")
    boss = await member(made, Role.ADMIN)

    assert await ask(made, boss, "staff.remove", member=it.person) == {}

    assert await caller_of(made, it.token) == NOBODY
