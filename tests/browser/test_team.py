"""Somebody is invited, makes a key, comes back with it, and cuts what she does not know.

Chromium holds the key itself (its virtual authenticator): the page, the wire and the server are the
real ones. One walk, because each step stands on the one before; what was seen is judged afterwards.
"""

import asyncio
import time

import pyotp
import pytest
from playwright.async_api import Browser, expect

from tests.browser.hotels import hotel_id, link, open_hotels, type_code
from tests.browser.looking import Findings, told
from tests.browser.people import DESK, Phone, open_board
from tests.browser.team import accept, device, enrol, heading, invitation, time_passes
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(180)

PIN = "640917"

SCREENS = (
    *("entry", "arriving", "enrolling", "home", "application", "still you", "issued"),
    "signed in elsewhere",
)


class Walk:
    """What was found on the way."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.desk: dict[str, int] = {}

    async def look(self, screen: str, person: Phone) -> None:
        await self.findings.look(screen, person)
        await person.page.set_viewport_size(DESK)
        self.desk[screen] = await person.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        await person.page.set_viewport_size({"width": 390, "height": 844})


@pytest.fixture(scope="module")
async def walk(browser: Browser, server: ServerProcess) -> Walk:
    seen = Walk()
    path, code = await invitation(server, "admin")
    anne = await device(browser, server)
    await expect(anne.see("enter-key")).to_be_visible()
    await seen.look("entry", anne)

    # She arrives, and makes a key.
    await anne.page.goto("about:blank")
    await anne.page.goto(path)
    await expect(anne.see("invitation")).to_have_value(code)
    assert anne.page.url.endswith("/equipe"), "the code stayed in the address"
    await seen.look("arriving", anne)
    await accept(anne, "Anne")
    await seen.look("enrolling", anne)
    await enrol(anne)
    await expect(anne.see("who")).to_have_text("Administratrice · Entraide")
    await seen.look("home", anne)

    # She leaves, and comes back with it.
    await anne.see("leave").click()
    await expect(anne.see("enter-key")).to_be_visible()
    await anne.page.reload()
    await anne.see("enter-key").click()
    await expect(anne.see("who")).to_be_visible()
    await expect(anne.see("session")).to_have_count(1)

    # An application for codes, with which she is signed in elsewhere.
    await anne.see("add-application").click()
    secret = (await anne.see("secret").inner_text()).replace(" ", "")
    handle = await anne.see("your-handle").inner_text()
    await seen.look("application", anne)
    await anne.see("first-code").fill(pyotp.TOTP(secret).now())
    await anne.see("confirm").click()
    await expect(anne.see("key-done")).to_have_text("L’application est enregistrée.")
    elsewhere = await device(browser, server)
    await elsewhere.see("by-code").click()
    await elsewhere.see("handle").fill(handle)
    # The code that has just been shown is spent: the next one is awaited, not guessed.
    await elsewhere.see("code").fill(next_code(secret))
    await elsewhere.see("enter-code").click()
    await expect(elsewhere.see("who")).to_be_visible()
    await seen.look("signed in elsewhere", elsewhere)

    # Long afterwards she invites somebody: is it still her?
    await time_passes(server)
    await anne.see("where").select_option("new association")
    await anne.see("organisation").fill("Solidarité Femmes")
    await anne.see("invite-go").click()
    await expect(anne.see("still-you")).to_be_visible()
    await seen.look("still you", anne)
    await anne.see("sure-key").click()
    await expect(anne.see("issued")).to_be_visible()
    await seen.look("issued", anne)

    # The other session is not hers any more: she cuts it.
    await anne.page.reload()
    await expect(anne.see("session")).to_have_count(2)
    await anne.see("cut").click()
    await anne.page.get_by_role("button", name="Oui, couper").click()
    await expect(anne.see("session")).to_have_count(1)
    await elsewhere.page.reload()
    await expect(elsewhere.see("enter-key")).to_be_visible()
    assert await heading(elsewhere.page) == "Équipe"
    for person in (anne, elsewhere):
        await person.context.close()
    return seen


def next_code(secret: str) -> str:
    """Of the half minute to come, which the server takes: clocks differ."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30)


async def test_the_walk_is_the_whole_walk(walk: Walk) -> None:
    assert set(walk.findings.axe) == set(SCREENS)
    assert len(walk.findings.languages) == 2


async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(walk: Walk) -> None:
    found = {screen: it for screen, it in walk.findings.axe.items() if it}

    assert found == {}, told(found)


async def test_whatever_is_pressed_is_as_large_as_a_thumb(walk: Walk) -> None:
    assert not any(walk.findings.small.values()), told(walk.findings.small)


async def test_nothing_scrolls_sideways_on_a_phone_or_at_a_desk(walk: Walk) -> None:
    assert set(walk.findings.wide.values()) == {0}, told(walk.findings.wide)
    assert set(walk.desk.values()) == {0}, told(walk.desk)


async def test_a_page_opened_by_numbers_says_where_keys_work(
    browser: Browser, server: ServerProcess
) -> None:
    page = await browser.new_page()
    await page.goto(f"{server.url}/equipe")

    await expect(page.get_by_test_id("no-keys")).to_contain_text(
        f"http://localhost:{server.port}/equipe"
    )
    await page.close()


async def test_the_board_offers_a_key_and_takes_the_session_it_opens(
    browser: Browser, server: ServerProcess
) -> None:
    path, _ = await invitation(server, "operator")
    nour = await device(browser, server, path)
    await accept(nour, "Nour")
    await enrol(nour)
    await nour.page.goto("/operateur")
    await expect(nour.page.get_by_role("heading", name="Tableau des opératrices")).to_be_visible()
    await expect(nour.see("token")).to_have_count(0)
    await nour.page.get_by_role("button", name="Quitter", exact=True).click()

    await expect(nour.see("with-key")).to_have_attribute("href", "/equipe")
    await nour.context.close()


async def test_somebody_of_a_hotel_takes_her_shift_on_its_tablet(
    browser: Browser, server: ServerProcess
) -> None:
    await open_hotels(server.data_dir)
    path, _ = await invitation(server, "desk", "--hotel", hotel_id(0))
    zoe = await device(browser, server, path)
    await accept(zoe, "Zoé")
    await enrol(zoe)
    await zoe.see("pin").fill(PIN)
    await zoe.see("pin-go").click()
    await expect(zoe.see("pin-done")).to_have_text("Le code est enregistré.")

    # The tablet is linked, and says so by its cookie.
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    await expect(operator.see("token")).to_have_count(0)
    found = await link(operator, 0)
    it = await device(browser, server, found.path)
    await type_code(it, "desk-code", found.code)
    await it.see("shift").locator("summary").click()
    await it.see("shift-who").filter(has_text="Zoé").click()
    await type_code(it, "shift-pin", "640918")
    await expect(it.page.get_by_text("Ce n’est pas le code de cette personne.")).to_be_visible()
    await type_code(it, "shift-pin", PIN)
    await expect(it.see("on-shift")).to_contain_text("Zoé")

    # Her shift is a session of hers, which she cuts from her own phone; the tablet goes on.
    await zoe.page.reload()
    await expect(zoe.see("session")).to_have_count(2)
    await zoe.see("cut").click()
    await zoe.page.get_by_role("button", name="Oui, couper").click()
    await expect(zoe.see("session")).to_have_count(1)
    await it.page.reload()
    await expect(it.see("desk")).to_be_visible()
    await expect(it.see("on-shift")).to_have_count(0)
    await expect(it.see("shift")).to_be_visible()
    for person in (zoe, it, operator):
        await person.context.close()
