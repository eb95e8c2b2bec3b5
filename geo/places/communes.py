"""Communes with their population and their middle: what decides how coarsely a place is shown."""

from dataclasses import dataclass

from geo.cells import COARSE_RES, Cell, cell_of
from geo.places.rows import Reason, Row, number, point, text

COLUMNS = ("insee", "nom", "population_municipale", "lat", "lon")
SEPARATOR = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    insee: str
    name: str
    population: int
    lat: float
    lon: float
    #: The res-6 cell in which it is centred and all its people are counted.
    cell: Cell

    @property
    def key(self) -> str:
        return self.insee


def read(row: Row) -> Commune:
    """The commune of a row, or ``Refused``."""
    place = point(row["lat"], row["lon"])
    return Commune(
        insee=text(row, "insee", missing=Reason.NO_ID),
        name=text(row, "nom"),
        population=number(row, "population_municipale", most=100_000_000),
        lat=place.lat,
        lon=place.lon,
        cell=cell_of(place, COARSE_RES),
    )
