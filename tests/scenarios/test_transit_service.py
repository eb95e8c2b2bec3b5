"""Transport as the house asks about it: who rides where, and what a page is told of a trail."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from geo.cells import cell_of
from geo.point import Point
from geo.transit import service as service_file
from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.importing import settle
from geo.transit.rules import ABOARD, TRAIL
from geo.transit.service import Transit
from geo.transit.values import NOWHERE, Fix, Ride, Vehicle
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger
from tests.support.ledger import memory_ledger
from tests.support.riding import START
from tests.support.riding import World as Riding
from tests.support.small_line import (
    DEMO,
    NOW,
    STOPS,
    TRAM,
    at_one_place,
    spot,
    stop_id,
    stopping_trail,
    tram,
)
from tests.support.traces import idf_network, traced
from tests.support.world import World, world

ANNA = PersonId("anna")
#: Read here, where nobody waits for the disk.
REAL = idf_network()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """What is tried here is memory: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def ledger() -> AsyncIterator[Ledger]:
    async with memory_ledger(ChannelTable([])) as made:
        await settle(made, DEMO, [tram()], STOPS)
        yield made


@pytest.fixture
async def transit(ledger: Ledger) -> Transit:
    made = Transit(ledger, MemoryAboard(), ManualClock())
    async with ledger.reading() as reading:
        await made.load(reading)
    return made


async def play(transit: Transit, fixes: Sequence[Fix], person: PersonId = ANNA) -> None:
    for fix in fixes:
        await transit.moved(person, Point(lat=fix.lat, lon=fix.lon), fix.at)


async def ride_of(transit: Transit, now: datetime = NOW) -> Ride:
    ride = await transit.aboard.ride_of(ANNA, now)
    assert ride is not None
    return ride


async def test_a_moving_phone_is_found_on_its_line_and_forgotten_when_asked(
    transit: Transit,
) -> None:
    await play(transit, stopping_trail())

    found = await transit.aboard.on_line(TRAM, 0, NOW)
    assert [person for person, _ in found] == [ANNA]
    assert found[0][1].confidence > 0.9
    await transit.forget(ANNA)
    assert await transit.aboard.on_line(TRAM, 0, NOW) == []
    # One fix is no trail: nothing of before is left.
    await play(transit, [replace(stopping_trail()[-1], at=NOW + timedelta(seconds=4))])
    assert (await ride_of(transit)).line == NOWHERE


async def test_who_waits_is_at_the_stop_and_on_no_line(transit: Transit) -> None:
    await play(transit, at_one_place(1_210, 5))

    assert (await ride_of(transit)).stop == stop_id("s2")
    assert [it for it, _ in await transit.aboard.at_stops([stop_id("s2")], NOW)] == [ANNA]
    assert await transit.aboard.on_line(TRAM, 0, NOW) == []
    assert await transit.aboard.on_line(TRAM, 1, NOW) == []


async def test_who_is_on_no_line_is_still_near(transit: Transit) -> None:
    lat, lon = spot(1_200, 3_000)
    await play(transit, at_one_place(1_200, 3_000))

    assert (await ride_of(transit)).line == NOWHERE
    here = cell_of(Point(lat=round(lat, 3), lon=round(lon, 3)))
    assert [it for it, _ in await transit.aboard.near(here, NOW)] == [ANNA]


async def test_out_of_a_tunnel_the_ride_of_before_stands_until_more_is_known(
    transit: Transit,
) -> None:
    await play(transit, stopping_trail())
    known = await ride_of(transit)
    out = NOW + TRAIL + timedelta(seconds=60)
    lat, lon = spot(2_300)

    await transit.moved(ANNA, Point(lat=lat, lon=lon), out)
    await transit.moved(ANNA, Point(lat=lat, lon=lon), out + timedelta(seconds=5))

    assert await ride_of(transit, out) == known
    for second in range(10, 95, 5):
        await transit.moved(ANNA, Point(lat=lat, lon=lon), out + timedelta(seconds=second))
    # She stands there, between two stops: she has left it.
    now = await ride_of(transit, out + timedelta(seconds=90))
    assert now.confidence < ABOARD
    assert now.at > known.at


async def test_a_ride_has_the_trip_that_the_network_tells(transit: Transit) -> None:
    lat, lon = spot(1_790)
    vehicle = Vehicle(trip="t-7", line=TRAM, direction=0, lat=lat, lon=lon, at=NOW)
    transit.set_vehicles(DEMO, [vehicle])

    await play(transit, stopping_trail())

    assert (await ride_of(transit)).trip == "t-7"
    located = transit.place(stopping_trail(), NOW)
    assert located.candidates[0].ride.trip == "t-7"


async def test_a_trail_leads_to_candidates_with_what_people_read(transit: Transit) -> None:
    located = transit.place(stopping_trail(), NOW)

    best = located.candidates[0]
    assert (best.line.id, best.ride.direction) == (TRAM, 0)
    assert best.headsign == "To e3 / To n3"
    assert best.next[0].name in {"Stop s3", "Stop s4"}
    assert len(located.candidates) <= 3
    assert located.stop is not None
    assert located.stop.id == stop_id("s3")


async def test_from_one_fix_at_a_stop_what_can_be_taken_there_is_told(transit: Transit) -> None:
    lat, lon = spot(1_205)
    here = [Fix(lat=round(lat, 3), lon=round(lon, 3), at=NOW)]
    end_lat, end_lon = spot(0)
    at_the_end = [Fix(lat=round(end_lat, 3), lon=round(end_lon, 3), at=NOW)]

    between, end = transit.place(here, NOW), transit.place(at_the_end, NOW)

    assert [(it.line.id, it.ride.direction) for it in between.candidates] == [(TRAM, 0), (TRAM, 1)]
    assert all(it.ride.confidence == 0 for it in between.candidates)
    # Nothing goes on from the terminus that one has come to.
    assert [it.ride.direction for it in end.candidates] == [0]
    assert end.stop is not None


@pytest.mark.parametrize(
    "trail",
    [[], [Fix(lat=0.0, lon=0.0, at=NOW)], [Fix(lat=48.85, lon=2.3, at=NOW + TRAIL)]],
    ids=["nothing", "far away", "in the future"],
)
async def test_of_such_a_trail_nothing_is_told(transit: Transit, trail: list[Fix]) -> None:
    located = transit.place(trail, NOW)

    assert (located.candidates, located.stop) == ((), None)


async def test_imports_of_other_processes_are_looked_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_file, "LOOK_EVERY", timedelta(seconds=0.01))
    transit, away = Transit(ledger, MemoryAboard(), ManualClock()), 2
    load = transit.load

    async def sometimes(reading: object) -> None:
        nonlocal away
        away -= 1
        if away >= 0:
            raise Unavailable
        await load(reading)  # type: ignore[arg-type]

    monkeypatch.setattr(transit, "load", sometimes)
    task = asyncio.create_task(transit.run())
    async with asyncio.timeout(10):
        while transit.network.line(TRAM) is None:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
    task.cancel()

    assert away < 0


async def test_people_on_the_real_lines_are_found_there(ledger: Ledger) -> None:
    transit = Transit(ledger, MemoryAboard(), ManualClock())
    transit.network = REAL
    riding = Riding.of(REAL, 11, people=60, mix={"rider": 1.0})
    right = asked = 0

    for person in riding.people:
        vehicle = person.vehicle
        assert vehicle is not None
        ends = vehicle.leaves + vehicle.drive.lasts - 10
        now = START + timedelta(seconds=ends)
        if ends < vehicle.leaves + 150 or riding.open_for(person, ends) < 90:
            continue
        await play(transit, riding.trail(person, ends, 150), person.id)
        asked += 1
        found = await transit.aboard.on_line(vehicle.line, vehicle.direction, now)
        right += person.id in {it for it, _ in found}
    assert asked > 30
    assert right >= 0.8 * asked


# ── commands ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def made() -> AsyncIterator[World]:
    async with world() as found:
        ledger = found.whole.durable.ledger
        await settle(ledger, DEMO, [tram()], STOPS)
        await settle(ledger, traced().lines[0].network, traced().lines, [])
        async with ledger.reading() as reading:
            await found.whole.services.transit.load(reading)
        yield found


def told(fixes: Sequence[Fix]) -> list[dict[str, float]]:
    return [{"lat": it.lat, "lon": it.lon, "ago_s": (NOW - it.at).total_seconds()} for it in fixes]


async def test_a_page_asks_where_its_trail_leads(
    made: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = await made.ask(made.somebody(), "transit.place", trail=told(stopping_trail()))

    candidates = answer["candidates"]
    assert isinstance(candidates, list)
    best = candidates[0]
    assert (best["line"], best["name"], best["direction"]) == (TRAM, "T1", 0)
    assert best["stop"] is None
    assert best["confidence"] > 0.9
    assert [set(it) for it in best["next"]] == [{"id", "name"}] * len(best["next"])
    assert answer["stop"] == {"id": "demo:s3", "name": "Stop s3"}
    # Nothing of a place is in a log.
    assert "48.85" not in caplog.text
    assert await made.ask(made.somebody(), "transit.place", trail=[]) == {
        "candidates": [], "stop": None,
    }  # fmt: skip
    waiting = await made.ask(made.somebody(), "transit.place", trail=told(at_one_place(1_200, 5)))
    assert waiting["candidates"][0]["stop"] == {"id": "demo:s2", "name": "Stop s2"}  # type: ignore[index]


@pytest.mark.parametrize(
    "trail",
    [
        [{"lat": 48.85, "lon": 2.3}],
        [{"lat": 148.85, "lon": 2.3, "ago_s": 0}],
        [{"lat": 48.85, "lon": 2.3, "ago_s": -5}],
        [{"lat": 48.85, "lon": 2.3, "ago_s": 0}] * 31,
        "here",
    ],
    ids=range(5),
)
async def test_a_trail_that_is_none_is_refused(made: World, trail: object) -> None:
    assert await made.ask(made.somebody(), "transit.place", trail=trail) == {"error": "malformed"}


async def test_lines_and_their_stops_are_told_by_network(made: World) -> None:
    answer = await made.ask(made.somebody(), "transit.lines")

    networks = answer["networks"]
    assert isinstance(networks, list)
    by_id = {it["network"]: it for it in networks}
    assert len(by_id["idfm"]["lines"]) == 46
    assert by_id["demo"]["lines"][0]["courses"] == [
        {"direction": 0, "headsign": "To e3"}, {"direction": 0, "headsign": "To n3"},
        {"direction": 1, "headsign": "To s0"},
    ]  # fmt: skip
    stops = await made.ask(made.somebody(), "transit.stops", line=TRAM, direction=1)
    assert [it["stop"] for it in stops["stops"]][-1] == "demo:s0"  # type: ignore[attr-defined]
    unknown = await made.ask(made.somebody(), "transit.stops", line="demo:no", direction=0)
    assert unknown == {"error": "unknown_line"}


async def test_a_map_is_small_and_for_staff(made: World) -> None:
    operator = made.somebody("operator")

    drawn = await made.ask(operator, "transit.map", network="idfm")

    assert len(drawn["lines"]) == 46  # type: ignore[arg-type]
    assert len(json.dumps(drawn, separators=(",", ":"))) < 300_000
    assert await made.ask(operator, "transit.map", network="none") == {"error": "unknown_line"}
    denied = await made.ask(made.somebody(), "transit.map", network="idfm")
    assert denied == {"error": "not_allowed"}
