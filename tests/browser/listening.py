"""One conversation with the helpline, on phones: she asks, waits, is answered, cut off, returns.

The line is closed first. Then she passes the questions, writes before anybody is there, is
answered by an operator, corrects herself, shows a picture, is offered a room; her network swallows
everything for a while, her page is frozen, her tab is killed; she leaves in a hurry and comes back
on another phone with three words and one of her own. Another visitor writes in Arabic. Every screen
is looked at on the way (``looking.py``).
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from time import perf_counter

from playwright.async_api import Browser, expect

from tests.browser.helpline import LINE, Operator, new_id, on_duty, staff
from tests.browser.leaving import KEPT, NOTHING_KEPT, by_button, leave, when_dead
from tests.browser.looking import GLANCES, Colours, Findings
from tests.browser.people import SOON_MS, Phone, own_phone, phone
from tests.support.bad_network import BadNetwork, Weather, bad_network
from tests.support.server import ServerProcess

#: Every screen of hers, in the order of the conversation.
SCREENS = (
    "her: nobody writes now",
    "her: seen or not",
    "her: what is true",
    "her: a word",
    "her: waiting",
    "her: talking",
    "her: a proposal",
    "her: a photo to send",
    "her: no network",
    "her: three words",
    "her: the end",
    "her: in Arabic, seen or not",
    "her: in Arabic, talking",
)
#: By day and by night, in the language that is spoken already.
FRENCH: tuple[tuple[str, Colours, bool], ...] = (("fr", "light", True), ("fr", "dark", False))
ARABIC: tuple[tuple[str, Colours, bool], ...] = (("ar", "light", True), ("ar", "dark", False))
#: A word of hers, asked for when she returns.
OWN_WORD = "tournesol"
#: After a cut: time-outs, a new ticket, a new line.
BACK_MS = 45_000
#: A page asleep for so long has lost its socket.
FROZEN_S = 2.0


@dataclass(slots=True)
class Heard:
    """What was seen, for those who judge."""

    findings: Findings = field(default_factory=Findings)
    #: How long each step took, by its name.
    seconds: dict[str, float] = field(default_factory=dict)
    #: Her screen before and after the cut, after the thaw, in a new tab, on another phone.
    hers: dict[str, list[str]] = field(default_factory=dict)
    #: What the operator saw at the end.
    operators: list[str] = field(default_factory=list)
    #: What was pending while there was no network.
    waited: list[str] = field(default_factory=list)
    #: Entries, address and title of her tab.
    tab: set[tuple[int, str, str]] = field(default_factory=set)
    _from: float = field(default_factory=perf_counter)

    def step(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = now - self._from
        self._from = now


async def listen(browser: Browser, server: ServerProcess, *, cut_s: float) -> Heard:
    heard = Heard()
    supervisor = await staff(server, "supervisor")
    await supervisor.call("line.set", line=LINE, open=False, reason="test")
    async with bad_network(server.port) as network, on_duty(server) as operator:
        her = await phone(browser, network.url, "/")
        arabic: Phone | None = None
        try:
            await _closed(heard, her, supervisor)
            words = await _asking(heard, her)
            heard.step("she asks, and waits")
            chat, room = await _answered(heard, her, operator)
            heard.step("she is answered, corrects herself, shows a picture")
            await _proposed(heard, her, operator, chat)
            heard.step("she says yes to a room, and comes back")
            await _cut(heard, network, her, operator, room, cut_s)
            heard.step("her network is cut, and back")
            her = await _asleep(heard, her, operator, room)
            heard.step("her page sleeps, her tab is killed")
            her = await _returning(heard, browser, network, her, operator, words)
            heard.step("she leaves at once, and returns on another phone")
            heard.operators = [it["text"] for it in await operator.read(room)]
            await _end(heard, her, operator, chat)
            heard.step("it ends")
            arabic = await _in_arabic(heard, browser, server, operator)
            heard.step("another writes in Arabic, and leaves")
        finally:
            await her.context.close()
            if arabic is not None:
                await arabic.context.close()
    return heard


async def _look(heard: Heard, screen: str, person: Phone) -> None:
    await heard.findings.look(screen, person, looks=GLANCES)


async def _note(heard: Heard, her: Phone) -> None:
    page = her.page
    entries = await page.evaluate("history.length")
    heard.tab.add((entries, page.url.rpartition("/")[2], await page.title()))


async def said(person: Phone) -> list[str]:
    """What was said and what waits, as this person sees it, one text a message."""
    texts = await person.see("messages").locator(".said").all_inner_texts()
    return [text.strip() for text in texts]


async def say(person: Phone, text: str) -> None:
    await person.page.locator("#say").fill(text)
    await person.see("say").click()


async def sees(person: Phone, text: str, *, within: float = SOON_MS) -> None:
    line = person.see("messages").locator(".said").filter(has_text=text)
    await expect(line).to_have_count(1, timeout=within)


async def _closed(heard: Heard, her: Phone, supervisor: Operator) -> None:
    """Nobody writes back now: numbers, and no reproach."""
    await her.see("write").click()
    await expect(her.see("chat-closed")).to_contain_text("3919", timeout=SOON_MS)
    await _look(heard, "her: nobody writes now", her)
    await supervisor.call("line.set", line=LINE, open=True, reason="test")
    await her.see("look-again").click()
    await expect(her.see("ask-seen")).to_be_visible(timeout=SOON_MS)


async def _asking(heard: Heard, her: Phone) -> str:
    """Five questions, then a place and three words; she writes before anybody is there."""
    page = her.page
    await page.get_by_label("Oui", exact=True).check()
    await expect(page.get_by_text("revenir avec trois mots")).to_be_visible()
    await _look(heard, "her: seen or not", her)
    await her.see("next").click()
    await page.get_by_label("Oui", exact=True).check()
    await expect(page.get_by_text("Le plus rapide")).to_be_visible()
    await her.see("next").click()
    await page.get_by_label("Des enfants sont là").check()
    await _look(heard, "her: what is true", her)
    await her.see("next").click()
    await page.locator("#postcode").fill("75011")
    await her.see("next").click()
    await page.locator("#word").fill(OWN_WORD)
    await _look(heard, "her: a word", her)
    await her.see("ask-chat").click()
    await expect(her.see("standing")).to_contain_text("prochaine", timeout=SOON_MS)
    words = await her.see("three-words").inner_text()
    assert len(words.split()) == 3
    await _look(heard, "her: waiting", her)
    await say(her, "Bonjour, je ne sais pas par où commencer")
    await sees(her, "Bonjour")
    await _note(heard, her)
    return words


async def _answered(heard: Heard, her: Phone, operator: Operator) -> tuple[str, str]:
    """Somebody is there; she sees that she writes; a word is corrected, a picture shown."""
    chat, room = await operator.answer()
    await expect(her.page.get_by_role("heading", level=1)).to_contain_text("là", timeout=SOON_MS)
    await operator.call("typing.say", room=room, on=True)
    await expect(her.page.get_by_text("écrit…")).to_be_visible(timeout=SOON_MS)
    await operator.say(room, "Bonjour, je suis là. Prenez votre temps.")
    await sees(her, "Prenez votre temps")
    await say(her, "Il rentre ce soir vers 19 h")
    await sees(her, "19 h")
    await her.see("correct").click()
    await expect(her.page.locator("#say")).to_have_value("Il rentre ce soir vers 19 h")
    await say(her, "Il rentre ce soir vers 18 h")
    await expect(her.see("messages")).to_contain_text("corrigé", timeout=SOON_MS)
    await expect(her.see("messages")).not_to_contain_text("pas encore", timeout=SOON_MS)
    await expect(her.see("messages")).not_to_contain_text("en cours", timeout=SOON_MS)
    last = (await operator.read(room))[-1]
    assert (last["text"], last["edited"]) == ("Il rentre ce soir vers 18 h", True)
    await operator.call("room.read", room=room, offset=last["offset"])
    await expect(her.see("messages")).to_contain_text("lu", timeout=SOON_MS)
    await _look(heard, "her: talking", her)
    await _picture(heard, her, operator, room)
    await _note(heard, her)
    return chat, room


async def _picture(heard: Heard, her: Phone, operator: Operator, room: str) -> None:
    await her.see("photo").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": await _drawn(her)}
    )
    await expect(her.see("photo-send")).to_be_visible(timeout=SOON_MS)
    await _look(heard, "her: a photo to send", her)
    await her.see("photo-send").click()
    await her.see("photo-open").click(timeout=SOON_MS)
    await expect(her.see("messages").locator("img")).to_be_visible(timeout=SOON_MS)
    state = await operator.call("room.state", room=room)
    assert [it["width"] for it in state["attachments"]] == [64]
    await her.page.get_by_role("button", name="Cacher la photo").click()


async def _drawn(her: Phone) -> bytes:
    """A small picture, drawn by the browser itself."""
    numbers: list[int] = await her.page.evaluate(
        """async () => {
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 64;
          canvas.getContext("2d").fillRect(8, 8, 40, 40);
          const file = await new Promise((done) => canvas.toBlob(done, "image/png"));
          return [...new Uint8Array(await file.arrayBuffer())];
        }"""
    )
    return bytes(numbers)


async def _proposed(heard: Heard, her: Phone, operator: Operator, chat: str) -> None:
    """A room for tonight: nothing is asked for before her yes; the conversation waits for her."""
    await propose(operator, chat)
    await expect(her.see("proposal")).to_contain_text("Nuits : 2", timeout=SOON_MS)
    await _look(heard, "her: a proposal", her)
    await her.see("bridge-yes").click()
    await her.see("bridge-go").click(timeout=SOON_MS)
    await expect(her.see("proposal")).to_have_count(0, timeout=SOON_MS)
    await her.see("bridge-see").click()
    await expect(her.see("choose")).to_be_visible(timeout=SOON_MS)
    await _note(heard, her)
    await her.see("to-chat").click()
    await sees(her, "Prenez votre temps")


async def propose(operator: Operator, chat: str) -> None:
    household = {"adults": 1, "children": [4], "pets": 0, "wheelchair": False}
    await operator.call(
        "bridge.ask",
        id=new_id(),
        chat=chat,
        kind="shelter",
        shelter={"household": household, "nights": 2, "days_ahead": 0},
    )


async def _cut(
    heard: Heard, network: BadNetwork, her: Phone, operator: Operator, room: str, cut_s: float
) -> None:
    """Nothing passes; both go on writing; each word arrives once, and she is told in words."""
    before = await said(her)
    async with _nothing_passes(network, her):
        await operator.say(room, "pendant la coupure, un")
        await say(her, "sans réseau, un")
        await say(her, "sans réseau, deux")
        await operator.say(room, "pendant la coupure, deux")
        await asyncio.sleep(cut_s)
        await expect(her.see("line")).to_contain_text("Pas de réseau", timeout=SOON_MS)
        waiting = her.see("pending").filter(has_text="pas encore envoyé")
        await expect(waiting.or_(her.see("pending").filter(has_text="en cours"))).to_have_count(2)
        heard.waited = [it.split("\n")[0] for it in await her.see("pending").all_inner_texts()]
        await heard.findings.look("her: no network", her, looks=FRENCH)
    await expect(her.see("pending")).to_have_count(0, timeout=BACK_MS)
    await sees(her, "pendant la coupure, deux", within=BACK_MS)
    heard.hers["after the cut"] = (await said(her))[len(before) :]


@asynccontextmanager
async def _nothing_passes(network: BadNetwork, her: Phone) -> AsyncGenerator[None]:
    """Packets vanish without a word, and her phone knows that it has no network."""
    network.turn(Weather.BLACK_HOLE)
    await her.context.set_offline(True)
    yield
    await her.context.set_offline(False)
    network.turn(Weather.FAIR)


async def _asleep(heard: Heard, her: Phone, operator: Operator, room: str) -> Phone:
    """Frozen as phones do it, then awake; her tab is killed, another finds everything."""
    line = await her.context.new_cdp_session(her.page)
    await line.send("Page.setWebLifecycleState", {"state": "frozen"})
    await operator.say(room, "pendant le sommeil")
    await asyncio.sleep(FROZEN_S)
    await line.send("Page.setWebLifecycleState", {"state": "active"})
    await sees(her, "pendant le sommeil", within=BACK_MS)
    await say(her, "au réveil")
    await expect(her.see("pending")).to_have_count(0, timeout=BACK_MS)
    heard.hers["after the thaw"] = await said(her)
    await her.page.close()
    again = Phone(her.context, await her.context.new_page())
    await again.page.goto("/")
    await sees(again, "au réveil")
    heard.hers["in a new tab"] = await said(again)
    return again


async def _returning(
    heard: Heard,
    browser: Browser,
    network: BadNetwork,
    her: Phone,
    operator: Operator,
    words: str,
) -> Phone:
    """Gone at once; the operators know; on another phone three words and her own open it again."""
    await say(her, "je dois partir")
    await sees(her, "je dois partir")
    await expect(her.see("pending")).to_have_count(0, timeout=SOON_MS)
    before = await said(her)
    (session,) = [it["value"] for it in await her.context.cookies() if it["name"] == "s"]
    for _ in range(3):
        await her.page.keyboard.press("Shift")
    await her.page.wait_for_url("https://**", timeout=SOON_MS)
    assert await when_dead(operator.url, session) < inf
    await _exited(operator)
    await her.context.close()

    other = await phone(browser, network.url, "/")
    await other.see("come-back").click()
    await other.page.locator("#three-words").fill("lune porte riviere")
    await other.see("resume").click()
    await expect(other.page.get_by_role("alert")).to_contain_text("mots", timeout=SOON_MS)
    await _look(heard, "her: three words", other)
    await other.page.locator("#three-words").fill(f"  {words.upper()} ")
    await other.see("resume").click()
    await expect(other.page.locator("#own-word")).to_be_focused(timeout=SOON_MS)
    assert "je dois partir" not in await other.page.content()
    await other.page.locator("#own-word").fill("pas celui-ci")
    await other.see("resume").click()
    await expect(other.page.get_by_role("alert")).to_contain_text("mots", timeout=SOON_MS)
    assert "je dois partir" not in await other.page.content()
    await other.page.locator("#own-word").fill(OWN_WORD)
    await other.see("resume").click()
    await sees(other, "je dois partir")
    assert await said(other) == before
    heard.hers["on another phone"] = before
    return other


async def _exited(operator: Operator) -> None:
    state = await operator.call("line.state", line=LINE)
    assert any(chat.get("exited") for chat in [*state["queue"], *state["mine"]]), json.dumps(state)


async def _end(heard: Heard, her: Phone, operator: Operator, chat: str) -> None:
    """What was said can still be read; then nothing of it stays on her phone."""
    await operator.finish(chat)
    await expect(her.see("chat-over")).to_be_visible(timeout=SOON_MS)
    await sees(her, "je dois partir")
    await _look(heard, "her: the end", her)
    await her.see("finish").click()
    await expect(her.see("write")).to_be_visible(timeout=SOON_MS)
    assert await her.page.evaluate(KEPT) == NOTHING_KEPT


async def _in_arabic(
    heard: Heard, browser: Browser, server: ServerProcess, operator: Operator
) -> Phone:
    """Her phone speaks Arabic: the page does too, from right to left; she leaves, nothing stays."""
    settings = own_phone()
    settings["locale"] = "ar"
    context = await browser.new_context(base_url=server.url, **settings)
    context.set_default_timeout(SOON_MS)
    her = Phone(context, await context.new_page())
    await her.page.goto("/")
    await her.see("write").click()
    await expect(her.page.get_by_role("heading", level=1)).to_contain_text("شاشتك")
    assert await her.page.evaluate("document.documentElement.dir") == "rtl"
    await heard.findings.look("her: in Arabic, seen or not", her, looks=ARABIC)
    await her.see("tongue-ar").click()
    await her.see("ask-now").click()
    _, room = await operator.answer()
    await operator.say(room, "مرحبا، أنا هنا.")
    await sees(her, "مرحبا")
    await say(her, "شكرا. Je peux aussi écrire en français.")
    await sees(her, "شكرا")
    await heard.findings.look("her: in Arabic, talking", her, looks=ARABIC)
    await leave(her, by_button)
    stranger = await context.new_page()
    await stranger.goto("/")
    await expect(stranger.get_by_test_id("write")).to_be_visible(timeout=SOON_MS)
    assert await stranger.evaluate(KEPT) == NOTHING_KEPT
    return her
