"""What somebody who picks up the phone after "vite, je quitte" could look for, and how."""

import asyncio
import random
import string
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Literal

from playwright.async_api import Page, expect

from tests.browser.people import SOON_MS, Phone, ask_outside, hold, say

#: Sentences of ours that would betray the page by themselves.
OURS = ("besoin d’aide", "Besoin d’aide", "personnes prévenues", "Conversation", "Entraide")
LOOKED_S = 10.0

#: Says on the console how long the page took to show nothing after the last press, once painted.
MEASURE_COVER = """() => {
  let pressed = null;
  const look = () => requestAnimationFrame(() =>
    document.body.innerText.trim() === ""
      ? requestAnimationFrame(() => console.info(`covered ${performance.now() - pressed}`))
      : look());
  for (const kind of ["click", "keyup"])
    addEventListener(kind, () => { if (pressed === null) look(); pressed = performance.now(); },
      true);
}"""
#: Everything that a page can keep on a phone.
KEPT = """async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookies: document.cookie,
})"""
NOTHING_KEPT = {
    "local": [],
    "session": [],
    "databases": [],
    "caches": [],
    "workers": 0,
    "cookies": "",
}


@dataclass(frozen=True, slots=True)
class Canaries:
    """Words that nobody else says: wherever one is found, something of hers was kept."""

    note: tuple[str, ...]
    said: tuple[str, ...]
    heard: tuple[str, ...]
    draft: tuple[str, ...]
    names: tuple[str, ...]
    #: Digits: the telephone of somebody who must not be told.
    phone: str

    @classmethod
    def hatch(cls, seed: int) -> "Canaries":
        dice = random.Random(seed)
        words = ["".join(dice.choices(string.ascii_lowercase, k=12)) for _ in range(39)]
        phone = "06" + "".join(dice.choices(string.digits, k=8))
        return cls(
            note=tuple(words[:12]),
            said=tuple(words[12:22]),
            heard=tuple(words[22:32]),
            draft=tuple(words[32:37]),
            names=tuple(words[37:]),
            phone=phone,
        )

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.note, *self.said, *self.heard, *self.draft, *self.names, self.phone)


WORDS = Canaries.hatch(40)


async def type_everything(her: Phone) -> None:
    """Everything typed, nothing sent."""
    await ask_outside(her)
    await her.page.locator("#note").fill(" ".join(WORDS.note))
    await her.page.locator("#without").fill(WORDS.phone)


async def talk(her: Phone) -> None:
    """Sent, with a conversation, and a message being written."""
    await type_everything(her)
    await hold(her)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    await say(her, " ".join(WORDS.said))
    await her.page.get_by_label("Votre message").fill(" ".join(WORDS.draft))


async def by_button(her: Phone) -> None:
    await her.see("exit").click()


@dataclass(frozen=True, slots=True)
class Left:
    #: From the last press until nothing of ours could be seen.
    milliseconds: float
    #: On this program's clock.
    pressed_at: float


async def leave(her: Phone, way: Callable[[Phone], Awaitable[None]]) -> Left:
    await her.page.evaluate(MEASURE_COVER)
    async with her.page.expect_console_message(
        lambda message: message.text.startswith("covered ")
    ) as covered:
        pressed_at = perf_counter()
        await way(her)
    await her.page.wait_for_url("https://**", timeout=SOON_MS)
    return Left(float((await covered.value).text.removeprefix("covered ")), pressed_at)


async def when_dead(url: str, token: str) -> float:
    """The moment from which the server no longer knows a session; never: infinity."""
    start = perf_counter()
    while perf_counter() - start < LOOKED_S:
        if await asyncio.to_thread(status, url, token) == 401:
            return perf_counter()
        await asyncio.sleep(0.02)
    return inf


def status(url: str, token: str) -> int:
    """What the server answers to who comes with this bearer."""
    request = urllib.request.Request(  # noqa: S310
        f"{url}/api/me/state",
        data=b"{}",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=LOOKED_S) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


async def seen_going_back(
    page: Page, times: int, *, until: Literal["load", "commit"] = "load"
) -> list[tuple[str, str]]:
    """Press Back: the address and everything of the page, each time; then Forward, twice.

    A page that the browser kept alive is not loaded again: there it is ``commit``.
    """
    seen = []
    for press in [page.go_back] * times + [page.go_forward] * 2:
        await press(wait_until=until)
        seen.append((page.url, await page.content()))
    return seen


def found_in(texts: Iterable[str], words: Iterable[str]) -> list[str]:
    return sorted({word for text in texts for word in words if word in text})


def found_on_disk(folder: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """Which words stand in which files, as browsers write them: UTF-8 or UTF-16."""
    needles = [(word, form) for word in words for form in (word.encode(), word.encode("utf-16-le"))]
    found = []
    for file in folder.rglob("*"):
        if file.is_symlink() or not file.is_file():
            continue
        try:
            body = file.read_bytes()
        except FileNotFoundError:
            continue
        name = str(file.relative_to(folder))
        found += [(name, word) for word, form in needles if form in body]
    return found
