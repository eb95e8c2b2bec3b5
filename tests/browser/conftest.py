"""A real server and Debian's Chromium: one of each for the folder, a fresh profile for each person."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.support.server import ServerProcess

CHROMIUM = "/usr/bin/chromium"
#: Chromium's own chatter would leave the machine.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def anyio_backend() -> object:
    """One loop is enough for what happens in another program."""
    return ("asyncio", {})


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture
async def server() -> AsyncGenerator[ServerProcess]:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data")
        await server.start()
        try:
            yield server
        finally:
            await asyncio.to_thread(server.kill)
