"""What somebody who picks up the phone after "vite, je quitte" could look for, and how."""

import asyncio
import random
import string
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from playwright.async_api import Page

#: Sentences of ours that would betray the page by themselves.
OURS = ("besoin d’aide", "Besoin d’aide", "personnes prévenues", "Conversation", "Entraide")
#: How long the old session may still be known.
DEAD_S = 1.0
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


async def seconds_until_dead(url: str, token: str) -> float:
    """How long the server goes on knowing a session; ``LOOKED_S`` and more: for ever."""
    start = perf_counter()
    while await asyncio.to_thread(status, url, token) != 401:
        if perf_counter() - start > LOOKED_S:
            break
        await asyncio.sleep(0.02)
    return perf_counter() - start


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


async def seen_going_back(page: Page, times: int) -> list[tuple[str, str]]:
    """Press Back: the address and everything of the page, each time; then Forward, twice."""
    seen = []
    for press in [page.go_back] * times + [page.go_forward] * 2:
        await press()
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
