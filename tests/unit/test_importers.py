"""Rows and files: what is loaded, what is refused and why, and what is left when a file is bad."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar, cast

import pytest

from geo.cells import cell_of
from geo.errors import BadFile, FileCutShort, ImportOverlap
from geo.places import communes, hotels, stations, store
from geo.places.files import BATCH, open_table
from geo.places.importers import KINDS, TABLES, Report, load, outline_name
from geo.places.rows import FIRST_LINES, Reason, Refused, Row
from geo.point import Point
from geo.service import Places
from realtime.channels import ChannelTable
from realtime.kernel.errors import Unavailable
from realtime.ledger import Ledger, Transaction
from tests.support.ledger import memory_ledger

T = TypeVar("T")

HOTEL: Row = {
    "id": "7", "name": "HÔTEL DU NORD", "stars": "3", "address": "2 Rue Basse", "postcode": "75010",
    "city": "PARIS", "rooms": "37", "capacity": "62", "insee": "75110", "lat": "48.87",
    "lon": "2.36", "geo_precision": "address",
}  # fmt: skip
STATION: Row = {
    "Geo Point": "48.667, 2.547", "nom_long": "Combs-la-Ville - Quincy", "id_ref_ZdA": "45771",
    "idrefligc": "C01728", "res_com": "RER D", "mode": "RER",
}  # fmt: skip
COMMUNE: Row = {
    "insee": "23096", "nom": "Guéret", "population_municipale": "12734", "lat": "46.17",
    "lon": "1.87",
}  # fmt: skip
HEADER = "insee,nom,population_municipale,lat,lon\n"


def line(number: int) -> str:
    return f"{number:05d},Commune {number},{number},46.{number:04d},1.5\n"


def test_a_hotel_is_read() -> None:
    hotel = hotels.read(HOTEL)

    assert (hotel.key, hotel.name, hotel.stars, hotel.rooms) == ("7", "HÔTEL DU NORD", 3, 37)
    assert hotel.cell == cell_of(Point(lat=48.87, lon=2.36))


def test_a_station_is_read() -> None:
    station = stations.read(STATION)

    assert (station.key, station.line_name) == ("45771 C01728", "RER D")
    assert station.cell == cell_of(Point(lat=48.667, lon=2.547))


def test_a_commune_is_read() -> None:
    commune = communes.read(COMMUNE)

    assert (commune.key, commune.name, commune.population) == ("23096", "Guéret", 12_734)
    assert commune.cell == cell_of(Point(lat=46.17, lon=1.87), 6)


def test_what_nobody_can_see_in_a_name_is_dropped() -> None:
    station = stations.read({**STATION, "nom_long": "Anna de\u00a0Noailles\u200b \u202e"})

    assert station.name == "Anna de Noailles"


@pytest.mark.parametrize(
    ("read", "row", "column", "value", "reason"),
    [
        (hotels.read, HOTEL, "lat", "91", Reason.BAD_PLACE),
        (hotels.read, HOTEL, "lat", "", Reason.BAD_PLACE),
        (hotels.read, HOTEL, "lat", "nan", Reason.BAD_PLACE),
        (hotels.read, HOTEL, "lon", "1e999", Reason.BAD_PLACE),
        (hotels.read, HOTEL, "lon", "2,36", Reason.BAD_PLACE),
        (hotels.read, HOTEL, "name", " ", Reason.NO_NAME),
        (hotels.read, HOTEL, "name", "x" * 201, Reason.BAD_TEXT),
        (hotels.read, HOTEL, "name", "bell\x07", Reason.BAD_TEXT),
        (hotels.read, HOTEL, "address", "x" * 201, Reason.BAD_TEXT),
        (hotels.read, HOTEL, "id", "", Reason.NO_ID),
        (hotels.read, HOTEL, "city", "", Reason.NO_NAME),
        (hotels.read, HOTEL, "stars", "6", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "rooms", "-1", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "rooms", "3.5", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "rooms", "1_0", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "rooms", "٣", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "rooms", "9" * 5_000, Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "capacity", "", Reason.BAD_NUMBER),
        (hotels.read, HOTEL, "geo_precision", "roughly", Reason.UNKNOWN_VALUE),
        (stations.read, STATION, "Geo Point", "", Reason.NO_PLACE),
        (stations.read, STATION, "Geo Point", "48.667", Reason.BAD_PLACE),
        (stations.read, STATION, "Geo Point", "48.667, 2.547, 3", Reason.BAD_PLACE),
        (stations.read, STATION, "Geo Point", "948.667, 2.547", Reason.BAD_PLACE),
        (stations.read, STATION, "nom_long", "", Reason.NO_NAME),
        (stations.read, STATION, "id_ref_ZdA", "", Reason.NO_ID),
        (stations.read, STATION, "mode", "", Reason.NO_NAME),
        (communes.read, COMMUNE, "population_municipale", "many", Reason.BAD_NUMBER),
        (communes.read, COMMUNE, "population_municipale", "999999999", Reason.BAD_NUMBER),
        (communes.read, COMMUNE, "nom", "", Reason.NO_NAME),
        (communes.read, COMMUNE, "insee", "", Reason.NO_ID),
        (communes.read, COMMUNE, "lon", "181", Reason.BAD_PLACE),
    ],
)
def test_a_row_that_cannot_be_loaded_says_why(
    read: Callable[[Row], object], row: Row, column: str, value: str, reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        read({**row, column: value})

    assert refused.value.reason == reason


def test_a_row_without_a_place_is_told_from_one_with_a_bad_place() -> None:
    with pytest.raises(Refused) as refused:
        hotels.read({**HOTEL, "lat": " ", "lon": ""})

    assert refused.value.reason == Reason.NO_PLACE


def read_all(path: Path) -> tuple[list[str], dict[Reason, list[int]]]:
    found: list[str] = []
    with closing(open_table(path, TABLES["communes"])) as reader:
        while values := reader.batch():
            assert len(values) <= BATCH
            found += [value.key for value in values]
    return found, reader.refusals.lines


def test_a_file_is_read_in_batches_and_refusals_name_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    lines = [line(number) for number in range(2_500)]
    lines[9] = lines[3]
    lines[1_499] = "too,few\n"
    lines[1_500] = 'a,"b"c,1,2,3\n'
    lines[1_501] = "\n"
    lines[1_502] = "00000,A rather, long, row,1,2,3\n"
    path.write_text(HEADER + "".join(lines))

    found, refused = read_all(path)

    assert len(found) == 2_495
    assert refused == {
        Reason.DUPLICATE: [11],
        Reason.WRONG_COLUMNS: [1_501, 1_504],
        Reason.UNREADABLE: [1_502],
    }


def test_a_batch_of_refused_rows_only_does_not_end_the_file(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(HEADER + "a,b,c,d,e\n" * (BATCH + 500) + line(1))

    found, refused = read_all(path)

    assert found == ["00001"]
    assert refused == {Reason.BAD_PLACE: list(range(2, 2 + FIRST_LINES))}


def test_marks_ends_of_line_and_a_last_line_without_one_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    text = "\ufeff" + HEADER + line(1) + '00002,"Deux\nlignes",2,46.5,1.5\n' + line(3).strip()
    path.write_bytes(text.replace("\n", "\r\n").encode())

    assert read_all(path) == (["00001", "00002", "00003"], {})


@pytest.mark.parametrize(
    "end", ["0000", "00004,Quatre,4", "00004,Quatre,4,46.5,", '00004,"Quatre', '00004,"Quatre"x']
)
def test_a_file_that_stops_in_the_middle_of_a_row_is_refused(tmp_path: Path, end: str) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(HEADER + line(1) + end)

    with pytest.raises(FileCutShort):
        read_all(path)


async def state(ledger: Ledger) -> tuple[dict[str, int], int]:
    """What is known, and how many rows of communes there are, current or not."""
    async with ledger.reading() as reading:
        rows = await reading.db.execute(store.commune.select())
        return await Places().loaded(reading), len(rows.all())


async def test_what_is_loaded_is_found_and_a_second_import_replaces_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(HEADER + "".join(line(number) for number in range(2_345)) + "x,y,z,,\n")
    second.write_text(HEADER + "".join(line(number) for number in range(1_001)))
    steps: list[tuple[int, int]] = []
    async with memory_ledger(ChannelTable([])) as ledger:
        one = await load(
            "communes", first, ledger, progress=lambda done, total: steps.append((done, total))
        )
        after_one = await state(ledger)
        two = await load("communes", second, ledger)

        assert (one.loaded, one.refusals.counts) == (2_345, {Reason.NO_PLACE: 1})
        assert after_one == ({"communes": 2_345}, 2_345)
        assert (two.loaded, two.refusals.total) == (1_001, 0)
        assert await state(ledger) == ({"communes": 1_001}, 1_001)
        assert len(steps) > 2
        assert steps == sorted(steps)
        assert steps[-1] == (first.stat().st_size, first.stat().st_size)


async def test_a_bad_file_leaves_what_was_known_before(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEADER + line(1) + line(2))
    bad.write_text(HEADER + "".join(line(number) for number in range(3_000)) + "0000")
    async with memory_ledger(ChannelTable([])) as ledger:
        await load("communes", good, ledger)

        with pytest.raises(FileCutShort):
            await load("communes", bad, ledger)

        assert await state(ledger) == ({"communes": 2}, 2)


async def test_what_a_killed_import_left_is_seen_by_nobody_and_cleared_by_the_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(HEADER + line(1))
    row = {
        "insee": "1", "name": "x", "population": 10**6, "lat": 46.0, "lon": 1.5,
        "cell": cell_of(Point(lat=46.0, lon=1.5), 6),
    }  # fmt: skip

    async def half(tx: Transaction) -> None:
        await store.add(tx, "communes", "dead", 0, [row] * 2_500)

    async with memory_ledger(ChannelTable([])) as ledger:
        await ledger.write(half)
        before = await state(ledger)
        async with ledger.reading() as reading:
            seen = await Places().populations(reading)
        await load("communes", path, ledger)

        assert before == ({}, 2_500)
        assert seen == {}
        assert await state(ledger) == ({"communes": 1}, 1)


class Interrupted:
    """A ledger on which something happens before each write from the fourth on: half-way."""

    def __init__(self, ledger: Ledger, happens: Callable[[], Awaitable[None]]) -> None:
        self._ledger = ledger
        self._happens = happens
        self._writes = 0

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        self._writes += 1
        if self._writes >= 4:
            await self._happens()
        return await self._ledger.write(work)


async def test_of_two_imports_at_once_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(HEADER + "".join(line(number) for number in range(1_500)))
    reports: list[Report] = []
    async with memory_ledger(ChannelTable([])) as ledger:

        async def another_import() -> None:
            if not reports:
                reports.append(await load("communes", path, ledger))

        with pytest.raises(ImportOverlap):
            await load("communes", path, cast("Ledger", Interrupted(ledger, another_import)))

        assert [report.loaded for report in reports] == [1_500]
        assert await state(ledger) == ({"communes": 1_500}, 1_500)


async def test_a_database_that_goes_away_is_said_and_the_old_rows_are_still_known(
    tmp_path: Path,
) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(HEADER + "".join(line(number) for number in range(1_500)))
    async with memory_ledger(ChannelTable([])) as ledger:

        async def away() -> None:
            raise Unavailable

        await load("communes", path, ledger)
        with pytest.raises(Unavailable):
            await load("communes", path, cast("Ledger", Interrupted(ledger, away)))

        known, rows = await state(ledger)
        assert (known, rows) == ({"communes": 1_500}, 2_500)
        await load("communes", path, ledger)
        assert await state(ledger) == ({"communes": 1_500}, 1_500)


async def test_only_known_kinds_are_imported() -> None:
    assert KINDS == ("hotels", "stations", "communes", "outlines")


@pytest.mark.parametrize(
    ("name", "outline"),
    [
        ("idf_rail_traces.geojson", "idf_rail_traces"),
        ("../../etc/Pass Wd.json", "pass-wd"),
        ("É.json", "outline"),
        ("x" * 200, "x" * 64),
    ],
)
def test_an_outline_is_named_after_its_file(name: str, outline: str) -> None:
    assert outline_name(Path(name)) == outline


def test_the_sentences_of_bad_files_quote_nothing() -> None:
    for error in BadFile.__subclasses__():
        assert str(error()) == ""
        assert error().sentence.endswith(".")
