"""Classified hotels, as Atout France lists them: one row in, a hotel or a refusal out.

An address here is public, and stays dangerous together with a stay: no command ever lists hotels
with their addresses to anybody (reference/security.md, P8). They are opened one by one, counted.
"""

from dataclasses import dataclass

from geo.cells import NEAR_RES, Cell, cell_of
from geo.places.rows import Reason, Refused, Row, number, point, text

COLUMNS = (
    "id", "name", "stars", "address", "postcode", "city", "rooms", "capacity",
    "lat", "lon", "geo_precision",
)  # fmt: skip
SEPARATOR = ","
#: How exact the place is: many hotels stand on the middle of their commune.
PRECISIONS = frozenset({"address", "commune", "postcode", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotel:
    id: str
    name: str
    stars: int
    address: str
    postcode: str
    city: str
    rooms: int
    capacity: int
    lat: float
    lon: float
    cell: Cell
    precision: str

    @property
    def key(self) -> str:
        return self.id


def read(row: Row) -> Hotel:
    """The hotel of a row, or ``Refused``."""
    place = point(row["lat"], row["lon"])
    precision = text(row, "geo_precision", missing=None)
    if precision not in PRECISIONS:
        raise Refused(Reason.UNKNOWN_VALUE)
    return Hotel(
        id=text(row, "id", missing=Reason.NO_ID),
        name=text(row, "name"),
        stars=number(row, "stars", most=5),
        address=text(row, "address", missing=None),
        postcode=text(row, "postcode", missing=None),
        city=text(row, "city"),
        rooms=number(row, "rooms", most=10_000),
        capacity=number(row, "capacity", most=100_000),
        lat=place.lat,
        lon=place.lon,
        cell=cell_of(place, NEAR_RES),
        precision=precision,
    )
