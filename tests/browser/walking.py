"""A walk over a page of staff, looked at on a desk and on a phone; and the database beside it."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from playwright.async_api import Download, ViewportSize

from tests.browser.looking import LOOKS, Colours, Findings
from tests.browser.people import DESK, PHONE, Phone
from tests.support.server import ServerProcess
from web.durable import Durable, open_durable
from web.settings import Settings

#: Where pictures of the screens are put, for who wants to see them.
PICTURES = os.environ.get("ENTRAIDE_PICTURES", "")


@dataclass
class Walk:
    """What was found on the way."""

    looks: ClassVar[tuple[tuple[str, Colours, bool], ...]] = LOOKS
    size: ClassVar[ViewportSize] = DESK
    #: Before the names of its pictures.
    page: ClassVar[str] = ""

    findings: Findings = field(default_factory=Findings)
    #: How many pixels each screen is wider than a desk's.
    desk: dict[str, int] = field(default_factory=dict)

    async def look(self, screen: str, person: Phone) -> None:
        await self.findings.look(screen, person, looks=self.looks)
        for size, viewport in (("desk", self.size), ("phone", PHONE)):
            await person.page.set_viewport_size(viewport)
            if PICTURES:
                path = Path(PICTURES) / f"{self.page}{screen.replace(' ', '-')}-{size}.png"
                await person.page.screenshot(path=path, full_page=True)
            if size == "desk":
                self.desk[screen] = await person.page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )


@asynccontextmanager
async def beside(server: ServerProcess) -> AsyncGenerator[Durable]:
    """The same database, as a command of the command line has it."""
    settings = await asyncio.to_thread(Settings.read, data_dir=server.data_dir, demo=False)
    async with open_durable(settings) as durable:
        yield durable


async def content(download: Download) -> bytes:
    return await asyncio.to_thread(Path(await download.path()).read_bytes)
