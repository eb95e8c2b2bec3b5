"""One evening, in real browsers: she asks, three are told, one declines, two come, and she is safe."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import (
    HER_PLACE,
    SOON_MS,
    Phone,
    apply,
    approve,
    ask_outside,
    hold,
    messages,
    on_duty,
    open_board,
    phone,
    say,
    texts,
)
from tests.support.server import ServerProcess, tokens

NAMES = ("Amina", "Bruno", "Chloé")
CUT_S = 6


async def helpers_on_duty(browser: Browser, server: ServerProcess, operator: Phone) -> list[Phone]:
    helpers = []
    for number, name in enumerate(NAMES):
        place = (HER_PLACE[0] + 0.001 * (number + 1), HER_PLACE[1])
        helper = await phone(browser, server.url, "/aider", place=place)
        await apply(helper, name)
        await approve(operator, name)
        await on_duty(helper)
        helpers.append(helper)
    return helpers


@pytest.mark.timeout(240)
async def test_an_evening_from_the_first_word_to_the_last(
    browser: Browser, server: ServerProcess
) -> None:
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    amina, bruno, chloe = await helpers_on_duty(browser, server, operator)

    her = await phone(browser, server.url, "/")
    await ask_outside(her)
    await hold(her)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    await expect(operator.see("alert")).to_have_count(1, timeout=SOON_MS)

    # Three are told; none of them sees where she is.
    for helper in (amina, bruno, chloe):
        await expect(helper.see("offer")).to_be_visible(timeout=SOON_MS)
        await expect(helper.see("coordinates")).to_have_count(0)
    await amina.page.get_by_role("button", name="Pas cette fois").click()
    await expect(amina.see("offer")).to_have_count(0, timeout=SOON_MS)

    # One comes: she shows him her place herself. A second comes: both see it.
    await bruno.page.get_by_role("button", name="J’y vais").click()
    await expect(her.see("summary")).to_contain_text("1 arrive", timeout=SOON_MS)
    await expect(bruno.see("coordinates")).to_have_count(0)
    await her.page.get_by_role("button", name="Montrer ma place à Bruno").click()
    await her.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(bruno.see("coordinates")).to_contain_text("48.857", timeout=SOON_MS)
    await chloe.page.get_by_role("button", name="J’y vais").click()
    await expect(her.see("summary")).to_contain_text("2 arrivent", timeout=SOON_MS)
    await expect(chloe.see("coordinates")).to_contain_text("48.857", timeout=SOON_MS)

    # Her network is cut for a minute, in the middle of a conversation.
    await say(her, "message 1")
    await say(bruno, "message 2")
    await her.context.set_offline(True)
    await say(bruno, "message 3")
    await say(chloe, "message 4")
    await asyncio.sleep(CUT_S)
    await her.context.set_offline(False)
    await expect(messages(her).filter(has_text="message 4")).to_have_count(1, timeout=30_000)
    assert await texts(her) == [f"message {number}" for number in (1, 2, 3, 4)]

    # Her tab is killed; another one finds the request, and every word, once.
    await her.page.close()
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto("/")
    await expect(again.see("summary")).to_contain_text("2 arrivent", timeout=SOON_MS)
    await expect(messages(again).filter(has_text="message 4")).to_have_count(1, timeout=SOON_MS)
    assert await texts(again) == [f"message {number}" for number in (1, 2, 3, 4)]

    await bruno.page.get_by_role("button", name="Je suis sur place").click()
    await expect(again.see("summary")).to_contain_text("1 sur place", timeout=SOON_MS)
    await again.page.get_by_role("button", name="Je suis en sécurité").click()
    await again.page.get_by_role("button", name="Oui, je suis en sécurité").click()
    await expect(again.see("ended")).to_be_visible(timeout=SOON_MS)
    await expect(chloe.see("offer-over")).to_contain_text("en sécurité", timeout=SOON_MS)
    await expect(operator.see("alert")).to_have_count(0, timeout=SOON_MS)
    for person in (operator, amina, bruno, chloe, again):
        await person.context.close()
