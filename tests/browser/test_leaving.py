"""Vite, je quitte: nothing is left on the phone, at whatever moment she goes, by whatever way."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.leaving import (
    KEPT,
    NOTHING_KEPT,
    OURS,
    WORDS,
    by_button,
    found_in,
    leave,
    seen_going_back,
    status,
    talk,
    type_everything,
    when_dead,
)
from tests.browser.people import (
    SOON_MS,
    Phone,
    ask_outside,
    hold,
    messages,
    phone,
)
from tests.browser.watch import Watch
from tests.support.bad_network import BadNetwork, Weather, bad_network
from tests.support.neutral_site import NeutralSite
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(120)

#: What is promised, and what a test on a busy machine refuses.
COVERED_MS, TOO_LONG_MS = 200.0, 1_000.0
DEAD_S, TOO_LATE_S = 1.0, 3.0
#: With the cookies alone.
ASK_WHO_I_AM = """() => fetch("/api/me/state",
  { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } })
  .then((answer) => answer.status)"""
Journey = Callable[[Phone, BadNetwork], Awaitable[None]]


@pytest.fixture(scope="module")
async def network(server: ServerProcess) -> AsyncGenerator[BadNetwork]:
    async with bad_network(server.port) as network:
        yield network


async def welcome(her: Phone, network: BadNetwork) -> None:
    del network
    await expect(her.see("mode-public")).to_be_visible(timeout=SOON_MS)


async def asking(her: Phone, network: BadNetwork) -> None:
    del network
    await type_everything(her)


async def unsent(her: Phone, network: BadNetwork) -> None:
    await asking(her, network)
    network.turn(Weather.BLACK_HOLE)
    await hold(her)
    await expect(her.see("unsent")).to_be_visible(timeout=SOON_MS)


async def live(her: Phone, network: BadNetwork) -> None:
    del network
    await talk(her)


async def by_shift(her: Phone) -> None:
    for _ in range(3):
        await her.page.keyboard.press("Shift")


@pytest.mark.parametrize("way", [by_button, by_shift], ids=lambda it: it.__name__)
@pytest.mark.parametrize("journey", [welcome, asking, unsent, live], ids=lambda it: it.__name__)
async def test_leaving_shows_nothing_and_leaves_nothing(
    browser: Browser,
    network: BadNetwork,
    server: ServerProcess,
    elsewhere: NeutralSite,
    journey: Journey,
    way: Callable[[Phone], Awaitable[None]],
) -> None:
    watch = Watch()
    her = await phone(browser, elsewhere.url, "/", watch=watch)
    await her.page.goto(network.url)
    entries = await her.page.evaluate("history.length")
    await journey(her, network)
    visits = len(elsewhere.visits)

    async with asyncio.TaskGroup() as looking:
        dying = [looking.create_task(when_dead(server.url, it)) for it in watch.bearers]
        left = await leave(her, way)

    network.turn(Weather.FAIR)
    dead = [dead.result() - left.pressed_at for dead in dying]
    print(f"covered in {left.milliseconds:.0f} ms, dead after {max(dead, default=0):.2f} s")  # noqa: T201
    assert left.milliseconds < TOO_LONG_MS
    assert len(dead) == (journey is live)
    assert all(seconds < TOO_LATE_S for seconds in dead)
    # The neutral site learns nothing, and stands where our page stood in the history.
    assert [visit.get("referer") for visit in elsewhere.visits[visits:]] == [None]
    assert await her.page.evaluate("history.length") == entries
    seen = await seen_going_back(her.page, 10)
    assert not [url for url, _ in seen if url.startswith(network.url)]
    assert found_in([html for _, html in seen], [*OURS, *WORDS.all]) == []
    await nothing_on(her.context, network.url)
    await her.context.close()


async def nothing_on(context: BrowserContext, url: str) -> None:
    """No cookie, no storage; who opens the address again is nobody."""
    stranger = Phone(context, await context.new_page())
    await stranger.page.goto(url)
    await expect(stranger.see("mode-public")).to_be_visible(timeout=SOON_MS)
    assert await stranger.page.evaluate(KEPT) == NOTHING_KEPT
    assert await context.cookies() == []
    assert found_in([await stranger.page.content()], WORDS.all) == []


async def test_leaving_without_a_network_forgets_all_the_same(
    browser: Browser, network: BadNetwork
) -> None:
    her = await phone(browser, network.url, "/")
    await talk(her)
    await her.context.set_offline(True)

    await by_button(her)

    await her.page.wait_for_url("chrome-error://**", timeout=SOON_MS)
    await her.context.set_offline(False)
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto(network.url)
    await expect(again.see("mode-public")).to_be_visible(timeout=SOON_MS)
    # The server was not told, but the cookie that scripts cannot read opens nothing by itself.
    assert {cookie["name"] for cookie in await her.context.cookies()} <= {"s"}
    assert await again.page.evaluate(ASK_WHO_I_AM) == 401
    await her.context.close()


async def test_shift_as_part_of_a_capital_does_not_leave(
    browser: Browser, server: ServerProcess
) -> None:
    her = await phone(browser, server.url, "/")
    await ask_outside(her)
    await her.page.locator("#note").focus()

    for letter in "ABCDEF":
        await her.page.keyboard.press(f"Shift+{letter}")
    await her.page.keyboard.press("Shift")
    await her.page.keyboard.press("Shift")

    await expect(her.page.locator("#note")).to_have_value("ABCDEF")
    await expect(her.page.get_by_text("Encore une fois Maj pour quitter")).to_be_visible()
    await her.context.close()


async def test_a_reload_and_a_killed_tab_find_the_request_until_she_leaves(
    browser: Browser, server: ServerProcess
) -> None:
    her = await phone(browser, server.url, "/")
    await talk(her)
    await her.page.reload()
    await expect(her.see("sent")).to_be_visible(timeout=SOON_MS)
    (session,) = [it["value"] for it in await her.context.cookies() if it["name"] == "s"]
    await her.page.close()
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto(server.url)
    await expect(again.see("sent")).to_be_visible(timeout=SOON_MS)
    await expect(messages(again)).to_have_count(1, timeout=SOON_MS)
    assert await asyncio.to_thread(status, server.url, session) == 200

    left = await leave(again, by_button)

    assert await when_dead(server.url, session) - left.pressed_at < TOO_LATE_S
    await nothing_on(her.context, server.url)
    await her.context.close()
