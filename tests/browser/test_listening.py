"""A conversation with the helpline, from a closed line to a return with three words, on phones.

The conversation (``listening.py``) is had once; each test reads what was seen.
"""

import asyncio
import tempfile
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.browser.chromium import AS_PEOPLE_HAVE_IT, CHROMIUM, with_neutral_site
from tests.browser.helpline import Operator, on_duty
from tests.browser.leaving import (
    OURS,
    WORDS,
    by_button,
    found_in,
    found_on_disk,
    leave,
    seen_going_back,
)
from tests.browser.listening import SCREENS, Heard, listen, say, sees
from tests.browser.looking import told
from tests.browser.people import SOON_MS, Phone, own_phone
from tests.browser.watch import Watch
from tests.support.neutral_site import NeutralSite
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(180)
#: ``./run prove evening`` cuts a network for a minute.
CUT_S = 6.0


@pytest.fixture(scope="module")
async def heard(browser: Browser, server: ServerProcess) -> Heard:
    heard = await listen(browser, server, cut_s=CUT_S)
    print(told(heard.seconds))  # noqa: T201
    return heard


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_each_language(
    heard: Heard, screen: str
) -> None:
    assert heard.findings.axe[screen] == [], told(heard.findings.axe[screen])


async def test_the_conversation_is_the_whole_conversation(heard: Heard) -> None:
    assert sorted(heard.findings.axe) == sorted(SCREENS)
    assert len(heard.findings.languages) == 3


async def test_whatever_is_pressed_is_as_large_as_a_thumb(heard: Heard) -> None:
    assert not any(heard.findings.small.values()), told(heard.findings.small)


async def test_nothing_scrolls_sideways_on_the_narrowest_phone(heard: Heard) -> None:
    assert set(heard.findings.wide.values()) == {0}, told(heard.findings.wide)


async def test_nothing_moves_for_those_who_asked_for_no_motion(heard: Heard) -> None:
    assert set(heard.findings.moving.values()) == {0}, told(heard.findings.moving)


async def test_words_written_without_a_network_wait_in_sight_and_go_once(heard: Heard) -> None:
    assert len(heard.waited) == 2
    assert sorted(heard.hers["after the cut"]) == [
        "pendant la coupure, deux",
        "pendant la coupure, un",
        "sans réseau, deux",
        "sans réseau, un",
    ]


async def test_everybody_has_every_word_once_in_one_order(heard: Heard) -> None:
    """After a cut, a sleep, a killed tab, an exit and another phone."""
    hers = heard.hers["on another phone"]

    assert len(set(hers)) == len(hers)
    assert [it for it in heard.operators if it] == hers
    assert heard.hers["after the thaw"] == heard.hers["in a new tab"] == hers[:-1]


async def test_all_of_it_is_one_entry_one_address_and_one_title(heard: Heard) -> None:
    assert {(url, title) for _, url, title in heard.tab} == {("", "Entraide")}
    assert len(heard.tab) == 1


async def test_no_word_of_the_conversation_is_in_any_file_of_the_browser(
    browser: Browser,
    playwright: Playwright,
    heard: Heard,
    server: ServerProcess,
    elsewhere: NeutralSite,
) -> None:
    del browser, heard  # The line is open since.
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
        async with on_duty(server) as operator:
            words = await _talk(her, operator)

        await leave(her, by_button)

        seen = await seen_going_back(her.page, 10, until="commit")
        looked_for = [*WORDS.all, words, *watch.secrets, "/api/chat/", "/api/room/"]
        while_open = await asyncio.to_thread(found_on_disk, Path(folder), looked_for)
        await context.close()
        after = await asyncio.to_thread(found_on_disk, Path(folder), looked_for)
        visited = await asyncio.to_thread(found_on_disk, Path(folder), [server.url])
    assert not [url for url, _ in seen if url.startswith(server.url)]
    assert found_in([html for _, html in seen], [*OURS, *WORDS.all]) == []
    assert while_open == []
    assert after == []
    # The scan finds what is there: the history, which no page can erase.
    assert visited != []
    assert watch.complaints == []


async def _talk(her: Phone, operator: Operator) -> str:
    """Forty words that nobody else says, where a page could keep them; the three that lead back."""
    await her.see("write").click()
    for _ in range(4):
        await her.see("next").click()
    await her.page.locator("#word").fill(WORDS.names[0])
    await her.see("ask-chat").click()
    words = await her.see("three-words").inner_text(timeout=SOON_MS)
    _, room = await operator.answer()
    await say(her, " ".join([*WORDS.note, WORDS.names[1], WORDS.phone]))
    await sees(her, WORDS.phone)
    await operator.say(room, " ".join(WORDS.heard))
    await sees(her, WORDS.heard[0])
    await say(her, " ".join(WORDS.said))
    await sees(her, WORDS.said[0])
    await her.see("correct").click()
    await say(her, " ".join(reversed(WORDS.said)))
    await expect(her.see("pending")).to_have_count(0, timeout=SOON_MS)
    await her.page.locator("#say").fill(" ".join(WORDS.draft))
    return words
