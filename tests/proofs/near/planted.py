"""Ways of answering that look right in a test of ten places: each must be found out."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from math import cos, radians
from unittest.mock import patch

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, and_, cast, literal, select

from geo.places.near import store as near
from geo.places.store import TABLES, current
from realtime.sql_point import GeoPoint, Spot

#: Metres of a degree of latitude.
_DEGREE = 111_000.0


def _by_geometry(kind: str, spot: Spot, k: int) -> ColumnElement[bool]:
    """The ``<->`` of ``geometry``: degrees."""
    table, flat = TABLES[kind], Geometry("POINT", srid=4326)
    away = cast(table.c.place, flat).op("<->")(cast(literal(spot, GeoPoint), flat))
    nearest = select(table.c.row).where(table.c.import_id == current(kind)).order_by(away).limit(k)
    return table.c.row.in_(nearest)


def _without_wrap(kind: str, spot: Spot, reach: float) -> ColumnElement[bool]:
    """A window of degrees that ends at the antimeridian."""
    table, high = TABLES[kind], reach / _DEGREE * 1.01
    wide = high / max(0.01, cos(radians(spot.lat)))
    return and_(
        table.c.lat.between(spot.lat - high, spot.lat + high),
        table.c.lon.between(spot.lon - wide, spot.lon + wide),
    )


def _in_the_order_of_a_language(column: ColumnElement[str], name: str) -> ColumnElement[str]:
    return column


#: What is planted, and on which engine.
PLANTED: Mapping[str, tuple[str, AbstractContextManager[object]]] = {
    "geometry instead of geography": (
        "postgresql",
        patch.object(near, "_near_on_a_sphere", _by_geometry),
    ),
    "candidates to the k-th distance, without 1.01": (
        "postgresql",
        patch.object(near, "SPHERE", 1.0),
    ),
    "ties in the order of a language": (
        "postgresql",
        patch.object(near, "collate", _in_the_order_of_a_language),
    ),
    "no wrap at the antimeridian": ("sqlite", patch.object(near, "_in_cube", _without_wrap)),
}
