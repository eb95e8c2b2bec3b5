"""A position that needs no waiting goes a short way, and every rule of the long one is kept."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime

import msgspec
import pytest

from geo.cells import Cell, cell_of
from geo.point import Point
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading
from realtime.ports import Caller
from tests.support.ears import Line
from tests.support.phone import until
from tests.support.world import World, world
from web.access.vocabulary import Role

HERE, THERE = (48.857, 2.352), (48.9, 2.352)
ORIGIN = cell_of(Point(lat=HERE[0], lon=HERE[1]))
OK = 'entraide_commands_total{method="helper.move",outcome="ok"}'
TIMED = 'entraide_acknowledgement_seconds_count{method="helper.move"}'
#: Good and bad ones, as a phone or somebody else could send them.
SAID = (
    b'{"position":{"lat":48.9,"lon":2.352}}',
    b'{"position":{"lat":48.901,"lon":2.352}}',
    b"",
    b"{}",
    b"[]",
    b"\xff",
    b'{"position":1}',
    b'{"position":{"lat":91,"lon":2.352}}',
    b'{"position":{"lat":48.9,"lon":-180.001}}',
    b'{"position":{"lat":48.9}}',
    b'{"position":{"lat":"48.9","lon":2.352}}',
    b'{"position":{"lat":true,"lon":2.352}}',
    b'{"position":{"lat":NaN,"lon":2.352}}',
    b'{"position":{"lat":1e999,"lon":2.352}}',
    b'{"position":{"lat":48.9,"lon":2.352},"more":1}',
    b'{"position":{"lat":48.9,"lon":2.352}}{}',
    b'{"position":{"lat":-90,"lon":180}}',
    b'{"position":{"lat":48.86,"lon":2.35}}',
)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def made() -> AsyncIterator[World]:
    async with world() as whole:
        yield whole


def move(lat: float, lon: float) -> bytes:
    return b'{"position":{"lat":%.3f,"lon":%.3f}}' % (lat, lon)


async def at(made: World, caller: Caller) -> tuple[Cell, bool]:
    """Where somebody is found, and whether live."""
    services, now = made.whole.services, made.clock.now()
    whereabouts = services.helpers._posts._whereabouts
    declared = services.helpers.roster.zones
    found = await whereabouts.near(ORIGIN, ring=None, want=100, now=now, declared=declared)
    (place,) = [(it.cell, it.live) for it in found if it.person == caller.person]
    return place


def counted(made: World) -> dict[str, float]:
    """How many moves were answered, by outcome; and how many of them were timed."""
    page = made.whole.services.metrics.page().decode()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in page.splitlines()
        if line.startswith(("entraide_commands_total", "entraide_acknowledgement_seconds_count"))
        and 'method="helper.move"' in line
    }


async def test_a_helper_on_duty_is_moved_at_once_and_counted(made: World) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    before = counted(made)

    assert made.whole.application.heard_at_once(helper, move(*THERE))

    assert await at(made, helper) == (cell_of(Point(lat=THERE[0], lon=THERE[1])), True)
    assert counted(made) == {it: many + 1 for it, many in before.items()}
    assert before.keys() == {OK, TIMED}


async def test_both_ways_hear_the_same_and_refuse_the_same(made: World) -> None:
    """Each message after a pause, and then as many as come, without one."""
    short, long = [await made.helper(lat=HERE[0], lon=HERE[1]) for _ in range(2)]
    application = made.whole.application
    flood = [move(48 + number / 100, 2.35) for number in range(20)]
    pauses = [60.0] * len(SAID) + [0.0] * len(flood)
    places = set()

    for data, pause in zip([*SAID, *flood], pauses, strict=True):
        made.clock.advance(pause)
        zero = counted(made)
        assert application.heard_at_once(short, data)
        one = counted(made)
        await application.heard(long, data)
        two = counted(made)

        place = await at(made, short)
        assert place == await at(made, long), data
        assert two == {it: many + one[it] - zero[it] for it, many in one.items()}, data
        places.add(place)

    assert len(places) > 6


async def test_how_often_is_counted_together_whichever_way_it_goes(made: World) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    application = made.whole.application
    for number in range(3):
        assert application.heard_at_once(helper, move(48 + number / 100, 2.35))
        await application.heard(helper, move(48.5 + number / 100, 2.35))
    last = await at(made, helper)

    assert application.heard_at_once(helper, move(*THERE))
    await application.heard(helper, move(*THERE))

    assert await at(made, helper) == last == (cell_of(Point(lat=48.52, lon=2.35)), True)


async def test_who_is_not_known_to_be_on_duty_goes_the_long_way_and_pays_once(made: World) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    application, data = made.whole.application, move(*THERE)
    await made.ask(helper, "helper.duty", on=False)
    await made.settle()

    heard = [application.heard_at_once(helper, data) for _ in range(10)]
    await made.ask(helper, "helper.duty", on=True, lat=HERE[0], lon=HERE[1])
    await made.settle()
    # She has six left: to be told to wait has cost nothing.
    again = [application.heard_at_once(helper, move(48 + it / 100, 2.35)) for it in range(8)]

    assert heard == [False] * 10
    assert again == [True] * 8
    assert await at(made, helper) == (cell_of(Point(lat=48.05, lon=2.35)), True)


async def test_who_may_not_move_goes_the_long_way_and_is_refused_there(made: World) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    before = await at(made, helper)

    for role in ("operator", "desk", "newcomer", "anyone", "stranger"):
        other = Caller(helper.person, role, helper.session)
        assert not made.whole.application.heard_at_once(other, move(*THERE))
        await made.whole.application.heard(other, move(*THERE))

    assert await at(made, helper) == before
    refused = {it: many for it, many in counted(made).items() if it not in {OK, TIMED}}
    assert sorted(refused.values()) == [2, 3]


async def test_who_watches_or_may_watch_goes_the_long_way(made: World) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    application, data = made.whole.application, move(*THERE)
    await made.ask(helper, "watch.set", on=True)
    assert not application.heard_at_once(helper, data)
    await application.heard(helper, data)
    assert not application.heard_at_once(helper, data)

    await made.ask(helper, "watch.set", on=False)
    assert not application.heard_at_once(helper, data)
    await application.heard(helper, data)

    assert application.heard_at_once(helper, data)


async def test_what_nobody_foresaw_is_counted_and_the_socket_goes_on(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])

    def broken(person: PersonId, point: Point, now: datetime) -> None:
        raise RuntimeError("48.9 in a bug")

    monkeypatch.setattr(made.whole.services.helpers, "move_at_once", broken)

    assert made.whole.application.heard_at_once(helper, move(*THERE))
    assert counted(made)[OK.replace("ok", "internal")] == 1


async def ticket_of(made: World, helper: Caller) -> str:
    """For a session of hers."""
    services = made.whole.services
    opened = await made.whole.durable.ledger.write(
        lambda tx: services.sessions.open(tx, Role.CITIZEN, person=helper.person)
    )
    return await services.tickets.issue(opened.caller)


@pytest.mark.parametrize("watches", [False, True])
async def test_whether_she_watches_is_known_once_she_has_greeted(
    made: World, watches: bool
) -> None:
    """So the first position of a phone that comes back goes the short way."""
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    if watches:
        await made.ask(helper, "watch.set", on=True)
    services, application = made.whole.services, made.whole.application
    services.witness.watching.told(None)
    assert not application.heard_at_once(helper, move(*THERE))

    await application.authenticate(await ticket_of(made, helper))

    assert services.witness.watching.known(helper.person) is watches
    assert application.heard_at_once(helper, move(*THERE)) is not watches


async def test_what_a_greeting_has_read_may_be_older_than_a_change(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She begins to watch after her greeting has been read, and before it is answered."""
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    services, application = made.whole.services, made.whole.application
    watching, read = services.witness.watching, services.sessions.open_among
    obey, ordered = application.ordered, asyncio.Event()

    async def slowly(reading: Reading, sessions: Collection[str]) -> frozenset[str]:
        found = await read(reading, sessions)
        await made.ask(helper, "watch.set", on=True)
        # Told by her commit, and once more by the order that goes to all nodes.
        await ordered.wait()
        return found

    def told(order: Mapping[str, str] | None) -> None:
        obey(order)
        ordered.set()

    monkeypatch.setattr(services.sessions, "open_among", slowly)
    monkeypatch.setattr(application, "ordered", told)

    await application.authenticate(await ticket_of(made, helper))

    assert watching.known(helper.person) is None
    await application.heard(helper, move(*THERE))
    assert watching.known(helper.person) is True


async def test_what_is_said_with_the_greeting_goes_the_short_way(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = await made.helper(lat=HERE[0], lon=HERE[1])
    made.whole.services.witness.watching.told(None)
    long: list[bytes] = []

    async def heard(caller: Caller, data: bytes) -> None:
        long.append(data)

    monkeypatch.setattr(made.whole.application, "heard", heard)
    line = Line()
    client = made.whole.node.opened(line)
    greeting = msgspec.json.encode({"id": 1, "connect": {"token": await ticket_of(made, helper)}})

    client.received(greeting + b'\n{"send":{"data":%b}}' % move(*THERE), True)

    await until(lambda: b'"connect":' in line.written and client._queue is None)
    assert long == []
    assert await at(made, helper) == (cell_of(Point(lat=THERE[0], lon=THERE[1])), True)
    client.closed()
