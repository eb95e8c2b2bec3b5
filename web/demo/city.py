"""Villeneuve-l’Entraide: a city that does not exist, on ground where nobody lives. Pure.

It lies on the army's training ground of Canjuers, in the Var: a real place on the map, without one
inhabitant, so that no simulated request can be mistaken for somebody's address. Inside the city,
places are metres east and north of its square; the wire only ever sees degrees.
"""

from dataclasses import dataclass
from math import cos, hypot, radians

#: A degree of latitude here, on the WGS 84 ellipsoid.
METRES_A_DEGREE = 111_110.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Metres east and north of the city's square."""

    east: float
    north: float

    def distance_to(self, other: "Spot") -> float:
        return hypot(self.east - other.east, self.north - other.north)

    def towards(self, other: "Spot", metres: float) -> "Spot":
        """As far on the straight way to ``other`` as ``metres`` lead, and no further."""
        whole = self.distance_to(other)
        if whole <= metres:
            return other
        part = metres / whole
        return Spot(
            self.east + (other.east - self.east) * part,
            self.north + (other.north - self.north) * part,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A part of the city with streets of its own."""

    name: str
    middle: Spot
    radius_m: float
    #: How far apart its crossings are.
    block_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """What the population of the neighbourhood is counted from. Codes in 00 are nobody's."""

    code: str
    name: str
    population: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    name: str
    lat: float
    lon: float
    #: Where the page may put a visitor who is somewhere else.
    radius_m: float
    town: District
    #: Far from the visitor: the simulated requests come from here.
    hills: District

    def degrees(self, spot: Spot) -> tuple[float, float]:
        """Latitude and longitude; the Earth is flat enough for ten kilometres.

        >>> CITY.degrees(Spot(0.0, 0.0)) == (CITY.lat, CITY.lon)
        True
        """
        return (
            self.lat + spot.north / METRES_A_DEGREE,
            self.lon + spot.east / (METRES_A_DEGREE * cos(radians(self.lat))),
        )

    def spot(self, lat: float, lon: float) -> Spot:
        return Spot(
            (lon - self.lon) * METRES_A_DEGREE * cos(radians(self.lat)),
            (lat - self.lat) * METRES_A_DEGREE,
        )


CITY = City(
    name="Villeneuve-l’Entraide",
    lat=43.668,
    lon=6.382,
    radius_m=900.0,
    town=District(name="le centre", middle=Spot(0.0, 0.0), radius_m=1250.0, block_m=130.0),
    hills=District(name="Les Hauts", middle=Spot(5200.0, 4100.0), radius_m=650.0, block_m=110.0),
)

#: (name, inhabitants, metres east and north of the square)
_COMMUNES = (
    ("Villeneuve-l’Entraide", 141_200, Spot(0.0, 0.0)),
    ("Les Hauts-de-Veille", 17_300, Spot(5200.0, 4100.0)),
    ("Saint-Recours-la-Lampe", 14_850, Spot(-3900.0, 1700.0)),
    ("Pont-aux-Voisines", 9_640, Spot(2400.0, -3600.0)),
    ("Les Trois-Portes", 6_120, Spot(-2100.0, -3100.0)),
    ("La Main-Tendue", 3_470, Spot(-1300.0, 4300.0)),
    ("Mont-Solidaire", 1_980, Spot(4600.0, -900.0)),
)


def communes() -> list[Commune]:
    """The invented communes, for an installation that has loaded no real one."""
    made = []
    for number, (name, population, spot) in enumerate(_COMMUNES, start=1):
        lat, lon = CITY.degrees(spot)
        made.append(
            Commune(
                code=f"00{number:03}",
                name=name,
                population=population,
                lat=round(lat, 5),
                lon=round(lon, 5),
            )
        )
    return made
