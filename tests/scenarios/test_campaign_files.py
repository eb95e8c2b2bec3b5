"""Posters as files at the door: who gets which, under which address, with which numbers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pypdfium2
import pytest

from tests.support.campaigning import Studio, studio
from tests.support.posters import level, read, rendered
from tests.support.service import Person
from web.access.vocabulary import Role
from web.api.posters import BURST

ORIGIN = "https://entraide.example"


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(tmp_path, origins=f"{ORIGIN},http://127.0.0.1:8000") as made:
        yield made


async def file(
    desk: Studio, campaign: object, which: str, name: str, *, who: Person | None = None
) -> httpx2.Response:
    who = who or desk.supervisor
    return await desk.door.http.get(f"/api/campaign/{campaign}/{which}/{name}", headers=who.bearer)


async def made(desk: Studio, **changes: object) -> tuple[str, list[dict[str, Any]]]:
    answer = await desk.create(**changes)
    return str(answer["campaign"]), answer["links"]


async def test_a_poster_is_a_file_whose_code_leads_to_its_link(desk: Studio) -> None:
    name = "a4.pdf"
    campaign, links = await made(desk)
    link = next(it for it in links if it["design"] == "ligne" and it["language"] == "fr")

    answer = await file(desk, campaign, link["code"], name)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert f"{link['code']}-{name}" in answer.headers["content-disposition"]
    page = rendered(answer.content, dots=8)
    assert read(page) == [f"{ORIGIN}/t/{link['code']}".upper()]
    assert level(page) == "H"
    document = pypdfium2.PdfDocument(answer.content)
    said = document[0].get_textpage().get_text_range()
    document.close()
    # A network that nobody wrote down: the police's own numbers.
    for text in ("T9", "Gare du Nord", "17", "114", f"entraide.example/t/\r\n{link['code']}"):
        assert text in said, (text, said)
    assert "3117" not in said


async def test_all_stickers_of_a_design_and_language_are_one_file(desk: Studio) -> None:
    campaign, links = await made(desk)

    printer = pypdfium2.PdfDocument((await file(desk, campaign, "calme-fr", "a6.pdf")).content)
    office = pypdfium2.PdfDocument((await file(desk, campaign, "all", "sheet.pdf")).content)

    assert len(printer) == 2
    assert len(office) == len(links) / 4
    seen = {text for page in office for text in read(page.render(scale=3).to_pil().convert("RGB"))}
    assert seen == {f"{ORIGIN}/t/{it['code']}".upper() for it in links}
    printer.close()
    office.close()


async def test_a_screen_gets_a_picture_without_letters_of_ours(desk: Studio) -> None:
    campaign, links = await made(desk)

    one = await file(desk, campaign, links[0]["code"], "a4.svg")
    many = await file(desk, campaign, "all", "a4.svg")

    assert one.headers["content-type"] == "image/svg+xml"
    assert one.content.startswith(b"<svg")
    assert many.status_code == 404


async def test_what_is_not_there_is_not_there(desk: Studio) -> None:
    campaign, links = await made(desk)
    other, _ = await made(desk, id="campaign-0002", places=[{"venue": "Ailleurs"}])

    for where, which, name in (
        ("nothing", links[0]["code"], "a4.pdf"),
        (other, links[0]["code"], "a4.pdf"),
        (campaign, "bcdfghj", "a4.pdf"),
        (campaign, "calme-de", "a4.pdf"),
        (campaign, links[0]["code"], "a5.pdf"),
        (campaign, "..%2F..", "a4.pdf"),
    ):
        answer = await file(desk, where, which, name)
        assert answer.status_code == 404, (where, which, name)


async def test_files_are_for_those_who_hang_posters(desk: Studio) -> None:
    campaign, links = await made(desk)

    for role in (Role.CITIZEN, Role.OPERATOR, Role.FUNDER):
        other = await desk.door.person(role)
        refused = await file(desk, campaign, links[0]["code"], "a4.pdf", who=other)
        assert refused.status_code == 403
    nobody = await desk.door.http.get(f"/api/campaign/{campaign}/{links[0]['code']}/a4.pdf")

    assert nobody.status_code == 401


async def test_one_person_has_so_many_files_at_once(desk: Studio) -> None:
    """Asked for at once: one more comes back each second, and this machine may be slow."""
    asking = [file(desk, "nothing", "all", "a5.pdf") for _ in range(4 * BURST)]

    answers = [it.status_code for it in await asyncio.gather(*asking)]

    assert answers.count(404) >= BURST
    assert 429 in answers


async def test_a_file_of_too_many_sheets_is_refused(desk: Studio) -> None:
    places = [{"venue": f"Lieu {n}"} for n in range(100)]
    campaign, links = await made(desk, places=places)
    assert len(links) == 600

    answer = await file(desk, campaign, "all", "sheet.pdf")

    assert (answer.status_code, answer.json()["error"]["name"]) == (429, "limit_exceeded")


async def test_names_stay_when_their_network_goes(desk: Studio) -> None:
    from geo.transit.network import Network

    campaign, links = await made(desk)
    desk.door.whole.services.transit.network = Network()

    answer = await file(desk, campaign, links[0]["code"], "a4.pdf")

    document = pypdfium2.PdfDocument(answer.content)
    said = document[0].get_textpage().get_text_range()
    document.close()
    assert "Gare du Nord" in said
    assert "T9" in said
