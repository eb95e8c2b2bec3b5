"""A worker's page: the rooms she asked for others, and never anybody else's. On both engines."""

from collections.abc import AsyncGenerator

import pytest

from alerts.shelter import accompanying
from tests.support.town import Json, Town, many, town

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built


def shown(answer: Json) -> dict[object, object]:
    return {it["need"]: it["state"] for it in many(answer, "needs")}


async def test_a_worker_is_shown_hers_and_nobody_elses(city: Town) -> None:
    inn = await city.hotel(usual=3)
    nour, zoe = await city.staff("association"), await city.staff("association")
    her, operator = city.world.somebody(), await city.staff()
    waiting, housed = [await city.needs(nour) for _ in range(2)]
    theirs = await city.needs(zoe, nights=2)
    await city.needs(her)
    await city.needs(operator)
    hold = await city.sheltered(nour, inn, housed)
    # The ladder is the operators' to climb.
    await city.world.pass_time(11 * 60)

    found = await city.ask(nour, "shelter.mine")
    other = await city.ask(zoe, "shelter.mine")

    assert shown(found) == {housed: "confirmed", waiting: "searching"}
    assert shown(other) == {theirs: "searching"}
    first = next(it for it in many(found, "needs") if it["need"] == housed)
    assert (first["hold"], first["hold_state"]) == (hold["hold"], "confirmed")
    assert (first["people"], first["cots"], first["nights"]) == (3, 1, 1)
    assert not {"escalation", "household", "reach", "code"} & {
        name for it in many(found, "needs") for name in it
    }
    for caller in (her, operator, inn.desk, await city.staff("admin")):
        assert await city.ask(caller, "shelter.mine") == {"error": "not_allowed"}


async def test_what_is_over_is_shown_for_a_day_after_what_is_open(city: Town) -> None:
    nour = await city.staff("association")
    over = await city.needs(nour, nights=3)
    later = await city.needs(nour, days_ahead=3)
    await city.ask(nour, "shelter.close", need=over, outcome="declined")

    before = await city.ask(nour, "shelter.mine")
    await city.world.pass_time(DAY + HOUR)
    after = await city.ask(nour, "shelter.mine")

    assert list(shown(before).items()) == [(later, "searching"), (over, "declined")]
    assert shown(after) == {later: "searching"}


async def test_a_snapshot_goes_on_where_her_own_stream_does(city: Town) -> None:
    inn, nour = await city.hotel(), await city.staff("association")
    await city.needs(nour)

    found, me = await city.ask(nour, "shelter.mine"), await city.ask(nour, "me.state")
    hold = await city.sheltered(nour, inn, str(many(found, "needs")[0]["need"]))
    later = await city.ask(nour, "shelter.mine")

    assert (found["epoch"], found["offset"]) == (me["epoch"], me["offset"])
    told = city.said_on(f"me:#{nour.person}", "shelter")
    assert [it.get("hold_state") for it in told] == [None, "held", "confirmed"]
    assert told[-1]["hold"] == hold["hold"]
    assert int(str(later["offset"])) == int(str(found["offset"])) + 2


async def test_her_follow_ups_are_hers(city: Town) -> None:
    inn = await city.hotel(usual=2)
    nour, zoe = await city.staff("association"), await city.staff("association")
    for worker in (nour, zoe):
        hold = await city.sheltered(worker, inn, await city.needs(worker, nights=5))
        came = await city.ask(inn.desk, "hold.arrive", hold=hold["hold"], code=hold["code"])
        assert came.get("state") == "arrived", came
    await city.world.pass_time(DAY + 12 * HOUR)

    (asked,) = many(await city.ask(nour, "shelter.mine"), "followups")
    (other,) = many(await city.ask(zoe, "shelter.mine"), "followups")
    done = await city.ask(nour, "stay.followup", hold=asked["hold"], day=asked["day"], done=True)
    not_hers = await city.ask(nour, "stay.followup", hold=other["hold"], day=1, done=True)

    assert (asked["day"], done["done"]) == (1, True)
    assert not_hers == {"error": "not_found"}
    assert many(await city.ask(nour, "shelter.mine"), "followups") == []
    assert many(await city.ask(zoe, "shelter.mine"), "followups") == [other]


async def test_no_more_than_fit_a_page(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accompanying, "MINE_NEEDS", 2)
    nour = await city.staff("association")
    needs = []
    for _ in range(3):
        needs.append(await city.needs(nour))
        await city.world.pass_time(1)

    found = many(await city.ask(nour, "shelter.mine"), "needs")

    assert [it["need"] for it in found] == [needs[2], needs[1]]
