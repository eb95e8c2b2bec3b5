"""An evening in real browsers, a network cut for a minute: one is helped, one writes to the 3919.

The story is told in ``tests/browser/evening.py``. Everything that was said is found once and in
order: after the cut, in a new tab when hers was killed, and by those who came. The conversation
with the helpline (``tests/browser/listening.py``) is cut as long, at full size only.
"""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.browser.chromium import CHROMIUM, QUIET, with_neutral_site
from tests.browser.evening import WORDS, Evening, spend_evening
from tests.browser.listening import Heard, listen
from tests.proofs.table import Table
from tests.support.neutral_site import neutral_site
from tests.support.server import ServerProcess

CUT_S = 60.0
#: ``tests/browser`` spends the evening too, with a longer cut.
REDUCED_CUT_S = 2.0


def main(seed: int, reduced: bool) -> Table:
    del seed  # Nothing here is random but the machine.
    cut_s = REDUCED_CUT_S if reduced else CUT_S
    evening = asyncio.run(_spent(cut_s))
    table = Table("An evening in real browsers", ("step", "seconds"))
    for step, seconds in evening.seconds.items():
        table.add(step, seconds)
    said = list(WORDS)
    table.require(f"nothing came through for {cut_s:.0f} s", evening.during_cut == said[:2])
    table.require("after it every word was there, once and in order", evening.after_cut == said)
    table.require("and in the tab that followed hers", evening.in_new_tab == said)
    table.require("and for those who came", evening.others == [said, said])
    if not reduced:
        _judge(table, asyncio.run(_heard()))
    table.note("Five browser profiles: her, three helpers, an operator. Chromium, one machine.")
    table.note("helpline: three phones, an operator over HTTP, screens looked at by axe.")
    return table


def _judge(table: Table, heard: Heard) -> None:
    for step, seconds in heard.seconds.items():
        table.add(f"helpline: {step}", seconds)
    hers = heard.hers["on another phone"]
    table.require("helpline: two words waited in sight", len(heard.waited) == 2)
    table.require("helpline: four went through, once each", len(heard.hers["after the cut"]) == 4)
    table.require("helpline: none is there twice", len(set(hers)) == len(hers))
    table.require(
        "helpline: the operator has the same, in the same order",
        [it for it in heard.operators if it] == hers,
    )


async def _heard() -> Heard:
    with tempfile.TemporaryDirectory() as folder, neutral_site() as elsewhere:
        server = ServerProcess(Path(folder) / "data")
        await server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, args=with_neutral_site(elsewhere.port)
                )
                heard = await listen(browser, server, cut_s=CUT_S)
                await browser.close()
                return heard
        finally:
            await asyncio.to_thread(server.kill)


async def _spent(cut_s: float) -> Evening:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data")
        await server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, args=list(QUIET)
                )
                evening = await spend_evening(browser, server, cut_s=cut_s)
                await browser.close()
                return evening
        finally:
            await asyncio.to_thread(server.kill)
