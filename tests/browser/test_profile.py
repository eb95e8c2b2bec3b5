"""After "vite, je quitte", no word of hers is in any file that the browser wrote."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.browser.chromium import AS_PEOPLE_HAVE_IT, CHROMIUM, with_neutral_site
from tests.browser.leaving import WORDS, by_button, found_on_disk, leave, talk
from tests.browser.people import (
    SOON_MS,
    Phone,
    apply,
    approve,
    messages,
    on_duty,
    open_board,
    own_phone,
    phone,
    say,
)
from tests.browser.watch import Watch
from tests.support.neutral_site import NeutralSite
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(120)


@asynccontextmanager
async def helper_who_comes(browser: Browser, server: ServerProcess) -> AsyncGenerator[Phone]:
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    helper = await phone(browser, server.url, "/aider")
    name = WORDS.names[0]
    await apply(helper, name)
    await approve(operator, name)
    await on_duty(helper)
    yield helper
    await helper.context.close()
    await operator.context.close()


async def test_no_word_of_hers_is_in_any_file_of_the_browser(
    browser: Browser, playwright: Playwright, server: ServerProcess, elsewhere: NeutralSite
) -> None:
    assert len(set(WORDS.all)) == 40
    with tempfile.TemporaryDirectory() as folder:
        context = await playwright.chromium.launch_persistent_context(
            folder,
            executable_path=CHROMIUM,
            args=with_neutral_site(elsewhere.port),
            ignore_default_args=list(AS_PEOPLE_HAVE_IT),
            **own_phone(),
        )
        watch = Watch()
        await watch.follow(context)
        her = Phone(context, await context.new_page())
        await her.page.goto(elsewhere.url)
        await her.page.goto(server.url)
        async with helper_who_comes(browser, server) as helper:
            await talk(her)
            await helper.page.get_by_role("button", name="J’y vais").click()
            await say(helper, " ".join(WORDS.heard))
            await expect(messages(her)).to_have_count(2, timeout=SOON_MS)
            await expect(her.see("helper")).to_contain_text(WORDS.names[0], timeout=SOON_MS)

            await leave(her, by_button)

            looked_for = [*WORDS.all, *watch.secrets, "/api/help/", "/api/room/", "48.857"]
            while_open = await asyncio.to_thread(found_on_disk, Path(folder), looked_for)
            await context.close()
        after = await asyncio.to_thread(found_on_disk, Path(folder), looked_for)
        # The scan finds what is there: the history, which no page can erase.
        visited = await asyncio.to_thread(found_on_disk, Path(folder), [server.url])
    assert while_open == []
    assert after == []
    assert visited != []
