"""A bad feed of a network is refused by name, changes nothing, and is written nowhere."""

import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from geo.errors import FileTooLarge
from geo.transit import store
from geo.transit.gtfs import archive as archive_file
from geo.transit.gtfs import reading as reading_file
from geo.transit.importing import load_gtfs, settle
from geo.transit.values import NetworkId
from realtime.channels import ChannelTable
from realtime.kernel.errors import AppError
from realtime.ledger import Ledger
from tests.support.ledger import memory_ledger
from tests.support.small_line import STOPS, tram

TAM = NetworkId("demo")
STOPS_TXT = b"stop_id,stop_name,stop_lat,stop_lon\na,A,48.85,2.3\nb,B,48.85,2.31\n"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Files are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture(scope="module")
async def ledger(anyio_backend: object) -> AsyncIterator[Ledger]:
    async with memory_ledger(ChannelTable([])) as made:
        await settle(made, TAM, [tram()], STOPS)
        yield made


async def everything(ledger: Ledger) -> list[object]:
    async with ledger.reading() as reading:
        tables = (*store.TABLES.values(), store.transit_network)
        return [(await reading.db.execute(table.select())).all() for table in tables]


async def refused(ledger: Ledger, path: Path) -> str:
    """The name of the refusal; nothing is changed, and nothing lies beside the file."""
    before = await everything(ledger)
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []

    with pytest.raises(AppError) as error:
        await load_gtfs(path, ledger, network=TAM)

    assert await everything(ledger) == before
    assert str(error.value) == ""
    if path.parent.is_dir():
        assert sorted(path.parent.iterdir()) == beside
    return error.value.name


def zipped(path: Path, *entries: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            # As Python's own writer would tidy: a name is what the attacker writes.
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize(
    "names",
    [
        ["../stops.txt"],
        ["stops.txt", "../../etc/cron.d/x"],
        ["stops.txt", "/etc/passwd"],
        ["stops.txt", "C:\\windows\\x"],
        ["stops.txt", "a\\..\\x"],
        ["stops.txt", "a/../../x"],
        ["stops.txt", "x\n"],
        ["one/stops.txt", "two/routes.txt"],
        ["one/stops.txt", "two/stops.txt"],
        ["a/b/stops.txt"],
        ["stops.txt", *(f"{number}.txt" for number in range(600))],
    ],
    ids=str,
)
async def test_a_zip_with_names_that_lead_elsewhere_is_refused(
    ledger: Ledger, tmp_path: Path, names: list[str]
) -> None:
    path = zipped(tmp_path / "feed.zip", *((name, STOPS_TXT) for name in names))

    assert await refused(ledger, path) == "archive_unsafe"


async def test_a_bomb_is_refused_before_it_is_opened(ledger: Ledger, tmp_path: Path) -> None:
    bomb = b"trip_id,stop_id,stop_sequence\n" + b"0" * 60_000_000
    path = zipped(tmp_path / "feed.zip", ("stops.txt", STOPS_TXT), ("stop_times.txt", bomb))
    assert path.stat().st_size < 100_000

    assert await refused(ledger, path) == "archive_too_large"


async def test_a_bomb_that_lies_about_its_size_grows_no_larger_than_it_says(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "feed.zip", ("stops.txt", STOPS_TXT + b"x" * 5_000_000))
    data = path.read_bytes()
    size = struct.pack("<I", len(STOPS_TXT) + 5_000_000)
    # In the entry and in the list of entries.
    path.write_bytes(data.replace(size, struct.pack("<I", 500)))

    assert await refused(ledger, path) == "file_cut_short"


async def test_a_feed_larger_than_any_is_refused(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stops.txt").write_bytes(STOPS_TXT)
    path = zipped(tmp_path / "feed.zip", ("stops.txt", STOPS_TXT))
    monkeypatch.setattr(archive_file, "LARGEST_FEED", 20)

    assert await refused(ledger, tmp_path) == "archive_too_large"
    assert await refused(ledger, path) == "archive_too_large"


@pytest.mark.parametrize("keep", [4, 30, 120, -1, -30])
async def test_a_zip_that_was_cut_is_refused(ledger: Ledger, tmp_path: Path, keep: int) -> None:
    path = zipped(tmp_path / "feed.zip", ("stops.txt", STOPS_TXT * 50))
    path.write_bytes(path.read_bytes()[:keep])

    assert await refused(ledger, path) == "file_cut_short"


async def test_a_zip_with_bytes_changed_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    path = zipped(tmp_path / "feed.zip", ("stops.txt", os.urandom(2_000)))
    data = bytearray(path.read_bytes())
    for place in (0, 20, 45):
        data[50 + place] ^= 0xFF
    path.write_bytes(data)

    assert await refused(ledger, path) in {"file_cut_short", "wrong_header", "file_not_text"}


def with_flag(path: Path) -> None:
    """Say that the entry is encrypted, in its two places."""
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(data)


def with_strange_method(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + at] = 99
    path.write_bytes(data)


@pytest.mark.parametrize("change", [with_flag, with_strange_method])
async def test_a_zip_that_cannot_be_read_is_refused(
    ledger: Ledger, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = zipped(tmp_path / "feed.zip", ("stops.txt", STOPS_TXT))
    change(path)

    assert await refused(ledger, path) == "archive_unsafe"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", zlib.compress(STOPS_TXT)], ids=range(4)
)
async def test_what_is_no_zip_is_refused(ledger: Ledger, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(content)

    assert await refused(ledger, path) == "not_a_feed"


async def test_without_stops_it_is_no_feed(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "routes.txt").write_text("route_id,route_type\n", encoding="utf-8")
    path = zipped(tmp_path / "feed.zip", ("routes.txt", b"route_id,route_type\n"))

    assert await refused(ledger, tmp_path) == "not_a_feed"
    assert await refused(ledger, path) == "not_a_feed"


async def test_a_link_out_of_a_folder_is_not_followed(ledger: Ledger, tmp_path: Path) -> None:
    secret, feed = tmp_path / "secret.txt", tmp_path / "feed"
    secret.write_bytes(STOPS_TXT)
    feed.mkdir()
    (feed / "stops.txt").symlink_to(secret)

    assert await refused(ledger, feed) == "not_a_feed"


async def test_what_is_no_file_is_said(ledger: Ledger, tmp_path: Path) -> None:
    for path in (tmp_path / "none.zip", Path("a\0b"), Path("/dev/null")):
        assert await refused(ledger, path) == "file_missing"


@pytest.mark.parametrize(
    ("stops", "name"),
    [
        (b"stop_id,stop_name\na,A\n", "wrong_header"),
        (b"", "wrong_header"),
        (STOPS_TXT.decode().encode("utf-16"), "file_not_text"),
        (STOPS_TXT + "c,Évry,48.8,2.3\n".encode("latin-1"), "file_not_utf8"),
        (STOPS_TXT + b'd,"' + b"x\n" * 90_000, "file_too_large"),
        (STOPS_TXT + b"d," + b"x" * 70_000, "file_too_large"),
        (b"stop_id,stop_name,stop_lat,stop_lon\na,A,,\n", "nothing_to_load"),
        (b"stop_id,stop_name,stop_lat,stop_lon\n", "nothing_to_load"),
    ],
    ids=range(8),
)
async def test_a_bad_table_is_refused_by_name(
    ledger: Ledger, tmp_path: Path, stops: bytes, name: str
) -> None:
    (tmp_path / "stops.txt").write_bytes(stops)
    path = zipped(tmp_path / "feed.zip", ("stops.txt", stops))

    assert await refused(ledger, tmp_path) == name
    assert await refused(ledger, path) == name


@pytest.mark.parametrize(
    ("bound", "file", "rows"),
    [
        ("MOST_STOPS", "stops.txt", STOPS_TXT + b"c,C,48.9,2.4\n"),
        (
            "MOST_LINES",
            "routes.txt",
            b"route_id,route_type,route_short_name\n1,3,1\n2,3,2\n3,3,3\n",
        ),
        (
            "MOST_CORNERS",
            "shapes.txt",
            b"shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + b"s,48.8,2.3,1\n" * 3,
        ),
    ],
)
async def test_more_of_anything_than_there_is_is_refused(
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    file: str,
    rows: bytes,
) -> None:
    (tmp_path / "stops.txt").write_bytes(STOPS_TXT)
    (tmp_path / "routes.txt").write_bytes(b"route_id,route_type,route_short_name\n1,3,1\n")
    (tmp_path / "trips.txt").write_bytes(b"route_id,trip_id,shape_id\n1,t,s\n")
    (tmp_path / file).write_bytes(rows)
    monkeypatch.setattr(reading_file, bound, 2)

    assert await refused(ledger, tmp_path) == FileTooLarge.name


async def test_a_table_of_any_size_takes_no_more_memory(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "stops.txt").write_bytes(STOPS_TXT)
    (tmp_path / "routes.txt").write_bytes(b"route_id,route_type,route_short_name\n1,0,T1\n")
    trips = b"".join(b"1,trip-%d,0\n" % number for number in range(40_000))
    (tmp_path / "trips.txt").write_bytes(b"route_id,trip_id,direction_id\n" + trips)
    times = b"".join(
        b"trip-%d,%s,%d\n" % (number // 2, b"ba"[number % 2 : number % 2 + 1], 9 - number % 2)
        for number in range(80_000)
    )
    (tmp_path / "stop_times.txt").write_bytes(b"trip_id,stop_id,stop_sequence\n" + times)

    tracemalloc.start()
    report = await load_gtfs(tmp_path, ledger, network="large")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert report.loaded == {"stops": 2, "lines": 1, "courses": 1}
    assert most < 3_000_000


async def test_quotes_marks_and_blank_lines_are_no_trouble(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "stops.txt").write_bytes(
        b'\xef\xbb\xbf"stop_id","stop_name",stop_lat,stop_lon\r\n\r\n'
        b'"a","Place ""du"" March\xc3\xa9, Sud",48.85,2.3\r\n'
    )

    report = await load_gtfs(tmp_path, ledger, network="quoted")

    assert report.loaded == {"stops": 1, "lines": 0, "courses": 0}
    async with ledger.reading() as reading:
        rows = await reading.db.execute(
            store.transit_stop.select().where(store.transit_stop.c.network == "quoted")
        )
        assert [row.name for row in rows] == ['Place "du" Marché, Sud']
