"""An evening with five people in real browsers, her network cut for a minute in the middle.

The story is told in ``tests/browser/evening.py``. Everything that was said is found once and in
order: after the cut, in a new tab when hers was killed, and by those who came.
"""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.evening import WORDS, Evening, spend_evening
from tests.proofs.table import Table
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
    table.note("Five browser profiles: her, three helpers, an operator. Chromium, one machine.")
    return table


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
