"""Zones measured by PostGIS, which knows nothing of ours: how far outside are those answered."""

from collections.abc import Sequence

from sqlalchemy import text

from geo.cells import centre
from geo.places.near.solid import FARTHEST
from matching.shelter.search.score import Ranked
from matching.shelter.values import Near, Wanted, Zone
from realtime.ledger import Reading

_METRES = text(
    "SELECT ST_Distance(CAST(CAST(:zone AS text) AS geography),"
    " CAST(CAST(:place AS text) AS geography))"
)


async def outside(reading: Reading, wanted: Wanted, found: Sequence[Ranked]) -> float:
    """The fewest metres between a zone and where one of these hotels may be."""
    fewest = FARTHEST
    for zone in wanted.zones:
        radius = zone.radius_m if isinstance(zone, Near) else 0.0
        for it in found:
            place = centre(it.hotel.cell)
            point = f"SRID=4326;POINT({place.lon!r} {place.lat!r})"
            values = {"zone": _written(zone), "place": point}
            metres: float = (await reading.db.execute(_METRES, values)).scalar_one()
            fewest = min(fewest, metres - radius - it.hotel.margin_m)
    return fewest


def _written(zone: Zone) -> str:
    if isinstance(zone, Near):
        return f"SRID=4326;POINT({zone.lon!r} {zone.lat!r})"
    ring = ", ".join(f"{lon!r} {lat!r}" for lat, lon in [*zone.corners, zone.corners[0]])
    return f"SRID=4326;POLYGON(({ring}))"
