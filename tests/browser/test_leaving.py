""" "Vite, je quitte": nothing is left on the phone, at whatever moment she goes, by whatever way."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Playwright, expect

from tests.browser.chromium import AS_PEOPLE_HAVE_IT, CHROMIUM, with_neutral_site
from tests.browser.leaving import (
    DEAD_S,
    KEPT,
    MEASURE_COVER,
    NOTHING_KEPT,
    OURS,
    Canaries,
    found_in,
    found_on_disk,
    seconds_until_dead,
    seen_going_back,
    status,
)
from tests.browser.people import (
    SOON_MS,
    Phone,
    apply,
    approve,
    ask_outside,
    hold,
    messages,
    on_duty,
    open_board,
    own_phone,
    phone,
    say,
)
from tests.browser.watch import Watch
from tests.support.bad_network import BadNetwork, Weather, bad_network
from tests.support.neutral_site import NeutralSite
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(120)

#: What is promised, and what a test on a busy machine refuses.
COVERED_MS, TOO_LONG_MS = 200.0, 1_000.0
WORDS = Canaries.hatch(40)
Journey = Callable[[Phone, BadNetwork], Awaitable[None]]


@pytest.fixture(scope="module")
async def network(server: ServerProcess) -> AsyncGenerator[BadNetwork]:
    async with bad_network(server.port) as network:
        yield network


async def welcome(her: Phone, network: BadNetwork) -> None:
    del network
    await expect(her.see("mode-public")).to_be_visible(timeout=SOON_MS)


async def asking(her: Phone, network: BadNetwork) -> None:
    """Everything typed, nothing sent."""
    del network
    await ask_outside(her)
    await her.page.locator("#note").fill(" ".join(WORDS.note))
    await her.page.locator("#without").fill(WORDS.phone)


async def unsent(her: Phone, network: BadNetwork) -> None:
    await asking(her, network)
    network.turn(Weather.BLACK_HOLE)
    await hold(her)
    await expect(her.see("unsent")).to_be_visible(timeout=SOON_MS)


async def live(her: Phone, network: BadNetwork) -> None:
    """Sent, with a conversation, and a message being written."""
    await asking(her, network)
    await hold(her)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    await say(her, " ".join(WORDS.said))
    await her.page.get_by_label("Votre message").fill(" ".join(WORDS.draft))


async def by_button(her: Phone) -> None:
    await her.see("exit").click()


async def by_shift(her: Phone) -> None:
    for _ in range(3):
        await her.page.keyboard.press("Shift")


async def leave(her: Phone, way: Callable[[Phone], Awaitable[None]]) -> float:
    """Go; how many milliseconds after the last press nothing of ours could be seen."""
    await her.page.evaluate(MEASURE_COVER)
    async with her.page.expect_console_message(
        lambda message: message.text.startswith("covered ")
    ) as covered:
        await way(her)
    await her.page.wait_for_url("https://**", timeout=SOON_MS)
    return float((await covered.value).text.removeprefix("covered "))


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

    milliseconds = await leave(her, way)

    network.turn(Weather.FAIR)
    tickets_and_bearers = list(watch.secrets)
    dead = [await seconds_until_dead(server.url, secret) for secret in tickets_and_bearers]
    print(f"covered in {milliseconds:.0f} ms, session dead after {max(dead, default=0):.2f} s")  # noqa: T201
    assert milliseconds < TOO_LONG_MS
    assert all(seconds < DEAD_S for seconds in dead)
    assert (journey is live) == (len(dead) >= 2)
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
    await live(her, network)
    await her.context.set_offline(True)

    await by_button(her)

    await her.page.wait_for_url("chrome-error://**", timeout=SOON_MS)
    await her.context.set_offline(False)
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto(network.url)
    await expect(again.see("mode-public")).to_be_visible(timeout=SOON_MS)
    # The server was not told, but the cookie that scripts cannot read opens nothing by itself.
    assert {cookie["name"] for cookie in await her.context.cookies()} <= {"s"}
    answer = "fetch('/api/me/state', {method: 'POST', body: '{}'}).then((it) => it.status)"
    assert await again.page.evaluate(answer) == 401
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
    await live(her, BadNetwork(server.port))
    await her.page.reload()
    await expect(her.see("sent")).to_be_visible(timeout=SOON_MS)
    (session,) = [it["value"] for it in await her.context.cookies() if it["name"] == "s"]
    await her.page.close()
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto(server.url)
    await expect(again.see("sent")).to_be_visible(timeout=SOON_MS)
    await expect(messages(again)).to_have_count(1, timeout=SOON_MS)
    assert await asyncio.to_thread(status, server.url, session) == 200

    await leave(again, by_button)

    assert await seconds_until_dead(server.url, session) < DEAD_S
    await nothing_on(her.context, server.url)
    await her.context.close()


@asynccontextmanager
async def helper_who_comes(
    browser: Browser, server: ServerProcess
) -> AsyncGenerator[tuple[Phone, Phone]]:
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    helper = await phone(browser, server.url, "/aider")
    name = WORDS.names[0]
    await apply(helper, name)
    await approve(operator, name)
    await on_duty(helper)
    yield helper, operator
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
        async with helper_who_comes(browser, server) as (helper, _):
            await live(her, BadNetwork(server.port))
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
