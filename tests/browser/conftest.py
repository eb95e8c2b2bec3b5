"""A real server and Debian's Chromium: one browser for all, a fresh profile for each person."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, async_playwright

from tests.browser.chromium import CHROMIUM, with_neutral_site
from tests.browser.evening import Evening, spend_evening
from tests.browser.watch import Watch
from tests.support.neutral_site import NeutralSite, neutral_site
from tests.support.server import ServerProcess

#: ``./run prove evening`` cuts it for a minute.
CUT_S = 8.0


@pytest.fixture(scope="session")
def anyio_backend() -> object:
    """One loop is enough for what happens in another program."""
    return ("asyncio", {})


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[NeutralSite]:
    with neutral_site() as site:
        yield site


@pytest.fixture(scope="session")
async def playwright() -> AsyncGenerator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
async def browser(playwright: Playwright, elsewhere: NeutralSite) -> AsyncGenerator[Browser]:
    browser = await playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=with_neutral_site(elsewhere.port),
    )
    yield browser
    await browser.close()


@pytest.fixture(scope="module")
async def server() -> AsyncGenerator[ServerProcess]:
    """One for each file: who asked in one test does not stand on the board of another file."""
    with tempfile.TemporaryDirectory() as folder:
        # A phone that is woken here is woken on this machine, and nowhere else.
        server = ServerProcess(Path(folder) / "data", environment={"ENTRAIDE_PUSH_LOOPBACK": "1"})
        await server.start()
        try:
            yield server
        finally:
            await asyncio.to_thread(server.kill)


@pytest.fixture(scope="session")
async def evening(browser: Browser) -> AsyncGenerator[tuple[Evening, Watch]]:
    """One evening, spent once: what happened, and all that the browsers asked for meanwhile."""
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data")
        await server.start()
        try:
            yield await spend_evening(browser, server, cut_s=CUT_S, watch=watch), watch
        finally:
            await asyncio.to_thread(server.kill)
