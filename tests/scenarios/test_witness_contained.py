"""What is one event, and how few people an account that nobody knows disturbs."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest

from realtime.ports import Caller
from tests.support.transport import T1, T2, Json, Tramway, trail, tramway


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Tramway]:
    async with tramway() as made:
        yield made


async def board(line: Tramway) -> list[Json]:
    answer = await line.ask(line.world.somebody("operator"), "witness.board")
    return list(answer["events"])


def operator_of(line: Tramway) -> Caller:
    return line.world.somebody("operator")


# What is one event.


async def test_reports_of_one_vehicle_are_one_event(line: Tramway) -> None:
    first = await line.reports(kind="verbal", car="3")

    again = await line.reports(kind="physical", said_as="victim")
    await line.pass_time(60)
    later = await line.reports(trail=trail(3_500))
    other_car = await line.reports(car="voiture 5")
    behind = await line.reports(trail=trail(700))
    other_way = await line.reports(direction=1, trail=trail(3_000, 1))
    other_line = await line.reports(line=T2, trail=trail(3_000, line=T2))

    assert again["alert"] == later["alert"] == first["alert"]
    others = {str(it["alert"]) for it in (other_car, behind, other_way, other_line)}
    assert len(others | {str(first["alert"])}) == 5
    listed = {it["alert"]: it for it in await board(line)}
    one = listed[first["alert"]]
    assert (one["kind"], one["car"], one["reports"], one["victims"]) == ("verbal", "3", 3, 1)


async def test_who_says_it_twice_is_one_report(line: Tramway) -> None:
    her = line.world.somebody()
    first = await line.reports(her, car="3", note="une")

    again = await line.reports(her, kind="sexual", note="deux")

    assert (again["alert"], again["report"]) == (first["alert"], first["report"])
    state = await line.ask(line.world.somebody("operator"), "witness.state", alert=first["alert"])
    said = state["reports"]
    assert [(it["kind"], it["note"]) for it in said] == [("sexual", "deux")]


async def test_a_repeated_id_answers_the_same(line: Tramway) -> None:
    her = line.world.somebody()
    first = await line.reports(her, id="report-again")

    assert await line.reports(her, id="report-again") == first
    assert len(await board(line)) == 1


async def test_nothing_is_refused_but_what_has_no_place_at_all(line: Tramway) -> None:
    her = line.world.somebody()
    asked = {"id": "report-0001", "as": "victim", "kind": "other"}

    assert await line.ask(her, "witness.report", **asked) == {"error": "witness_needs_a_place"}
    unknown = await line.reports(her, line="demo:gone", direction=None, trail=[])
    assert unknown["call"]["number"] == "3117"
    nowhere = await line.reports(her, line=None, direction=None, trail=[fix(45.0)])
    assert nowhere["call"]["number"] == "17"
    assert len(await board(line)) == 2


def fix(lat: float) -> Json:
    return {"lat": lat, "lon": 3.0, "ago_s": 0}


async def test_what_comes_too_often_is_recorded_and_carried_to_nobody(line: Tramway) -> None:
    """Six an hour are carried, ten in ten minutes are events; the rest is added to the last."""
    her, operator = await line.vetted(), line.world.somebody("operator")
    rider = await line.vetted(along_m=3_000)
    await line.ask(operator, "witness.agent", helper=rider.person, network="demo")
    alerts = []
    for number in range(12):
        alerts.append(str((await line.reports(her, car=f"{number}"))["alert"]))
        line.world.clock.advance(1)

    assert len(set(alerts)) == 10
    assert alerts[9] == alerts[10] == alerts[11]
    assert {str(it["alert"]) for it in line.told(rider)} == set(alerts[:6])
    assert {it["alert"] for it in await board(line)} == set(alerts)


# Contained.


async def test_an_account_nobody_knows_disturbs_five_people(line: Tramway) -> None:
    riders = [await line.vetted(along_m=3_000) for _ in range(8)]

    alert = (await line.reports())["alert"]
    await line.pass_time(120)

    assert len(await line.told_of(alert, *riders)) == 5
    [listed] = await board(line)
    assert (listed["contained"], listed["standing"], listed["told"]) == (True, "new", 5)


async def test_until_an_operator_confirms_it(line: Tramway) -> None:
    riders, operator = [await line.vetted(along_m=3_000) for _ in range(8)], operator_of(line)
    her = line.world.somebody()
    alert = (await line.reports(her))["alert"]

    await line.ask(operator, "witness.judge", alert=alert, verdict="confirmed")

    assert len(await line.told_of(alert, *riders)) == 8
    assert line.told(her, "witness_own")[-1]["confirmed"] is True
    # She is known from now on.
    await line.ask(operator, "witness.close", alert=alert, outcome="helped")
    again = (await line.reports(her))["alert"]
    assert len(await line.told_of(again, *riders)) == 8


async def test_until_vetted_eyes_there_confirm_it(line: Tramway) -> None:
    riders = [await line.vetted(along_m=3_000) for _ in range(8)]
    alert = (await line.reports())["alert"]
    told = await line.told_of(alert, *riders)
    untold = next(it for number, it in enumerate(riders) if number not in told)
    assert await line.ask(untold, "witness.confirm", alert=alert, seen=True) == {
        "error": "not_found"
    }
    await line.ask(riders[told[0]], "witness.confirm", alert=alert, seen=False)
    assert (await board(line))[0]["unseen"] == 1

    answer = await line.ask(riders[told[1]], "witness.confirm", alert=alert, seen=True)

    assert answer == {"alert": alert, "confirmed": True}
    assert len(await line.told_of(alert, *riders)) == 8


async def test_whoever_is_not_there_yet_cannot_confirm(line: Tramway) -> None:
    at_next = await line.vetted(stop=6)
    alert = (await line.reports())["alert"]

    early = await line.ask(at_next, "witness.confirm", alert=alert, seen=True)
    await line.ask(at_next, "witness.claim", alert=alert, role="sit")
    come = await line.ask(at_next, "witness.confirm", alert=alert, seen=True)

    assert (early, come["confirmed"]) == ({"error": "not_on_the_spot"}, True)


async def test_until_a_second_witness_who_is_known(line: Tramway) -> None:
    riders, operator = [await line.vetted(along_m=3_000) for _ in range(8)], operator_of(line)
    known = line.world.somebody()
    first = (await line.reports(known, line=T2, trail=trail(3_000, line=T2)))["alert"]
    await line.ask(operator, "witness.judge", alert=first, verdict="confirmed")
    alert = (await line.reports())["alert"]
    new = (await line.reports())["alert"]
    assert new == alert
    assert len(await line.told_of(alert, *riders)) == 5

    await line.reports(known)

    assert len(await line.told_of(alert, *riders)) == 8
    assert (await board(line))[0]["confirmed"] is True


async def test_what_nobody_knows_shares_five_people_on_a_line(line: Tramway) -> None:
    """Other cars are other events; whoever is new there has the same five people."""
    riders = [await line.vetted(along_m=3_000) for _ in range(8)]
    alerts = [(await line.reports(car=str(number)))["alert"] for number in range(5)]
    await line.pass_time(60)

    disturbed = {who for alert in alerts for who in await line.told_of(alert, *riders)}

    assert len(disturbed) <= 5
    assert len(set(alerts)) == 5


async def test_by_word_alone_two_people_of_a_whole_network(line: Tramway) -> None:
    riders = [await line.vetted(along_m=3_000, line=it) for it in (T1, T2) for _ in range(6)]
    on_t1, on_t2 = riders[:6], riders[6:]
    by_word = [
        (await line.reports(trail=[], line=it, direction=way, car="1"))["alert"]
        for it in (T1, T2)
        for way in (0, 1)
    ]
    await line.pass_time(30)

    told = [len(await line.told_of(alert, *riders)) for alert in by_word]

    assert sum(told) == 2
    assert sum([len(await line.told_of(alert, *on_t1)) for alert in by_word]) == 2
    # Whoever is on another line, with a phone that says so, has what is left of five.
    await line.rides(on_t2[0], along_m=3_000, line=T2)
    placed = (await line.reports(line=T2, direction=0, trail=trail(3_000, line=T2), car="9"))[
        "alert"
    ]
    await line.pass_time(30)
    assert placed not in by_word
    assert len(await line.told_of(placed, *on_t2)) == 3


async def test_what_turns_out_to_be_true_has_cost_nothing(line: Tramway) -> None:
    riders, operator = [await line.vetted(along_m=3_000) for _ in range(6)], operator_of(line)
    first = (await line.reports(car="1"))["alert"]
    second = (await line.reports(car="2"))["alert"]
    assert [len(await line.told_of(it, *riders)) for it in (first, second)] == [5, 0]

    await line.ask(operator, "witness.judge", alert=first, verdict="confirmed")
    third = (await line.reports(car="3"))["alert"]

    assert len(await line.told_of(third, *riders)) == 5


async def test_after_false_alarms_nobody_is_told_until_an_operator_confirms(line: Tramway) -> None:
    rider, operator, liar = await line.vetted(along_m=3_000), operator_of(line), await line.vetted()
    for _ in range(2):
        alert = (await line.reports(liar))["alert"]
        ended = await line.ask(operator, "witness.judge", alert=alert, verdict="false")
        assert ended == {"alert": alert, "state": "closed", "outcome": "false_alarm"}
    told = len(line.told(rider))

    third = (await line.reports(liar))["alert"]

    assert len(line.told(rider)) == told
    assert [it["standing"] for it in await board(line)] == ["doubted"]
    await line.ask(operator, "witness.judge", alert=third, verdict="confirmed")
    assert len(line.told(rider)) == told + 1
    # Half of it is forgotten each thirty days: she is as if nobody knew her, then known again.
    await line.ask(operator, "witness.close", alert=third, outcome="helped")
    standings = []
    for _ in range(3):
        await line.pass_time(31 * 86_400)
        alert = (await line.reports(liar))["alert"]
        standings += [it["standing"] for it in await board(line)]
        await line.ask(liar, "witness.cancel", alert=alert)
    assert standings == ["new", "known", "known"]


# Who lies first must not speak for who is there.


async def test_a_phone_that_is_there_is_carried_though_a_liar_was_first(line: Tramway) -> None:
    """An event by word alone has spent what it may; whoever is there begins again."""
    aboard = [await line.vetted(along_m=3_000) for _ in range(6)]
    elsewhere = [await line.vetted(along_m=1_000, line=T2) for _ in range(4)]
    await line.reports(trail=[], line=T2)
    await line.reports(trail=[], direction=None, stop="demo:T1-1", car="9", kind="other")
    await line.pass_time(60)
    assert len({it["alert"] for who in (*aboard, *elsewhere) for it in line.told(who)}) <= 1

    alert = (await line.reports(said_as="victim", kind="sexual"))["alert"]
    await line.pass_time(30)

    assert len(await line.told_of(alert, *aboard)) >= 3
    [listed] = [it for it in await board(line) if it["alert"] == alert]
    assert (listed["kind"], listed.get("stop"), listed["line"]["direction"]) == ("sexual", None, 0)


async def test_what_is_nearly_over_takes_nobody_in(line: Tramway) -> None:
    """An event kept open for an hour would end hers with it, a minute after she said it."""
    liar = line.world.somebody()
    old = (await line.reports(liar, trail=[]))["alert"]
    for _ in range(6):
        await line.pass_time(9 * 60)
        await line.reports(liar, trail=[])

    hers = await line.reports(said_as="victim", trail=[])

    assert hers["alert"] != old
    lasts = datetime.fromisoformat(hers["until"]) - datetime.fromisoformat(hers["at"])
    assert lasts >= timedelta(minutes=29, seconds=59)


async def test_a_crowd_of_liars_does_not_hide_the_one_who_is_there(
    line: Tramway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More reports by word alone than are read at once, all before hers."""
    monkeypatch.setattr("alerts.witness.recording.REPORTS_READ", 5)
    aboard = [await line.vetted(along_m=3_000) for _ in range(6)]
    for _ in range(7):
        await line.reports(trail=[], kind="other")

    alert = (await line.reports(said_as="victim", kind="sexual"))["alert"]
    await line.pass_time(30)

    [listed] = await board(line)
    assert (listed["kind"], listed["victims"]) == ("sexual", 1)
    assert len(await line.told_of(alert, *aboard)) > 2


async def test_a_liar_at_a_stop_does_not_hide_a_line(line: Tramway) -> None:
    """Her poster says the stop; nobody on her tram would be told of an event that has no line."""
    aboard = [await line.vetted(along_m=3_000) for _ in range(6)]
    await line.reports(line=None, direction=None, trail=[], stop="demo:T1-5", kind="other")

    hers = await line.reports(said_as="victim", stop="demo:T1-5")
    await line.pass_time(30)

    told = await line.told_of(hers["alert"], *aboard)
    listed = {it["alert"]: it for it in await board(line)}
    assert len(told) >= 3
    assert listed[hers["alert"]]["line"]["id"] == T1
    # Whoever says the line again says it of this one.
    assert (await line.reports())["alert"] == hers["alert"]


async def test_a_liar_without_direction_does_not_move_her_to_another_stop(line: Tramway) -> None:
    """Both by word alone: where neither says which vehicle, two stops are two events."""
    by_hand: Json = {"trail": [], "direction": None}
    lie = (await line.reports(**by_hand, stop="demo:T1-1"))["alert"]

    hers = (await line.reports(**by_hand, stop="demo:T1-8"))["alert"]
    again = (await line.reports(trail=[], stop="demo:T1-8"))["alert"]
    nowhere = (await line.reports(**by_hand))["alert"]

    assert hers == again != lie
    assert nowhere in {hers, lie}
    listed = {it["alert"]: it["stop"]["id"] for it in await board(line)}
    assert listed == {lie: "demo:T1-1", hers: "demo:T1-8"}


async def test_liars_do_not_tire_out_who_would_come_to_what_is_confirmed(line: Tramway) -> None:
    """Four events an hour and no more: the last is kept for what somebody stands for."""
    riders, operator = [await line.vetted(along_m=3_000) for _ in range(2)], operator_of(line)
    for number in range(8):
        await line.reports(car=str(number))
        await line.pass_time(7 * 60)
        for rider in riders:
            await line.rides(rider, along_m=3_000)
    assert max(len(line.told(it)) for it in riders) <= 3

    alert = (await line.reports(said_as="victim", car="99"))["alert"]
    await line.ask(operator, "witness.judge", alert=alert, verdict="confirmed")

    assert await line.told_of(alert, *riders) == [0, 1]
