"""A place on Earth as a column, alike on both engines: metres are counted on the WGS 84 ellipsoid.

PostgreSQL: PostGIS ``geography``, never ``geometry``, which would count degrees. SQLite: the same
point as EWKB, and a function ``ST_Distance`` of our own that answers what PostGIS answers.
"""

import struct
from math import atan2, sqrt
from typing import Any, NamedTuple, Protocol

from geoalchemy2 import Geography
from geoalchemy2.elements import WKBElement
from pyproj import Geod
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine

_EARTH = Geod(ellps="WGS84")
#: EWKB of a point: little endian, "a point that says its reference system", the system, x, y.
_EWKB = struct.Struct("<BIIdd")
_POINT_WITH_SYSTEM, _WGS84 = 0x20000001, 4326
#: A point ends with its coordinates, whether it says its reference system or not.
_COORDINATES = struct.Struct("<dd")
#: PostGIS rounds distances to ten nanometres, so that one place has one distance.
_DIGITS = 8


class Spot(NamedTuple):
    """Degrees. Named when made, because (lat, lon) and (lon, lat) look alike."""

    lat: float
    lon: float


class GeoPoint(TypeDecorator[Spot]):
    """A ``Spot``, on which ``ST_Distance`` can be asked of both engines.

    PostGIS finds what is near with an index of its own kind (GiST); on SQLite whoever needs one
    keeps an R*Tree beside the table.
    """

    impl = LargeBinary
    cache_ok = True
    #: Read by GeoAlchemy2, which would make one of its own.
    spatial_index = False

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(
                Geography(geometry_type="POINT", srid=_WGS84, spatial_index=False)
            )
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: Spot | None, dialect: Dialect) -> str | bytes | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            # ``repr`` keeps every bit of a number.
            return f"SRID={_WGS84};POINT({value.lon!r} {value.lat!r})"
        return packed(value)

    def process_result_value(
        self, value: WKBElement | bytes | None, dialect: Dialect
    ) -> Spot | None:
        if value is None:
            return None
        return unpacked(value if isinstance(value, bytes) else bytes.fromhex(value.desc))


class Taught(Protocol):
    """What a function can be given to: SQLite's own connection, or SQLAlchemy's around it."""

    def create_function(
        self, name: str, narg: int, func: object, *, deterministic: bool = False
    ) -> None: ...


def teach(connection: Taught) -> None:
    """Give a new SQLite connection ``ST_Distance(place, place)`` in metres; NULL answers NULL."""
    connection.create_function("ST_Distance", 2, _distance, deterministic=True)


def teach_sums(connection: Taught) -> None:
    """Give a SQLite that was built without them the two functions with which places are reckoned.

    Those of SQLite's own are twenty times quicker, so they are not replaced where they are.
    """
    connection.create_function("sqrt", 1, sqrt, deterministic=True)
    connection.create_function("atan2", 2, atan2, deterministic=True)


def packed(spot: Spot) -> bytes:
    """EWKB.

    >>> unpacked(packed(Spot(lat=48.8566, lon=2.3522)))
    Spot(lat=48.8566, lon=2.3522)
    """
    return _EWKB.pack(1, _POINT_WITH_SYSTEM, _WGS84, spot.lon, spot.lat)


def unpacked(ewkb: bytes) -> Spot:
    """A point that ``packed`` wrote, or PostGIS."""
    lon, lat = _COORDINATES.unpack(ewkb[-_COORDINATES.size :])
    return Spot(lat=lat, lon=lon)


def _distance(here: bytes | None, there: bytes | None) -> float | None:
    if here is None or there is None:
        return None
    a, b = unpacked(here), unpacked(there)
    _, _, metres = _EARTH.inv(a.lon, a.lat, b.lon, b.lat)
    return round(float(metres), _DIGITS)
