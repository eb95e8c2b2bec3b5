"""One evening on the line, at the desks of those who answer: three colleagues, two visitors.

The supervisor opens the line; an operator comes on duty, answers her first chat with the keyboard
alone, keeps a note, is whispered to; a colleague comes on duty and has another visitor, is handed
the first one warmly, proposes a sheet, says goodbye and fills in the form. Everything that the
visitor's browser received is kept, to be searched for what was said beside her. Every screen is
looked at on the way (``looking.py``).
"""

import asyncio
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from playwright.async_api import Browser, Locator, Page, ViewportSize, WebSocket, expect

from tests.browser.helpline import LINE, Operator, new_id
from tests.browser.listening import say, sees
from tests.browser.looking import GLANCES, Findings
from tests.browser.people import PHONE, SOON_MS, Phone, phone
from tests.browser.team import accept, device, enrol, invitation
from tests.support.server import ServerProcess

#: A screen of the room where they answer.
DESK: ViewportSize = {"width": 1440, "height": 900}
#: Every screen, in the order of the evening.
SCREENS = (
    "supervisor: the line is closed",
    "operator: off duty",
    "operator: a chat is proposed",
    "operator: her first words",
    "operator: ready replies",
    "supervisor: reading along",
    "operator: whispered to",
    "operator: handing on",
    "operator: a colleague asks",
    "operator: two conversations",
    "operator: a sheet is proposed",
    "operator: where to send her",
    "operator: the form",
    "supervisor: the line",
    "operator: the keys",
    "operator: an exercise",
)
#: Said beside her, and never to her.
NOTE = "carnet de bord pour nous seules"
WHISPER = "souffle de la superviseuse"
HANDOVER = "deux enfants au calme chez la voisine"
#: Where pictures of the screens are put, for who wants to see them.
PICTURES = os.environ.get("ENTRAIDE_PICTURES", "")
#: Looked for twice, six seconds apart.
AWAY_MS = 30_000


@dataclass(slots=True)
class Evening:
    """What was seen, for those who judge."""

    findings: Findings = field(default_factory=Findings)
    #: Sideways scrolling at a desk's width, by screen.
    desk: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    #: All that the first visitor's browser received and showed.
    hers: list[str] = field(default_factory=list)
    #: What was read at the desks, by what it is about.
    said: dict[str, str] = field(default_factory=dict)
    _from: float = field(default_factory=perf_counter)

    def step(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = now - self._from
        self._from = now

    async def look(self, screen: str, person: Phone) -> None:
        """On a phone for axe and thumbs, then at a desk."""
        await person.page.set_viewport_size(PHONE)
        await self.findings.look(screen, person, PHONE, GLANCES)
        await self._picture(screen, person, "phone")
        await person.page.set_viewport_size(DESK)
        self.desk[screen] = await person.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        await self._picture(screen, person, "desk")

    async def _picture(self, screen: str, person: Phone, size: str) -> None:
        if not PICTURES:
            return
        name = screen.replace(": ", "-").replace(" ", "-").replace(",", "")
        for colours in ("light", "dark"):
            await person.page.emulate_media(color_scheme=colours)
            path = Path(PICTURES) / f"{name}-{size}-{colours}.png"
            await person.page.screenshot(path=path, full_page=size == "phone")
        await person.page.emulate_media(color_scheme="light")

    def watch(self, page: Page) -> None:
        """Every frame and every answer that her browser receives."""

        def opened(socket: WebSocket) -> None:
            socket.on("framereceived", lambda frame: self.hers.append(str(frame)))

        page.on("websocket", opened)


@dataclass(frozen=True, slots=True)
class Desks:
    ines: Phone
    sarah: Phone
    odile: Phone


async def answer(browser: Browser, server: ServerProcess) -> Evening:
    evening = Evening()
    desks = await _desks(browser, server)
    her = await phone(browser, server.url, "/")
    evening.watch(her.page)
    evening.step("three members come in")
    try:
        await _opening(evening, desks.odile)
        await _first(evening, desks.ines, her)
        evening.step("the line opens, the first chat is answered")
        await _whispered(evening, desks, her)
        evening.step("a note, a whisper")
        await _another(server, desks.sarah)
        await _handed(evening, desks, her)
        evening.step("another chat; a warm transfer")
        await _acted(evening, desks.sarah, her)
        await _over(evening, desks, her)
        evening.step("a sheet, the directory, the form, the figures")
        await _trained(evening, desks.ines)
        evening.step("an exercise")
        evening.hers.append(await her.page.content())
    finally:
        for person in (desks.ines, desks.sarah, desks.odile, her):
            await person.context.close()
    return evening


async def _desks(browser: Browser, server: ServerProcess) -> Desks:
    invited = await asyncio.gather(
        *(invitation(server, role) for role in ("operator", "operator", "supervisor"))
    )
    names = ("Inès", "Sarah", "Odile")
    members = zip(invited, names, strict=True)
    return Desks(*await asyncio.gather(*(_come(browser, server, *it) for it in members)))


async def _come(
    browser: Browser, server: ServerProcess, invited: tuple[str, str], name: str
) -> Phone:
    """Accepts, makes a key, and goes to the page of those who answer."""
    member = await device(browser, server, invited[0])
    await accept(member, name)
    await enrol(member)
    await expect(member.see("go-listen")).to_have_attribute("href", "/ecoute", timeout=SOON_MS)
    await member.page.set_viewport_size(DESK)
    await member.page.goto("/ecoute")
    await expect(member.see("console")).to_be_visible(timeout=SOON_MS)
    return member


async def _yes(person: Phone, name: str) -> None:
    await person.page.get_by_role("button", name=name, exact=True).click()


async def _opening(evening: Evening, odile: Phone) -> None:
    """A line that nobody has opened is closed."""
    await odile.see("view-lead").click()
    await evening.look("supervisor: the line is closed", odile)
    await odile.see("door-reason").fill("soirée")
    await odile.see("door-go").click()
    await _yes(odile, "Oui")
    await expect(odile.see("door")).to_contain_text("La ligne est ouverte", timeout=SOON_MS)


async def _ask(her: Phone) -> None:
    """Straight through the questions, but for one that puts her first."""
    await her.see("write").click()
    await expect(her.see("ask-seen")).to_be_visible(timeout=SOON_MS)
    await her.see("next").click()
    await her.page.get_by_label("Oui", exact=True).check()
    await her.see("next").click()
    await her.see("ask-now").click()
    await expect(her.see("standing")).to_be_visible(timeout=SOON_MS)


async def _first(evening: Evening, ines: Phone, her: Phone) -> None:
    """From off duty to the first answer, without a mouse."""
    page = ines.page
    await evening.look("operator: off duty", ines)
    await page.keyboard.press("s")
    await expect(ines.see("now")).to_contain_text("Tout est calme", timeout=SOON_MS)
    await _ask(her)
    await say(her, "Bonjour, il est dans la pièce à côté")
    await expect(ines.see("offer")).to_contain_text("danger maintenant", timeout=SOON_MS)
    await expect(page).to_have_title("● Entraide", timeout=SOON_MS)
    await evening.look("operator: a chat is proposed", ines)
    # On a slow machine twenty seconds have gone by: she is asked again.
    await expect(ines.see("offer")).to_be_visible(timeout=SOON_MS * 3)
    await page.keyboard.press("a")
    await expect(ines.see("chat")).to_contain_text("pièce à côté", timeout=SOON_MS)
    await expect(ines.see("reply-box")).to_be_focused(timeout=SOON_MS)
    await evening.look("operator: her first words", ines)
    await ines.see("reply-box").focus()
    # A letter is a letter while she writes.
    await page.keyboard.type("/tas")
    await expect(ines.see("choice")).to_have_count(0, timeout=SOON_MS)
    await page.keyboard.press("Escape")
    await page.keyboard.type("/accue")
    await expect(ines.see("choice")).to_have_count(1, timeout=SOON_MS)
    await evening.look("operator: ready replies", ines)
    await ines.see("reply-box").focus()
    await page.keyboard.press("Enter")
    await expect(ines.see("reply-box")).to_have_value(containing("bon endroit"), timeout=SOON_MS)
    await page.keyboard.press("Enter")
    await sees(her, "vous êtes au bon endroit")
    await _blanks(ines, her)


def containing(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


async def _blanks(ines: Phone, her: Phone) -> None:
    """What a ready reply leaves open is written before it is sent."""
    page, box = ines.page, ines.see("reply-box")
    await page.keyboard.type("/reviens")
    await expect(ines.see("choice")).to_have_count(1, timeout=SOON_MS)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(containing("{duree}"), timeout=SOON_MS)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Complétez encore duree")).to_be_visible(timeout=SOON_MS)
    await page.keyboard.press("Tab")
    await page.keyboard.type("cinq")
    await expect(box).to_have_value(containing("cinq minutes"), timeout=SOON_MS)
    await page.keyboard.press("Enter")
    await sees(her, "d’ici cinq minutes")


async def _whispered(evening: Evening, desks: Desks, her: Phone) -> None:
    """A note from the keyboard; a supervisor reads along and whispers; she learns of neither."""
    ines, odile = desks.ines, desks.odile
    await ines.page.keyboard.press("Escape")
    await ines.page.keyboard.press("n")
    await expect(ines.see("note-box")).to_be_focused(timeout=SOON_MS)
    await ines.page.keyboard.type(NOTE)
    await ines.page.keyboard.press("Enter")
    await expect(ines.see("note")).to_contain_text(NOTE, timeout=SOON_MS)

    await odile.see("watch").click(timeout=SOON_MS)
    await expect(odile.see("watching")).to_be_visible(timeout=SOON_MS)
    await expect(odile.see("chat")).to_contain_text("pièce à côté", timeout=SOON_MS)
    await expect(odile.see("reply-box")).to_have_count(0, timeout=SOON_MS)
    await expect(odile.see("note")).to_contain_text(NOTE, timeout=SOON_MS)
    await odile.see("note-box").fill(WHISPER)
    await odile.see("note-keep").click()
    await evening.look("supervisor: reading along", odile)
    await expect(ines.see("among")).to_contain_text(WHISPER, timeout=SOON_MS)
    await expect(ines.see("looking")).to_contain_text("Odile regarde", timeout=SOON_MS)
    await evening.look("operator: whispered to", ines)
    await odile.see("unwatch").click()
    await expect(odile.see("chat")).to_have_count(0, timeout=SOON_MS)


async def _another(server: ServerProcess, sarah: Phone) -> None:
    """A colleague comes on duty; somebody else writes, over HTTP: she who has nobody is asked."""
    await sarah.page.keyboard.press("s")
    await expect(sarah.see("now")).to_contain_text("Tout est calme", timeout=SOON_MS)
    session = await Operator(server.url, "").call("session")
    other = Operator(server.url, str(session["token"]))
    asked = await other.call("chat.ask", id=new_id(), line=LINE, language="ar", answers=[])
    await other.call("room.say", room=asked["room"], id=new_id(), text="مرحبا، هل يمكنك مساعدتي؟")


async def _handed(evening: Evening, desks: Desks, her: Phone) -> None:
    """Both are in the room, the note goes before; one writes at a time; then she has one."""
    ines, sarah = desks.ines, desks.sarah
    await sarah.see("accept").click(timeout=SOON_MS)
    await expect(sarah.see("chat")).to_contain_text("مرحبا", timeout=SOON_MS)
    await ines.page.keyboard.press("Escape")
    await ines.page.keyboard.press("t")
    await expect(ines.see("tool")).to_be_visible(timeout=SOON_MS)
    await ines.page.get_by_role("radio", name="Sarah").check()
    await ines.see("handover").fill(HANDOVER)
    await evening.look("operator: handing on", ines)
    await _pass_on(ines, sarah)
    await evening.look("operator: a colleague asks", sarah)
    if not await sarah.see("offer").count():
        # On a slow machine twenty seconds have gone by.
        await ines.see("tool-transfer").click()
        await ines.page.get_by_role("radio", name="Sarah").check()
        await ines.see("handover").fill(HANDOVER)
        await _pass_on(ines, sarah)
    await sarah.page.keyboard.press("Escape")
    await sarah.page.keyboard.press("a")
    first = _chat(sarah, "pièce à côté")
    await expect(first).to_be_visible(timeout=SOON_MS)
    await expect(first.get_by_test_id("among")).to_contain_text(HANDOVER, timeout=SOON_MS)

    await first.get_by_test_id("reply-box").fill("Bonjour, je m’appelle comme vous voulez")
    await expect(ines.see("looking")).to_contain_text("Sarah répond", timeout=SOON_MS)
    await expect(ines.see("reply-box")).to_have_attribute("readonly", "", timeout=SOON_MS)
    await first.get_by_test_id("send").click()
    await sees(her, "comme vous voulez")
    await evening.look("operator: two conversations", sarah)
    second = _chat(sarah, "مرحبا")
    await second.get_by_test_id("hold-chat").click()
    await expect(second).to_contain_text("elle sait que vous revenez", timeout=SOON_MS)
    await second.get_by_test_id("hold-chat").click()
    await expect(second).to_contain_text("La conversation reprend", timeout=SOON_MS)
    # She who wrote over HTTP has no page; she whose page is open is not said to be away.
    await expect(second.get_by_test_id("away")).to_contain_text("plus connectée", timeout=AWAY_MS)
    await expect(first.get_by_test_id("away")).to_be_empty()
    await ines.see("passing-finish").click()
    await expect(ines.see("chat")).to_have_count(0, timeout=SOON_MS)
    await expect(first.get_by_test_id("passing")).to_have_count(0, timeout=SOON_MS)


async def _pass_on(ines: Phone, sarah: Phone) -> None:
    await ines.see("pass-on").click()
    await expect(sarah.see("offer")).to_contain_text("Inès veut vous présenter", timeout=SOON_MS)


def _chat(person: Phone, holding: str) -> Locator:
    return person.see("chat").filter(has_text=holding)


async def _acted(evening: Evening, sarah: Phone, her: Phone) -> None:
    """A sheet, which she accepts; a service of the directory, written by hand."""
    first = _chat(sarah, "pièce à côté")
    await first.get_by_test_id("tool-bridges").click()
    await first.get_by_test_id("bridge-sheet").first.click(timeout=SOON_MS)
    await expect(first.get_by_test_id("bridge-line")).to_contain_text(
        "pas encore répondu", timeout=SOON_MS
    )
    await her.see("bridge-yes").click(timeout=SOON_MS)
    await expect(first.get_by_test_id("bridge-line")).to_contain_text("oui", timeout=SOON_MS)
    await evening.look("operator: a sheet is proposed", sarah)

    await first.get_by_test_id("tool-directory").click()
    await first.get_by_test_id("find-words").fill("hébergement")
    await first.get_by_test_id("find").click()
    await expect(first.get_by_test_id("service").first).to_be_visible(timeout=SOON_MS)
    await evening.look("operator: where to send her", sarah)
    await first.get_by_test_id("write-service").first.click()
    await expect(first.get_by_test_id("reply-box")).to_have_value(
        containing("peut vous aider"), timeout=SOON_MS
    )
    await first.get_by_test_id("send").click()
    await sees(her, "peut vous aider")


async def _over(evening: Evening, desks: Desks, her: Phone) -> None:
    sarah, odile = desks.sarah, desks.odile
    first = _chat(sarah, "pièce à côté")
    await first.get_by_test_id("finish").click()
    await _yes(sarah, "Oui, terminer")
    form = sarah.see("wrap-up")
    await expect(form).to_be_visible(timeout=SOON_MS)
    await sarah.page.get_by_role("checkbox", name="psychologiques").check()
    await form.get_by_test_id("wrap-area").fill("93")
    await sarah.page.get_by_role("checkbox", name="écoute", exact=True).check()
    await evening.look("operator: the form", sarah)
    await form.get_by_test_id("wrap-go").click()
    await expect(form).to_have_count(0, timeout=SOON_MS)
    await expect(her.see("chat-over")).to_be_visible(timeout=SOON_MS)

    await odile.see("view-lead").click()
    await expect(odile.see("talking")).to_contain_text("Sarah", timeout=SOON_MS)
    evening.said["figures"] = await odile.see("figures").inner_text()
    await evening.look("supervisor: the line", odile)
    await desks.ines.page.keyboard.press("?")
    await expect(desks.ines.see("key-list")).to_be_visible(timeout=SOON_MS)
    await evening.look("operator: the keys", desks.ines)


async def _trained(evening: Evening, ines: Phone) -> None:
    """An exercise like any other conversation; what to have thought of comes after."""
    page = ines.page
    await page.keyboard.press("Escape")
    await ines.see("practice").locator("summary").click()
    await ines.see("practise").first.click(timeout=SOON_MS)
    await expect(ines.see("chat")).to_contain_text("entraînement", timeout=SOON_MS)
    await say_at_desk(ines, "Bonjour, je vous lis")
    await expect(ines.see("chat").locator(".bubble.hers").first).to_be_visible(timeout=SOON_MS)
    await ines.see("finish").click()
    await _yes(ines, "Oui, terminer")
    await expect(ines.see("points")).to_contain_text("Accueillir", timeout=SOON_MS)
    await evening.look("operator: an exercise", ines)
    await ines.see("wrap-go").click()
    await expect(ines.see("chat")).to_have_count(0, timeout=SOON_MS)


async def say_at_desk(person: Phone, text: str) -> None:
    await person.see("reply-box").fill(text)
    await person.see("send").click()
    await expect(person.see("chat").get_by_role("log")).to_contain_text(text, timeout=SOON_MS)
