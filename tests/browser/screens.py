"""A walk through every screen that there is, with somebody who looks at each (``looking.py``)."""

import asyncio

from playwright.async_api import Browser, expect

from tests.browser.looking import STILLNESS, Findings
from tests.browser.people import (
    HER_PLACE,
    HOLD_MS,
    SOON_MS,
    Phone,
    apply,
    approve,
    ask_outside,
    on_duty,
    phone,
    say,
)
from tests.support.bad_network import BadNetwork, Weather, bad_network
from tests.support.server import ServerProcess, tokens

#: Every screen, in the order of the walk.
SCREENS = (
    "operator: sign-in",
    "operator: refused",
    "operator: empty board",
    "helper: apply",
    "helper: apply, something missing",
    "helper: waiting",
    "operator: board with an application",
    "helper: off duty",
    "helper: on duty",
    "helper: the phone rings",
    "helper: a test under way",
    "helper: a test lost",
    "operator: board with a delivery",
    "her: welcome",
    "her: ask",
    "her: armed",
    "her: holding",
    "her: sending",
    "her: not sent",
    "her: sent, searching",
    "helper: offer",
    "helper: going, before the exact place",
    "her: somebody comes, room",
    "her: shall the place be shown?",
    "operator: alert opened",
    "helper: going, exact place",
    "her: ended",
    "helper: over",
)


#: A phone that can be woken by a service that is not there.
NOBODY_WAKES = {
    "endpoint": "http://127.0.0.1:9/nobody",
    "p256dh": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
#: Longer than the page waits for a test.
LOST_MS = 30_000


async def walk(browser: Browser, server: ServerProcess) -> Findings:
    findings = Findings()
    async with bad_network(server.port) as network:
        (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
        operator = await phone(browser, server.url, "/operateur")
        helper = await phone(
            browser,
            server.url,
            "/aider",
            place=(HER_PLACE[0] + 0.001, HER_PLACE[1]),
            wakes=NOBODY_WAKES,
        )
        her = await phone(browser, network.url, "/")
        try:
            await _entering(findings, operator, token)
            await _applying(findings, helper, operator)
            await _asking(findings, her, network)
            await _coming(findings, her, helper, operator)
            await _ending(findings, her, helper)
        finally:
            for person in (operator, helper, her):
                await person.context.close()
    return findings


async def _entering(findings: Findings, operator: Phone, token: str) -> None:
    await expect(operator.see("enter")).to_be_visible(timeout=SOON_MS)
    await findings.look("operator: sign-in", operator)
    await operator.see("token").fill("not a token")
    await operator.see("enter").click()
    await expect(operator.page.get_by_role("alert")).to_be_visible(timeout=SOON_MS)
    await findings.look("operator: refused", operator)
    await operator.see("token").fill(token)
    await operator.see("enter").click()
    await expect(operator.see("counts")).to_be_visible(timeout=SOON_MS)
    await findings.look("operator: empty board", operator)


async def _applying(findings: Findings, helper: Phone, operator: Phone) -> None:
    await expect(helper.see("apply")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: apply", helper)
    await helper.see("apply").click()
    await expect(helper.page.get_by_role("alert")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: apply, something missing", helper)
    await apply(helper, "Amina")
    await findings.look("helper: waiting", helper)
    await expect(operator.see("application")).to_be_visible(timeout=SOON_MS)
    await findings.look("operator: board with an application", operator)
    await approve(operator, "Amina")
    await expect(helper.see("duty")).to_be_visible(timeout=SOON_MS)
    await helper.page.locator("details").evaluate_all("all => all.forEach(it => it.open = true)")
    await findings.look("helper: off duty", helper)
    await on_duty(helper)
    await findings.look("helper: on duty", helper)
    await _ringing(findings, helper, operator)


async def _ringing(findings: Findings, helper: Phone, operator: Phone) -> None:
    """She lets her phone ring and tries it; the test is lost, as nobody carries it."""
    await helper.see("phone-on").click()
    await expect(helper.see("phone-test")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: the phone rings", helper)
    await helper.page.clock.install()
    await helper.see("phone-test").click()
    await expect(helper.see("phone-tested")).to_contain_text("envoyé", timeout=SOON_MS)
    await findings.look("helper: a test under way", helper)
    await helper.page.clock.fast_forward(LOST_MS)
    await expect(helper.see("phone-tested")).to_contain_text("pas arrivé", timeout=SOON_MS)
    await findings.look("helper: a test lost", helper)
    await helper.page.clock.resume()
    await helper.see("phone-off").click()
    await expect(helper.see("phone-on")).to_be_visible(timeout=SOON_MS)
    await operator.page.reload()
    await expect(operator.see("delivery-result")).to_be_visible(timeout=SOON_MS)
    await findings.look("operator: board with a delivery", operator)


async def _asking(findings: Findings, her: Phone, network: BadNetwork) -> None:
    page = her.page
    await expect(her.see("mode-public")).to_be_visible(timeout=SOON_MS)
    await page.evaluate(STILLNESS)
    await page.locator("details").evaluate_all("all => all.forEach(it => it.open = true)")
    await findings.look("her: welcome", her)
    await ask_outside(her)
    await page.get_by_label("J’ai peur").check()
    await page.locator("#without").fill("06 12")
    await findings.look("her: ask", her)
    await page.evaluate("window.still = true")
    await her.see("hold-without").click()
    await findings.look("her: armed", her)
    await her.see("hold").focus()
    await page.keyboard.down("Space")
    await expect(page.locator(".hold.holding")).to_be_visible()
    await findings.look("her: holding", her)
    await expect(page.locator(".hold.holding")).to_be_visible()
    network.turn(Weather.BLACK_HOLE)
    await page.wait_for_timeout(HOLD_MS)
    await page.keyboard.up("Space")
    await expect(her.see("sending")).to_be_visible(timeout=SOON_MS)
    await findings.look("her: sending", her)
    await page.evaluate("goOn(true)")
    await expect(her.see("unsent")).to_be_visible(timeout=SOON_MS)
    await findings.look("her: not sent", her)
    network.turn(Weather.FAIR)
    await page.evaluate("goOn(false)")
    await expect(her.see("sent")).to_be_visible(timeout=SOON_MS * 2)
    await expect(her.see("summary")).to_be_visible(timeout=SOON_MS)
    await findings.look("her: sent, searching", her)


async def _coming(findings: Findings, her: Phone, helper: Phone, operator: Phone) -> None:
    await expect(helper.see("about")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: offer", helper)
    await helper.see("accept").click()
    await expect(helper.see("going")).to_be_visible(timeout=SOON_MS)
    await say(helper, "J’arrive")
    await say(her, "Merci")
    await expect(helper.see("going")).to_contain_text("Merci", timeout=SOON_MS)
    await findings.look("helper: going, before the exact place", helper)
    await expect(her.see("release")).to_be_visible(timeout=SOON_MS)
    await findings.look("her: somebody comes, room", her)
    await her.see("release").click()
    await findings.look("her: shall the place be shown?", her)
    await operator.see("open").click()
    await expect(operator.see("opened").get_by_role("log")).to_contain_text("Merci")
    await operator.page.locator("details").evaluate_all("all => all.forEach(it => it.open = true)")
    await findings.look("operator: alert opened", operator)
    await her.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(helper.see("coordinates")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: going, exact place", helper)


async def _ending(findings: Findings, her: Phone, helper: Phone) -> None:
    await her.see("close").click()
    await her.page.get_by_role("button", name="Oui, je suis en sécurité").click()
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    await findings.look("her: ended", her)
    await expect(helper.see("offer-over")).to_be_visible(timeout=SOON_MS)
    await findings.look("helper: over", helper)
