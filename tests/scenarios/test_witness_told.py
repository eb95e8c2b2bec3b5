"""Who is told of what happens in transport, and who is not, whatever they ride."""

from collections.abc import AsyncGenerator

import pytest

from realtime.kernel.ids import PersonId
from tests.support.transport import T1, T2, Tramway, stop_id, trail, tramway


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Tramway]:
    async with tramway() as made:
        yield made


async def test_each_tier_is_asked_when_nobody_of_the_one_before_has_come(line: Tramway) -> None:
    aboard = await line.vetted(along_m=3_000)
    behind = await line.vetted(along_m=1_000)
    other_way = await line.vetted(along_m=3_600, direction=1)
    at_next, at_second = await line.vetted(stop=6), await line.vetted(stop=7)
    walks, far = await line.vetted(on_foot_m=3_000), await line.vetted(on_foot_m=6_000)
    people = (aboard, behind, other_way, at_next, at_second, walks, far)

    alert = (await line.reports())["alert"]

    assert await line.told_of(alert, *people) == [0]
    assert line.told(aboard)[0]["ring"] == "trip"
    # Ten seconds without anybody: nobody stands where it is, so the next two stops are asked.
    await line.pass_time(10)
    assert await line.told_of(alert, *people) == [0, 3, 4]
    assert {it["ring"] for it in line.told(at_next)} == {"next"}
    # Three hundred metres: whoever is free to come, not who rides the other way.
    await line.pass_time(10)
    assert await line.told_of(alert, *people) == [0, 3, 4, 5]
    assert line.told(walks)[0]["ring"] == "near"
    await line.pass_time(600)
    assert await line.told_of(alert, *people) == [0, 3, 4, 5]


async def test_the_vehicle_has_gone_on_when_more_are_asked(line: Tramway) -> None:
    """Whoever was told in it shows where it is; else it is reckoned; after three minutes nobody."""
    operator, mate = line.world.somebody("operator"), await line.vetted(along_m=3_000)
    # Five people are told at once, one of them in it: nobody else, until somebody confirms.
    here = [await line.vetted(along_m=3_000) for _ in range(4)]
    alert = (await line.reports())["alert"]
    assert await line.told_of(alert, mate, *here) == [0, 1, 2, 3, 4]
    await line.pass_time(120)
    passed, ahead = await line.vetted(stop=6), await line.vetted(stop=9)
    # 1,700 m in two minutes: quicker than trams go.
    await line.rides(mate, along_m=4_700)

    await line.ask(operator, "witness.judge", alert=alert, verdict="confirmed")
    await line.pass_time(30)

    assert await line.told_of(alert, passed, ahead) == [1]


async def test_where_it_is_is_reckoned_and_then_not_known(line: Tramway) -> None:
    operator, her = line.world.somebody("operator"), line.world.somebody()
    alert = (await line.reports(her))["alert"]
    await line.pass_time(150)
    # 750 m further: between the stops 6 and 7.
    behind, next_one = await line.vetted(stop=5), await line.vetted(stop=7)
    await line.ask(operator, "witness.judge", alert=alert, verdict="confirmed")
    assert await line.told_of(alert, behind, next_one) == [1]
    state = await line.ask(her, "witness.state", alert=alert)
    assert [it["name"] for it in state["next"]] == ["Arrêt 7", "Arrêt 8"]

    await line.pass_time(60)
    late = await line.vetted(stop=8)
    await line.pass_time(60)

    assert await line.told_of(alert, late) == []
    assert (await line.ask(her, "witness.state", alert=alert))["next"] == []


async def test_two_who_have_come_are_enough(line: Tramway) -> None:
    one, two = await line.vetted(along_m=3_000), await line.vetted(along_m=3_000)
    at_next = await line.vetted(stop=6)
    alert = (await line.reports())["alert"]
    await line.ask(one, "witness.claim", alert=alert, role="sit")
    await line.ask(two, "witness.claim", alert=alert, role="call")

    await line.pass_time(60)

    assert await line.told_of(alert, at_next) == []
    # One goes again: more are asked.
    await line.ask(two, "witness.release", alert=alert)
    assert await line.told_of(alert, at_next) == [0]


@pytest.mark.parametrize("who", ["unvetted", "refused", "not watching", "watches no more"])
async def test_whoever_is_not_vetted_or_does_not_watch_is_never_told(
    line: Tramway, who: str
) -> None:
    """Even with a ride on the live map, as after a right that has just ended."""
    bystander = line.world.somebody()
    match who:
        case "unvetted":
            await line.world.whole.services.presence.arrive(bystander.person, "phone")
        case "refused":
            bystander = await line.vetted()
            operator = line.world.somebody("operator")
            await line.ask(operator, "helper.refuse", helper=bystander.person)
        case "not watching":
            bystander = await line.vetted(watching=False)
        case _:
            bystander = await line.vetted()
            await line.ask(bystander, "watch.set", on=False)
            await line.pass_time(6)
    await line.rides(bystander, along_m=3_000)
    marker = await line.vetted(along_m=3_000)

    alert = (await line.reports())["alert"]
    await line.pass_time(60)

    assert await line.told_of(alert, bystander, marker) == [1]


async def test_quiet_hours_hold_in_a_tram_too(line: Tramway) -> None:
    # The clock stands at nine in the evening, in Paris.
    asleep = await line.vetted(along_m=3_000, quiet={"start": "20:30", "end": "07:00"})
    awake = await line.vetted(along_m=3_000, quiet={"start": "22:00", "end": "07:00"})

    alert = (await line.reports())["alert"]

    assert await line.told_of(alert, asleep, awake) == [1]


async def test_a_muted_line_is_told_again_by_itself(line: Tramway) -> None:
    rider = await line.vetted(along_m=3_000)
    until = line.world.clock.now().replace(microsecond=0).isoformat().replace("20:00", "20:15")
    muted = await line.ask(rider, "watch.mute", line=T1, until=until)
    assert [it["name"] for it in muted["muted"]] == ["T1"]
    first = (await line.reports())["alert"]
    await line.pass_time(11)
    assert await line.told_of(first, rider) == []

    await line.pass_time(15 * 60)
    await line.rides(rider, along_m=3_000)
    second = (await line.reports())["alert"]

    assert second != first
    assert await line.told_of(second, rider) == [0]
    state = await line.ask(rider, "me.state")
    assert state["watch"] == {"on": True, "muted": []}


async def test_a_line_is_muted_for_thirty_days_at_most_and_not_in_the_past(line: Tramway) -> None:
    rider = await line.vetted()

    answers = [
        await line.ask(rider, "watch.mute", line=T1, until=until)
        for until in ("2026-12-30T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-24T00:00:00")
    ]

    assert answers == [{"error": "malformed"}] * 3


async def test_nobody_is_told_more_often_than_four_times_an_hour(line: Tramway) -> None:
    rider, operator = await line.vetted(along_m=3_000), line.world.somebody("operator")
    agent = await line.vetted(along_m=3_000, budget=1)
    await line.ask(operator, "witness.agent", helper=agent.person, network="demo")
    for _ in range(6):
        alert = (await line.reports())["alert"]
        await line.ask(operator, "witness.judge", alert=alert, verdict="confirmed")
        await line.ask(operator, "witness.close", alert=alert, outcome="helped")

    assert len(line.told(rider)) == 4
    assert len(line.told(agent)) == 6
    await line.pass_time(3_601)
    await line.rides(rider, along_m=3_000)
    again = (await line.reports())["alert"]
    assert await line.told_of(again, rider) == [0]


async def test_a_day_has_as_many_as_one_allows(line: Tramway) -> None:
    rider, operator = await line.vetted(along_m=3_000, budget=1), line.world.somebody("operator")
    alert = (await line.reports())["alert"]
    await line.ask(operator, "witness.judge", alert=alert, verdict="false")

    await line.pass_time(3_700)
    await line.rides(rider, along_m=3_000)
    again = (await line.reports())["alert"]

    assert await line.told_of(again, rider) == []


async def test_fear_counts_both_ways_and_of_every_reporter(line: Tramway) -> None:
    feared, fearing, other = [await line.vetted(along_m=3_000) for _ in range(3)]
    her, second = line.world.somebody(), line.world.somebody()
    await line.ask(second, "exclude.add", id="exclude-0001", helper=feared.person)
    await line.ask(fearing, "exclude.add", id="exclude-0001", helper=her.person)
    alert = (await line.reports(her))["alert"]

    assert await line.told_of(alert, fearing, other) == [1]
    assert (await line.reports(second))["alert"] == alert
    await line.pass_time(60)
    late = await line.vetted(along_m=3_000)
    await line.ask(second, "exclude.add", id="exclude-0002", helper=late.person)
    await line.pass_time(60)
    assert await line.told_of(alert, late) == []


async def test_who_is_excluded_afterwards_has_no_part_in_it_any_more(line: Tramway) -> None:
    rider, her = await line.vetted(along_m=3_000), line.world.somebody()
    alert = (await line.reports(her))["alert"]
    await line.ask(rider, "witness.claim", alert=alert, role="sit")

    await line.ask(her, "exclude.add", id="exclude-0001", helper=rider.person)

    assert line.told(rider, "witness_end") != []
    assert await line.ask(rider, "witness.state", alert=alert) == {"error": "not_found"}
    state = await line.ask(her, "witness.state", alert=alert)
    assert state["came"] == 0
    revoked = [it for it in line.said_on("control:nodes", "revoke") if it["person"] == rider.person]
    assert [it["channel"] for it in revoked] == [f"alert:{alert}"]


async def test_a_vetted_reporter_is_not_told_of_her_own_report(line: Tramway) -> None:
    her, other = await line.vetted(along_m=3_000), await line.vetted(along_m=3_000)

    alert = (await line.reports(her))["alert"]

    assert await line.told_of(alert, her, other) == [1]


async def test_without_a_place_the_line_is_asked_and_the_stop_that_is_said(line: Tramway) -> None:
    """Known accounts: of those nobody knows, two people of the whole network are asked."""
    her = await line.vetted()
    far, other_line = await line.vetted(along_m=600), await line.vetted(along_m=600, line=T2)
    waiting = await line.vetted(stop=9)

    by_line = (await line.reports(her, trail=[]))["alert"]
    await line.pass_time(31)
    by_stop = (await line.reports(her, trail=[], line=None, direction=None, stop=stop_id(9)))[
        "alert"
    ]

    assert await line.told_of(by_line, far, other_line, waiting) == [0]
    assert line.told(far)[0]["ring"] == "near"
    assert await line.told_of(by_stop, far, other_line, waiting) == [2]
    assert line.told(waiting)[0]["ring"] == "platform"


async def test_agents_of_the_network_are_asked_first_wherever_they_are_near(line: Tramway) -> None:
    operator, agent = line.world.somebody("operator"), await line.vetted(stop=7, watching=False)
    foreign = await line.vetted(stop=7, watching=False)
    await line.ask(operator, "witness.agent", helper=agent.person, network="demo")
    await line.ask(operator, "witness.agent", helper=foreign.person, network="idfm")

    alert = (await line.reports())["alert"]

    assert await line.told_of(alert, agent, foreign) == [0]


async def test_only_who_can_be_reached_is_asked(line: Tramway) -> None:
    away, here = await line.vetted(along_m=3_000), await line.vetted(along_m=3_000)
    presence = line.world.whole.services.presence
    await presence.leave(away.person, f"of {away.person}")

    alert = (await line.reports())["alert"]

    assert await line.told_of(alert, away, here) == [1]


async def test_a_trail_that_fits_another_line_is_a_word_without_a_place(line: Tramway) -> None:
    """She says T1 and her phone is on T2: the line is hers to say, her vehicle is not known."""
    there, on_t2 = await line.vetted(along_m=3_000), await line.vetted(along_m=3_000, line=T2)

    alert = (await line.reports(trail=trail(3_000, line=T2)))["alert"]

    assert await line.told_of(alert, there, on_t2) == [0]
    assert line.told(there)[0]["ring"] == "near"


async def test_no_publication_holds_a_place_a_person_or_a_word(line: Tramway) -> None:
    rider, operator = await line.vetted(along_m=3_000), line.world.somebody("operator")
    her = line.world.somebody()
    alert = (await line.reports(her, note="canari", car="7", said_as="victim"))["alert"]
    await line.ask(rider, "witness.claim", alert=alert, role="document")
    state = await line.ask(operator, "witness.state", alert=alert)
    assert [it["note"] for it in state["reports"]] == ["canari"]
    await line.ask(operator, "witness.close", alert=alert, outcome="gone")

    said = [
        (channel, body)
        for channel, body in line.world.said
        if str(alert).encode() in body and not channel.startswith("control:")
    ]

    assert {channel.partition(":")[0] for channel, _ in said} == {"me", "alert", "queue"}
    for channel, body in said:
        assert b"canari" not in body
        assert b"48.827" not in body, channel
        assert her.person.encode() not in body
        assert rider.person.encode() not in body


async def test_nothing_of_a_ride_is_on_the_disk(line: Tramway) -> None:
    rider = await line.vetted()
    for along in range(2_000, 2_800, 80):
        lat, lon = 48.8 + along / 111_195, 2.35
        position = {"lat": round(lat, 3), "lon": lon}
        await line.world.ask(rider, "helper.move", position=position)
        line.world.clock.advance(10)
    now, transit = line.world.clock.now(), line.world.whole.services.transit
    found = await transit.aboard.ride_of(PersonId(rider.person), now)
    assert found is not None
    assert (found.line, found.direction) == (T1, 0)

    await line.ask(rider, "watch.set", on=False)

    assert await transit.aboard.ride_of(PersonId(rider.person), now) is None
    await line.world.ask(rider, "helper.move", position={"lat": 48.82, "lon": 2.35})
    assert await transit.aboard.ride_of(PersonId(rider.person), now) is None


async def test_an_agent_who_withdraws_consent_is_forgotten_and_told_nothing(line: Tramway) -> None:
    agent, operator = await line.vetted(along_m=3_000), line.world.somebody("operator")
    await line.ask(operator, "witness.agent", helper=agent.person, network="demo")

    view = await line.ask(agent, "watch.set", on=False)
    await line.pass_time(10)

    transit = line.world.whole.services.transit
    assert view["on"] is False
    assert await transit.aboard.ride_of(agent.person, line.world.clock.now()) is None
    await line.rides(agent, along_m=3_000)
    alert = (await line.reports())["alert"]
    assert await line.told_of(alert, agent) == []
