"""``python -m tests.browser.picture``: takes the picture of the README, ``docs/pages.png``.

The real pages on a real server with the demo city, side by side: asking, two people coming, a
helper's offer, the operators' board.
"""

import asyncio
import base64
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.people import (
    Phone,
    apply,
    ask_outside,
    on_duty,
    open_board,
    phone,
)
from tests.support.server import ROOT, ServerProcess, tokens
from web.demo.city import CITY

OUT = ROOT / "docs" / "pages.png"
LARGEST_BYTES = 400_000
HER_PLACE = (CITY.lat, CITY.lon)
#: Around the corner: among the first to be asked.
NEARBY = (CITY.lat + 0.0004, CITY.lon + 0.0004)
#: The demo's people take their time to read, to decide, to write.
LONG_MS = 120_000
PHONE: ViewportSize = {"width": 390, "height": 844}
BOARD: ViewportSize = {"width": 1290, "height": 1070}
#: As high as it needs.
SHEET: ViewportSize = {"width": 1400, "height": 100}
#: Most of the ring is drawn by then.
HOLDING_MS = 1_300

LAYOUT = """<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 40px 55px 40px; background: #dfe3df; }
  div { display: flex; justify-content: space-between; margin-bottom: 40px; }
  img { display: block; border-radius: 26px; box-shadow: 0 2px 14px #0004; }
  .phone { width: 390px; }
  .board { width: 1290px; border-radius: 14px; }
</style><div>%s</div>%s"""
IMAGE = '<img class="%s" src="data:image/png;base64,%s">'


async def compose(browser: Browser, url: str, token: str) -> bytes:
    board = await open_board(browser, url, token)
    await board.page.set_viewport_size(BOARD)
    helper = await phone(browser, url, "/aider", place=NEARBY)
    await apply(helper, "Nora")
    await expect(helper.see("duty")).to_be_visible(timeout=LONG_MS)
    await on_duty(helper)
    her = await phone(browser, url, "/", place=HER_PLACE)
    asking = await _asking(her)
    await expect(helper.see("accept")).to_be_visible(timeout=LONG_MS)
    offer = await _top(helper)
    await expect(her.see("summary")).to_contain_text("2 arrivent", timeout=LONG_MS)
    await expect(her.page.get_by_text("Voit votre place").nth(1)).to_be_visible(timeout=LONG_MS)
    live = await _top(her)
    await expect(board.see("alert")).to_contain_text("2 y vont", timeout=LONG_MS)
    sheet = await browser.new_page(viewport=SHEET)
    phones = "".join(IMAGE % ("phone", _text(one)) for one in (asking, live, offer))
    await sheet.set_content(LAYOUT % (phones, IMAGE % ("board", _text(await _top(board)))))
    return await sheet.screenshot(full_page=True)


async def _asking(her: Phone) -> bytes:
    """In the middle of the hold, which then goes on to its end."""
    await ask_outside(her)
    await her.page.get_by_label("J’ai peur").check()
    await _to_top(her.page)
    box = await her.see("hold").bounding_box()
    if box is None:
        raise AssertionError("the button is not on the page")
    await her.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await her.page.mouse.down()
    await her.page.wait_for_timeout(HOLDING_MS)
    seen = await her.page.screenshot()
    await expect(her.see("sent")).to_be_visible(timeout=LONG_MS)
    await her.page.mouse.up()
    return seen


async def _to_top(page: Page) -> None:
    await page.evaluate("scrollTo(0, 0)")


async def _top(person: Phone) -> bytes:
    await _to_top(person.page)
    return await person.page.screenshot()


def _text(image: bytes) -> str:
    return base64.b64encode(image).decode()


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder) / "data", options=("--demo",))
        await server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, args=list(QUIET)
                )
                (token,) = tokens(server.data_dir, "operator")
                picture = await compose(browser, server.url, token)
                await browser.close()
        finally:
            server.stop()
    if len(picture) > LARGEST_BYTES:
        sys.exit(f"{len(picture)} bytes: too large for a README")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(picture)
    sys.stdout.write(f"{OUT}: {len(picture)} bytes\n")


if __name__ == "__main__":
    asyncio.run(_main())
