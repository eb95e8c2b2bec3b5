"""Rooms tonight as GeoJSON (RFC 7946): one point for each hotel, that of its commune. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from matching.shelter.public.places import Kind, Place, handle
from matching.shelter.values import Night

_json = msgspec.json.Encoder()


def as_geojson(places: Sequence[Place], *, key: bytes, night: Night, now: datetime) -> bytes:
    return _json.encode(
        {
            "type": "FeatureCollection",
            # Members of our own: RFC 7946, 6.1.
            "night": night.isoformat(),
            "made_at": now,
            "features": [_feature(place, key) for place in places],
        }
    )


def _feature(place: Place, key: bytes) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": handle(key, place.hotel),
        # Longitude first.
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": {
            "commune": place.commune,
            "commune_name": place.commune_name,
            "area": place.area,
            "place": "commune",
            "desk_24h": place.desk_24h,
            "said_at": place.spoken_at,
            "kinds": [_kind(kind) for kind in place.kinds],
        },
    }


def _kind(kind: Kind) -> dict[str, object]:
    return {
        "people": kind.people,
        "cots": kind.cots,
        "accessible": kind.accessible,
        "pets": kind.pets,
        "ground_floor": kind.ground_floor,
        "total": kind.count.total,
        "occupied": kind.count.occupied,
        "held": kind.count.held,
        "free": kind.count.free,
    }
