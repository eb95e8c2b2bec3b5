"""What is nearest, on both engines, through the importers and the use case.

`./run prove nearest-places` asks ten thousand questions; here is what it does not ask.
"""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, literal_column, select

from geo.places import store
from geo.places.importers import load
from geo.places.near.store import MOST
from geo.point import Point
from geo.service import Places
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.sql_point import Spot, packed
from tests.support.ledger import Deployment, counted_ids, deployment

DATA = Path(__file__).parents[2].parent / "shared/data"
STATIONS = DATA / "transit/idf_emplacement_des_gares_2026.csv"
HEADER = "insee,nom,population_municipale,lat,lon\n"
PARIS = Point(lat=48.8566, lon=2.3522)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
async def made(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Deployment]:
    address = ""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres").new_database()
    async with deployment(
        tmp_path, ChannelTable([]), clock=ManualClock(), ids=counted_ids(), address=address
    ) as deployed:
        yield deployed


def communes(folder: Path, *rows: tuple[str, float, float]) -> Path:
    file = folder / "communes.csv"
    lines = "".join(f"{key},Commune,100,{lat!r},{lon!r}\n" for key, lat, lon in rows)
    file.write_text(HEADER + lines)
    return file


async def keys(made: Deployment, kind: str, point: Point, k: int) -> list[str]:
    async with made.ledger.reading() as reading:
        return [it.key for it in await Places().nearest(reading, kind, point, k)]


async def test_nothing_is_near_where_nothing_was_imported(made: Deployment) -> None:
    assert await keys(made, "hotels", PARIS, 3) == []


async def test_fewer_than_asked_for_are_all_there_are(made: Deployment, tmp_path: Path) -> None:
    await load("communes", communes(tmp_path, ("1", 48.0, 2.0), ("2", -40.0, -178.0)), made.ledger)

    assert await keys(made, "communes", PARIS, 3) == ["1", "2"]


async def test_more_than_are_ever_answered_are_not(made: Deployment, tmp_path: Path) -> None:
    rows = [(f"{number:04d}", 48 + number / 1000, 2.0) for number in range(MOST + 5)]
    await load("communes", communes(tmp_path, *rows), made.ledger)

    assert len(await keys(made, "communes", PARIS, MOST + 5)) == MOST


async def test_another_import_is_not_seen_before_it_is_current_nor_after(
    made: Deployment, tmp_path: Path
) -> None:
    await load("communes", communes(tmp_path, ("old", 48.8566, 2.3522)), made.ledger)
    await load("communes", communes(tmp_path, ("new", 48.9, 2.3522)), made.ledger)
    half = [{"insee": "half", "name": "x", "population": 1, "cell": "c", "lat": 48.85, "lon": 2.35}]
    await made.ledger.write(lambda tx: store.add(tx, "communes", "unfinished", 0, half))

    assert await keys(made, "communes", PARIS, 3) == ["new"]


async def test_metres_are_those_of_the_ground(made: Deployment, tmp_path: Path) -> None:
    lyon = Point(lat=45.7640, lon=4.8357)
    await load("communes", communes(tmp_path, ("lyon", lyon.lat, lyon.lon)), made.ledger)

    async with made.ledger.reading() as reading:
        (near,) = await Places().nearest(reading, "communes", PARIS, 1)

    assert (near.lat, near.lon) == (lyon.lat, lyon.lon)
    assert near.metres == round(PARIS.distance_to(lyon), 3)


async def test_a_station_is_known_by_its_stop_and_its_line(made: Deployment) -> None:
    await load("stations", STATIONS, made.ledger)

    async with made.ledger.reading() as reading:
        near = await Places().nearest(reading, "stations", Point(lat=48.8443, lon=2.3743), 4)
        named = {f"{it.stop} {it.line}": it.name for it in await Places().stations(reading)}

    assert {named[it.key] for it in near} == {"Gare de Lyon"}


async def test_a_place_is_written_as_postgis_writes_it(made: Deployment, tmp_path: Path) -> None:
    await load("communes", communes(tmp_path, ("1", -33.9, 151.2)), made.ledger)
    column = "ST_AsEWKB(place::geometry, 'NDR')" if made.database.shared else "place"

    async with made.ledger.reading() as reading:
        written = await reading.db.scalar(select(literal_column(column)).select_from(store.commune))
        read = (await reading.db.execute(store.commune.select())).one()

    assert bytes(written or b"") == packed(Spot(lat=-33.9, lon=151.2))
    assert read.place == Spot(lat=-33.9, lon=151.2)


async def test_the_index_is_used(made: Deployment, tmp_path: Path) -> None:
    rows = [(f"{number:04d}", 40 + number / 500, number / 300) for number in range(2_000)]
    await load("communes", communes(tmp_path, *rows), made.ledger)
    said: list[tuple[str, Any]] = []

    async with made.ledger.reading() as reading:
        event.listen(
            reading.db.sync_connection,
            "before_cursor_execute",
            lambda db, cursor, statement, parameters, *more: said.append((statement, parameters)),
        )
        await Places().nearest(reading, "communes", PARIS, 5)
        statement, parameters = said[-1]
        how = "EXPLAIN " if made.database.shared else "EXPLAIN QUERY PLAN "
        plan = str((await reading.db.exec_driver_sql(how + statement, parameters)).all())

    if made.database.shared:
        # Once for the distance of the last candidate, once for all that are as near.
        assert plan.count("commune_place") == 2
        assert "Seq Scan on commune" not in plan
    else:
        assert "commune_spot VIRTUAL TABLE INDEX 2" in plan
        assert (
            "SEARCH commune USING INDEX sqlite_autoindex_commune_1 (import_id=? AND row=?)" in plan
        )


async def test_a_vacuum_leaves_places_where_they_are(tmp_path: Path) -> None:
    rows = [(f"{number:04d}", 48 + number / 100, 2.0) for number in range(50)]
    async with deployment(
        tmp_path, ChannelTable([]), clock=ManualClock(), ids=counted_ids()
    ) as made:
        for part in (rows, rows[25:]):
            await load("communes", communes(tmp_path, *part), made.ledger)

        with closing(sqlite3.connect(tmp_path / "entraide.db")) as operator:
            # It numbers the rows anew.
            operator.execute("VACUUM")

        assert await keys(made, "communes", Point(lat=48.4, lon=2), 2) == ["0040", "0039"]
