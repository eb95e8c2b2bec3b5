"""One night in real browsers: two hotels, a mother with a baby, an operator.

A desk is opened by a link and a code, counts its rooms, loses its network and finds it again; she
asks, no room is free, hotels are asked, one says yes, the other is told; she arrives by her code,
and on the next day somebody asks how she is. Another keeps a room, is declined, and leaves. Every
screen is looked at on the way (``looking.py``).
"""

import asyncio
import sqlite3
from contextlib import closing
from math import inf

from playwright.async_api import Browser, ViewportSize, expect

from tests.browser.hotels import STREET, TABLET, Link, link, tablet, type_code
from tests.browser.leaving import KEPT, NOTHING_KEPT, by_button, leave, when_dead
from tests.browser.looking import GLANCES, Findings
from tests.browser.people import DESK as BOARD
from tests.browser.people import PHONE, SOON_MS, Phone, phone
from tests.browser.team import accept, device, enrol, invitation, time_passes
from tests.support.server import ServerProcess

#: Every screen, in the order of the night.
SCREENS = (
    "desk: code",
    "desk: rooms",
    "desk: somebody is here",
    "her: for whom",
    "her: when",
    "her: where not",
    "her: reached or not",
    "her: no room",
    "her: hotels are asked",
    "operator: rooms",
    "desk: asked",
    "operator: still her",
    "her: expected",
    "her: the address",
    "desk: expected",
    "her: there",
    "operator: an alarm and a follow-up",
    "her: over",
    "her: rooms",
    "her: waiting",
    "desk: kept",
)
#: A scan a second finds what nobody woke.
SCANNED_MS = 15_000


async def spend_night(browser: Browser, server: ServerProcess) -> Findings:
    findings = Findings()
    operator = await _operator(browser, server)
    links = [await link(operator, number) for number in (0, 1)]
    desks = [await tablet(browser, server.url, one) for one in links]
    her, other = [await phone(browser, server.url, "/") for _ in range(2)]
    try:
        await _opening(findings, desks, links)
        await _counting(desks[0], operator)
        await _seeking(findings, her)
        await _answering(findings, her, desks, operator)
        await _proving(findings, operator, server)
        await _going(findings, her, desks[1])
        await _after(findings, her, desks[1], operator, server)
        await _another(findings, other, desks[0])
    finally:
        for person in (operator, *desks, her, other):
            await person.context.close()
    return findings


async def _operator(browser: Browser, server: ServerProcess) -> Phone:
    """Invited, with a key of her own, at the board of rooms."""
    path, _ = await invitation(server, "operator")
    operator = await device(browser, server, path)
    await accept(operator, "Inès")
    await enrol(operator)
    await operator.page.set_viewport_size(BOARD)
    await operator.page.goto("/operateur")
    await operator.see("board-rooms").click()
    return operator


async def _look(findings: Findings, screen: str, person: Phone, size: ViewportSize = PHONE) -> None:
    await findings.look(screen, person, size, GLANCES)


async def _opening(findings: Findings, desks: list[Phone], links: list[Link]) -> None:
    """A wrong code opens nothing; the right one once, and a reload needs none."""
    await type_code(desks[0], "desk-code", "000000" if links[0].code != "000000" else "000001")
    await expect(desks[0].page.get_by_role("alert")).to_contain_text("code", timeout=SOON_MS)
    await _look(findings, "desk: code", desks[0], TABLET)
    for desk, one in zip(desks, links, strict=True):
        await type_code(desk, "desk-code", one.code)
        await expect(desk.see("desk")).to_be_visible(timeout=SOON_MS)
        assert desk.page.url.endswith("/bureau")
    await desks[0].page.reload()
    await expect(desks[0].see("desk")).to_contain_text("Hôtel du Canal", timeout=SOON_MS)
    await expect(desks[0].see("freshness")).to_contain_text("Jamais dit")
    await _look(findings, "desk: rooms", desks[0], TABLET)


async def _counting(desk: Phone, operator: Phone) -> None:
    """Two taps, an undo, and a change made without any network: the board follows."""
    free, line = desk.see("free"), desk.see("desk-line")
    # Whoever has just spoken comes first.
    hotel = operator.see("hotel").first
    await desk.see("plus").click()
    await desk.see("plus").click()
    await expect(free).to_contain_text("2")
    await expect(hotel).to_contain_text("2 libres", timeout=SOON_MS)
    await expect(desk.see("freshness")).to_contain_text("à l’instant")
    await desk.see("undo").get_by_role("button").click()
    await expect(hotel).to_contain_text("0 libre", timeout=SOON_MS)

    await desk.context.set_offline(offline=True)
    await desk.see("plus").click()
    await expect(line).to_contain_text("1 changement partira", timeout=SOON_MS * 2)
    await expect(hotel).to_contain_text("0 libre")
    await desk.context.set_offline(offline=False)
    await expect(hotel).to_contain_text("1 libre", timeout=SOON_MS)
    await expect(line).to_contain_text("à jour", timeout=SOON_MS)
    await desk.see("minus").click()
    await expect(hotel).to_contain_text("0 libre", timeout=SOON_MS)


async def _seeking(findings: Findings, her: Phone) -> None:
    """Four questions, one entry in the history, and no room."""
    page = her.page
    before = await page.evaluate("history.length")
    await her.see("sleep").click()
    await her.see("children").get_by_role("button").nth(1).click()
    await page.get_by_label("Âge de l’enfant 1").select_option("1")
    await _look(findings, "her: for whom", her)
    await her.see("next").click()
    await _look(findings, "her: when", her)
    await her.see("next").click()
    await her.see("avoid-here").click()
    await _look(findings, "her: where not", her)
    await her.see("next").click()
    await page.get_by_label("Par SMS").check()
    await _look(findings, "her: reached or not", her)
    await page.get_by_label("Jamais").check()
    await her.see("seek").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Aucune chambre libre", timeout=SOON_MS
    )
    await _look(findings, "her: no room", her)
    await her.see("wave").click()
    await expect(her.see("asking")).to_be_visible(timeout=SOON_MS)
    await _look(findings, "her: hotels are asked", her)
    assert await page.evaluate("history.length") == before
    assert (await page.title(), page.url.rpartition("/")[2]) == ("Entraide", "")


async def _answering(findings: Findings, her: Phone, desks: list[Phone], operator: Phone) -> None:
    """The second hotel says yes, the first is told; nobody at a desk learns more than a shape."""
    need = operator.see("need")
    await expect(need).to_contain_text("2 personnes · 1 lit bébé", timeout=SOON_MS)
    await operator.see("open-need").click()
    await expect(operator.see("need-opened")).to_contain_text("Ne jamais", timeout=SOON_MS)
    await _look(findings, "operator: rooms", operator, BOARD)
    for desk in desks:
        await expect(desk.see("ask-accept").first).to_be_visible(timeout=SCANNED_MS)
    await _look(findings, "desk: asked", desks[0], TABLET)
    await desks[1].see("ask-accept").first.click()
    await expect(desks[0].see("ask-over")).to_contain_text("Couvert, merci", timeout=SOON_MS)
    if await desks[1].see("confirm").count():
        await desks[1].see("confirm").click()
    await expect(her.see("code")).to_be_visible(timeout=SOON_MS)
    await expect(need).to_contain_text("attendue", timeout=SOON_MS)


async def _going(findings: Findings, her: Phone, desk: Phone) -> None:
    """A killed tab finds the room again; the address opens when she asks; her code lets her in."""
    await her.page.reload()
    await expect(her.see("code")).to_be_visible(timeout=SOON_MS)
    code = (await her.see("code").locator(".hidden").inner_text()).replace(" ", "")
    alias, word = await her.see("alias").inner_text(), await her.see("word").inner_text()
    await _look(findings, "her: expected", her)
    await her.see("address-open").click()
    await her.page.get_by_role("button", name="Oui, montrer l’adresse").click()
    await expect(her.see("address")).to_contain_text(STREET, timeout=SOON_MS)
    await _look(findings, "her: the address", her)
    coming = desk.see("coming")
    await expect(coming).to_contain_text(alias, timeout=SOON_MS)
    await expect(coming).to_contain_text(word)
    await type_code(desk, "her-code", "000000" if code != "000000" else "000001")
    await expect(coming.get_by_role("alert")).to_contain_text("code", timeout=SOON_MS)
    await _look(findings, "desk: expected", desk, TABLET)
    await type_code(desk, "her-code", code)
    await expect(desk.see("there")).to_contain_text(alias, timeout=SOON_MS)
    await expect(her.see("there")).to_be_visible(timeout=SOON_MS)
    # Her code has let her in: nothing is left to remember.
    await expect(her.page.get_by_text("retenez")).to_have_count(0)
    await _look(findings, "her: there", her)


async def _proving(findings: Findings, operator: Phone, server: ServerProcess) -> None:
    """An operator shows her key once more, and is told how many addresses she may still open."""
    await time_passes(server)
    await operator.see("address-open").click()
    await operator.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(operator.see("step-up")).to_be_visible(timeout=SOON_MS)
    await _look(findings, "operator: still her", operator, BOARD)
    await operator.see("step-up-key").click()
    await expect(operator.see("address")).to_contain_text(STREET, timeout=SOON_MS)
    # Ten an hour: two went with the links of the tablets, which say a street as well.
    await expect(operator.see("reveals-left")).to_contain_text("Encore 7 adresses")


async def _after(
    findings: Findings, her: Phone, desk: Phone, operator: Phone, server: ServerProcess
) -> None:
    """Somebody looks for her: the operators know. A day later one of them asks how she is."""
    await desk.see("incident").click()
    await _look(findings, "desk: somebody is here", desk, TABLET)
    await desk.see("incident-here").click()
    await expect(desk.see("incident-told")).to_be_visible(timeout=SOON_MS)
    await expect(operator.see("alarm")).to_contain_text("Il est ici", timeout=SOON_MS)
    await operator.see("alarm-call").click()
    await operator.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(operator.see("alarm-desk")).to_contain_text("+33140000000", timeout=SOON_MS)
    await operator.see("alarm-desk").get_by_role("button", name="y est").click()
    await expect(operator.see("need-opened")).to_contain_text("Elle y est", timeout=SOON_MS)
    await asyncio.to_thread(_a_day_later, server)
    await expect(operator.see("followup")).to_be_visible(timeout=SCANNED_MS)
    await _look(findings, "operator: an alarm and a follow-up", operator, BOARD)
    await operator.see("alarm-seen").click()
    await expect(operator.see("alarm")).to_have_count(0, timeout=SOON_MS)
    await operator.see("followed").first.click()
    await expect(operator.see("followup")).to_have_count(0, timeout=SOON_MS)
    await her.see("safe").click()
    await her.page.get_by_role("button", name="Oui, fermer").click()
    await expect(her.see("over")).to_be_visible(timeout=SOON_MS)
    await _look(findings, "her: over", her)
    await her.see("finish").click()
    await expect(her.see("mode-public")).to_be_visible(timeout=SOON_MS)


async def _another(findings: Findings, other: Phone, desk: Phone) -> None:
    """In English: a room that is free, held, declined; she leaves, and nothing of it stays."""
    await desk.see("plus").click()
    # Said: not only tapped.
    await expect(desk.see("free")).to_have_class("free", timeout=SOON_MS)
    await other.page.get_by_role("button", name="English").click()
    await other.page.get_by_role("button", name="I need a place to sleep").click()
    await other.page.get_by_role("button", name="Skip and look right away").click()
    offer = other.see("option")
    await expect(offer).to_contain_text("Saint-Ouen", timeout=SCANNED_MS)
    await expect(offer.get_by_role("listitem").first).to_be_visible()
    await _look(findings, "her: rooms", other)
    await other.page.get_by_role("button", name="English").click()
    await other.page.get_by_role("button", name="Keep this room").click()
    await expect(other.see("waiting")).to_be_visible(timeout=SOON_MS)
    for number in ("115", "3919"):
        await expect(other.see("waiting").get_by_role("link", name=number)).to_be_visible()
    await other.page.get_by_role("button", name="Keep it longer").click()
    await expect(other.see("extend")).to_have_count(0, timeout=SOON_MS)
    await _look(findings, "her: waiting", other)
    await expect(desk.see("held")).to_contain_text("1 personne", timeout=SOON_MS)
    await _look(findings, "desk: kept", desk, TABLET)
    await desk.see("decline").click()
    await desk.see("reason-full").click()
    await expect(other.see("choose")).to_contain_text("n’a finalement pas pu", timeout=SOON_MS)
    (session,) = [it["value"] for it in await other.context.cookies() if it["name"] == "s"]
    await leave(other, by_button)
    assert await when_dead(str(desk.page.url).removesuffix("/bureau"), session) < inf
    stranger = await other.context.new_page()
    await stranger.goto("/")
    await expect(stranger.get_by_test_id("mode-public")).to_be_visible(timeout=SOON_MS)
    assert await stranger.evaluate(KEPT) == NOTHING_KEPT


def _a_day_later(server: ServerProcess) -> None:
    """The first follow-up is due now; the server's next look at its tasks finds it."""
    with closing(sqlite3.connect(server.data_dir / "entraide.db", timeout=10)) as db, db:
        db.execute(
            "UPDATE task SET due = 0 WHERE kind = 'stay.followup'"
            " AND due = (SELECT min(due) FROM task WHERE kind = 'stay.followup')"
        )
