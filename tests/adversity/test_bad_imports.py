"""Whatever file is given, it is loaded, or refused under its own name and nothing is left of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from geo.places import store
from geo.places.files import LARGEST_OUTLINE, LARGEST_TABLE, LONGEST_LINE
from geo.places.importers import KINDS, load
from geo.service import Places
from realtime.channels import ChannelTable
from realtime.kernel.errors import AppError
from realtime.ledger import Ledger
from tests.support.ledger import memory_ledger

COMMUNES = "insee,nom,population_municipale,lat,lon\n"
HOTELS = "id,name,stars,address,postcode,city,rooms,capacity,insee,lat,lon,geo_precision\n"
STATIONS = "Geo Point;nom_long;id_ref_ZdA;idrefligc;res_com;mode\n"
ROW = "23096,Guéret,12734,46.17,1.87\n"
GOOD = COMMUNES + ROW

#: Kind, what the file holds, and the error: number and name.
BAD_FILES: list[tuple[str, bytes, int, str]] = [
    ("communes", b"", 512, "file_empty"),
    ("communes", COMMUNES.encode(), 512, "file_empty"),
    ("communes", (COMMUNES + "\n\n\n").encode(), 512, "file_empty"),
    ("communes", b"\n", 516, "wrong_header"),
    ("communes", ROW.encode(), 516, "wrong_header"),
    ("communes", HOTELS.encode(), 516, "wrong_header"),
    ("communes", GOOD.replace(",", ";").encode(), 516, "wrong_header"),
    ("communes", GOOD.replace("nom,", "nom,nom,").encode(), 516, "wrong_header"),
    ("communes", GOOD.replace("nom", "NOM").encode(), 516, "wrong_header"),
    ("communes", b'"insee"x,nom\n', 516, "wrong_header"),
    ("hotels", GOOD.encode(), 516, "wrong_header"),
    ("stations", GOOD.encode(), 516, "wrong_header"),
    ("stations", STATIONS.replace(";", ",").encode(), 516, "wrong_header"),
    ("communes", GOOD.encode("latin-1"), 515, "file_not_utf8"),
    ("communes", COMMUNES.encode() + b"23096,Gu\xe9ret,12734,46.17,1.87\n", 515, "file_not_utf8"),
    ("communes", GOOD.encode("utf-16"), 514, "file_not_text"),
    ("communes", b"PK\x03\x04\x14\0\0\0\x08\0" * 99, 514, "file_not_text"),
    ("communes", b"\x1f\x8b\x08\0\0\0\0\0" * 99, 514, "file_not_text"),
    ("communes", GOOD.encode() + b"\0" * 4096, 514, "file_not_text"),
    ("communes", (GOOD + "23097,La Sou").encode(), 517, "file_cut_short"),
    ("communes", (GOOD + '23097,"La Sou\n' + ROW).encode(), 517, "file_cut_short"),
    ("communes", (GOOD * 2_000 + "2").encode(), 517, "file_cut_short"),
    ("communes", GOOD.encode() + "23097,É".encode()[:-1], 515, "file_not_utf8"),
    ("communes", GOOD.encode() + b"x" * (LONGEST_LINE + 1), 513, "file_too_large"),
    ("communes", GOOD.encode() + b'"' + b"x\n" * 99_000, 513, "file_too_large"),
    ("communes", (COMMUNES + "23096,Guéret,12734,,\n").encode(), 519, "nothing_to_load"),
    ("communes", (COMMUNES + "23096,Guéret,12734,1.87\n").encode(), 519, "nothing_to_load"),
    ("communes", (COMMUNES + "23096,Guéret,12734,91,1.87\n" * 9).encode(), 519, "nothing_to_load"),
    ("communes", COMMUNES.encode() + b'2,"a"b,1,46.1,1.8\n', 519, "nothing_to_load"),
    ("outlines", b"", 512, "file_empty"),
    ("outlines", GOOD.encode(), 518, "not_geojson"),
    ("outlines", b'{"type": "FeatureCollection"}', 518, "not_geojson"),
    ("outlines", b"[" * 200_000, 518, "not_geojson"),
    ("outlines", b'{"type": "FeatureCollection", "features": [', 517, "file_cut_short"),
    ("outlines", b'{"type": "FeatureCollection", "features": []}', 519, "nothing_to_load"),
    ("outlines", b"\x89PNG\r\n\x1a\n\0\0", 514, "file_not_text"),
    ("outlines", b'{"type": "Feature\xe9"}', 515, "file_not_utf8"),
]  # fmt: skip


@pytest.fixture(scope="module")
async def ledger(anyio_backend: object) -> AsyncIterator[Ledger]:
    async with memory_ledger(ChannelTable([])) as made:
        yield made


async def everything(ledger: Ledger) -> list[object]:
    tables = (*store.TABLES.values(), store.outline, store.current_import)
    async with ledger.reading() as reading:
        return [(await reading.db.execute(table.select())).all() for table in tables]


async def refusal(kind: str, path: Path, ledger: Ledger) -> AppError:
    with pytest.raises(AppError) as refused:
        await load(kind, path, ledger)
    return refused.value


@pytest.mark.parametrize(
    ("kind", "content", "number", "name"), BAD_FILES, ids=range(len(BAD_FILES))
)
async def test_a_bad_file_is_refused_by_name_and_leaves_nothing(
    ledger: Ledger, tmp_path: Path, kind: str, content: bytes, number: int, name: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    before = await everything(ledger)

    error = await refusal(kind, path, ledger)

    assert (error.number, error.name, error.temporary) == (number, name, False)
    assert str(error) == ""
    assert await everything(ledger) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_no_file_is_said(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    for path in (tmp_path, tmp_path / "none.csv", Path("a\0b"), Path("/dev/null")):
        assert (await refusal(kind, path, ledger)).name == "file_missing"


@pytest.mark.parametrize(
    ("kind", "largest"), [("hotels", LARGEST_TABLE), ("outlines", LARGEST_OUTLINE)]
)
async def test_a_file_larger_than_its_kind_may_be_is_not_even_opened(
    ledger: Ledger, tmp_path: Path, kind: str, largest: int
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(largest + 1)

    assert (await refusal(kind, path, ledger)).name == "file_too_large"


async def test_after_all_that_a_good_file_is_loaded(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)

    report = await load("communes", path, ledger)

    assert (report.loaded, report.refusals.total) == (1, 0)
    async with ledger.reading() as reading:
        assert await Places().loaded(reading) == {"communes": 1}
