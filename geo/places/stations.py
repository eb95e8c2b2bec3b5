"""Stations of Île-de-France, as Île-de-France Mobilités lists them: one row for each line of each.

A station on three lines is three rows: a witness is on a line, not in a building.
"""

from dataclasses import dataclass

from geo.cells import NEAR_RES, Cell, cell_of
from geo.places.rows import Reason, Refused, Row, point, text

COLUMNS = ("Geo Point", "nom_long", "id_ref_ZdA", "idrefligc", "res_com", "mode")
SEPARATOR = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    name: str
    #: The stop area and the line, as the transport authority names them.
    stop: str
    line: str
    #: The line as people name it: METRO 6, RER A.
    line_name: str
    mode: str
    lat: float
    lon: float
    cell: Cell

    @property
    def key(self) -> str:
        return f"{self.stop} {self.line}"


def read(row: Row) -> Station:
    """The station of a row, or ``Refused``."""
    lat, comma, lon = row["Geo Point"].partition(",")
    if lat.strip() and not comma:
        raise Refused(Reason.BAD_PLACE)
    place = point(lat, lon)
    return Station(
        name=text(row, "nom_long"),
        stop=text(row, "id_ref_ZdA", missing=Reason.NO_ID),
        line=text(row, "idrefligc", missing=Reason.NO_ID),
        line_name=text(row, "res_com"),
        mode=text(row, "mode"),
        lat=place.lat,
        lon=place.lon,
        cell=cell_of(place, NEAR_RES),
    )
