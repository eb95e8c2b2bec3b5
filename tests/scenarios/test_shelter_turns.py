"""What may go otherwise: a hotel says no, nobody answers, she does not come, two say yes."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import text

from alerts.shelter.rules import OWN_MOST
from matching.shelter.inventory.reconciling import drift
from tests.support.town import PARIS, Json, Town, many, town

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built
        async with built.world.whole.durable.ledger.reading() as reading:
            assert await drift(reading) == 0
            assert await built.services.sheltering.funds.balance(reading) == 0


def states(city: Town, channel: str, kind: str, name: str = "state") -> list[object]:
    return [it.get(name) for it in city.said_on(channel, kind)]


async def test_a_hotel_says_no_and_the_next_is_asked(city: Town) -> None:
    near, far = await city.hotel(north_km=1), await city.hotel(north_km=4)
    her = city.world.somebody()
    need = await city.needs(her)
    held = await city.holds(her, need)
    assert await city.ask(far.desk, "hold.decline", hold=held["hold"], reason="full") == {
        "error": "not_found"
    }

    declined = await city.ask(near.desk, "hold.decline", hold=held["hold"], reason="full")
    second = await city.holds(her, need)
    await city.ask(far.desk, "hold.confirm", hold=second["hold"])

    assert declined["state"] == "declined"
    assert second["hold"] != held["hold"]
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "confirmed"
    told = city.said_on(f"me:#{her.person}", "shelter")
    assert [it["state"] for it in told] == [
        "searching",
        "held",
        "searching",
        "held",
        "confirmed",
    ]
    assert not any("code" in it for it in told)


async def test_a_room_is_held_once_and_options_of_another_need_are_worth_nothing(
    city: Town,
) -> None:
    await city.hotel(usual=2)
    her, other = city.world.somebody(), city.world.somebody()
    need, theirs = await city.needs(her), await city.needs(other)
    (option,) = await city.options(her, need)
    asked: Json = {"need": need, "option": option["option"]}

    foreign = await city.ask(
        other, "shelter.hold", id="hold-foreign", need=theirs, option=option["option"]
    )
    one = await city.ask(her, "shelter.hold", id="hold-one-0001", **asked)
    again = await city.ask(her, "shelter.hold", id="hold-one-0001", **asked)
    two = await city.ask(her, "shelter.hold", id="hold-two-0001", **asked)

    assert foreign == {"error": "option_gone"}
    assert one == again
    assert two == {"error": "already_held"}


async def test_what_was_offered_is_worth_nothing_an_hour_after_the_hold_ended(city: Town) -> None:
    await city.hotel(usual=2)
    her = city.world.somebody()
    need = await city.needs(her)
    (option,) = await city.options(her, need)
    held = await city.holds(her, need)
    await city.ask(her, "hold.cancel", hold=held["hold"])

    await city.world.pass_time(HOUR - 1)
    (still,) = await city.options(her, need)
    await city.world.pass_time(1)
    (now,) = await city.options(her, need)
    late = await city.ask(
        her, "shelter.hold", id="hold-late-001", need=need, option=option["option"]
    )

    assert still["option"] == option["option"] != now["option"]
    assert late == {"error": "option_gone"}


async def test_nobody_answers_and_the_room_is_free_again(city: Town) -> None:
    inn = await city.hotel()
    her = city.world.somebody()
    need = await city.needs(her)
    held = await city.holds(her, need)
    assert await city.options(her, need) == []

    first = await city.ask(her, "hold.extend", hold=held["hold"])
    second = await city.ask(her, "hold.extend", hold=held["hold"])
    await city.world.pass_time(62 * MINUTE)
    kept = (await city.ask(her, "hold.state", hold=held["hold"]))["state"]
    await city.world.pass_time(90 * MINUTE)

    assert (first["extended"], second) == (True, {"error": "already_extended"})
    assert kept == "held"
    assert (await city.ask(her, "hold.state", hold=held["hold"]))["state"] == "expired"
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "searching"
    assert len(await city.options(her, need)) == 1
    assert states(city, inn.channel, "hold")[-1] == "expired"


async def test_she_does_not_come_and_the_ladder_starts_again(city: Town) -> None:
    inn = await city.hotel()
    her = city.world.somebody()
    need = await city.needs(her)
    held = await city.sheltered(her, inn, need)
    await city.world.pass_time(10 * MINUTE)
    assert not any(it.get("climbed") for it in city.said_on("queue:shelter", "need"))

    # Expected for four hours, then an hour more.
    await city.world.pass_time(5 * HOUR)
    lost = (await city.ask(her, "hold.state", hold=held["hold"]))["state"]
    await city.world.pass_time(5 * MINUTE)

    assert lost == "no_show"
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "searching"
    climbed = [it for it in city.said_on("queue:shelter", "need") if it.get("climbed")]
    assert [it["escalation"] for it in climbed] == ["operators"]


async def test_nobody_finds_a_room_and_it_climbs(city: Town) -> None:
    need = await city.needs(city.world.somebody())

    for _ in range(31):
        await city.world.pass_time(MINUTE)

    climbed = [it for it in city.said_on("queue:shelter", "need") if it.get("climbed")]
    assert [it["escalation"] for it in climbed] == ["operators", "again", "supervisor", "duty"]
    assert {it["need"] for it in climbed} == {need}
    operator = await city.staff()
    (line,) = many(await city.ask(operator, "shelter.board"), "needs")
    assert (line["escalation"], line["people"], line["cots"]) == ("duty", 3, 1)


async def test_two_desks_say_yes_at_once_and_one_of_them_has_her(city: Town) -> None:
    inns = [await city.hotel(north_km=it, usual=0) for it in (1, 2, 3)]
    her = city.world.somebody()
    need = await city.needs(her)
    assert await city.options(her, need) == []
    waving = await city.ask(her, "shelter.wave", need=need)
    assert waving["asking"] is True
    asks = [(await city.ask(it.desk, "desk.state"))["asks"][0] for it in inns]  # type: ignore[index]

    answers = await asyncio.gather(
        *(
            city.world.ask(inn.desk, "ask.accept", ask=ask["ask"])
            for inn, ask in zip(inns[:2], asks[:2], strict=True)
        )
    )
    await city.world.settle()

    assert sorted(str(it.get("error", it.get("state"))) for it in answers) == [
        "accepted",
        "ask_covered",
    ]
    seen = await city.ask(her, "shelter.state", need=need)
    assert (seen["state"], seen["asking"]) == ("confirmed", False)
    won = next(i for i, it in enumerate(answers) if "error" not in it)
    for number, inn in enumerate(inns):
        last = states(city, inn.channel, "ask")[-1]
        assert last == ("accepted" if number == won else "covered")
        assert (await city.ask(inn.desk, "desk.state"))["asks"] == []


async def test_a_hotel_that_was_not_asked_answers_nothing(city: Town) -> None:
    asked, other = await city.hotel(usual=0), await city.hotel(north_km=900, usual=0)
    her = city.world.somebody()
    need = await city.needs(her)
    await city.ask(her, "shelter.wave", need=need)
    (ask,) = many(await city.ask(asked.desk, "desk.state"), "asks")

    declined = await city.ask(asked.desk, "ask.decline", ask=ask["ask"])
    stranger = city.world.somebody("desk")

    assert declined["state"] == "declined"
    assert await city.ask(stranger, "ask.accept", ask=ask["ask"]) == {"error": "not_found"}
    assert await city.ask(stranger, "desk.state") == {"error": "not_found"}
    assert await city.ask(other.desk, "ask.accept", ask="unknown-1") == {"error": "not_found"}


async def test_it_is_closed_and_a_day_later_nobody_can_read_it(city: Town) -> None:
    inn = await city.hotel()
    her, operator = city.world.somebody(), await city.staff()
    need = await city.needs(
        her,
        zones=[{"lat": 48.9, "lon": 2.4, "radius_m": 500}],
        reach={"how": "sms", "detail": "0612345678", "when": "le matin"},
    )
    held = await city.sheltered(her, inn, need)
    before = await city.ask(operator, "shelter.state", need=need)
    assert before["household"] == {
        "adults": 1,
        "children": [1, 7],
        "pets": 0,
        "wheelchair": False,
    }
    assert before["reach"] == {"how": "sms", "detail": "0612345678", "when": "le matin"}

    closed = await city.ask(operator, "shelter.close", need=need, outcome="safe")
    again = await city.ask(her, "shelter.close", need=need, outcome="unmet")
    await city.world.pass_time(24 * HOUR + 1)

    assert closed["state"] == again["state"] == "safe"
    assert (await city.ask(her, "hold.state", hold=held["hold"])) == {"error": "not_found"}
    assert (await city.ask(her, "shelter.state", need=need)) == {"error": "not_found"}
    after = await city.ask(operator, "shelter.state", need=need)
    assert "household" not in after
    assert "reach" not in after
    assert after["hold"]["alias"] == after["hold"]["word"] == ""  # type: ignore[index]
    assert await keys(city, need, str(held["hold"])) == []


async def keys(city: Town, *of: str) -> list[str]:
    async with city.world.whole.durable.ledger.reading() as reading:
        names = (await reading.db.execute(text("SELECT name FROM seal_key"))).scalars()
        return [it for it in names if any(one in it for one in of)]


async def test_the_night_is_over_and_nothing_was_found(city: Town) -> None:
    her = city.world.somebody()
    need = await city.needs(her)
    assert (await city.ask(her, "me.state"))["shelter"] == {"need": need, "state": "searching"}
    twice = await city.ask(
        her,
        "shelter.ask",
        id="need-again-1",
        household={"adults": 1},
        days_ahead=0,
        nights=1,
        place={"lat": PARIS[0], "lon": PARIS[1], "accuracy_m": 5},
    )

    # From nine in the evening to six in the morning.
    await city.world.pass_time(9 * HOUR + 1)

    assert twice == {"error": "need_already_open"}
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "unmet"
    assert (await city.ask(her, "me.state"))["shelter"] is None
    async with city.world.whole.durable.ledger.reading() as reading:
        counted = (await reading.db.execute(text("SELECT reason FROM shelter_unmet"))).all()
    assert [row.reason for row in counted] == ["full"]


async def test_one_person_asks_a_few_times_a_day(city: Town) -> None:
    her = city.world.somebody()
    for _ in range(OWN_MOST):
        need = await city.needs(her)
        await city.ask(her, "shelter.close", need=need, outcome="declined", reason="too_far")

    refused = await city.ask(
        her,
        "shelter.ask",
        id="need-too-many",
        household={"adults": 1},
        days_ahead=0,
        nights=1,
        place={"lat": PARIS[0], "lon": PARIS[1], "accuracy_m": 5},
    )

    assert refused == {"error": "too_many_needs"}


async def test_none_of_the_rooms_is_where_she_must_not_be_sent(city: Town) -> None:
    await city.hotel(north_km=1)
    far = await city.hotel(north_km=8)
    her = city.world.somebody()

    need = await city.needs(her, zones=[{"lat": PARIS[0], "lon": PARIS[1], "radius_m": 4_000}])
    (option,) = await city.options(her, need)
    half = await city.ask(
        her,
        "shelter.ask",
        id="need-half-zone",
        household={"adults": 1},
        days_ahead=0,
        nights=1,
        place={"lat": PARIS[0], "lon": PARIS[1], "accuracy_m": 5},
        zones=[{"lat": 48.0, "lon": 2.0}],
    )
    wide = await city.ask(
        her,
        "shelter.ask",
        id="need-wide-zone",
        household={"adults": 1},
        days_ahead=0,
        nights=1,
        place={"lat": PARIS[0], "lon": PARIS[1], "accuracy_m": 5},
        # Wider than ranking measures: refused at once, or she would never be offered a room.
        zones=[{"corners": [[48.0, 2.0], [48.0, 4.0], [49.0, 3.0]]}],
    )

    assert option["km"] == 8
    assert wide == {"error": "malformed"}
    assert (await city.holds(her, need))["state"] == "held"
    assert len((await city.ask(far.desk, "desk.state"))["holds"]) == 1  # type: ignore[arg-type]
    assert half == {"error": "malformed"}
