"""Everyone can use every screen: axe finds nothing, thumbs hit, keys and readers get through.

The walk through all screens (``screens.py``) is made once; each test reads what was found.
"""

import pytest
from playwright.async_api import Browser

from tests.browser.looking import Findings, told
from tests.browser.screens import SCREENS, walk
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
async def findings(browser: Browser, server: ServerProcess) -> Findings:
    return await walk(browser, server)


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    findings: Findings, screen: str
) -> None:
    assert findings.axe[screen] == [], told(findings.axe[screen])


async def test_the_walk_is_the_whole_walk(findings: Findings) -> None:
    assert list(findings.axe) == list(SCREENS)
    assert len(findings.languages) == 2


async def test_whatever_is_pressed_is_as_large_as_a_thumb(findings: Findings) -> None:
    assert not any(findings.small.values()), told(findings.small)


async def test_nothing_scrolls_sideways_on_the_narrowest_phone(findings: Findings) -> None:
    assert set(findings.wide.values()) == {0}, told(findings.wide)


async def test_nothing_moves_for_those_who_asked_for_no_motion(findings: Findings) -> None:
    assert set(findings.moving.values()) == {0}, told(findings.moving)
