"""Networks of transport are imported from real files, in seconds, on both engines' tables."""

import shutil
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

import pytest

from geo.errors import BadNetworkName, ImportOverlap, StationsFirst
from geo.places.importers import load as load_places
from geo.places.rows import Reason
from geo.point import Point
from geo.transit import store
from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.importing import load_gtfs, load_traces, settle
from geo.transit.service import Transit
from geo.transit.values import LineId, NetworkId, StopId
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.ledger import Ledger
from tests.support.ledger import counted_ids, deployment, memory_ledger
from tests.support.small_line import DEMO, STOPS, TRAM, small_network, tram
from tests.support.traces import DATA, STATIONS, TRACES, traced

#: Read here, where nobody waits for the disk.
REAL = traced()

FEEDS = {
    "gtfs_amiens_ametis": ("amiens-ametis", {"stops": 741, "lines": 22, "courses": 41}),
    "gtfs_angers_irigo": ("angers-irigo", {"stops": 1_899, "lines": 0, "courses": 0}),
    "gtfs_montpellier_tam": ("montpellier-tam", {"stops": 1_532, "lines": 50, "courses": 0}),
}

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Files and databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def ledger() -> AsyncIterator[Ledger]:
    async with memory_ledger(ChannelTable([])) as made:
        yield made


async def counted(ledger: Ledger) -> dict[str, int]:
    async with ledger.reading() as reading:
        return {
            kind: len((await reading.db.execute(table.select())).all())
            for kind, table in store.TABLES.items()
        }


async def transit(ledger: Ledger) -> Transit:
    made = Transit(ledger, MemoryAboard(), ManualClock())
    async with ledger.reading() as reading:
        await made.load(reading)
    return made


async def test_all_real_networks_are_loaded_in_seconds(address: str, tmp_path: Path) -> None:
    async with deployment(
        tmp_path, ChannelTable([]), clock=ManualClock(), ids=counted_ids(), address=address
    ) as made:
        ledger, start = made.ledger, perf_counter()
        await load_places("stations", STATIONS, ledger)
        report = await load_traces(TRACES, ledger)
        assert report.loaded == {"stops": 1_077, "lines": 46, "courses": 164}
        assert report.refusals[TRACES.name].counts == {Reason.NO_STATIONS: 407}
        for name, (network, loaded) in FEEDS.items():
            report = await load_gtfs(DATA / name, ledger)
            assert (report.network, report.loaded) == (network, loaded)
            assert report.refusals == {}
        # Machines differ; this one takes 2 s for all five.
        assert perf_counter() - start < 30
        made_of = (await transit(ledger)).network
        async with ledger.reading() as reading:
            assert await store.loaded(reading) == {
                **dict(FEEDS.values()),
                "idfm": {"stops": 1_077, "lines": 46, "courses": 164},
            }

    assert made_of.many_stops == 741 + 1_899 + 1_532 + 1_077
    assert {it.id: it for it in made_of.lines if it.network == "idfm"} == {
        it.id: it for it in REAL.lines
    }
    nearest = made_of.nearest(Point(lat=48.8443, lon=2.3740))
    assert nearest is not None
    assert nearest.name == "Gare de Lyon"
    tam = made_of.line(LineId("montpellier-tam:8-1"))
    assert tam is not None
    assert (tam.name, tam.mode, tam.colour, tam.courses) == ("T1", "tram", "0044a9", ())


async def test_a_zip_is_read_as_its_folder_is(ledger: Ledger, tmp_path: Path) -> None:
    path, told = tmp_path / "GTFS_Amiens.zip", list[tuple[int, int]]()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (DATA / "gtfs_amiens_ametis").iterdir():
            archive.write(file, f"feed/{file.name}")

    report = await load_gtfs(path, ledger, progress=lambda done, total: told.append((done, total)))

    assert report.network == "amiens"
    assert report.loaded == FEEDS["gtfs_amiens_ametis"][1]
    assert told[-1][0] == told[-1][1] > 1_300_000
    assert [done for done, _ in told] == sorted(done for done, _ in told)


TIMED = {
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "S,Gare,48.85,2.30,1,\na,Gare,48.85,2.30,0,S\nb,Milieu,48.85,2.31,,\nc,Fin,48.85,2.32,,\n"
    "e,Entrée,,,2,S\na,Gare,48.85,2.30,0,S\n",
    "routes.txt": "route_id,route_short_name,route_type\nr,T1,0\nr,T1,0\nbad,T2,77777\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,direction_id\n"
    "r,x,t1,Fin,0\nr,x,t2,Gare,1\nnone,x,t3,,0\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t2,9:00,9:00,c,1\nt1,8:05,8:05,c,20\nt1,8:00,8:00,a,3\nt1,8:02,8:02,b,7\n"
    "t2,9:02,9:02,b,2\nt2,9:04,9:04,a,3\nt1,8:09,8:09,none,30\nt1,8:09,8:09,c,x\nt9,,,z,1\n",
}


async def test_courses_come_from_the_times_in_whatever_order(
    ledger: Ledger, tmp_path: Path
) -> None:
    for name, text in TIMED.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    report = await load_gtfs(tmp_path, ledger, network="tam")

    line = (await transit(ledger)).network.line(LineId("tam:r"))
    assert line is not None
    assert [(it.direction, it.headsign, it.stops) for it in line.courses] == [
        (0, "Fin", (StopId("tam:a"), StopId("tam:b"), StopId("tam:c"))),
        (1, "Gare", (StopId("tam:c"), StopId("tam:b"), StopId("tam:a"))),
    ]
    assert {name: it.counts for name, it in report.refusals.items()} == {
        "stops.txt": {Reason.DUPLICATE: 1},
        "routes.txt": {Reason.DUPLICATE: 1, Reason.UNKNOWN_VALUE: 1},
        "trips.txt": {Reason.UNKNOWN_ID: 1},
        "stop_times.txt": {Reason.UNKNOWN_ID: 1, Reason.BAD_NUMBER: 1},
    }


async def test_importing_again_replaces_a_network_and_no_other(ledger: Ledger) -> None:
    await settle(ledger, NetworkId("other"), [], STOPS[:2])
    await settle(ledger, DEMO, [tram()], STOPS)

    await settle(ledger, DEMO, [tram()], STOPS[:3])

    assert await counted(ledger) == {"stops": 5, "lines": 1, "courses": 4}
    found = await transit(ledger)
    assert found.network.many_stops == 3
    assert found.network.line(TRAM) == small_network().line(TRAM)


async def test_another_process_imports_and_this_one_sees_it(ledger: Ledger) -> None:
    here = await transit(ledger)
    await settle(ledger, DEMO, [tram()], STOPS)
    assert here.network.line(TRAM) is None

    async with ledger.reading() as reading:
        await here.load(reading)
        known = here.network
        await here.load(reading)

    assert here.network is known
    assert here.network.line(TRAM) == tram()


async def test_an_import_that_another_has_cleared_away_changes_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await settle(ledger, DEMO, [tram()], STOPS)
    add = store.add

    async def added_and_cleared(tx: store.Transaction, **what: object) -> None:
        await add(tx, **what)  # type: ignore[arg-type]
        while await store.clear_some(tx, DEMO):
            pass

    monkeypatch.setattr(store, "add", added_and_cleared)
    with pytest.raises(ImportOverlap):
        await settle(ledger, DEMO, [], STOPS[:2])

    assert await counted(ledger) == {"stops": 11, "lines": 1, "courses": 4}


async def test_traces_need_their_stations_first(ledger: Ledger) -> None:
    with pytest.raises(StationsFirst):
        await load_traces(TRACES, ledger)


@pytest.mark.parametrize("name", ["", "Tam", "../x", "a" * 21, "-x", "a b"])
async def test_a_network_has_a_plain_name(ledger: Ledger, tmp_path: Path, name: str) -> None:
    shutil.copytree(DATA / "gtfs_angers_irigo", tmp_path / "feed")

    with pytest.raises(BadNetworkName):
        await load_gtfs(tmp_path / "feed", ledger, network=name)
