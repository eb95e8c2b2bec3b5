"""What is seen of the evening on line T1 (``witnessing.py``), for those who judge."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.async_api import ViewportSize

from tests.browser.looking import GLANCES, Findings
from tests.browser.people import PHONE, Phone
from tests.browser.watch import Watch

#: Every screen, in the order of the evening.
SCREENS = (
    "helper: may she be told?",
    "helper: she is told on her trips",
    "her: for whom",
    "her: what happens",
    "her: is this right?",
    "her: recorded",
    "helper: it happens near her",
    "operator: lines",
    "operator: an event",
    "helper: somebody was faster",
    "helper: what she does",
    "her: people act",
    "operator: travellers are told",
    "her: what came of it",
    "helper: it is over",
    "her: a line by hand",
    "her: which way",
    "her: not sent",
    "her: recorded after all",
    "helper: a line rests",
)
#: Where pictures of the screens are put, for who wants to see them.
PICTURES = os.environ.get("ENTRAIDE_PICTURES", "")


@dataclass(slots=True)
class Seen:
    """What was seen, for those who judge."""

    findings: Findings = field(default_factory=Findings)
    #: What these phones asked for, and what they complained of.
    watch: Watch = field(default_factory=Watch)
    #: How long each step took, by its name.
    seconds: dict[str, float] = field(default_factory=dict)
    #: How many taps it took her from the first screen of the part.
    taps: int = 0
    #: Whatever any of these phones would have let be heard or felt.
    sounds: list[str] = field(default_factory=list)
    #: Where her page said that she was, and how sure it was.
    certainty: str = ""
    #: What each helper was told, then what each saw of the others' parts.
    told: list[str] = field(default_factory=list)
    others: list[list[str]] = field(default_factory=list)
    #: Who had a part after two had wanted the same; what the slower one was told.
    takers: int = 0
    refused: str = ""
    #: What she and the helpers read at the end.
    ends: list[str] = field(default_factory=list)
    #: Without a network: how long until it was said, the numbers, what was written for her.
    unsent_s: float = 0.0
    numbers: list[str] = field(default_factory=list)
    written: str = ""
    #: By hand: what the server knows of it.
    by_hand: dict[str, Any] = field(default_factory=dict)
    notes: list[str | None] = field(default_factory=list)
    #: Addresses and titles of the pages, at each step.
    tabs: set[tuple[str, str]] = field(default_factory=set)
    posters: str = ""
    #: How much of the last tap the bar hides on the smallest phone.
    hidden_px: float | None = None
    kept: object = None
    #: What was resting, and what was left of it a day later.
    rested: list[str] = field(default_factory=list)
    _from: float = field(default_factory=perf_counter)

    def step(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = now - self._from
        self._from = now

    async def look(self, screen: str, person: Phone, size: ViewportSize = PHONE) -> None:
        await self.findings.look(screen, person, size, looks=GLANCES)
        if PICTURES:
            name = screen.replace(": ", "-").replace(" ", "_").replace("?", "")
            await person.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)

    async def note(self, her: Phone) -> None:
        self.tabs.add((her.page.url.rpartition("/")[2], await her.page.title()))
