"""A row of the public list as a hotel that could give rooms: where it is, and how surely. Pure.

What is public about it stays apart: name and street are sealed, and matching sees a cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from geo.cells import COARSE_RES, NEAR_RES, cell_of, centre, parent
from geo.places import hotels
from geo.places.near.solid import FARTHEST
from geo.places.rows import Reason, Row, text
from geo.point import Point
from matching.shelter.values import Address, Hotel, HotelId

COLUMNS = (*hotels.COLUMNS, "insee")
SEPARATOR = hotels.SEPARATOR
#: How far a hotel may be from where the list puts it, in metres. Of whom it is not known, no zone
#: is far enough.
MARGINS = {"address": 200.0, "commune": 5_000.0, "postcode": 5_000.0, "none": FARTHEST}
#: Between hyphens and spaces these are not written large.
_SMALL = frozenset(
    "à arrondissement au aux d' de des du en et l' la le les lès sous sur".split()  # noqa: SIM905
)
#: From so many stars on, or so many rooms, somebody is taken to be at the desk all night.
_DESK_STARS, _DESK_ROOMS = 3, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A hotel of the list."""

    source: str
    name: str
    street: str
    postcode: str
    city: str
    insee: str
    place: Point
    precision: str
    stars: int
    rooms: int

    @property
    def key(self) -> str:
        return self.source

    @property
    def address(self) -> Address:
        return Address(name=self.name, street=self.street, postcode=self.postcode, city=self.city)


def read(row: Row) -> Listed:
    """The hotel of a row, or ``Refused``."""
    found = hotels.read(row)
    return Listed(
        source=found.id,
        name=found.name,
        street=found.address,
        postcode=found.postcode,
        city=found.city,
        insee=text(row, "insee", missing=Reason.UNKNOWN_VALUE),
        place=Point(lat=found.lat, lon=found.lon),
        precision=found.precision,
        stars=found.stars,
        rooms=found.rooms,
    )


def communes(listed: Iterable[Listed]) -> dict[str, Point]:
    """Each commune's own point, by INSEE code: where the list puts whom it cannot place better."""
    return {it.insee: it.place for it in listed if it.precision == "commune"}


def as_hotel(listed: Listed, hotel: HotelId, points: Mapping[str, Point]) -> Hotel:
    cell = cell_of(listed.place, NEAR_RES)
    middle = centre(cell)
    # A commune whose own point is not known is shown by an area of 36 km², never by an address.
    shown = points.get(listed.insee) or centre(parent(cell, COARSE_RES))
    return Hotel(
        hotel=hotel,
        commune=listed.insee,
        commune_name=proper(listed.city),
        lat=shown.lat,
        lon=shown.lon,
        cell=cell,
        margin_m=float(ceil(MARGINS[listed.precision] + listed.place.distance_to(middle))),
        desk_24h=listed.stars >= _DESK_STARS or listed.rooms >= _DESK_ROOMS,
        canary=False,
        spoken_at=None,
        accepted=0,
        refused=0,
    )


def proper(name: str) -> str:
    """A name that a list shouts.

    >>> proper("PARIS 10E ARRONDISSEMENT"), proper("ST-RÉMY-DE-L'ÎLE"), proper("LE BOURG D'OISANS")
    ('Paris 10e arrondissement', "St-Rémy-de-l'Île", "Le Bourg d'Oisans")
    """
    words = name.lower().replace("-", " - ").replace("'", "' ").split()
    cased = [
        word if word in _SMALL and number else word.capitalize()
        for number, word in enumerate(words)
    ]
    return " ".join(cased).replace(" - ", "-").replace("' ", "'")
