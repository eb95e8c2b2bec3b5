"""What is nearest to a place: found by an index, measured along the ground, alike on both engines.

Never by ``geometry``, which orders by degrees: a degree of longitude is 111 km at the equator, 73
in Paris and nothing at a pole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Float, Table, and_, collate, func, literal, select

from geo.places.near.solid import FARTHEST, solid
from geo.places.store import SPOTS, TABLES, Reading, commune, current, hotel, station
from geo.point import Point
from realtime.sql_point import GeoPoint, Spot

#: PostGIS finds candidates on a sphere: from one place, ways of the same length there differ by up
#: to 0.73 % on the ellipsoid, so what is nearest is within 1.01 of the last candidate's distance…
SPHERE = 1.01
#: …and places that are nearer to each other than this are taken together, in metres.
SLACK = 0.01
#: Asked for more, this many are answered.
MOST = 200
#: SQLite looks this far first, in metres, then twice as far again and again.
FIRST_REACH = 1_000.0


#: What a row of each kind is known by; nobody answers with it twice.
KEYS: Mapping[str, ColumnElement[str]] = {
    "communes": commune.c.insee,
    "hotels": hotel.c.id,
    "stations": station.c.stop + " " + station.c.line,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A place found near another."""

    #: A hotel's id, a commune's INSEE code, a station's stop and line.
    key: str
    lat: float
    lon: float
    #: Along the ground, to the millimetre.
    metres: float


async def nearest(reading: Reading, kind: str, point: Point, k: int) -> list[Near]:
    """The ``k`` nearest of a kind, the nearest first; of two as near, the lower key.

    Keys are compared by their code points, not as a language orders them.
    """
    k, spot = min(k, MOST), Spot(lat=point.lat, lon=point.lon)
    table, key = TABLES[kind], KEYS[kind]
    postgres = reading.db.dialect.name == "postgresql"
    candidates = (
        _near_on_a_sphere(kind, spot, k)
        if postgres
        else await _near_in_a_cube(reading, kind, spot, k)
    )
    # Whole millimetres, so that two engines that differ in the last bit give the same order.
    millimetres = func.round(_metres(table, spot) * 1000)
    query = (
        select(key.label("key"), table.c.lat, table.c.lon, millimetres.label("millimetres"))
        .where(table.c.import_id == current(kind), candidates)
        .order_by(millimetres, collate(key, "C" if postgres else "BINARY"))
        .limit(k)
    )
    return [
        Near(key=row.key, lat=row.lat, lon=row.lon, metres=row.millimetres / 1000)
        for row in await reading.db.execute(query)
    ]


def _near_on_a_sphere(kind: str, spot: Spot, k: int) -> ColumnElement[bool]:
    """PostGIS: ``<->`` walks the index and counts on a sphere; then all as far as that, and 1 %."""
    table = TABLES[kind]
    away = table.c.place.op("<->", return_type=Float())(spot)
    last = (
        select(away)
        .where(table.c.import_id == current(kind))
        .order_by(away)
        .limit(1)
        .offset(k - 1)
        .scalar_subquery()
    )
    reach = func.coalesce(last * SPHERE + SLACK, FARTHEST * SPHERE)
    return func.ST_DWithin(table.c.place, literal(spot, GeoPoint), reach, False)


async def _near_in_a_cube(reading: Reading, kind: str, spot: Spot, k: int) -> ColumnElement[bool]:
    """SQLite: a cube that holds ``k``; the last of them is at least as far as the one we want."""
    table, reach = TABLES[kind], FIRST_REACH
    while reach < FARTHEST:
        metres = _metres(table, spot)
        found = await reading.db.execute(
            select(metres)
            .where(table.c.import_id == current(kind), _in_cube(kind, spot, reach))
            .order_by(metres)
            .limit(1)
            .offset(k - 1)
        )
        last: float | None = found.scalar()
        if last is not None:
            return _in_cube(kind, spot, last + SLACK)
        reach *= 2
    return _in_cube(kind, spot, FARTHEST)


def _in_cube(kind: str, spot: Spot, reach: float) -> ColumnElement[bool]:
    spots, centre = SPOTS[kind], solid(lat=spot.lat, lon=spot.lon)
    sides = [
        and_(spots.c[axis] <= middle + reach, spots.c[f"{axis}_end"] >= middle - reach)
        for axis, middle in centre._asdict().items()
    ]
    rows = select(spots.c.of_row).where(spots.c.of_import == current(kind), *sides)
    return TABLES[kind].c.row.in_(rows)


def _metres(table: Table, spot: Spot) -> ColumnElement[float]:
    return func.ST_Distance(table.c.place, literal(spot, GeoPoint), type_=Float)
