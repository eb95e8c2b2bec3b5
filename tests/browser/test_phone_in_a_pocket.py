"""A helper whose page is closed: her phone is woken, and she comes. In Chromium's own worker.

Debian's Chromium has no push service, so its subscription is played: its address is our own service
on this machine, which reads the push as the browser would, and what it read is given to the real
service worker through DevTools.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Worker, expect

from realtime.push.sender import BODY_BYTES, VERSION
from tests.browser.people import (
    HER_PLACE,
    SOON_MS,
    Phone,
    apply,
    approve,
    ask_outside,
    hold,
    on_duty,
    open_board,
    phone,
)
from tests.browser.watch import Watch
from tests.support.push_service import Letter, PushService, push_service
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(180)

NAME = "Philippine"
SHOWN = """() => self.registration.getNotifications().then((all) => all.map(
  ({ title, body, requireInteraction, data, actions, image }) =>
    ({ title, body, requireInteraction, data, actions, image: image ?? "" })))"""
#: A press on the notification. Only a real finger may open a window: what it would open is noted.
PRESS = """async () => {
  const opened = [];
  self.clients.openWindow = async (path) => { opened.push(path); return null; };
  const [notification] = await self.registration.getNotifications();
  const press = new NotificationEvent("notificationclick", { notification });
  press.waitUntil = () => undefined;
  self.dispatchEvent(press);
  for (let i = 0; i < 200 && opened.length === 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return opened;
}"""


#: How many phones she is told have her request, once one has, or after ten seconds.
DELIVERED = """async () => {
  let delivered = 0;
  for (let i = 0; i < 100 && delivered === 0; i += 1) {
    const answer = await fetch("/api/me/state", { method: "POST" });
    delivered = (await answer.json()).alerts[0].delivered;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return delivered;
}"""


@dataclass
class Story:
    """What was seen, for the tests to judge."""

    watch: Watch = field(default_factory=Watch)
    #: Each text is what a notification said.
    test_said: str = ""
    offer_shown: list[dict[str, Any]] = field(default_factory=list)
    delivered: int = 0
    opened: list[str] = field(default_factory=list)
    left_on_screen: list[dict[str, Any]] = field(default_factory=list)
    over_said: str = ""
    stranger_said: str = ""
    sounds: int = 0
    #: Everything that a push must not hold: who, what, where.
    secrets: list[str] = field(default_factory=list)
    cookies: dict[str, Any] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    caches: list[str] = field(default_factory=list)
    board: str = ""


class Pocket:
    """A phone whose browser has our service worker, and DevTools that bring it its pushes."""

    def __init__(self, helper: Phone, service: PushService, origin: str) -> None:
        self.helper = helper
        self._service = service
        self._origin = origin
        self._cdp: CDPSession | None = None
        self._registration = ""

    async def listen(self) -> None:
        """By a tab that is no page of ours, so that the helper's can be closed."""
        tab = await self.helper.context.new_page()
        await tab.goto("/icon.svg")
        self._cdp = await self.helper.context.new_cdp_session(tab)
        self._cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        await self._cdp.send("ServiceWorker.enable")

    def _registered(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            if not one["isDeleted"]:
                self._registration = one["registrationId"]

    @property
    def worker(self) -> Worker:
        return self.helper.context.service_workers[0]

    async def receive(self, many: int) -> list[dict[str, Any]]:
        """The push that our service took last is brought to the worker; what is then shown."""
        letters = await self._service.arrived(many)
        assert self._cdp is not None
        text = letters[-1].text
        assert text is not None
        before = await self.worker.evaluate(SHOWN)
        await self._cdp.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self._origin,
                "registrationId": self._registration,
                "data": text.decode("latin-1"),
            },
        )
        return await self._changed(before)

    async def _changed(self, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        async with asyncio.timeout(30):
            while True:
                shown: list[dict[str, Any]] = await self.worker.evaluate(SHOWN)
                if shown and shown != before:
                    return shown
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def story(browser: Browser) -> AsyncGenerator[Story]:
    async with push_service() as service:
        with tempfile.TemporaryDirectory() as folder:
            server = ServerProcess(
                Path(folder) / "data", environment={"ENTRAIDE_PUSH_LOOPBACK": "1"}
            )
            await server.start()
            try:
                yield await _lived(browser, server, service)
            finally:
                await asyncio.to_thread(server.kill)


async def _lived(browser: Browser, server: ServerProcess, service: PushService) -> Story:
    story, subscription = Story(), service.subscribe()
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "operator")
    operator = await open_board(browser, server.url, token)
    helper = await phone(
        browser,
        server.url,
        "/aider",
        place=(HER_PLACE[0] + 0.001, HER_PLACE[1]),
        watch=story.watch,
        wakes=subscription.told,
    )
    await apply(helper, NAME)
    await approve(operator, NAME)
    await on_duty(helper)
    pocket = Pocket(helper, service, server.url)
    await _tested(story, pocket)
    await _woken(story, pocket, browser, server, helper)
    await _over(story, pocket, service)
    await operator.page.reload()
    story.board = await operator.see("delivery").inner_text(timeout=SOON_MS)
    story.letters = service.letters
    for person in (operator, helper):
        await person.context.close()
    return story


async def _tested(story: Story, pocket: Pocket) -> None:
    """She lets her phone ring, and tries it."""
    helper = pocket.helper
    await helper.see("phone-on").click()
    await expect(helper.see("phone-tested")).to_contain_text("Aucun test", timeout=SOON_MS)
    await pocket.listen()
    await helper.see("phone-test").click()
    (shown,) = await pocket.receive(1)
    story.test_said = shown["body"]
    await expect(helper.see("phone-tested")).to_contain_text("Dernier test", timeout=30_000)
    cookies = await helper.context.cookies()
    story.cookies = {str(it.get("name")): it for it in cookies}


async def _woken(
    story: Story, pocket: Pocket, browser: Browser, server: ServerProcess, helper: Phone
) -> None:
    """Her page is closed; somebody asks; the phone wakes; she looks, and comes."""
    story.sounds = await helper.page.evaluate("window.sounds")
    await helper.page.close()
    her = await phone(browser, server.url, "/", watch=story.watch)
    await ask_outside(her)
    await hold(her)
    await expect(her.see("sent")).to_contain_text("Envoyée", timeout=SOON_MS)
    story.offer_shown = await pocket.receive(2)
    story.delivered = await her.page.evaluate(DELIVERED)
    story.opened = await pocket.worker.evaluate(PRESS)
    again = Phone(helper.context, await helper.context.new_page())
    await again.page.goto(story.opened[0])
    await expect(again.see("offer")).to_be_visible(timeout=SOON_MS)
    await again.see("accept").click()
    await expect(her.see("summary")).to_contain_text("1 arrive", timeout=SOON_MS)
    state = await her.page.evaluate(
        "fetch('/api/me/state', {method: 'POST'}).then((it) => it.json())"
    )
    story.secrets = [state["person"], state["alerts"][0]["alert"], state["alerts"][0]["room"]]
    story.left_on_screen = await pocket.worker.evaluate(SHOWN)
    story.caches = await again.page.evaluate("caches.keys()")
    story.sounds += await again.page.evaluate("window.sounds")
    await her.see("close").click()
    await her.page.get_by_role("button", name="Oui, je suis en sécurité").click()
    await expect(her.see("ended")).to_be_visible(timeout=SOON_MS)
    await again.page.close()
    await her.context.close()


async def _over(story: Story, pocket: Pocket, service: PushService) -> None:
    """A push that comes too late says nothing; signed out, it says even less."""
    many = len(service.letters)
    (shown,) = await pocket.receive(many)
    story.over_said = shown["body"]
    await pocket.worker.evaluate(
        "() => self.registration.getNotifications().then((all) => all.forEach((it) => it.close()))"
    )
    await pocket.helper.context.clear_cookies()
    (shown,) = await pocket.receive(many)
    story.stranger_said = shown["body"]


async def test_her_phone_says_that_somebody_needs_her_and_nothing_else(story: Story) -> None:
    assert story.offer_shown == [
        {
            "title": "Entraide",
            "body": "Quelqu’un a besoin de vous.",
            "requireInteraction": True,
            "data": None,
            "actions": [],
            "image": "",
        }
    ]


async def test_the_worker_says_that_the_phone_has_it(story: Story) -> None:
    assert story.delivered == 1


async def test_a_press_opens_the_page_where_she_accepts(story: Story) -> None:
    assert story.opened == ["/aider"]
    assert story.left_on_screen == []


async def test_a_test_is_said_to_be_one(story: Story) -> None:
    assert story.test_said.startswith("Test reçu")


async def test_what_is_over_is_not_said_to_be_open(story: Story) -> None:
    assert story.over_said == "Rien à faire pour le moment."
    assert story.stranger_said == "Ouvrez la page pour voir."


async def test_pushes_are_alike_and_hold_nothing_of_anybody(story: Story) -> None:
    assert len(story.letters) == 2
    for letter in story.letters:
        assert letter.text == VERSION
        assert len(letter.body) == BODY_BYTES
        seen = f"{letter.path} {dict(letter.headers)} {dict(letter.claims)} {letter.body!r}"
        for secret in (*story.secrets, *story.watch.secrets, NAME, "Entraide", "48.8"):
            assert secret not in seen
    test, offer = (dict(it.headers) for it in story.letters)
    assert len(test.pop("Topic")) == len(offer.pop("Topic")) == 32
    # For the same service, within half a day: the same word.
    assert test == offer


async def test_nothing_makes_a_sound_in_the_page_and_nothing_is_stored(story: Story) -> None:
    assert story.sounds == 0
    assert story.caches == []


async def test_the_session_outlives_the_browser_and_no_script_reads_it(story: Story) -> None:
    session, mark = story.cookies["s"], story.cookies["p"]
    assert session["httpOnly"]
    assert {session["sameSite"], mark["sameSite"]} == {"Strict"}
    assert session["expires"] > 0
    assert mark["expires"] > 0
    assert mark["value"] == "1"


async def test_no_policy_is_broken_and_no_address_holds_a_secret(story: Story) -> None:
    assert story.watch.complaints == []
    assert not [it for it in story.watch.paths for secret in story.watch.secrets if secret in it]


async def test_the_board_counts_pushes_and_names_nobody(story: Story) -> None:
    assert "Tests · reçus 1" in story.board
    assert "Demandes · pris par le service 1" in story.board
    assert NAME not in story.board
