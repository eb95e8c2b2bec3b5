"""Without a mouse, without a map, with a screen reader, without motion: everything still works."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.looking import MOVING
from tests.browser.people import (
    HER_PLACE,
    HOLD_MS,
    SOON_MS,
    apply,
    approve,
    on_duty,
    open_board,
    phone,
    say,
)
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(120)

#: What has the focus, as a person sees it: its words, and whether it shows that it has it.
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { id: one.dataset.testid ?? one.id, shown };
}"""
#: A click that no finger, mouse or key made: what a screen reader or a switch does.
ACTIVATE = "(one) => { one.focus(); one.click(); }"
WITHOUT_MAPS = """() => {
  const rules = new CSSStyleSheet();
  rules.replaceSync("svg.map { display: none !important }");
  document.adoptedStyleSheets = [rules];
}"""
FOUND = "Position trouvée"


async def tab_to(page: Page, testid: str) -> None:
    """Only by keys; wherever one passes, one sees where one is."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        if focused["id"] == testid:
            assert focused["shown"], f"{testid} has the focus and does not show it"
            return
    raise AssertionError(f"{testid} is not reached by the keyboard")


@pytest.mark.parametrize("key", ["Space", "Enter"])
async def test_a_request_is_sent_and_ended_by_the_keyboard_alone(
    browser: Browser, server: ServerProcess, key: str
) -> None:
    her = await phone(browser, server.url, "/")
    keyboard = her.page.keyboard
    await expect(her.see("mode-public")).to_be_visible(timeout=SOON_MS)
    await tab_to(her.page, "mode-public")
    await keyboard.press(key)
    await expect(her.see("where")).to_contain_text(FOUND, timeout=SOON_MS)
    await tab_to(her.page, "hold")

    # A short press sends nothing.
    await keyboard.press(key)
    await expect(her.page.locator("#hold-hint")).to_contain_text("Rien n’est parti")
    await keyboard.down(key)
    await her.page.wait_for_timeout(HOLD_MS)
    await keyboard.up(key)

    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    await tab_to(her.page, "cancel")
    await keyboard.press(key)
    # The question takes the focus: the same key answers it.
    await expect(her.page.get_by_role("button", name="Oui, annuler")).to_be_focused()
    await keyboard.press(key)
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    await her.context.close()


@pytest.mark.parametrize("button", ["hold", "hold-without"])
async def test_two_activations_of_a_screen_reader_send_a_request_and_one_does_not(
    browser: Browser, server: ServerProcess, button: str
) -> None:
    her = await phone(browser, server.url, "/")
    await her.see("mode-public").evaluate(ACTIVATE)
    await expect(her.see("where")).to_contain_text(FOUND, timeout=SOON_MS)

    await her.see(button).evaluate(ACTIVATE)

    await expect(her.page.locator("#hold-hint")).to_contain_text("Activez encore une fois")
    await expect(her.page.get_by_role("status").filter(has_text="Activez encore")).to_have_count(1)
    await expect(her.see("sent")).to_have_count(0)
    await her.see(button).evaluate(ACTIVATE)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    # The new screen's heading has the focus: it is what a screen reader says next.
    assert await her.page.evaluate("document.activeElement.tagName") == "H1"
    await her.see("cancel").evaluate(ACTIVATE)
    await her.page.get_by_role("button", name="Oui, annuler").evaluate(ACTIVATE)
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    await her.context.close()


async def test_what_moves_stands_still_for_those_who_asked_for_it(
    browser: Browser, server: ServerProcess
) -> None:
    her = await phone(browser, server.url, "/")
    await her.see("mode-public").click()
    await her.see("hold").focus()
    await her.page.keyboard.down("Space")
    await expect(her.page.locator(".hold.holding")).to_be_visible()
    moving = await her.page.evaluate(MOVING)
    await her.page.keyboard.up("Space")

    await her.page.emulate_media(reduced_motion="reduce")
    await her.page.keyboard.down("Space")
    await expect(her.page.locator(".hold.holding")).to_be_visible()
    still = await her.page.evaluate(MOVING)
    await her.page.keyboard.up("Space")

    assert moving > 0
    assert still == 0
    await her.context.close()


async def test_whatever_a_map_shows_is_said_in_words(
    browser: Browser, server: ServerProcess
) -> None:
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    helper = await phone(browser, server.url, "/aider", place=(HER_PLACE[0] - 0.02, HER_PLACE[1]))
    await apply(helper, "Dora")
    await approve(operator, "Dora")
    await on_duty(helper)
    her = await phone(browser, server.url, "/")
    await her.see("mode-public").click()
    await expect(her.see("where")).to_contain_text(FOUND, timeout=SOON_MS)
    for _ in range(2):
        await her.see("hold-without").click()
    await expect(her.see("sent")).to_be_visible(timeout=SOON_MS)
    for person in (operator, helper):
        await person.page.evaluate(WITHOUT_MAPS)

    # Her neighbourhood, to the north, and how far at most; then the place itself.
    about = helper.see("offer").get_by_test_id("about")
    await expect(about).to_have_text(
        re.compile(r"À moins de [\d,.\s]+k?m, vers le nord\."), timeout=SOON_MS
    )
    await helper.see("accept").click()
    await her.see("release").click()
    await her.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(helper.see("exact")).to_have_text(
        re.compile(r"Place exacte\s:\sà\s2,2\skm, vers le nord\."), timeout=SOON_MS
    )
    await expect(helper.see("coordinates")).to_have_text("48.85700, 2.35200")
    # The board: as many requests in the list as on its map.
    shapes = await operator.page.locator(".shape.request, .shape.urgent").count()
    await expect(operator.see("alert")).to_have_count(shapes)
    await say(helper, "J’arrive")
    for person in (operator, helper, her):
        await person.context.close()
