"""What the socket's node asks of the program, and what HTTP does when somebody's code fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import httpx2
import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from geo.point import Point
from realtime.haste import Haste
from realtime.kernel.errors import AppError, Malformed, NotAllowed, NotFound, TooManyRequests
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from realtime.ports import Caller
from tests.support.service import BASE, service
from tests.support.world import World, world
from web.access.tables import Access
from web.api import asyncapi, openapi
from web.api.exports import EXPORTS
from web.app import Watched, paths
from web.application import BURST
from web.channels import RULES
from web.commands.catalogue import registry
from web.commands.registry import Registry
from web.observe import Metrics

PLACE = {"lat": 48.857, "lon": 2.352, "accuracy_m": 20}


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def made() -> AsyncIterator[World]:
    async with world() as whole:
        yield whole


async def a_room(made: World) -> tuple[Caller, Channel]:
    her = made.somebody()
    raised = await made.raise_help(her)
    return her, Channel(f"room:{raised['room']}")


async def test_publishing_in_a_room_is_the_command_of_the_same_name(made: World) -> None:
    her, room = await a_room(made)
    line = b'{"id": "line-00001", "text": "je suis ici"}'

    for _ in range(3):
        await made.whole.application.say(her, room, line)
    await made.ask(her, "room.say", room=room.removeprefix("room:"), id="line-00001", text="x")

    said = [msgspec.json.decode(body) for channel, body in made.said if channel == room]
    assert [(it["id"], it["text"], it["seat"]) for it in said] == [
        ("line-00001", "je suis ici", "elle")
    ]


async def test_what_is_not_a_line_or_not_a_room_is_refused(made: World) -> None:
    her, room = await a_room(made)
    say = made.whole.application.say

    for data in (b"", b"{}", b'{"id": "line-00001"}', b'{"id": "line-00001", "text": ""}', b"\xff"):
        with pytest.raises(Malformed):
            await say(her, room, data)
    for channel in ("alert:x", "me:#x", "room", "typing:", "staff"):
        with pytest.raises(NotAllowed):
            await say(her, Channel(channel), b'{"id": "line-00001", "text": "x"}')
    with pytest.raises(NotFound):
        await say(made.somebody(), room, b'{"id": "line-00001", "text": "x"}')
    for channel, data in (
        ("staff:x", b'{"id": "line-00001", "kind": "note", "text": "x"}'),
        ("looking:x", b'{"state": "looking"}'),
    ):
        with pytest.raises(NotAllowed):
            await say(her, Channel(channel), data)
    with pytest.raises(NotFound):
        await say(her, Channel("typing:x"), b'{"on": true}')


@pytest.mark.parametrize("ending", ["help.close", "help.cancel"])
async def test_whoever_has_looked_too_often_can_still_end_her_request_and_ask_again(
    made: World, ending: str
) -> None:
    """A close was refused so, and the next request with it: the first was open still."""
    her = made.somebody()
    alert = (await made.raise_help(her))["alert"]
    asked = msgspec.json.encode({"alert": alert})
    application = made.whole.application
    for _ in range(BURST):
        await application.call(her, "help.state", asked)
    with pytest.raises(TooManyRequests):
        await asyncio.gather(*(application.call(her, "help.state", asked) for _ in range(BURST)))

    ended = await application.call(her, ending, asked)

    assert msgspec.json.decode(ended)["state"] in {"closed", "cancelled"}
    again = {"id": "again-00001", "kind": "afraid", "mode": "public", "place": PLACE}
    raised = await application.call(her, "help.raise", msgspec.json.encode(again))
    assert msgspec.json.decode(raised)["state"] == "recorded"


async def test_what_is_never_limited_goes_one_by_one_for_each_person(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty at once kept everybody else's requests waiting for half a second."""
    ledger, honest = made.whole.durable.ledger, made.whole.durable.ledger.write
    at_once: list[int] = []
    inside = 0

    async def counted(work: Callable[[Transaction], Awaitable[object]], *, haste: Haste) -> object:
        nonlocal inside
        inside += 1
        at_once.append(inside)
        try:
            return await honest(work, haste=haste)
        finally:
            inside -= 1

    monkeypatch.setattr(ledger, "write", counted)
    her, other = made.somebody(), made.somebody()
    unknown = msgspec.json.encode({"alert": "a" * 32})
    call = made.whole.application.call

    told = await asyncio.gather(
        *(call(her, "help.close", unknown) for _ in range(20)),
        call(other, "help.close", unknown),
        return_exceptions=True,
    )

    assert [type(it) for it in told] == [type(told[0])] * 21
    assert isinstance(told[0], AppError)
    assert (len(at_once), max(at_once)) == (21, 2)


async def test_what_she_asks_for_one_behind_the_other_is_done_in_that_order(made: World) -> None:
    """To ask for help is urgent, to end it is not: the new request was refused for the old one."""
    her = made.somebody()
    call, free = made.whole.application.call, asyncio.Event()
    asked = {"id": "before-0001", "kind": "afraid", "mode": "public", "place": PLACE}
    raised = msgspec.json.decode(await call(her, "help.raise", msgspec.json.encode(asked)))

    async def busy(tx: Transaction) -> None:
        free.set()
        # Both are waiting by then.
        await asyncio.sleep(0.1)

    writing = asyncio.create_task(made.whole.durable.ledger.write(busy))
    await free.wait()
    closed, again = await asyncio.gather(
        call(her, "help.close", msgspec.json.encode({"alert": raised["alert"]})),
        call(her, "help.raise", msgspec.json.encode({**asked, "id": "after-00001"})),
    )
    await writing

    assert msgspec.json.decode(closed)["state"] == "closed"
    assert msgspec.json.decode(again)["state"] == "recorded"


async def test_nobody_floods_a_room(made: World) -> None:
    her, room = await a_room(made)

    async def say(number: int) -> None:
        line = {"id": f"line-{number:05d}", "text": "x"}
        await made.whole.application.say(her, room, msgspec.json.encode(line))

    for number in range(20):
        await say(number)
    with pytest.raises(TooManyRequests):
        await say(20)


def told_places(made: World, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The latitudes that reach the helpers' service, as they come."""
    told: list[float] = []

    async def move(person: PersonId, point: Point, now: datetime) -> None:
        told.append(point.lat)

    monkeypatch.setattr(made.whole.services.helpers, "move", move)
    return told


async def test_a_phone_says_where_it_is_and_is_never_answered(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, heard = told_places(made, monkeypatch), made.whole.application.heard
    helper = made.somebody()

    await heard(helper, b'{"position": {"lat": 48.9, "lon": 2.352}}')
    for data in (b"", b"[]", b'{"position": {"lat": 98.9, "lon": 2.352}}', b'{"position": 1}'):
        await heard(helper, data)
    await heard(made.somebody("operator"), b'{"position": {"lat": 1.0, "lon": 2.352}}')

    assert told == [48.9]


async def test_a_phone_that_tells_too_often_is_not_heard(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, heard = told_places(made, monkeypatch), made.whole.application.heard
    helper = made.somebody()

    for number in range(20):
        await heard(helper, b'{"position": {"lat": %d, "lon": 2.352}}' % number)
    made.clock.advance(60)
    await heard(helper, b'{"position": {"lat": 77, "lon": 2.352}}')

    assert told == [0, 1, 2, 3, 4, 5, 77]


async def test_a_member_has_a_seat_and_nobody_else_has(made: World) -> None:
    her, room = await a_room(made)

    assert await made.whole.gate.seat(her, room) == "elle"
    for caller, channel in ((made.somebody(), room), (her, Channel("queue:help"))):
        with pytest.raises(NotAllowed):
            await made.whole.gate.seat(caller, channel)


async def test_her_exclusion_list_counts_and_forgets(made: World) -> None:
    her, feared = made.somebody(), await made.helper(lat=48.857, lon=2.352)

    both = await made.ask(her, "exclude.add", id="add-00001")
    first = await made.ask(her, "exclude.add", id="add-00002", helper=feared.person)
    again = await made.ask(her, "exclude.add", id="add-00002", helper=feared.person)
    phone = await made.ask(her, "exclude.add", id="add-00003", phone="06 12 34 56 78")
    await made.raise_help(her)
    offered = (await made.ask(feared, "me.state"))["offers"]
    cleared = await made.ask(her, "exclude.clear")

    assert both == {"error": "malformed"}
    assert first == again == {"count": 1}
    assert phone == {"count": 2}
    assert offered == []
    assert cleared == {"count": 0}


async def test_the_documents_are_served_as_they_are_made(tmp_path: Path) -> None:
    async with service(tmp_path) as door:
        opened = await door.http.get("/api/openapi.json")
        streams = await door.http.get("/api/asyncapi.json")
        page = await door.http.get("/api/errors")
        table = await door.http.get("/api/errors.json")

    access = Access()
    made = openapi.document(registry(), access, EXPORTS, paths(access))
    assert opened.json() == msgspec.to_builtins(made)
    assert "/api/room/attach/{room}" in opened.json()["paths"]
    assert streams.json() == msgspec.to_builtins(asyncapi.document(RULES, Access()))
    assert all(f'id="{it["name"]}"' in page.text for it in table.json())


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise KeyError("canary")


async def broken_late(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise KeyError("canary")


async def test_code_that_fails_is_answered_as_internal_and_nothing_else() -> None:
    app = Watched(broken, Metrics(), Registry([]))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as http:
        answer = await http.get("/x")

    assert answer.status_code == 500
    assert answer.json()["error"]["name"] == "internal"
    assert "canary" not in answer.text


async def test_an_answer_that_breaks_off_is_left_broken() -> None:
    """Half an answer and then an error as JSON would be read as a whole answer."""
    app = Watched(broken_late, Metrics(), Registry([]))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as http:
        with pytest.raises(KeyError):
            await http.get("/x")
