"""One person alone in front of the page sees it all work; where it must not, nothing moves."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import aiohttp
import pytest

from tests.support.server import ROOT, ServerProcess, tokens
from web.demo.api import Api, Json
from web.demo.city import CITY
from web.demo.driver import Orders, _remember, _remembered
from web.demo.line import Line

pytestmark = pytest.mark.timeout(150)
#: Before this many are live, nobody raises anything.
ENOUGH = 25


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Visitor:
    """A page, as far as the server can tell."""

    def __init__(self, api: Api, token: str) -> None:
        self.said: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self.connected = asyncio.Event()
        self.line = Line(api, token, heard=self._heard, opened=self._opened, random=Random(1))

    def _heard(self, channel: str, data: Json) -> None:
        self.said.put_nowait((channel.partition(":")[0], data))

    async def _opened(self, whole: bool) -> None:
        self.connected.set()

    async def until(self, channel: str, **wanted: object) -> Json:
        """The next thing said on a channel of that kind that holds all that is wanted."""
        while True:
            where, data = await self.said.get()
            if where == channel and wanted.items() <= data.items():
                return data


@asynccontextmanager
async def visitor(api: Api) -> AsyncGenerator[Visitor]:
    opened = await api.call("session", {})
    made = Visitor(api, str(opened["token"]))
    running = asyncio.create_task(made.line.run())
    await made.connected.wait()
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def a_living_city(folder: Path) -> AsyncGenerator[Api]:
    server = ServerProcess(folder, options=())
    await server.start()
    try:
        (operator,) = await asyncio.to_thread(tokens, folder, "operator")
        async with aiohttp.ClientSession() as http:
            api = Api(http, server.url)
            await _until_enough_are_live(api, operator)
            yield api
    finally:
        await asyncio.to_thread(server.stop)


async def _until_enough_are_live(api: Api, operator: str) -> None:
    async with asyncio.timeout(60):
        while True:
            board = await api.call("board.state", {}, token=operator)
            helpers = board["helpers"]
            assert isinstance(helpers, dict)
            if helpers["live"] >= ENOUGH:
                return
            await asyncio.sleep(0.5)


async def raises_help(who: Visitor) -> Json:
    place = {"lat": CITY.lat, "lon": CITY.lon, "accuracy_m": 10}
    asked: Json = {"id": "visit-0001", "kind": "followed", "mode": "public", "place": place}
    raised = await who.line.call("help.raise", asked)
    await who.line.subscribe(f"alert:{raised['alert']}")
    await who.line.subscribe(f"room:{raised['room']}")
    return raised


async def applies(who: Visitor) -> None:
    asked: Json = {"id": "apply-0001", "name": "Visiteuse", "skills": ["come"], "languages": ["fr"]}
    await who.line.call("helper.apply", {**asked, "charter": True})


async def asks_for_a_room(who: Visitor, api: Api) -> Json:
    """A room for tonight, in any hotel but the one where the visitor could answer herself."""
    place = {"lat": CITY.lat, "lon": CITY.lon, "accuracy_m": 10}
    asked: Json = {"id": "night-0001", "household": {"adults": 1}, "days_ahead": 0, "nights": 1}
    need = (await who.line.call("shelter.ask", {**asked, "place": place}))["need"]
    found = (await who.line.call("shelter.options", {"need": need}))["options"]
    assert isinstance(found, list)
    one = {"id": "hold-0001", "need": need, "option": found[-1]["option"]}
    return await who.line.call("shelter.hold", one)


async def tries_the_desk(api: Api) -> Json:
    """Open the link that the configuration gives, and look at the desk's page."""
    demo = (await api.config())["demo"]
    assert isinstance(demo, dict)
    path, code = demo["desk"]["path"], demo["desk"]["code"]
    opened = await api.call("desk.open", {"desk": path.partition("#")[2], "code": code})
    return await api.call("desk.state", {}, token=str(opened["token"]))


async def test_a_visitor_is_answered_by_two_and_a_newcomer_is_let_in(tmp_path: Path) -> None:
    async with (
        a_living_city(tmp_path) as api,
        visitor(api) as her,
        visitor(api) as newcomer,
        visitor(api) as tired,
        asyncio.timeout(75),
    ):
        await applies(newcomer)
        raised = await raises_help(her)
        held = await asks_for_a_room(tired, api)
        desk = await tries_the_desk(api)
        answered = await tired.until("me", type="shelter", hold=held["hold"])
        while answered["hold_state"] == "held":
            answered = await tired.until("me", type="shelter", hold=held["hold"])

        covered = await her.until("alert", state="covered")
        word = await her.until("room")
        approved = await newcomer.until("me", type="helper")
        known = await her.line.call("help.state", {"alert": raised["alert"]})

        assert answered["hold_state"] in {"confirmed", "declined"}
        assert (desk["name"], desk["freshness"]) == ("Hôtel de la Place", "fresh")
        assert covered["accepted"] == 2
        assert str(word["seat"]).startswith("aide-")
        assert word["text"]
        assert approved["status"] == "approved"
        assert isinstance(known["helpers"], list)
        assert all(helper["name"] for helper in known["helpers"])


async def test_a_server_that_announces_no_demo_is_left_alone(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path)
    await server.start()
    try:
        code, said = await asyncio.to_thread(
            demo_with, json.dumps({"base": server.url, "operator": "x"})
        )
    finally:
        await asyncio.to_thread(server.stop)

    assert code == 2
    assert "does not run a demo" in said


@pytest.mark.parametrize(
    "orders", ["", "not json", "[]", "{}", '{"base": 1, "operator": "x"}', '{"base": "http://x"}']
)
def test_orders_that_cannot_be_read_are_refused_in_one_sentence(orders: str) -> None:
    code, said = demo_with(orders)

    assert code == 2
    assert "one line of JSON" in said
    assert "Traceback" not in said


def test_the_demo_ends_with_its_standard_input() -> None:
    # Port 9 answers nobody: the demo would wait for its server for half a minute.
    process = subprocess.Popen(
        (sys.executable, "-m", "web.demo"), cwd=ROOT, stdin=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"base": "http://127.0.0.1:9", "operator": "x"}) + "\n")
    process.stdin.close()

    assert process.wait(timeout=20) == 0


def test_the_sessions_of_simulated_people_are_kept_where_only_their_owner_reads(
    tmp_path: Path,
) -> None:
    file = tmp_path / "demo" / "people.json"

    _remember(str(file), {"Nadia B.": "token"})

    assert _remembered(str(file)) == {"Nadia B.": "token"}
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '{"Nadia B.": 3}'])
def test_a_file_of_sessions_that_cannot_be_read_is_as_good_as_none(
    text: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "people.json"
    if text is not None:
        file.write_text(text)

    assert _remembered(str(file)) == {}


def test_an_operators_token_is_not_shown_by_the_orders() -> None:
    orders = Orders.read('{"base": "http://127.0.0.1:8000", "operator": "canary"}')

    assert "canary" not in repr(orders)


def demo_with(orders: str) -> tuple[int, str]:
    """What the demo answers to its orders, while its standard input stays open."""
    with subprocess.Popen(
        (sys.executable, "-m", "web.demo"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(orders + "\n")
        process.stdin.flush()
        return process.wait(timeout=45), process.stderr.read()
