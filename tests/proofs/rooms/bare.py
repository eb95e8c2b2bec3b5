"""The same search as one statement written by hand for each engine: what it is compared with.

PostgreSQL: PostGIS measures, along the ground. SQLite has nothing to measure with but what it is
taught, so distances are straight lines reckoned from the same columns, and only outlines, which no
statement can reckon, are asked of a function. Both are told what the program has to find out: how
far to look.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from math import cos, radians, sin

from geo.cells import centre
from geo.places.near.solid import solid
from geo.point import Point
from geo.zones import Outline
from matching.shelter.search.fences import UNKNOWN, measured
from matching.shelter.values import Near, Wanted
from realtime.ledger import Reading
from realtime.sql_point import unpacked

Answer = list[tuple[str, str, int]]
Values = dict[str, object]

_SCORE = """
  {metres} / 1000.0
  + CASE WHEN h.spoken > :fresh THEN 0.0 WHEN h.spoken > :aging THEN 3.0 ELSE 15.0 END
  + 10.0 - 10.0 * (h.accepted + 2.0) / (h.accepted + h.refused + 3.0)
  + k.price_cents / 1000.0 + 2.0 * (k.people - :beds) + {direction}
"""
_FREE = """
  SELECT min(coalesce(n.total - n.occupied, k.usual) - (
    SELECT count(*) FROM shelter_hold_night x WHERE x.kind = k.kind AND x.night = d.night))
  FROM {days} LEFT JOIN shelter_night n ON n.kind = k.kind AND n.night = d.night
"""
#: Of a long stay only what is known, as the program does: night by night it takes seconds.
_FREE_LONG = """
  SELECT CASE WHEN count(*) < :nights THEN {least}(coalesce(min(v), k.usual), k.usual)
    ELSE min(v) END
  FROM (SELECT coalesce(max(g), k.usual) - sum(h) AS v FROM (
    SELECT n.night, n.total - n.occupied AS g, 0 AS h FROM shelter_night n
    WHERE n.kind = k.kind AND n.night BETWEEN :first AND :last
    UNION ALL
    SELECT x.night, NULL, 1 FROM shelter_hold_night x
    WHERE x.kind = k.kind AND x.night BETWEEN :first AND :last
  ) u GROUP BY night) e
"""
_ON_POSTGRES = """
SELECT hotel, kind, free FROM (
  SELECT DISTINCT ON (h.hotel) h.hotel, k.kind, f.free, {score} AS score
  FROM shelter_hotel h JOIN shelter_kind k ON k.hotel = h.hotel
  CROSS JOIN LATERAL ({free}) f(free)
  WHERE {conditions} AND f.free > 0
  ORDER BY h.hotel, score, k.kind COLLATE "C"
) best ORDER BY score, hotel COLLATE "C" LIMIT :most
"""
#: With ``min`` SQLite answers the other columns of the row that has it.
_ON_SQLITE = """
SELECT hotel, kind, free, min(score) AS best FROM (
  SELECT h.hotel, k.kind, ({free}) AS free, {score} AS score
  FROM shelter_hotel_spot s JOIN shelter_hotel h ON h.hotel = s.of
  JOIN shelter_kind k ON k.hotel = h.hotel
  WHERE {conditions}
) WHERE free > 0 GROUP BY hotel ORDER BY best, hotel LIMIT :most
"""
_DISTANCE = (
    "sqrt((h.x - :x{n}) * (h.x - :x{n}) + (h.y - :y{n}) * (h.y - :y{n})"
    " + (h.z - :z{n}) * (h.z - :z{n}))"
)
_ALONG = "((h.x - :x) * :{to}x + (h.y - :y) * :{to}y + (h.z - :z) * :{to}z)"
_CUBE = " AND ".join(
    f"s.{axis} <= :{axis} + :reach AND s.{axis}_end >= :{axis} - :reach" for axis in "xyz"
)


async def ask(
    reading: Reading, wanted: Wanted, *, reach: float, most: int, now: datetime
) -> Answer:
    """Hotels with their best room, in order; ``reach``: metres within which they all are."""
    postgres = reading.db.dialect.name == "postgresql"
    statement, values = (_on_postgres if postgres else _on_sqlite)(wanted, reach)
    values |= {
        "beds": wanted.household.beds,
        "cots": wanted.household.cots,
        "cents": wanted.most_cents,
        "fresh": _milliseconds(now - timedelta(hours=2)),
        "aging": _milliseconds(now - timedelta(hours=8)),
        "most": most,
    }
    if postgres:
        numbered, names = _numbered(statement)
        rows = await reading.db.exec_driver_sql(numbered, tuple(values[it] for it in names))
    else:
        rows = await reading.db.exec_driver_sql(statement, values)
    return [(row.hotel, row.kind, row.free) for row in rows]


async def teach(reading: Reading) -> None:
    """Let PostgreSQL take its time; teach SQLite how far a place is from an outline."""
    if reading.db.dialect.name == "postgresql":
        await reading.db.exec_driver_sql("SET LOCAL statement_timeout = 0")
    if reading.db.dialect.name == "sqlite":
        driver = (await reading.db.get_raw_connection()).driver_connection
        if driver is not None:
            await driver.create_function("outside", 2, _outside, deterministic=True)


def _outside(corners: str, place: bytes) -> float:
    return _outline(corners).metres(_point(place))


@lru_cache(maxsize=64)
def _outline(corners: str) -> Outline:
    return Outline(tuple(Point(lat=lat, lon=lon) for lat, lon in json.loads(corners)))


def _point(place: bytes) -> Point:
    spot = unpacked(place)
    return Point(lat=spot.lat, lon=spot.lon)


def _common(wanted: Wanted) -> Iterator[str]:
    yield from ("h.active", "NOT h.canary", "k.people >= :beds", "k.cots >= :cots")
    if wanted.household.wheelchair:
        yield "k.accessible"
    if wanted.household.pets:
        yield "k.pets"
    if wanted.most_cents is not None:
        yield "k.price_cents <= :cents"
    if wanted.zones:
        yield f"h.margin_m <= {UNKNOWN}"


def _on_postgres(wanted: Wanted, reach: float) -> tuple[str, Values]:
    here = centre(wanted.cell)
    values: Values = {"here": f"SRID=4326;POINT({here.lon!r} {here.lat!r})", "reach": reach}
    conditions = ["ST_DWithin(h.place, CAST(:here AS text)::geography, :reach)", *_common(wanted)]
    for n, zone in enumerate(wanted.zones):
        radius = f" + :r{n}" if isinstance(zone, Near) else ""
        conditions.append(
            f"NOT ST_DWithin(h.place, CAST(:zone{n} AS text)::geography, h.margin_m{radius})"
        )
        if isinstance(zone, Near):
            values |= {f"zone{n}": f"SRID=4326;POINT({zone.lon!r} {zone.lat!r})"}
            values |= {f"r{n}": zone.radius_m}
        else:
            closed = [*zone.corners, zone.corners[0]]
            ring = ", ".join(f"{lon!r} {lat!r}" for lat, lon in closed)
            values[f"zone{n}"] = f"SRID=4326;POLYGON(({ring}))"
    direction = "0.0"
    if wanted.bearing is not None:
        values["bearing"] = wanted.bearing
        way = "degrees(ST_Azimuth(CAST(:here AS text)::geography, h.place))"
        aside = f"180 - abs(180 - abs({way} - :bearing))"
        direction = f"coalesce(10.0 / 135.0 * greatest(0.0, {aside} - 45.0), 0.0)"
    last = wanted.first + timedelta(days=wanted.nights - 1)
    values |= {"first": wanted.first, "last": last, "nights": wanted.nights}
    one = _FREE.format(days="(SELECT CAST(:first AS date)) d(night)")
    metres = "ST_Distance(h.place, CAST(:here AS text)::geography)"
    return (
        _ON_POSTGRES.format(
            score=_SCORE.format(metres=metres, direction=direction),
            free=one if wanted.nights == 1 else _FREE_LONG.format(least="least"),
            conditions=" AND ".join(conditions),
        ),
        values,
    )


def _on_sqlite(wanted: Wanted, reach: float) -> tuple[str, Values]:
    here = centre(wanted.cell)
    values: Values = {"reach": reach, **_solid(here)}
    conditions = [_CUBE, *_common(wanted)]
    for n, zone in enumerate(wanted.zones):
        around = measured(zone).around()
        values |= {**_solid(around.centre, n), f"r{n}": around.radius_m}
        clear = f"{_DISTANCE.format(n=n)} > h.margin_m + :r{n}"
        if not isinstance(zone, Near):
            values[f"corners{n}"] = json.dumps(list(zone.corners))
            clear = f"({clear} OR outside(:corners{n}, h.place) > h.margin_m)"
        conditions.append(clear)
    direction = "0.0"
    if wanted.bearing is not None:
        values |= _directions(here, wanted.bearing)
        aside = f"degrees(atan2(abs({_ALONG.format(to='e')}), {_ALONG.format(to='b')}))"
        direction = f"10.0 / 135.0 * max(0.0, {aside} - 45.0)"
    last = wanted.first + timedelta(days=wanted.nights - 1)
    values |= {"first": wanted.first.isoformat(), "last": last.isoformat()}
    values["nights"] = wanted.nights
    one = _FREE.format(days="(SELECT :first AS night) d")
    return (
        _ON_SQLITE.format(
            score=_SCORE.format(metres=_DISTANCE.format(n=""), direction=direction),
            free=one if wanted.nights == 1 else _FREE_LONG.format(least="min"),
            conditions=" AND ".join(conditions),
        ),
        values,
    )


def _solid(point: Point, n: int | str = "") -> Values:
    where = solid(lat=point.lat, lon=point.lon)._asdict()
    return {f"{axis}{n}": length for axis, length in where.items()}


def _directions(here: Point, bearing: float) -> Values:
    up, right, turned = radians(here.lat), radians(here.lon), radians(bearing)
    east = (-sin(right), cos(right), 0.0)
    north = (-sin(up) * cos(right), -sin(up) * sin(right), cos(up))
    values: Values = {}
    for axis, a, b in zip("xyz", east, north, strict=True):
        values[f"b{axis}"] = a * sin(turned) + b * cos(turned)
        values[f"e{axis}"] = a * cos(turned) - b * sin(turned)
    return values


@lru_cache(maxsize=512)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """PostgreSQL's own way to say values: ``$1``."""
    names: dict[str, int] = {}
    numbered = re.sub(
        r"(?<!:):([a-z]\w*)",
        lambda it: f"${names.setdefault(it[1], len(names) + 1)}",
        statement,
    )
    return numbered, tuple(names)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
