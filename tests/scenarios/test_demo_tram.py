"""A visitor on the demo's tram is told that people come, and how it ended; a helper is called.

The simulated people live as they do beside a server, through the same sockets; only the clock runs
faster, or a minute and a half on board would last a minute and a half.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from random import Random
from typing import cast

import pytest

from tests.support.on_the_tram import Tram, aboard, on_the_tram
from web.demo import lines, passenger, tramway
from web.demo.api import Json
from web.demo.desk import Desk
from web.demo.riders import RIDES, riders
from web.demo.tram import LINE, VISITORS
from web.demo.tramway import Tramway

pytestmark = pytest.mark.timeout(180)
#: How much faster than people's the clock of trams runs here.
HURRY = 10.0
#: From the first who came to the end. People answer at their own pace, and this is far beyond it.
TOGETHER_S = 20.0
#: How often it moves.
TICK_S = 0.05


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
async def tram() -> AsyncGenerator[Tram]:
    """Everybody has got on, and has ridden for long enough to be known to.

    What is told by the clock of trams comes as much sooner.
    """
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(passenger, "TELLS_S", passenger.TELLS_S / HURRY)
        hurried.setattr(lines, "TOGETHER_S", TOGETHER_S)
        hurried.setattr(lines, "READS_S", 1.0)
        hurried.setattr("web.demo.desk.READS_S", 0.5)
        hurried.setattr(tramway, "FIRST_REPORT_S", 3_600.0)
        hurried.setattr(tramway, "FOR_A_NEWCOMER_S", (5.0, 5.0, 3_600.0))
        async with on_the_tram() as made, asyncio.TaskGroup() as group:
            living = [group.create_task(it) for it in _alive(made)]
            await _until_they_are_known(made)
            yield made
            for task in living:
                task.cancel()


def _alive(tram: Tram) -> list[Coroutine[None, None, None]]:
    """The tram, an operator at the door, and time that passes."""
    api, operator, random = tram.served.api, tram.operator.token, Random(5)

    async def session(name: str) -> str:
        return str((await api.call("session", {}))["token"])

    everybody = riders(Random(2018))
    way = Tramway(api, everybody, session=session, random=random, now=lambda: tram.seconds)
    people = {it.person.name: it.person for it in everybody}
    desk = Desk(api, operator, people, newcomer=way.newcomers.set, random=random)
    return [desk.run(), _time_passes(tram), _join(way, operator)]


async def _join(way: Tramway, operator: str) -> None:
    async with asyncio.TaskGroup() as group:
        await way.join(operator, group)


async def _time_passes(tram: Tram) -> None:
    world = tram.served.world
    while True:
        await asyncio.sleep(TICK_S)
        world.clock.advance(TICK_S * HURRY)
        world.whole.tasks.look()


async def _until_they_are_known(tram: Tram) -> None:
    """Those on the visitor's vehicle are where the server thinks that they are."""
    transit = tram.served.world.whole.services.transit
    async with asyncio.timeout(40):
        while True:
            await asyncio.sleep(0.5)
            now = tram.served.world.clock.now()
            found = [
                it
                for way in (0, 1)
                for it in await transit.aboard.on_line(LINE, way, now)  # type: ignore[arg-type]
            ]
            if len(found) >= len(RIDES) - 5:
                return


async def test_a_visitor_who_reports_is_joined_by_two_and_told_how_it_ended(tram: Tram) -> None:
    her = await tram.served.phone()
    trail = tram.trail(aboard(VISITORS))
    placed = cast(list[Json], (await her.ask("transit.place", trail=trail))["candidates"])
    asked = {"id": "visit-0001", "as": "victim", "kind": "followed", "trail": trail}

    said = await her.ask("witness.report", **asked)
    await her.until("witness_own", within_s=60, came=2)
    roles = (await her.ask("witness.state", alert=said["alert"]))["roles"]
    ended = await her.until("witness_own", within_s=60, state="closed")

    assert [it["line"] for it in placed[:1]] == [LINE]
    assert said["state"] == "recorded"
    taken = sum(bool(it["taken"]) for it in cast(list[Json], roles))
    # Something is left for a visitor who is told.
    assert 2 <= taken < len(cast(list[Json], roles))
    assert ended["outcome"] == "helped"


async def test_a_visitor_who_watches_is_called_to_somebody_on_her_tram(tram: Tram) -> None:
    her = await tram.applicant(aboard(VISITORS), name="Visiteuse")
    await her.until("helper", status="approved")
    await her.ask("watch.set", on=True)
    moving = asyncio.create_task(_rides(tram))

    offer = await her.until("witness", within_s=100)

    moving.cancel()
    assert offer["ring"] == "trip"
    claimed = await her.ask("witness.claim", alert=offer["alert"], role="document")
    assert claimed.get("role") == "document" or claimed["error"] == "role_taken"


async def _rides(tram: Tram) -> None:
    while True:
        await tram.say_where()
        await asyncio.sleep(passenger.TELLS_S)
