"""A worker of an association asks for a room for somebody, from the way in to the next day's call.

One walk, because each step stands on the one before. The hotel answers over HTTP: its page has its
own tests (``test_rooms.py``).
"""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec
import pytest
from playwright.async_api import APIResponse, Browser, Page, WebSocket, expect

from matching.shelter.rules import TRIES
from tests.browser import walking
from tests.browser.hotels import STREET, hotel_id, open_hotels
from tests.browser.looking import GLANCES, Colours, told
from tests.browser.people import Phone, open_board
from tests.browser.team import accept, device, enrol, invitation, time_passes
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(120)

SCREENS = ("sign in", "asking", "rooms", "expected", "there")
#: What an operator's page asks for, and hers never does.
OPERATORS = ("queue:", "board:", "shelter.board", "board.state", "helper.pending")
Json = dict[str, object]


@dataclass
class Walk(walking.Walk):
    looks: ClassVar[tuple[tuple[str, Colours, bool], ...]] = GLANCES

    #: Everything that her page asked for: addresses, and what it said over the socket.
    asked: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        def opened(socket: WebSocket) -> None:
            socket.on("framesent", lambda frame: self.asked.append(str(frame)))

        page.on("websocket", opened)
        page.on("request", lambda request: self.asked.append(request.url))


@dataclass
class Line:
    """Somebody's session, without a page."""

    person: Phone
    token: str | None

    async def ask(self, method: str, **fields: object) -> Json:
        answer = await self.tell(method, **fields)
        assert answer.ok, await answer.text()
        return msgspec.json.decode(await answer.body(), type=dict[str, object])

    async def tell(self, method: str, **fields: object) -> APIResponse:
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return await self.person.context.request.post(
            "/api/" + method.replace(".", "/"), data=msgspec.json.encode(fields), headers=headers
        )


async def _invited(server: ServerProcess) -> tuple[str, str]:
    """Where a worker goes, and an operator's session; there are hotels."""
    (path, _), (token,), _ = await asyncio.gather(
        invitation(server, "association", "--organisation", "Solidarité Femmes"),
        asyncio.to_thread(tokens, server.data_dir, "operator"),
        open_hotels(server.data_dir),
    )
    return path, token


async def _hotel(nour: Phone, token: str) -> Line:
    """The tablet of the first hotel, with one free room."""
    link = await Line(nour, token).ask("desk.link", hotel=hotel_id(0))
    desk = str(link["path"]).rpartition("#")[2]
    opened = await Line(nour, None).ask("desk.open", desk=desk, code=link["code"])
    tablet = Line(nour, str(opened["token"]))
    await tablet.ask("desk.rooms", id="one-room-01", kind="kind-0", by=1)
    return tablet


@pytest.fixture(scope="module")
async def walk(browser: Browser, server: ServerProcess) -> Walk:
    seen = Walk()
    nour = await device(browser, server, "/accompagner")
    (path, token), _ = await asyncio.gather(_invited(server), seen.look("sign in", nour))
    await nour.page.goto(path)
    await accept(nour, "Nour")
    await enrol(nour)
    tablet = await _hotel(nour, token)
    seen.listen(nour.page)
    await nour.see("go").click()
    await _asks(seen, nour)
    code = await _expected(seen, nour, tablet, server)
    operator = await open_board(browser, server.url, token)
    await _locked(nour, operator, tablet, code)
    await operator.context.close()
    await _there(seen, nour, server)
    await nour.context.close()
    return seen


async def _asks(seen: Walk, nour: Phone) -> None:
    page = nour.page
    await expect(nour.see("beside")).to_be_visible()
    await expect(nour.see("need")).to_have_count(0)
    await nour.see("ask-for").locator("summary").click()
    await page.get_by_label("À partir de quelle commune").select_option("Saint-Ouen (93)")
    await page.get_by_role("group", name="Enfants").get_by_role("button").nth(1).click()
    await page.get_by_label("Âge de l’enfant 1").select_option("1")
    await seen.look("asking", nour)
    await nour.see("ask-for-go").click()
    await expect(nour.see("ask-for-go")).to_be_hidden()
    await expect(nour.see("need-opened")).to_be_in_viewport()
    await expect(nour.see("need")).to_contain_text("2 personnes · 1 lit bébé")
    await expect(nour.see("need-opened")).to_contain_text("Ne jamais")
    await nour.see("need-options").click()
    await expect(nour.see("need-option")).to_contain_text("60 € la nuit")
    await seen.look("rooms", nour)
    await nour.see("need-take").click()
    await expect(nour.see("need-hold")).to_contain_text("l’hôtel n’a pas répondu")
    await page.get_by_role("button", name="Garder plus longtemps").click()
    await expect(page.get_by_role("button", name="Garder plus longtemps")).to_have_count(0)


async def _expected(seen: Walk, nour: Phone, tablet: Line, server: ServerProcess) -> str:
    """The hotel says yes, and her page knows it by itself; the address after her key once more."""
    (held,) = msgspec.convert((await tablet.ask("desk.state"))["holds"], list[dict[str, object]])
    await tablet.ask("hold.confirm", hold=held["hold"])
    code = nour.see("need-code")
    await expect(code).to_be_visible()
    await expect(nour.see("need-hold")).to_contain_text(str(held["alias"]))
    await expect(nour.see("need")).to_contain_text("attendue")
    await time_passes(server)
    await nour.see("address-open").click()
    await nour.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(nour.see("step-up")).to_be_visible()
    await nour.see("step-up-key").click()
    await expect(nour.see("address")).to_contain_text(STREET)
    await expect(nour.see("reveals-left")).to_contain_text("Encore 9 adresses")
    await seen.look("expected", nour)
    return (await code.inner_text()).replace(" ", "").replace("\u00a0", "")


async def _locked(nour: Phone, operator: Phone, tablet: Line, code: str) -> None:
    """Five wrong codes: she and the operators are told, and one of them lets her in."""
    (held,) = msgspec.convert((await tablet.ask("desk.state"))["holds"], list[dict[str, object]])
    await operator.see("board-rooms").click()
    await operator.see("open-need").click()
    await expect(operator.see("need-code")).to_be_visible()
    await expect(operator.see("admit")).to_have_count(0)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(TRIES):
        assert (await tablet.tell("hold.arrive", hold=held["hold"], code=wrong)).status == 403
    await expect(nour.see("locked")).to_contain_text("Appelez les opératrices")
    await expect(nour.see("admit")).to_have_count(0)
    await operator.see("admit").click()
    await operator.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(operator.see("need-hold")).to_contain_text("Elle y est")


async def _there(seen: Walk, nour: Phone, server: ServerProcess) -> None:
    """She has arrived: more nights, a call on the next day, and it is over."""
    await expect(nour.see("need-hold")).to_contain_text("Elle y est")
    await nour.see("need-hold").get_by_text("Rester plus longtemps").click()
    await nour.see("need-more").click()
    # Nothing is free there tomorrow: the hotel has not said so.
    await expect(nour.see("need-hold").get_by_role("alert").first).not_to_be_empty()
    await asyncio.to_thread(_a_day_later, server)
    await expect(nour.see("followup")).to_be_visible()
    await seen.look("there", nour)
    await nour.see("followed").click()
    await expect(nour.see("followup")).to_have_count(0)
    await nour.see("need-close").click()
    await nour.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(nour.see("need")).to_contain_text("en sécurité")
    await nour.page.reload()
    await expect(nour.see("need")).to_have_count(1)
    await nour.see("leave").click()
    await expect(nour.see("with-key")).to_have_attribute("href", "/equipe")


def _a_day_later(server: ServerProcess) -> None:
    """The first follow-up is due now; the server's next look at its tasks finds it."""
    with closing(sqlite3.connect(server.data_dir / "entraide.db", timeout=10)) as db, db:
        db.execute(
            "UPDATE task SET due = 0 WHERE kind = 'stay.followup'"
            " AND due = (SELECT min(due) FROM task WHERE kind = 'stay.followup')"
        )


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    walk: Walk, screen: str
) -> None:
    found = walk.findings

    assert found.axe[screen] == [], told(found.axe[screen])
    assert found.small[screen] == [], told(found.small[screen])
    assert (found.wide[screen], walk.desk[screen], found.moving[screen]) == (0, 0, 0)


async def test_the_walk_is_the_whole_walk(walk: Walk) -> None:
    assert list(walk.findings.axe) == list(SCREENS)
    assert len(walk.findings.languages) == 2


async def test_her_page_asks_for_nothing_that_is_the_operators(walk: Walk) -> None:
    # Over HTTP, and over the socket.
    for way in ("shelter/mine", "shelter.mine"):
        assert any(way in it for it in walk.asked)
    ways = (*OPERATORS, *(it.replace(".", "/") for it in OPERATORS if "." in it), "operateur-")

    assert [it for it in walk.asked if any(way in it for way in ways)] == []
