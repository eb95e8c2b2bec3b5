"""A funder, an administrator, a desk, operators and nobody in front of the door of money."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from sqlalchemy import delete

from matching.shelter.inventory.store import kind
from matching.shelter.public import store
from matching.shelter.public.have import HAVE
from matching.shelter.values import BudgetId, HotelId, Household
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.store import read_audit
from tests.support.books import LYON, PARIS, Scene, put_hotels
from tests.support.service import Door, Person, service
from web.access.tables import Access
from web.access.vocabulary import Role
from web.api import openapi
from web.api.exports import BURST, EXPORTS
from web.app import paths
from web.commands.catalogue import registry

#: Of the hotels of this test: no answer may hold them.
SECRETS = ("Canuts", "rue Cachée", "Alix", "noisette", "need of")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@dataclass
class Town:
    door: Door
    scene: Scene
    funder: Person
    other: Person
    admin: Person
    operator: Person

    async def ask(self, who: Person | None, method: str, **fields: object) -> tuple[int, object]:
        answer = await self.door.post(f"/api/{method.replace('.', '/')}", fields, who=who)
        return answer.status_code, answer.json()

    async def grant(self, who: Person, number: int = 1, **changes: object) -> str:
        tonight = self.scene.tonight
        asked: dict[str, object] = {
            "id": f"grant-{number:06d}",
            "name": "Ville de Lyon",
            "area": "69",
            "first": (tonight - timedelta(days=40)).isoformat(),
            "last": (tonight + timedelta(days=60)).isoformat(),
            "cents": 100_000,
        }
        status, answer = await self.ask(who, "fund.grant", **(asked | changes))
        assert status == 200, answer
        return str(msgspec.convert(answer, dict[str, str])["budget"])


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with service(tmp_path) as door:
        whole = door.whole
        sheltering = whole.services.sheltering
        scene = Scene(whole.durable, whole.services.clock, sheltering.unmet, sheltering.funds)  # type: ignore[arg-type]
        await scene.write(put_hotels)
        yield Town(
            door,
            scene,
            *[
                await door.person(it)
                for it in (Role.FUNDER, Role.FUNDER, Role.ADMIN, Role.OPERATOR)
            ],
        )


async def _last_month(town: Town, budget: str, name: str = "stay") -> str:
    """Somebody slept two nights last month; the month."""
    last = town.scene.tonight.replace(day=1) - timedelta(days=3)
    hold = replace(town.scene.hold(name, BudgetId(budget), nights=2), first=last)

    async def stayed(tx: Transaction) -> None:
        funds = town.scene.funds
        await funds.promise(tx, hold)
        for night in (last, last + timedelta(days=1)):
            await funds.spend(tx, hold, night)

    await town.scene.write(stayed)
    return last.isoformat()[:7]


async def test_a_funder_grants_once_and_sees_only_what_is_theirs(town: Town) -> None:
    mine = await town.grant(town.funder)
    again = await town.grant(town.funder)
    theirs = await town.grant(town.other, name="Fondation", area="", cents=5_000)

    assert mine == again
    _, state = await town.ask(town.funder, "fund.state")
    _, every = await town.ask(town.admin, "fund.state")
    assert isinstance(state, dict)
    assert isinstance(every, dict)
    assert [it["budget"] for it in state["budgets"]] == [mine]
    assert (state["mine"], every["mine"]) == (True, False)
    assert {it["budget"] for it in every["budgets"]} == {mine, theirs}
    assert state["budgets"][0]["outlook"] == "unsure"
    assert (state["nights_given"], state["goal"]) == (0, 10_000)

    for budget, status in ((mine, 200), (theirs, 404), ("nothing", 404)):
        assert (await town.ask(town.funder, "fund.entries", budget=budget))[0] == status
    assert (await town.ask(town.admin, "fund.entries", budget="nothing"))[0] == 404
    _, entries = await town.ask(town.admin, "fund.entries", budget=theirs)
    assert isinstance(entries, dict)
    assert [(it["kind"], it["cents"]) for it in entries["entries"]] == [("grant", 5_000)]


NO_SENSE: tuple[dict[str, object], ...] = (
    {"area": "999999"}, {"area": "XX"}, {"cents": 0}, {"cents": -5}, {"cents": 10**12},
    {"name": ""}, {"first": "2027-01-01", "last": "2026-01-01"}, {"last": "2099-01-01"},
    {"most_cents": 0}, {"funder": "somebody else"}, {"first": "demain"},
)  # fmt: skip


async def test_a_grant_that_makes_no_sense_is_refused(town: Town) -> None:
    day = town.scene.tonight.isoformat()
    for number, wrong in enumerate(NO_SENSE):
        asked = {"name": "x", "first": day, "last": day, "cents": 5, **wrong}

        status, answer = await town.ask(
            town.funder, "fund.grant", id=f"grant-{number:06d}", **asked
        )

        assert isinstance(answer, dict)
        assert (status, answer["error"]["name"]) == (400, "malformed"), wrong


async def test_who_has_nothing_to_do_with_money_is_refused(town: Town) -> None:
    citizen = await town.door.person(Role.CITIZEN)
    for method in ("fund.state", "fund.entries", "fund.pay", "export.statement"):
        assert (await town.ask(citizen, method))[0] == 403, method
        assert (await town.ask(town.operator, method))[0] == 403, method
        assert (await town.ask(None, method))[0] == 401, method
    assert (await town.ask(town.admin, "fund.grant"))[0] == 403
    assert (await town.ask(town.funder, "export.rooms"))[0] == 403
    assert (await town.ask(citizen, "export.rooms"))[0] == 403


async def test_a_month_is_stated_paid_and_stated_again(town: Town) -> None:
    mine, theirs = await town.grant(town.funder), await town.grant(town.other, name="=cmd()")
    month = await _last_month(town, mine)
    await _last_month(town, theirs, "another")
    asked = {"hotel": LYON, "month": month}

    for form, media in (("csv", "text/csv"), ("pdf", "application/pdf")):
        file = await town.door.post(
            "/api/export/statement", {**asked, "form": form}, who=town.funder
        )
        assert file.status_code == 200
        assert file.headers["content-type"].startswith(media)
        assert file.headers["content-disposition"] == f'attachment; filename="releve.{form}"'
        assert not any(word in file.content.decode("latin-1") for word in SECRETS)

    async def lines(who: Person) -> list[list[str]]:
        file = await town.door.post("/api/export/statement", asked, who=who)
        return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))[1:]

    own, every = await lines(town.funder), await lines(town.admin)
    assert [it[2] for it in own] == ["Ville de Lyon"] * 2 + [""]
    assert {it[2] for it in every} == {"Ville de Lyon", "'=cmd()", ""}
    assert (own[-1][3], every[-1][3]) == ("160.00", "320.00")

    status, paid = await town.ask(town.funder, "fund.pay", id="pay-000001", **asked)
    assert (status, paid) == (200, {"cents": 16_000, "nights": 2})
    # The same answer when the phone asks again; nothing more when somebody does.
    assert (await town.ask(town.funder, "fund.pay", id="pay-000001", **asked))[1] == paid
    status, refused = await town.ask(town.funder, "fund.pay", id="pay-000002", **asked)
    assert isinstance(refused, dict)
    assert (status, refused["error"]["name"]) == (409, "nothing_owed")
    assert {it[5] for it in (await lines(town.funder))[:-1]} == {"payé"}
    assert (await town.ask(town.admin, "fund.pay", id="pay-000003", **asked))[1] == paid
    assert await town.scene.right()


async def test_an_export_is_asked_as_a_command_is(town: Town) -> None:
    get = await town.door.http.get("/api/export/rooms", headers=town.operator.bearer)
    bad = await town.door.post("/api/export/rooms", {"form": "xls"}, who=town.operator)
    more = await town.door.post("/api/export/rooms", {"street": "x"}, who=town.operator)
    month = await town.door.post(
        "/api/export/statement", {"hotel": LYON, "month": "2026-13"}, who=town.funder
    )
    text = await town.door.http.post(
        "/api/export/rooms",
        content=b"{}",
        headers={**town.operator.bearer, "content-type": "text/plain"},
    )

    assert [it.status_code for it in (get, bad, more, month, text)] == [405, 400, 400, 400, 415]


async def test_rooms_leave_at_their_communes_point_and_by_no_name(town: Town) -> None:
    association = await town.door.person(Role.ASSOCIATION)
    for who in (town.operator, association):
        geo = await town.door.post("/api/export/rooms", {"form": "geojson"}, who=who)
        have = await town.door.post("/api/export/rooms", {"form": "have"}, who=who)

        read = json.loads(geo.content)
        assert [it["geometry"]["coordinates"] for it in read["features"]] == [
            [4.84, 45.76],
            [2.35, 48.86],
        ]
        assert [it["properties"]["kinds"][0]["free"] for it in read["features"]] == [3, 3]
        root = ET.fromstring(have.content)  # noqa: S314 - our own
        assert len(root.findall(f"{{{HAVE}}}facility")) == 2
        assert geo.headers["content-type"] == "application/geo+json"
        assert have.headers["content-type"] == "application/xml"
        for raw in (geo.content.decode(), have.content.decode()):
            assert not any(word in raw for word in (*SECRETS, LYON))


async def test_every_hotel_is_read_however_many_there_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "AT_ONCE", 2)

    async def many(tx: Transaction) -> None:
        for number in range(3):
            await put_hotels(tx, suffix=f"-{number}")
        # Some give no room: those between are passed over, and those behind are not forgotten.
        await tx.db.execute(delete(kind).where(kind.c.hotel.in_([LYON, f"{LYON}-0", f"{LYON}-1"])))

    await town.scene.write(many)
    geo = (await town.door.post("/api/export/rooms", {}, who=town.operator)).json()

    assert len(geo["features"]) == 8 - 3


async def test_exports_are_on_the_record(town: Town) -> None:
    await town.door.post("/api/export/rooms", {"form": "have"}, who=town.operator)
    ledger = town.door.whole.durable.ledger

    async with ledger.reading() as reading:
        lines = await read_audit(reading.db, after=0)
    found = [it for it in lines if it.action == "export.rooms"]
    assert [(it.actor, it.thing) for it in found] == [(town.operator.caller.person, "have")]
    assert await ledger.audit_break() is None


async def test_a_desk_sees_its_own_months_and_no_others(town: Town) -> None:
    month = await _last_month(town, await town.grant(town.funder))
    ledger, desks = town.door.whole.durable.ledger, town.door.whole.services.staff.desks

    async def tablet(hotel: HotelId) -> Person:
        link = await ledger.write(lambda tx: desks.link(tx, hotel, PersonId("installer")))
        name = link.path.rpartition("#")[2]
        opened = await ledger.write(lambda tx: desks.open(tx, name, link.code, "tablet"))
        assert opened is not None
        return Person(opened.caller, opened.token.reveal())

    nowhere, lyon, paris = (
        await town.door.person(Role.DESK),
        await tablet(LYON),
        await tablet(PARIS),
    )
    asked = {"hotel": LYON, "month": month}
    answers = [
        await town.door.post("/api/export/statement", asked, who=who)
        for who in (nowhere, paris, lyon)
    ]
    assert [it.status_code for it in answers] == [404, 404, 200]
    assert "160.00" in answers[-1].text


async def test_files_are_not_made_without_end(town: Town) -> None:
    answers = [
        (await town.door.post("/api/export/rooms", {}, who=town.operator)).status_code
        for _ in range(BURST + 1)
    ]

    assert answers == [200] * BURST + [429]


async def test_everyone_may_know_counts_and_nobody(town: Town) -> None:
    month = town.scene.tonight.replace(day=1) - timedelta(days=2)

    async def missed(tx: Transaction) -> None:
        unmet = town.scene.unmet
        for _ in range(9):
            await unmet.count(tx, Household(adults=1), "69", month, "full")
        await unmet.count(tx, Household(adults=1, children=(4,)), "69", month, "no such reason")
        await unmet.count(tx, Household(adults=2), None, town.scene.tonight, "full")
        await unmet.given(tx, town.scene.tonight, "69")

    await town.scene.write(missed)
    found = await town.door.http.get("/api/shelter/public")
    feed = found.json()

    assert found.status_code == 200
    # Two hotels in two départements: fewer than five in each, so neither is told.
    assert feed["rooms"] == []
    assert (feed["nights_given"], feed["goal"], feed["small"]) == (1, 10_000, 5)
    (told,) = feed["unmet"]
    assert told["month"] == month.isoformat()[:7]
    counts = {(it["area"], it["of"]): it["count"] for it in told["reasons"]}
    assert counts["69", "other"] is None
    assert all(count is None or count >= 5 for count in counts.values())
    assert not any(word in found.text for word in SECRETS)


async def test_the_feed_is_made_once_a_minute(town: Town) -> None:
    first = (await town.door.http.get("/api/shelter/public")).json()
    await town.scene.write(lambda tx: town.scene.unmet.given(tx, town.scene.tonight, "69"))
    again = (await town.door.http.get("/api/shelter/public")).json()

    assert again == first


async def test_areas_with_five_hotels_are_told_in_a_word(town: Town) -> None:
    async def many(tx: Transaction) -> None:
        for number in range(5):
            await put_hotels(tx, suffix=f"-{number}")

    await town.scene.write(many)
    feed = (await town.door.http.get("/api/shelter/public")).json()

    assert feed["rooms"] == [{"area": "69", "rooms": "oui"}, {"area": "75", "rooms": "oui"}]


async def test_the_document_lists_every_file(town: Town) -> None:
    opened = (await town.door.http.get("/api/openapi.json")).json()
    made = openapi.document(registry(), Access(), EXPORTS, paths(Access()))

    assert set(made["paths"]) == set(opened["paths"])  # type: ignore[call-overload]
    for export in EXPORTS:
        operation = opened["paths"][export.path]["post"]
        kinds = {media.partition(";")[0] for media, _ in export.forms.values()}
        assert set(operation["responses"]["200"]["content"]) == kinds
        assert "citizen" not in operation["x-roles"]
        assert "anyone" not in operation["x-roles"]
        assert {"401", "403", "404"} <= set(operation["responses"])
