"""A funder grants a budget, sees it spent, reads statements, downloads them, pays."""

import asyncio
import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, Route, expect
from sqlalchemy import update

from matching.shelter.funds.service import Funds
from matching.shelter.funds.store import budget as fund_budget
from matching.shelter.public.service import Unmet
from matching.shelter.values import BudgetId
from realtime.ledger import Transaction
from tests.browser import walking
from tests.browser.looking import told
from tests.browser.people import SOON_MS, Phone, phone
from tests.browser.walking import beside, content
from tests.support.books import Scene, put_hotels
from tests.support.server import ServerProcess, tokens

pytestmark = pytest.mark.timeout(180)

SCREENS = ("sign-in", "refused", "nothing yet", "new budget", "something missing", "accounts")


@dataclass
class Walk(walking.Walk):
    said: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


async def people_sleep(server: ServerProcess, budget: str) -> date:
    """Two rooms a night for two weeks, and one held tonight. Answers a night of last month."""
    async with beside(server) as durable:
        unmet = Unmet()
        funds = Funds(None, unmet)  # type: ignore[arg-type]  # nobody rolls over here
        scene = Scene(durable, durable.clock, unmet, funds)  # type: ignore[arg-type]
        tonight = scene.tonight
        # Whole nights of last month, so that one can be paid.
        long_ago = tonight.replace(day=1) - timedelta(days=2)

        async def work(tx: Transaction) -> None:
            await put_hotels(tx)
            # Granted long ago: there is enough to say when it runs dry.
            await tx.db.execute(update(fund_budget).values(opened=tx.now - timedelta(days=40)))
            for back in range(1, 15):
                for room in range(2):
                    night = tonight - timedelta(days=back)
                    await slept(tx, f"{back} {room}", night)
            await slept(tx, "long ago", long_ago)
            await funds.promise(tx, scene.hold("tonight", BudgetId(budget), nights=4))

        async def slept(tx: Transaction, name: str, night: date) -> None:
            hold = replace(scene.hold(name, BudgetId(budget), nights=1), first=night)
            await funds.promise(tx, hold)
            await funds.spend(tx, hold, night)

        await scene.write(work)
        return long_ago


@pytest.fixture(scope="module")
async def walk(browser: Browser, server: ServerProcess) -> Walk:
    seen = Walk()
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "funder")
    funder = await phone(browser, server.url, "/fonds")
    await expect(funder.see("enter")).to_be_visible(timeout=SOON_MS)
    await seen.look("sign-in", funder)
    await funder.see("token").fill("t" * 43)
    await funder.see("enter").click()
    await expect(funder.page.get_by_role("alert")).to_be_visible(timeout=SOON_MS)
    await seen.look("refused", funder)
    await funder.see("token").fill(token)
    await funder.see("enter").click()
    await expect(funder.see("fund")).to_be_visible(timeout=SOON_MS)
    await seen.look("nothing yet", funder)

    budget = await _grants(seen, funder)
    long_ago = await people_sleep(server, budget)
    await funder.page.reload()
    await expect(funder.see("budget-spent")).to_contain_text("2\u202f320", timeout=SOON_MS)
    await _reads(seen, funder, long_ago)
    await funder.context.close()
    return seen


async def _grants(seen: Walk, funder: Phone) -> str:
    await funder.see("new").click()
    await seen.look("new budget", funder)
    await funder.see("new-go").click()
    await expect(funder.page.get_by_role("alert")).to_be_visible(timeout=SOON_MS)
    await funder.see("new-name").fill("Ville de Lyon, nuits d’hiver")
    await funder.see("new-amount").fill("beaucoup")
    await funder.see("new-go").click()
    await expect(funder.page.get_by_role("alert")).to_contain_text("montant")
    await seen.look("something missing", funder)
    await funder.see("new-amount").fill("5 000,00")
    await funder.see("new-most").fill("90")
    await funder.see("new-area").fill("69")
    first = await funder.see("new-first").input_value()
    await funder.see("new-first").fill((date.fromisoformat(first) - timedelta(days=45)).isoformat())
    async with funder.page.expect_response("**/api/fund/grant") as granted:
        await funder.see("new-go").click()
    answer = await (await granted.value).json()
    await expect(funder.see("budget")).to_have_count(1, timeout=SOON_MS)
    seen.said["new"] = await funder.see("outlook").inner_text()
    return str(answer["budget"])


async def _reads(seen: Walk, funder: Phone, long_ago: date) -> None:
    for part in ("spent", "promised", "left", "granted"):
        seen.said[part] = " ".join((await funder.see(f"budget-{part}").inner_text()).split())
    seen.said["outlook"] = await funder.see("outlook").inner_text()
    seen.said["counter"] = await funder.see("counter").inner_text()
    await funder.see("entries").click()
    await expect(funder.page.locator("tbody tr")).to_have_count(50, timeout=SOON_MS)
    await funder.page.get_by_role("button", name="Plus anciens").click()
    # 29 nights promised and spent, one hold, the grant.
    await expect(funder.page.locator("tbody tr")).to_have_count(60, timeout=SOON_MS)
    await seen.look("accounts", funder)

    month = funder.see("month").last
    for form in ("csv", "pdf"):
        async with funder.page.expect_download() as downloading:
            await month.get_by_test_id(form).click()
        seen.files[form] = await content(await downloading.value)
    seen.said["owed"] = await month.inner_text()
    await month.get_by_test_id("pay").click()
    await month.get_by_role("button", name="Oui, c’est payé").click()
    await expect(month).to_contain_text("payés", timeout=SOON_MS)
    seen.said["paid"] = await month.inner_text()


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night_in_both_languages(
    walk: Walk, screen: str
) -> None:
    found = walk.findings

    assert found.axe[screen] == [], told(found.axe[screen])
    assert found.small[screen] == [], told(found.small[screen])
    assert (found.wide[screen], walk.desk[screen], found.moving[screen]) == (0, 0, 0)


async def test_the_walk_is_the_whole_walk(walk: Walk) -> None:
    assert list(walk.findings.axe) == list(SCREENS)
    assert len(walk.findings.languages) == 2


async def test_a_token_is_pasted_in_development_only(
    browser: Browser, server: ServerProcess
) -> None:
    async def in_production(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json=await answer.json() | {"development": False})

    funder = await phone(browser, server.url, "/fonds")
    await funder.context.route("**/api/config", in_production)
    async with funder.page.expect_response("**/api/config"):
        await funder.page.reload()

    await expect(funder.page.get_by_role("link", name="Se connecter")).to_be_visible()
    await expect(funder.see("token")).to_have_count(0)
    # What is still being answered would fail with the page, in whatever test comes next.
    await funder.context.unroute_all(behavior="wait")
    await funder.context.close()


async def test_a_budget_says_where_its_money_is_and_when_it_runs_dry(walk: Walk) -> None:
    assert "2 320 €" in walk.said["spent"]
    assert "320 €" in walk.said["promised"]
    assert "2 360 €" in walk.said["left"]
    assert "5 000 €" in walk.said["granted"]
    assert "Pas encore assez" in walk.said["new"]
    # 160 € a night, 2,360 € left.
    assert "épuisé le" in walk.said["outlook"]
    assert "29" in walk.said["counter"]
    assert "10" in walk.said["counter"]


async def test_statements_are_files_and_a_paid_month_says_so(walk: Walk) -> None:
    rows = list(csv.reader(io.StringIO(walk.files["csv"].decode("utf-8-sig"))))

    assert rows[1][2] == "Ville de Lyon, nuits d’hiver"
    assert walk.files["pdf"].startswith(b"%PDF-")
    assert "à payer" in walk.said["owed"]
    assert "à payer" not in walk.said["paid"]
    assert "payés" in walk.said["paid"]
