"""A directory of services: imported whole or not at all, searched, and imported again."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo.errors import (
    BadFile,
    FileEmpty,
    FileMissing,
    FileNotUtf8,
    FileTooLarge,
    ImportOverlap,
    NothingToLoad,
)
from geo.places.rows import Reason
from matching.helpline.directory import importing, package
from matching.helpline.directory.errors import NotDirectory
from matching.helpline.directory.messages import Found
from matching.helpline.directory.service import PAGE, Directory
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.ledger import Transaction
from tests.support.ledger import Deployment, counted_ids, deployment

#: A Saturday evening in Paris.
NOW = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def made(tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployment(
        tmp_path, ChannelTable([]), clock=ManualClock(NOW), ids=counted_ids()
    ) as deployed:
        yield deployed


def service(number: int, **changes: object) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "name": f"Service {number}",
        "status": "active",
        "phones": [{"number": "01 02 03 04 05"}],
        **changes,
    }


async def load(made: Deployment, folder: Path, found: object) -> importing.Report:
    file = folder / "directory.json"
    file.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    return await importing.load(file, made.ledger)


async def find(made: Deployment, **asked: Any) -> Found:  # noqa: ANN401 - as JSON has it
    async with made.ledger.reading() as reading:
        return await Directory().find(reading, **asked)


async def names(made: Deployment, **asked: Any) -> list[str]:  # noqa: ANN401 - as JSON has it
    return [it.name for it in (await find(made, **asked)).found]


async def test_ours_is_what_an_installation_has_that_has_loaded_none(made: Deployment) -> None:
    await importing.settle(made.ledger)
    await importing.settle(made.ledger)

    every = await find(made)
    numbers = {phone.number for it in every.found for phone in it.phones}

    assert {"17", "112", "114", "15", "3919", "115", "119", "116 006", "3018", "3114"} <= numbers
    assert "0 800 05 95 95" in numbers
    assert every.loaded_at == NOW
    by_number = {it.phones[0].number: it for it in every.found}
    assert by_number["114"].phones[0].way == "sms"
    assert all(it.areas == [""] and it.kinds != ["other"] for it in every.found)
    # Saturday evening: weekdays only, until 23 h, day and night, and not known.
    assert by_number["0 800 05 95 95"].open is False
    assert by_number["0 800 05 95 95"].opens_at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert by_number["3018"].open is True
    assert by_number["3919"].open is True
    assert by_number["116 006"].open is None


async def test_a_search_narrows_by_every_word_and_forgets_accents(made: Deployment) -> None:
    await importing.settle(made.ledger)

    assert await names(made, words="suicide") == ["3114, prévention du suicide"]
    assert await names(made, words="HEBERGEMENT urgence") == ["115, hébergement d’urgence"]
    assert await names(made, words="prévention rien") == []
    assert await names(made, words="100 %_") == []
    assert await names(made, kind="shelter") == ["115, hébergement d’urgence"]
    assert await names(made, language="uk") == []
    assert len(await names(made, language="fr")) == 12
    open_now = await names(made, open_now=True)
    assert "Viols Femmes Informations" not in open_now
    assert "116 006, aide aux victimes" in open_now


async def test_a_departments_own_come_first_and_other_ones_not_at_all(
    made: Deployment, tmp_path: Path
) -> None:
    await load(
        made,
        tmp_path,
        [
            service(1, name="Partout"),
            service(2, name="Lyon", service_areas=[{"name": "69"}]),
            service(3, name="Paris", service_areas=[{"name": "75"}]),
            service(4, name="Nulle part", service_areas=[{"name": "près de la gare"}]),
        ],
    )

    assert await names(made, area="69") == ["Lyon", "Partout"]
    assert await names(made) == ["Partout", "Lyon", "Paris", "Nulle part"]


async def test_a_new_file_replaces_the_old_one_whole(made: Deployment, tmp_path: Path) -> None:
    await load(made, tmp_path, [service(number) for number in range(450)])
    assert (await find(made)).more
    assert len((await find(made)).found) == PAGE

    report = await load(
        made,
        tmp_path,
        {"contents": [service(1, name="Nouveau"), service(1), service(2, status="defunct")]},
    )

    assert report.loaded == 1
    assert report.refusals.counts == {Reason.DUPLICATE: 1, Reason.UNKNOWN_VALUE: 1}
    assert await names(made) == ["Nouveau"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", FileEmpty),
        ("[]", NotDirectory),
        ("{", NotDirectory),
        ("[" * 100_000, NotDirectory),
        ("7", NotDirectory),
        ('[7, {"name": "x"}]', NotDirectory),
        ('{"type": "FeatureCollection", "features": []}', NotDirectory),
        (json.dumps([service(1, status="defunct")]), NothingToLoad),
    ],
    ids=lambda it: str(it)[:20],
)
async def test_what_is_no_directory_changes_nothing(
    made: Deployment, tmp_path: Path, content: str, error: type[BadFile]
) -> None:
    await load(made, tmp_path, [service(1)])

    with pytest.raises(error):
        await load(made, tmp_path, content)

    assert await names(made) == ["Service 1"]


async def test_files_that_are_none_are_said_to_be(made: Deployment, tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('[{"name": "écoute"}]'.encode("latin-1"))

    with pytest.raises(FileNotUtf8):
        await importing.load(latin, made.ledger)
    with pytest.raises(FileMissing):
        await importing.load(tmp_path / "none.json", made.ledger)


async def test_of_two_imports_at_once_one_changes_nothing(
    made: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(made, tmp_path, [service(1)])

    async def cleared(tx: Transaction, new: str, first: int, entries: object) -> None:
        """The other import has taken ours for what a killed one left behind."""

    monkeypatch.setattr(importing, "_add", cleared)
    with pytest.raises(ImportOverlap):
        await load(made, tmp_path, [service(2)])

    assert await names(made) == ["Service 1"]


def packed(folder: Path, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Path:
    file = folder / "package.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"data/{name}", "\ufeff" + text.getvalue())
    return file


TABLES: dict[str, list[dict[str, str]]] = {
    "services.csv": [
        {"id": "a", "organization_id": "o", "name": "Accueil", "status": "active", "url": ""},
        {"id": "b", "organization_id": "none", "name": "Page", "status": "active",
         "url": "https://example.org"},
    ],
    "organizations.csv": [{"id": "o", "name": "Association"}],
    "phones.csv": [
        {"id": "1", "service_id": "a", "service_at_location_id": "", "number": "3919"},
        {"id": "2", "service_id": "", "service_at_location_id": "l", "number": "3018"},
    ],
    "schedules.csv": [
        {"id": "1", "service_id": "a", "byday": "SA", "opens_at": "20:00", "closes_at": "21:00"}
    ],
    "languages.csv": [{"id": "1", "service_id": "a", "code": "ar"}],
    "taxonomy_terms.csv": [{"id": "t", "code": "listening", "name": "Écoute"}],
    "attributes.csv": [
        {"id": "1", "link_id": "a", "taxonomy_term_id": "t"},
        {"id": "2", "link_id": "a", "taxonomy_term_id": "gone"},
    ],
    "service_at_locations.csv": [{"id": "l", "service_id": "a", "location_id": "p"}],
    "locations.csv": [{"id": "p", "name": "ici"}],
    "addresses.csv": [
        {"id": "1", "location_id": "p", "address_1": "7 rue Cachée", "city": "Lyon",
         "postal_code": "69001"}
    ],
}  # fmt: skip


@pytest.mark.parametrize("plural", [True, False])
async def test_a_package_of_tables_is_put_back_together(
    made: Deployment, tmp_path: Path, plural: bool
) -> None:
    singular = {many: one for one, many in package._TABLES.items()}
    tables = {
        name if plural else f"{singular[name[:-4]]}.csv": rows for name, rows in TABLES.items()
    }

    report = await importing.load(packed(tmp_path, tables), made.ledger)
    (first, second) = (await find(made)).found

    assert report.loaded == 2
    assert (first.name, first.organisation, first.city) == ("Accueil", "Association", "Lyon")
    assert [it.number for it in first.phones] == ["3919", "3018"]
    assert (first.languages, first.kinds, first.areas) == (["ar"], ["listening"], ["69"])
    assert first.open is True
    assert (second.organisation, second.url) == ("", "https://example.org")


async def test_a_package_that_is_none_is_refused(
    made: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotDirectory):
        await importing.load(packed(tmp_path, {"phones.csv": TABLES["phones.csv"]}), made.ledger)

    whole = packed(tmp_path, TABLES)
    cut = whole.read_bytes()
    whole.write_bytes(cut[:60] + bytes(20) + cut[80:])
    with pytest.raises(NotDirectory):
        await importing.load(whole, made.ledger)

    monkeypatch.setattr(package, "LARGEST", 100)
    with pytest.raises(FileTooLarge):
        await importing.load(packed(tmp_path, TABLES), made.ledger)


async def test_a_file_with_too_many_rows_is_refused(
    made: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_ROWS", 3)
    with pytest.raises(FileTooLarge):
        await load(made, tmp_path, [service(number) for number in range(4)])
    with pytest.raises(FileTooLarge):
        await importing.load(packed(tmp_path, TABLES), made.ledger)
    monkeypatch.setattr(importing, "MOST", 2)
    with pytest.raises(FileTooLarge):
        await load(made, tmp_path, [service(number) for number in range(3)])
