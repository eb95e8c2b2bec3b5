"""One evening with five people, in real browsers: she asks, three are told, one declines, two come.

In the middle her network swallows everything for a while, then her tab is killed; she finds her
request and every word again, once and in order. Told by a test with a short cut, and by
``./run prove evening`` with one of a minute.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from playwright.async_api import Browser, expect

from tests.browser.people import (
    HER_PLACE,
    SOON_MS,
    Phone,
    apply,
    approve,
    ask_outside,
    hold,
    messages,
    on_duty,
    open_board,
    phone,
    say,
    texts,
)
from tests.browser.watch import Watch
from tests.support.bad_network import BadNetwork, Weather, bad_network
from tests.support.server import ServerProcess, tokens

NAMES = ("Amina", "Bruno", "Chloé")
#: What is said in the room, in the order in which it was said.
WORDS = tuple(f"message {number}" for number in range(1, 5))
#: After a cut: time-outs, a new ticket, a new line.
BACK_MS = 45_000


@dataclass(slots=True)
class Evening:
    """What was seen, for those who judge."""

    #: How long each step took, by its name.
    seconds: dict[str, float] = field(default_factory=dict)
    #: What she saw of the room at the end of the cut, after it, and in the new tab.
    during_cut: list[str] = field(default_factory=list)
    after_cut: list[str] = field(default_factory=list)
    in_new_tab: list[str] = field(default_factory=list)
    #: What each of those who came saw of it.
    others: list[list[str]] = field(default_factory=list)
    #: How many entries her whole journey left in the history of her tab.
    history: int = 0
    _from: float = field(default_factory=perf_counter)

    def step(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = now - self._from
        self._from = now


async def spend_evening(
    browser: Browser, server: ServerProcess, *, cut_s: float, watch: Watch | None = None
) -> Evening:
    evening = Evening()
    async with bad_network(server.port) as network:
        (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
        operator = await open_board(browser, server.url, token, watch=watch)
        helpers = await _helpers_on_duty(browser, server, operator, watch)
        evening.step("three helpers apply, are approved, go on duty")
        her = await phone(browser, network.url, "/", watch=watch)
        try:
            await _asked(her, operator, helpers)
            evening.step("she asks, three are told, one declines")
            _, bruno, chloe = helpers
            await _coming(her, bruno, chloe)
            evening.step("two come, each sees her place when allowed")
            await _cut(evening, network, her, (bruno, chloe), cut_s)
            evening.step("her network is cut, and back")
            her = await _killed_tab(evening, her)
            evening.step("her tab is killed, another finds everything")
            evening.others = [await texts(bruno), await texts(chloe)]
            evening.history = await her.page.evaluate("history.length")
            await _safe(her, operator, bruno, chloe)
            evening.step("one arrives, she is safe")
        finally:
            for person in (operator, *helpers, her):
                await person.context.close()
    return evening


async def _helpers_on_duty(
    browser: Browser, server: ServerProcess, operator: Phone, watch: Watch | None
) -> list[Phone]:
    helpers = []
    for number, name in enumerate(NAMES):
        place = (HER_PLACE[0] + 0.001 * (number + 1), HER_PLACE[1])
        helper = await phone(browser, server.url, "/aider", place=place, watch=watch)
        await apply(helper, name)
        await approve(operator, name)
        await on_duty(helper)
        helpers.append(helper)
    return helpers


async def _asked(her: Phone, operator: Phone, helpers: list[Phone]) -> None:
    """Three are told; none of them sees where she is."""
    await ask_outside(her)
    await hold(her)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    await expect(operator.see("alert")).to_have_count(1, timeout=SOON_MS)
    for helper in helpers:
        await expect(helper.see("offer")).to_be_visible(timeout=SOON_MS)
        await expect(helper.see("coordinates")).to_have_count(0)
    amina = helpers[0]
    await amina.page.get_by_role("button", name="Pas cette fois").click()
    await expect(amina.see("offer")).to_have_count(0, timeout=SOON_MS)


async def _coming(her: Phone, bruno: Phone, chloe: Phone) -> None:
    """One comes: she shows him her place herself. A second comes: both see it."""
    await bruno.page.get_by_role("button", name="J’y vais").click()
    await expect(her.see("summary")).to_contain_text("1 arrive", timeout=SOON_MS)
    await expect(bruno.see("coordinates")).to_have_count(0)
    await her.page.get_by_role("button", name="Montrer ma place à Bruno").click()
    await her.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(bruno.see("coordinates")).to_contain_text("48.857", timeout=SOON_MS)
    await chloe.page.get_by_role("button", name="J’y vais").click()
    await expect(her.see("summary")).to_contain_text("2 arrivent", timeout=SOON_MS)
    await expect(chloe.see("coordinates")).to_contain_text("48.857", timeout=SOON_MS)


async def _cut(
    evening: Evening,
    network: BadNetwork,
    her: Phone,
    others: tuple[Phone, Phone],
    cut_s: float,
) -> None:
    """In the middle of a conversation nothing passes, on old connections and new."""
    bruno, chloe = others
    await say(her, WORDS[0])
    await say(bruno, WORDS[1])
    await expect(messages(her).filter(has_text=WORDS[1])).to_have_count(1, timeout=SOON_MS)
    async with _nothing_passes(network, her):
        await say(bruno, WORDS[2])
        await say(chloe, WORDS[3])
        await asyncio.sleep(cut_s)
        evening.during_cut = await texts(her)
    await expect(messages(her).filter(has_text=WORDS[-1])).to_have_count(1, timeout=BACK_MS)
    evening.after_cut = await texts(her)


@asynccontextmanager
async def _nothing_passes(network: BadNetwork, her: Phone) -> AsyncGenerator[None]:
    """Packets vanish without a word, and her phone knows that it has no network."""
    network.turn(Weather.BLACK_HOLE)
    await her.context.set_offline(True)
    yield
    await her.context.set_offline(False)
    network.turn(Weather.FAIR)


async def _killed_tab(evening: Evening, her: Phone) -> Phone:
    await her.page.close()
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto("/")
    await expect(again.see("summary")).to_contain_text("2 arrivent", timeout=SOON_MS)
    await expect(messages(again).filter(has_text=WORDS[-1])).to_have_count(1, timeout=SOON_MS)
    evening.in_new_tab = await texts(again)
    return again


async def _safe(her: Phone, operator: Phone, bruno: Phone, chloe: Phone) -> None:
    await bruno.page.get_by_role("button", name="Je suis sur place").click()
    await expect(her.see("summary")).to_contain_text("1 sur place", timeout=SOON_MS)
    await her.page.get_by_role("button", name="Je suis en sécurité").click()
    await her.page.get_by_role("button", name="Oui, je suis en sécurité").click()
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    await expect(chloe.see("offer-over")).to_contain_text("en sécurité", timeout=SOON_MS)
    await expect(operator.see("alert")).to_have_count(0, timeout=SOON_MS)
