"""Who opens an address and how often; what each role is told, field by field. On both engines."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from matching.shelter.rules import REVEALS, TRIES
from realtime.kernel.errors import NotAllowed
from realtime.kernel.ids import Channel
from realtime.ports import Caller
from tests.support.accounts import ask as by_http
from tests.support.accounts import audited
from tests.support.town import Inn, Json, Town, many, town

HOUR = 3600.0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built


async def confirmed(city: Town, inn: Inn, worker: Caller, how_many: int) -> list[str]:
    """So many rooms of one hotel, each for a need of its own."""
    holds = []
    for _ in range(how_many):
        need = await city.needs(worker)
        holds.append(str((await city.sheltered(worker, inn, need))["hold"]))
    return holds


async def test_ten_addresses_an_hour_then_none_until_a_supervisor_says_so(city: Town) -> None:
    inn, operator = await city.hotel(usual=REVEALS + 2), await city.staff()
    supervisor = await city.staff("supervisor")
    holds = await confirmed(city, inn, operator, REVEALS + 1)

    async def opens(hold: str) -> Json:
        return await city.world.ask(operator, "hold.address", hold=hold)

    first = await opens(holds[0])
    again = await opens(holds[0])
    rest = await asyncio.gather(*map(opens, holds[1:]))
    known = await opens(holds[0])
    await city.world.pass_time(2 * HOUR)
    await city.prove(operator)
    later = await opens(holds[0])
    await city.ask(supervisor, "reveal.unlock", operator=operator.person)
    last = await opens(holds[0])

    assert (first["left"], again["left"]) == (REVEALS - 1, REVEALS - 1)
    assert sum("street" in it for it in rest) == REVEALS - 1
    assert [it for it in rest if "error" in it] == [{"error": "reveals_locked"}]
    assert known == later == {"error": "reveals_locked"}
    assert last["street"] == "1 rue de la Paix"
    alarms = city.said_on("queue:shelter", "alarm")
    assert [(it["kind"], it["operator"], it["locked"]) for it in alarms] == [
        ("reveals", operator.person, True)
    ]
    twice = await city.ask(supervisor, "reveal.unlock", operator=operator.person)
    assert twice == {"error": "not_found"}


async def test_the_hour_slides(city: Town) -> None:
    inn, operator = await city.hotel(usual=REVEALS + 1), await city.staff()
    holds = await confirmed(city, inn, operator, REVEALS + 1)
    for hold in holds[:REVEALS]:
        await city.ask(operator, "hold.address", hold=hold)

    await city.world.pass_time(HOUR)
    await city.prove(operator)

    assert "street" in await city.ask(operator, "hold.address", hold=holds[REVEALS])


async def test_a_desks_link_is_counted_like_an_address_because_its_page_says_a_name(
    city: Town,
) -> None:
    supervisor = await city.staff("supervisor")
    inns = [await city.hotel(north_km=it + 1) for it in range(REVEALS + 1)]

    answers = [await by_http(city.world, supervisor, "desk.link", hotel=it.hotel) for it in inns]
    again = await by_http(city.world, supervisor, "desk.link", hotel=inns[0].hotel)

    assert ["code" in it for it in answers] == [True] * REVEALS + [False]
    assert answers[-1] == again == {"error": "reveals_locked"}
    assert [it["kind"] for it in city.said_on("queue:shelter", "alarm")] == ["reveals"]
    nowhere = await by_http(city.world, await city.staff(), "desk.link", hotel="none-such")
    assert nowhere == {"error": "no_such_hotel"}


async def test_her_own_address_and_nobody_elses(city: Town) -> None:
    inn = await city.hotel(usual=3)
    her, stranger = city.world.somebody(), city.world.somebody()
    worker, colleague = await city.staff("association"), await city.staff("association")
    mine = await city.sheltered(her, inn, await city.needs(her))
    theirs = await city.sheltered(worker, inn, await city.needs(worker))
    asked = {
        who: await city.ask(caller, "hold.address", hold=hold["hold"])
        for who, caller, hold in (
            ("her", her, mine),
            ("a stranger", stranger, mine),
            ("her worker", worker, theirs),
            ("another worker", colleague, theirs),
            ("the desk", inn.desk, mine),
            ("an operator with no key", await city.staff(stepped=False), mine),
            ("an administrator", await city.staff("admin"), mine),
        )
    }

    assert {who: it.get("error", "street" in it) for who, it in asked.items()} == {
        "her": True,
        "a stranger": "not_found",
        "her worker": True,
        "another worker": "not_found",
        "the desk": "not_allowed",
        "an operator with no key": "step_up_needed",
        "an administrator": "not_allowed",
    }
    assert "left" not in asked["her"]


async def test_what_each_role_is_told(city: Town) -> None:
    inn = await city.hotel(usual=4)
    her, worker, operator = (
        city.world.somebody(),
        await city.staff("association"),
        await city.staff(),
    )
    need, theirs = await city.needs(her), await city.needs(worker)
    fields = {
        "her": set((await city.options(her, need))[0]),
        "worker": set((await city.options(worker, theirs))[0]),
        "operator": set((await city.options(operator, need))[0]),
    }
    await city.world.pass_time(5 * 60)
    seen = await city.ask(her, "shelter.state", need=need)
    look = await city.ask(operator, "shelter.state", need=need)
    held = await city.sheltered(her, inn, need)
    desk = await city.ask(inn.desk, "desk.state")

    assert fields["worker"] == fields["operator"] == fields["her"] | {"price_cents"}
    assert (seen["mine"], "escalation" in seen, "household" in seen) == (True, False, True)
    assert (look["mine"], look["escalation"], "household" in look) == (False, "operators", True)
    assert "code" in held
    (expected,) = many(desk, "holds")
    assert set(expected) == {
        *("hold", "alias", "word", "state", "kind", "first", "nights"),
        *("people", "children", "cots", "pets", "wheelchair"),
        *("arrives_from", "arrives_until", "expires_at", "locked"),
    }
    assert await city.ask(worker, "shelter.state", need=need) == {"error": "not_found"}
    assert await city.ask(her, "shelter.board") == {"error": "not_allowed"}


async def test_five_wrong_codes_lock_it_and_an_operator_who_has_spoken_to_her_lets_her_in(
    city: Town,
) -> None:
    inn, operator, her = await city.hotel(), await city.staff(), city.world.somebody()
    need = await city.needs(her)
    held = await city.sheltered(her, inn, need)
    hold = held["hold"]
    wrong = f"{(int(str(held['code'])) + 1) % 10**6:06}"

    early = await city.ask(operator, "hold.admit", hold=hold)
    told = [len(city.said_on("queue:shelter", "need"))]
    for _ in range(TRIES):
        await city.ask(inn.desk, "hold.arrive", hold=hold, code=wrong)
        told.append(len(city.said_on("queue:shelter", "need")))
    late = await city.ask(inn.desk, "hold.arrive", hold=hold, code=held["code"])
    seen = [
        await city.ask(operator, "hold.state", hold=hold),
        many(await city.ask(inn.desk, "desk.state"), "holds")[0],
        city.said_on(inn.channel, "hold")[-1],
    ]
    others = [
        (await city.ask(caller, "hold.admit", hold=hold))["error"]
        for caller in (her, inn.desk, await city.staff("association"), await city.staff("admin"))
    ]
    admitted = [await city.ask(operator, "hold.admit", hold=hold) for _ in range(2)]

    assert "locked" not in held
    assert (early, late) == ({"error": "code_not_locked"}, {"error": "code_locked"})
    assert [it["locked"] for it in seen] == [True] * 3
    # The last one is told to whoever looks at her need, and no other.
    assert [it - told[0] for it in told] == [0] * TRIES + [1]
    assert others == ["not_allowed"] * 4
    assert [it["state"] for it in admitted] == ["arrived"] * 2
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "arrived"
    lines = await audited(city.world, str(hold))
    assert [lines.count(it) for it in ("hold.locked", "hold.admitted")] == [1, 1]


async def test_a_desk_hears_its_own_hotel_and_operators_the_queue(city: Town) -> None:
    one, other, operator = await city.hotel(), await city.hotel(), await city.staff()
    gate = city.world.whole.gate

    await gate.may_subscribe(one.desk, Channel(one.channel))
    for channel in ("queue:shelter", "board:shelter"):
        await gate.may_subscribe(operator, Channel(channel))

    for caller, channel in (
        (one.desk, other.channel),
        (operator, one.channel),
        (city.world.somebody(), one.channel),
        (one.desk, "queue:shelter"),
        (await city.staff("association"), "queue:shelter"),
        (operator, "queue:other"),
        (one.desk, "desk:unknown"),
    ):
        with pytest.raises(NotAllowed):
            await gate.may_subscribe(caller, Channel(channel))
