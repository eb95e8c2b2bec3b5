"""A supervisor makes a campaign, looks at its posters and figures, prints, plans exercises."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import httpx2
import pypdfium2
import pytest
from playwright.async_api import Browser, Route, ViewportSize, expect
from sqlalchemy import update

from programmes.campaign import store
from programmes.campaign.counts.store import count
from programmes.campaign.days import day_of
from programmes.campaign.values import CampaignId, Design, What
from realtime.ledger import Transaction
from tests.browser import walking
from tests.browser.looking import told
from tests.browser.people import SOON_MS, Phone, phone
from tests.browser.walking import beside, content
from tests.support.campaigning import PHONE as TAPPING
from tests.support.gtfs import write_gtfs
from tests.support.posters import read, rendered
from tests.support.server import ServerProcess, imported, tokens

pytestmark = pytest.mark.timeout(240)

SCREENS = (
    "sign-in",
    "nothing yet",
    "stops",
    "something missing",
    "campaign",
    "figures",
    "exercises",
    "exercise planned",
    "nowhere",
    "hours",
)
SPOTS = [
    {"stop": {"id": f"ville:{stop}", "name": name}, "hour": hour, "events": events}
    for stop, name, hour, events in (
        (1, "Hôtel de Ville", 8, 5),
        (1, "Hôtel de Ville", 18, 15),
        (1, "Hôtel de Ville", 23, 25),
        (2, "Gare du Nord", 18, 10),
        (3, "Saint-Rémy-lès-Chevreuse", 0, 5),
    )
]


@dataclass
class Walk(walking.Walk):
    size: ClassVar[ViewportSize] = {"width": 1440, "height": 900}
    page: ClassVar[str] = "campagne-"

    said: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


async def people_tap(server: ServerProcess, campaign: str) -> None:
    """Two weeks ago: many, few of one design, and twice as many of another at each place."""
    taps = {Design.CALME: 12, Design.LIGNE: 40, Design.ENSEMBLE: 11}

    async def work(tx: Transaction) -> None:
        name = CampaignId(campaign)
        began = tx.now - timedelta(days=15)
        await tx.db.execute(
            update(store.campaign).where(store.campaign.c.campaign == name).values(at=began)
        )
        rows = [
            {"code": it.code, "day": day_of(began), "what": What.TAP, "many": taps[it.design]}
            for it in await store.links(tx.db, name)
            if it.language == "fr"
        ]
        rows += [
            {"code": it.code, "day": day_of(began), "what": What.REPORT, "many": 2}
            for it in (await store.links(tx.db, name))[:1]
        ]
        await tx.db.execute(count.insert(), rows)

    async with beside(server) as durable:
        await durable.ledger.write(work)


@pytest.fixture(scope="module")
async def server() -> AsyncGenerator[ServerProcess]:
    """With a network that was imported before it started."""
    with tempfile.TemporaryDirectory() as folder:
        feed, server = Path(folder) / "feed", ServerProcess(Path(folder) / "data")
        feed.mkdir()
        await asyncio.to_thread(write_gtfs, feed)
        await asyncio.to_thread(imported, server.data_dir, "gtfs", feed, "--network", "ville")
        await server.start()
        try:
            yield server
        finally:
            await asyncio.to_thread(server.kill)


@pytest.fixture(scope="module")
async def walk(browser: Browser, server: ServerProcess) -> Walk:
    seen = Walk()
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "supervisor")
    lead = await phone(browser, server.url, "/campagne")
    lead.page.on("request", lambda it: seen.asked.append(it.url))
    await expect(lead.see("enter")).to_be_visible(timeout=SOON_MS)
    await seen.look("sign-in", lead)
    await lead.see("token").fill(token)
    await lead.see("enter").click()
    await expect(lead.see("studio")).to_be_visible(timeout=SOON_MS)
    await seen.look("nothing yet", lead)

    campaign = await _makes(seen, lead)
    await _prints(seen, lead)
    await people_tap(server, campaign)
    await _reads(seen, lead, server)
    await _practises(seen, lead)
    await _hours(seen, lead)
    await lead.context.close()
    return seen


async def _makes(seen: Walk, lead: Phone) -> str:
    await lead.see("new-go").click()
    await expect(lead.page.get_by_role("alert")).to_contain_text("nom", timeout=SOON_MS)
    await lead.see("new-name").fill("Automne sur la T9")
    await lead.see("new-go").click()
    await expect(lead.page.get_by_role("alert")).to_contain_text("lieu", timeout=SOON_MS)
    await seen.look("something missing", lead)
    await lead.see("add-line").click()
    await lead.see("pick-search").fill("t9")
    await lead.see("pick-line").first.click()
    await expect(lead.see("stop")).to_have_count(8, timeout=SOON_MS)
    await lead.see("stop").first.check()
    await seen.look("stops", lead)
    await lead.see("stop-all").click()
    await lead.see("stop-whole").check()
    await lead.see("stops-go").click()
    await lead.see("add-venue").click()
    await lead.see("venue").fill("Café des Amies")
    # Enter is the place, not the form.
    await lead.page.keyboard.press("Enter")
    await expect(lead.see("add-line")).to_be_focused(timeout=SOON_MS)
    await lead.see("new-en").check()
    seen.said["chosen"] = await lead.see("chosen").inner_text()
    async with lead.page.expect_response("**/api/campaign/create") as made:
        await lead.see("new-go").click()
    answer = await (await made.value).json()
    seen.codes = [it["code"] for it in answer["links"]]
    await expect(lead.page.get_by_role("heading", name="Automne sur la T9")).to_be_focused(
        timeout=SOON_MS
    )
    return str(answer["campaign"])


async def _prints(seen: Walk, lead: Phone) -> None:
    image = lead.page.locator(".poster-seen img")
    await expect(image).to_be_visible(timeout=SOON_MS)
    await lead.see("poster-design").select_option("ligne")
    await lead.see("poster-place").select_option("3")
    await expect(image).to_have_attribute("alt", "L’affiche «\u00a0La ligne\u00a0» pour T9 · Gare du Nord, comme elle sera coupée")  # fmt: skip  # noqa: E501
    await lead.page.wait_for_function("document.querySelector('.poster-seen img').naturalWidth > 0")
    seen.said["picture"] = (await image.get_attribute("src") or "")[:40]
    seen.said["link"] = await lead.see("link").inner_text()
    await seen.look("campaign", lead)
    for name in ("one-a4", "one-a6", "all-a6", "sheet"):
        async with lead.page.expect_download() as downloading:
            await lead.see(name).click()
        seen.files[name] = await content(await downloading.value)


async def _reads(seen: Walk, lead: Phone, server: ServerProcess) -> None:
    """Somebody follows a link, then the figures are looked at again."""
    async with httpx2.AsyncClient(base_url=server.url) as http:
        answer = await http.get(seen.said["link"], headers=TAPPING)
        seen.said["led"] = answer.headers["location"]
    await lead.see("again").click()
    await expect(lead.see("verdict")).to_contain_text("est plus suivi", timeout=SOON_MS)
    for name in ("verdict", "taps", "reports", "by-place"):
        seen.said[name] = " ".join((await lead.see(name).inner_text()).split())
    await seen.look("figures", lead)


async def _practises(seen: Walk, lead: Phone) -> None:
    await lead.see("view-drills").click()
    await lead.see("pick-line").first.click()
    await lead.see("pick-direction").first.click()
    await seen.look("exercises", lead)
    await lead.see("drill-later").check(force=True)
    later = datetime.now(tz=UTC) + timedelta(days=20)
    await lead.see("drill-at").fill(later.strftime("%Y-%m-%dT18:00"))
    await lead.see("drill-monthly").check()
    await lead.see("drill-go").click()
    await expect(lead.see("drill")).to_have_count(1, timeout=SOON_MS)
    await lead.see("pick-line").first.click()
    await lead.see("pick-direction").first.click()
    await lead.see("drill-go").click()
    await lead.page.get_by_role("button", name="Oui").click()
    await expect(lead.see("drill")).to_have_count(2, timeout=SOON_MS)
    seen.said["drills"] = " ".join(await lead.see("drill").all_inner_texts())
    await seen.look("exercise planned", lead)
    await lead.see("undrill").click()
    await lead.page.get_by_role("button", name="Oui").click()
    await expect(lead.see("drill")).to_have_count(1, timeout=SOON_MS)


async def _hours(seen: Walk, lead: Phone) -> None:
    await lead.see("view-hours").click()
    await expect(lead.page.get_by_role("status")).to_contain_text("Nulle part", timeout=SOON_MS)
    await seen.look("nowhere", lead)

    async def warm(route: Route) -> None:
        await route.fulfill(json={"days": 365, "spots": SPOTS})

    await lead.context.route("**/api/witness/hotspots", warm)
    await lead.see("days-365").check(force=True)
    await expect(lead.see("heat")).to_be_visible(timeout=SOON_MS)
    seen.said["heat"] = await lead.see("heat").inner_text()
    await seen.look("hours", lead)


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    walk: Walk, screen: str
) -> None:
    found = walk.findings

    assert found.axe[screen] == [], told(found.axe[screen])
    assert found.small[screen] == [], told(found.small[screen])
    assert (found.wide[screen], walk.desk[screen], found.moving[screen]) == (0, 0, 0)


async def test_the_walk_is_the_whole_walk(walk: Walk) -> None:
    assert set(walk.findings.axe) == set(SCREENS)
    assert len(walk.findings.languages) == 2


async def test_a_campaign_hangs_at_each_stop_on_the_line_and_at_a_venue(walk: Walk) -> None:
    for place in ("T9, toute la ligne", "T9 · Gare du Nord", "T9 · Terminus", "Café des Amies"):
        assert place in walk.said["chosen"]
    assert len(walk.codes) == (8 + 1 + 1) * 3 * 2


async def test_posters_are_seen_and_downloaded(walk: Walk, server: ServerProcess) -> None:
    assert walk.said["picture"].startswith("data:image/svg+xml,")
    code = walk.said["link"].removeprefix("/t/")
    assert code in walk.codes
    assert walk.said["led"] == f"/#t={code}"
    for name in ("one-a4", "one-a6"):
        assert read(rendered(walk.files[name], dots=8)) == [f"{server.url}/t/{code}".upper()]
    document = pypdfium2.PdfDocument(walk.files["all-a6"])
    assert len(document) == 10
    document.close()
    document = pypdfium2.PdfDocument(walk.files["sheet"])
    assert len(document) == 3
    document.close()


async def test_figures_are_told_and_small_ones_are_said_not_to_be(walk: Walk) -> None:
    # 12, 40 and 11 at each of ten places, and one tap just now in the design of the line.
    for text in ("631 en tout", "Calme 120", "La ligne 401", "Ensemble 110"):
        assert text in walk.said["taps"], walk.said["taps"]
    assert "moins de 5" in walk.said["reports"]
    assert "La ligne" in walk.said["verdict"]
    assert "est plus suivi" in walk.said["verdict"]
    assert "Entre 2" in walk.said["verdict"]
    assert "Café des Amies 63" in walk.said["by-place"]


async def test_exercises_are_planned_begun_and_taken_back(walk: Walk) -> None:
    assert "PRÉVU" in walk.said["drills"].upper()
    assert "toutes les quatre semaines" in walk.said["drills"]
    assert "EN COURS" in walk.said["drills"].upper()


async def test_hours_are_a_small_table(walk: Walk) -> None:
    lines = walk.said["heat"].splitlines()

    assert lines[0].split("\t")[0] == "Arrêt"
    assert "25–29" in walk.said["heat"]
    assert len([it for it in lines if "Gare du Nord" in it]) == 1


async def test_nothing_secret_is_in_an_address(walk: Walk) -> None:
    assert walk.asked
    assert not [it for it in walk.asked if "token" in it.lower() or "bearer" in it.lower()]
