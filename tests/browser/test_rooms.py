"""A room for tonight, from the first question to the next day, on a phone, two tablets and a desk.

The night (``night.py``) is spent once; each test reads what was seen.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.hotels import open_hotels
from tests.browser.looking import Findings, told
from tests.browser.night import SCREENS, spend_night
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
async def night(browser: Browser) -> AsyncGenerator[Findings]:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data")
        await server.start()
        try:
            await open_hotels(server.data_dir)
            yield await spend_night(browser, server)
        finally:
            await asyncio.to_thread(server.kill)


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    night: Findings, screen: str
) -> None:
    assert night.axe[screen] == [], told(night.axe[screen])


async def test_the_night_is_the_whole_night(night: Findings) -> None:
    assert sorted(night.axe) == sorted(SCREENS)
    assert len(night.languages) == 2


async def test_whatever_is_pressed_is_as_large_as_a_thumb(night: Findings) -> None:
    assert not any(night.small.values()), told(night.small)


async def test_nothing_scrolls_sideways_on_the_narrowest_phone(night: Findings) -> None:
    assert set(night.wide.values()) == {0}, told(night.wide)


async def test_nothing_moves_for_those_who_asked_for_no_motion(night: Findings) -> None:
    assert set(night.moving.values()) == {0}, told(night.moving)
