"""The desks of those who answer the 3919 chat: an evening (``answering.py``), spent once.

Each test reads what was seen; what she saw of the same is in ``test_listening.py``.
"""

import pytest
from playwright.async_api import Browser

from tests.browser.answering import HANDOVER, NOTE, SCREENS, WHISPER, Evening, answer
from tests.browser.looking import told
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
async def evening(browser: Browser, server: ServerProcess) -> Evening:
    spent = await answer(browser, server)
    print(told(spent.seconds))  # noqa: T201
    return spent


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    evening: Evening, screen: str
) -> None:
    found = evening.findings

    assert found.axe[screen] == [], told(found.axe[screen])
    assert found.small[screen] == [], told(found.small[screen])
    assert (found.wide[screen], evening.desk[screen], found.moving[screen]) == (0, 0, 0)


async def test_the_evening_is_the_whole_evening(evening: Evening) -> None:
    assert list(evening.findings.axe) == list(SCREENS)
    assert len(evening.findings.languages) == 2


async def test_nothing_that_is_said_beside_her_reaches_her_browser(evening: Evening) -> None:
    """Notes, whispers and hand-over notes: in no frame, and on no screen of hers."""
    hers = " ".join(evening.hers)

    assert "comme vous voulez" in hers
    assert [it for it in (NOTE, WHISPER, HANDOVER) if it in hers] == []
    assert [it for it in ("superviseure", "Odile", "Inès", "Sarah") if it in hers] == []


async def test_a_supervisor_reads_how_the_line_does_beside_what_is_asked_of_it(
    evening: Evening,
) -> None:
    figures = evening.said["figures"]

    assert "100\u00a0%" in figures.replace(" ", "\u00a0")
    assert "NENA" in figures
