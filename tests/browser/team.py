"""What members do on the page of accounts, with a key that Chromium pretends to hold."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys

from playwright.async_api import Browser, Page, expect

from tests.browser.people import SOON_MS, Phone, own_phone
from tests.support.server import ROOT, ServerProcess

#: A phone that unlocks its keys with a finger, and whose owner always says yes.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def at(server: ServerProcess) -> str:
    """Passkeys are bound to a name: not to 127.0.0.1."""
    return f"http://localhost:{server.port}"


async def invitation(server: ServerProcess, role: str, *words: str) -> tuple[str, str]:
    """Where to go, and the code, as the command line says them."""
    said = await asyncio.to_thread(
        subprocess.run,
        (
            *(sys.executable, "-m", "web", "invite", "--role", role, *words),
            *("--data-dir", str(server.data_dir)),
        ),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    path, code = said.stdout.split()
    return path, code


async def device(browser: Browser, server: ServerProcess, path: str = "/equipe") -> Phone:
    """Somebody's browser on that page, with keys of its own."""
    context = await browser.new_context(base_url=at(server), **own_phone())
    context.set_default_timeout(SOON_MS)
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    await line.send("WebAuthn.enable")
    await line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await page.goto(path)
    return Phone(context, page)


async def accept(person: Phone, name: str) -> None:
    await person.see("name").fill(name)
    await person.see("accept").click()
    await expect(person.see("enrol")).to_be_visible()


async def enrol(person: Phone) -> None:
    await person.see("enrol").click()
    await expect(person.see("who")).to_be_visible()


async def time_passes(server: ServerProcess) -> None:
    """As if every key had been shown long ago."""

    def forget() -> None:
        with contextlib.closing(sqlite3.connect(server.data_dir / "entraide.db", timeout=10)) as db:
            db.execute("UPDATE session SET stepped = 0")
            db.commit()

    await asyncio.to_thread(forget)


async def heading(page: Page) -> str:
    return await page.inner_text("h1")
