"""The real files are loaded whole, in seconds, and answer what the main job asks of them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from geo import cells
from geo.cells import cell_of
from geo.places import store
from geo.places.importers import load
from geo.places.rows import Reason
from geo.point import Point
from geo.service import Places
from realtime.channels import ChannelTable
from realtime.ledger import Ledger
from tests.support.ledger import memory_ledger

DATA = Path(__file__).parents[2].parent / "shared/data"
HOTELS = DATA / "hotels/hotels_france_2026.csv"
STATIONS = DATA / "transit/idf_emplacement_des_gares_2026.csv"
COMMUNES = DATA / "communes/communes_population_centroids.csv"
#: Name, shapes, and the most that a telephone should have to fetch, before compression.
OUTLINES = [
    ("basemap/departements-version-simplifiee.geojson", 96, 200_000),
    ("basemap/metropole-version-simplifiee.geojson", 1, 30_000),
    ("basemap/departements-ile-de-france.geojson", 8, 90_000),
    ("basemap/communes-ile-de-france.geojson", 1_276, 950_000),
    ("basemap/paris_arrondissements.geojson", 20, 60_000),
    ("transit/idf_rail_traces.geojson", 1_666, 300_000),
]

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Large files: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def ledger() -> AsyncIterator[Ledger]:
    async with memory_ledger(ChannelTable([])) as made:
        yield made


async def test_every_hotel_that_has_a_place_is_loaded(ledger: Ledger) -> None:
    report = await load("hotels", HOTELS, ledger)

    assert report.loaded == 13_236
    assert report.refusals.counts == {Reason.NO_PLACE: 3}
    assert report.refusals.lines == {Reason.NO_PLACE: [1639, 2759, 13209]}
    async with ledger.reading() as reading:
        rows = (await reading.db.execute(store.hotel.select())).all()
    assert sum(row.rooms for row in rows) == pytest.approx(602_997, rel=0.001)
    assert all(cell_of(Point(lat=row.lat, lon=row.lon)) == row.cell for row in rows)


async def test_every_station_is_loaded_with_its_line(ledger: Ledger) -> None:
    report = await load("stations", STATIONS, ledger)

    assert (report.loaded, report.refusals.total) == (1_240, 0)
    async with ledger.reading() as reading:
        stations = await Places().stations(reading)
    assert len(stations) == 1_240
    assert sum(it.mode == "METRO" for it in stations) == 405
    lyon = {it.line_name for it in stations if it.name == "Gare de Lyon"}
    assert {"METRO 1", "METRO 14", "RER A", "RER D"} <= lyon


async def test_communes_decide_how_coarsely_a_place_is_shown(ledger: Ledger) -> None:
    report = await load("communes", COMMUNES, ledger)

    assert report.loaded == 34_900 - 12
    assert report.refusals.counts == {Reason.NO_PLACE: 12}
    places, shown = Places(), {}
    async with ledger.reading() as reading:
        assert sum((await places.populations(reading)).values()) > 68_000_000
        for name, lat, lon in (
            ("Paris", 48.8566, 2.3522),
            ("Brest", 48.39, -4.48),
            ("Guéret", 46.17, 1.87),
            ("Creuse", 46.05, 2.05),
            ("at sea", 47.0, -6.0),
        ):
            cell = cell_of(Point(lat=lat, lon=lon))
            it = await places.shown_cell(reading, cell)
            shown[name] = cells.resolution(cells.to_index(it))
            assert cells.parent(cell, shown[name]) == it
    assert shown == {"Paris": 9, "Brest": 8, "Guéret": 7, "Creuse": 6, "at sea": 6}


async def test_importing_again_replaces_and_leaves_no_row_behind(ledger: Ledger) -> None:
    for _ in range(2):
        await load("stations", STATIONS, ledger)

    async with ledger.reading() as reading:
        assert len((await reading.db.execute(store.station.select())).all()) == 1_240


async def test_outlines_are_small_enough_for_a_telephone(ledger: Ledger) -> None:
    for file, shapes, _ in OUTLINES:
        report = await load("outlines", DATA / file, ledger)
        assert (report.loaded, report.refusals.total) == (shapes, 0)

    async with ledger.reading() as reading:
        names = await Places().outline_names(reading)
        bodies = {name: await Places().outline(reading, name) for name in names}
        assert await Places().outline(reading, "atlantis") is None
    assert names == sorted(Path(file).stem for file, _, _ in OUTLINES)
    for file, shapes, most in OUTLINES:
        body = bodies[Path(file).stem]
        assert body is not None
        assert len(body) < most
        drawn = json.loads(body)
        assert len(drawn["shapes"]) == shapes
        west, south, east, north = drawn["box"]
        spots = [spot for shape in drawn["shapes"] for path in shape["paths"] for spot in path]
        assert min(spots[::2]) >= west - 1e-9
        assert max(spots[::2]) <= east + 1e-9
        assert min(spots[1::2]) >= south - 1e-9
        assert max(spots[1::2]) <= north + 1e-9
