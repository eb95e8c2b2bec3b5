"""What one operator does, every other operator's board shows."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import SOON_MS, apply, approve, ask_outside, hold, open_board, phone
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(120)


async def test_what_one_operator_has_done_leaves_the_other_operators_board(
    browser: Browser, server: ServerProcess
) -> None:
    one, other = [
        await open_board(browser, server.url, token)
        for token in await asyncio.to_thread(tokens, server.data_dir, "operator", count=2)
    ]
    helper = await phone(browser, server.url, "/aider")
    her = await phone(browser, server.url, "/")
    await apply(helper, "Amina")
    await ask_outside(her)
    await hold(her)
    for board in (one, other):
        await expect(board.see("application")).to_have_count(1, timeout=SOON_MS)
        await expect(board.see("alert")).to_have_count(1, timeout=SOON_MS)

    await approve(one, "Amina")
    await one.see("open").click()
    await one.see("close").click()
    await one.page.get_by_role("button", name="Oui, fermer").click()

    for board in (one, other):
        await expect(board.see("application")).to_have_count(0, timeout=SOON_MS)
        await expect(board.see("alert")).to_have_count(0, timeout=SOON_MS)
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    for person in (one, other, helper, her):
        await person.context.close()
