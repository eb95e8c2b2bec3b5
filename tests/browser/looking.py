"""Looks at a screen as axe, a thumb, a narrow phone and somebody who cannot bear motion would."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

from tests.browser.people import PHONE, Phone

#: The narrowest page that must need no sideways scrolling (WCAG 1.4.10).
NARROW_PX = 320
#: What a thumb hits without looking; half a pixel for rounding.
THUMB_PX = 48.0

#: Each language by day and by night. Contrast alone depends on the colours; it is slow to measure.
Colours = Literal["light", "dark"]
LOOKS: tuple[tuple[str, Colours, bool], ...] = (
    ("fr", "light", True),
    ("fr", "dark", False),
    ("en", "dark", False),
    ("en", "light", True),
)

AXE = """async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
}"""
SPEAK = """(language) => document.querySelector(`.foot button[lang=${language}]`)?.click()"""
#: Where many screens are made of the same parts: one language by day, the other by night.
GLANCES = (LOOKS[0], LOOKS[2])
#: The night desk's own choice of dark or light.
CHOOSE = """(colours) => {
  const { dataset } = document.documentElement;
  if (dataset.look) dataset.look = colours;
}"""
TOO_SMALL = """(least) => [...document.querySelectorAll(
    "button, a.button, a.number, summary, select, textarea, .input, .chip, .check")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < least || box.width < least))
  .map(([one, box]) => `${one.className || one.tagName} "${one.innerText}": `
    + `${box.width.toFixed(0)} × ${box.height.toFixed(0)}`)"""
#: The bar that stays in sight scrolls with nothing: what leaves it is gone.
TOO_WIDE = """() => Math.max(...[document.documentElement, ...document.querySelectorAll(".bar")]
  .map((one) => one.scrollWidth - one.clientWidth))"""
MOVING = """() => document.getAnimations().filter((one) => one.playState === "running").length"""

#: Long waits of the page stand still when told to, and go on when told to.
STILLNESS = """(() => {
  const { setTimeout: wait, clearTimeout: forget } = window;
  const held = new Map();
  window.still = false;
  window.setTimeout = (work, after, ...rest) => {
    if (!window.still || !(after >= 2000)) return wait(work, after, ...rest);
    const id = -1 - Math.floor(Math.random() * 1e9);
    held.set(id, () => work(...rest));
    return id;
  };
  window.clearTimeout = (id) => held.delete(id) || forget(id);
  window.goOn = (still) => {
    for (const [id, work] of [...held]) if (held.delete(id)) work();
    window.still = still;
  };
})()"""


@dataclass(slots=True)
class Findings:
    """What was found on each screen, by its name; and on how many looks."""

    axe: dict[str, list[str]] = field(default_factory=dict)
    small: dict[str, list[str]] = field(default_factory=dict)
    wide: dict[str, int] = field(default_factory=dict)
    moving: dict[str, int] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)

    async def look(
        self,
        screen: str,
        person: Phone,
        size: ViewportSize = PHONE,
        looks: tuple[tuple[str, Colours, bool], ...] = LOOKS,
    ) -> None:
        page = person.page
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE_SCRIPT)
        self.axe[screen] = []
        for language, colours, whole in looks:
            await page.emulate_media(color_scheme=colours, reduced_motion="no-preference")
            await page.evaluate(CHOOSE, colours)
            await page.evaluate(SPEAK, language)
            await page.wait_for_function(
                "(language) => document.documentElement.lang === language", arg=language
            )
            self.languages.add(await page.inner_text(".foot p"))
            found = await page.evaluate(AXE, _options(whole=whole))
            self.axe[screen] += [f"{language}, {colours}: {it}" for it in found]
        await self._measure(screen, page, size)
        await page.evaluate(SPEAK, "fr")
        await page.wait_for_function("document.documentElement.lang === 'fr'")

    async def _measure(self, screen: str, page: Page, size: ViewportSize) -> None:
        self.small[screen] = await page.evaluate(TOO_SMALL, THUMB_PX - 0.5)
        await page.emulate_media(reduced_motion="reduce")
        self.moving[screen] = await page.evaluate(MOVING)
        await page.set_viewport_size({"width": NARROW_PX, "height": PHONE["height"]})
        self.wide[screen] = await page.evaluate(TOO_WIDE)
        await page.emulate_media(reduced_motion="no-preference")
        await page.set_viewport_size(size)

    def all(self) -> Iterator[str]:
        yield from self.axe


def _options(*, whole: bool) -> dict[str, Any]:
    """Every rule, also the one for 24 px targets, which axe leaves off; or contrast alone."""
    if not whole:
        return {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    return {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def told(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
