"""The people of a browser test: each with a phone of their own, and what they do on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from playwright.async_api import (
    Browser,
    BrowserContext,
    Geolocation,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from tests.browser.played import played_by
from tests.browser.watch import Watch

#: Where she is; helpers stand a few streets away.
HER_PLACE = (48.8570, 2.3520)
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
#: How long a person looks at a page before calling it broken, where other tests run beside it.
SOON_MS = 20_000
HOLD_MS = 2_300


@dataclass(frozen=True, slots=True)
class Phone:
    """A browser profile and the page open in it."""

    context: BrowserContext
    page: Page

    def see(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)


class Settings(TypedDict):
    """What makes a browser profile somebody's phone."""

    viewport: ViewportSize
    locale: str
    geolocation: Geolocation
    permissions: list[str]


def own_phone(place: tuple[float, float] = HER_PLACE) -> Settings:
    return Settings(
        viewport=PHONE,
        locale="fr-FR",
        geolocation={"latitude": place[0], "longitude": place[1], "accuracy": 20},
        permissions=["geolocation"],
    )


async def phone(
    browser: Browser,
    url: str,
    path: str,
    *,
    place: tuple[float, float] = HER_PLACE,
    watch: Watch | None = None,
    wakes: Mapping[str, str] | None = None,
) -> Phone:
    """Somebody's phone, on this page; ``wakes``: its push subscription, which is played."""
    settings = own_phone(place)
    if wakes is not None:
        settings["permissions"] = [*settings["permissions"], "notifications"]
    context = await browser.new_context(base_url=url, **settings)
    context.set_default_timeout(SOON_MS)
    if wakes is not None:
        await context.add_init_script(played_by(wakes))
    if watch is not None:
        await watch.follow(context)
    page = await context.new_page()
    await page.goto(path)
    return Phone(context, page)


async def open_board(
    browser: Browser, url: str, token: str, *, watch: Watch | None = None
) -> Phone:
    operator = await phone(browser, url, "/operateur", watch=watch)
    await operator.page.set_viewport_size(DESK)
    await operator.see("token").fill(token)
    await operator.see("enter").click()
    await expect(operator.page.get_by_role("heading", level=1)).to_be_visible(timeout=SOON_MS)
    return operator


async def apply(helper: Phone, name: str) -> None:
    page = helper.page
    await page.get_by_label("Votre prénom").fill(name)
    for skill in ("Venir sur place", "Appeler"):
        await page.get_by_role("checkbox", name=skill).check()
    french = page.get_by_role("checkbox", name="français", exact=False)
    await french.check()
    await page.get_by_role("checkbox", name="J’accepte la charte").check()
    await helper.see("apply").click()
    await expect(helper.see("applied")).to_be_visible(timeout=SOON_MS)


async def approve(operator: Phone, name: str) -> None:
    line = operator.see("application").filter(has_text=name)
    await line.get_by_test_id("approve-1").click()
    await expect(line).to_have_count(0, timeout=SOON_MS)


async def on_duty(helper: Phone) -> None:
    switch = helper.page.get_by_role("switch")
    await expect(switch).to_be_visible(timeout=SOON_MS)
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true", timeout=SOON_MS)


async def hold(her: Phone) -> None:
    """Hold the button for two seconds, as a finger would."""
    button = her.see("hold")
    await expect(button).to_be_visible(timeout=SOON_MS)
    await button.scroll_into_view_if_needed()
    box = await button.bounding_box()
    if box is None:
        raise AssertionError("the button is not on the page")
    mouse = her.page.mouse
    await mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await mouse.down()
    await her.page.wait_for_timeout(HOLD_MS)
    await mouse.up()


async def ask_outside(her: Phone) -> None:
    """From the first page to the button, with the place found."""
    await her.see("mode-public").click()
    await expect(her.see("where")).to_contain_text("Position trouvée", timeout=SOON_MS)


async def say(person: Phone, text: str) -> None:
    await person.page.get_by_label("Votre message").fill(text)
    await person.page.get_by_role("button", name="Envoyer", exact=True).click()
    await expect(messages(person).filter(has_text=text)).to_have_count(1, timeout=SOON_MS)


def messages(person: Phone) -> Locator:
    return person.page.get_by_role("log").locator(".said")


async def texts(person: Phone) -> list[str]:
    """What was said, as this person sees it, one text a message."""
    return [text.strip() for text in await messages(person).all_inner_texts()]
