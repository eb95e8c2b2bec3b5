"""Where phones are at one hour: by cell, at home, on the way, in stations, at a match.

People live as in ``shared/data/communes``, each commune a disc as in ``tests/load/france.py``;
Paris and the three départements around it are as dense as they are. A sample is drawn, and each of
it stands for many: together they are all the phones.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from operator import itemgetter
from random import Random

from geo.cells import Index, cell_of, to_index
from geo.point import Point
from geo.whereabouts.stems import share_of, stem_of
from tests.load.country.cadence import Cadence, Moves
from tests.load.country.day import Hour
from tests.load.dispatch_world import Spot, metres
from tests.load.dispatch_world import near as near_station
from tests.load.france import Commune, communes, somewhere
from tests.load.stations import AROUND_STATION_M, Station, read_stations
from tests.simulation.policy.places import PARIS_A_KM2

#: The issue's size.
PHONES = 5_000_000
#: People a square kilometre (INSEE, 2021, population over area, in round figures).
CLOSE = {"75": PARIS_A_KM2, "92": 9_300.0, "93": 7_000.0, "94": 5_800.0}
#: Where stations are known, with how many go in.
ILE_DE_FRANCE = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})
#: A full Stade de France: its seats, and where it is. Its people have phones like everybody.
SEATS, STADIUM = 80_698, Point(lat=48.9245, lon=2.3602)
#: The stadium's people are within so many metres of its middle.
STADIUM_M = 130.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Phones by cell of res 9, by how they move."""

    phones: Mapping[Moves, Mapping[Index, float]]

    @property
    def total(self) -> float:
        return sum(sum(each.values()) for each in self.phones.values())

    def by_cell(self) -> dict[Index, float]:
        return self._summed(dict.fromkeys(Moves, 1.0))

    def tells(self, cadences: Mapping[Moves, Cadence]) -> dict[Index, float]:
        """Positions a second, by cell."""
        return self._summed({how: cadences[how].tells for how in Moves})

    def fullest(self, many: int) -> list[tuple[Index, float]]:
        """The most crowded cells, with the phones in each."""
        return nlargest(many, self.by_cell().items(), key=itemgetter(1))

    def _summed(self, weights: Mapping[Moves, float]) -> dict[Index, float]:
        found: dict[Index, float] = {}
        for how, each in self.phones.items():
            for cell, many in each.items():
                found[cell] = found.get(cell, 0.0) + many * weights[how]
        return found


def by_list(cells: Mapping[Index, float]) -> dict[str, float]:
    """The same by the list of Redis that holds each cell (``geo/whereabouts/stems.py``)."""
    found: dict[str, float] = {}
    for cell, many in cells.items():
        share = share_of(stem_of(cell))
        found[share] = found.get(share, 0.0) + many
    return found


@cache
def country() -> tuple[tuple[Commune, ...], tuple[Station, ...]]:
    return tuple(communes()), tuple(read_stations())


def crowd(
    hour: Hour,
    dice: Random,
    *,
    phones: float = PHONES,
    drawn: int = 300_000,
    match: bool = True,
    among: Collection[str] | None = None,
) -> Crowd:
    """So many phones, of which so many are drawn; ``match``: a full stadium, of the same people.

    ``among``: of these départements only.
    """
    everywhere, stations = country()
    known = [it for it in everywhere if among is None or it.departement in among]
    seated = PHONES / sum(it.population for it in everywhere) * SEATS if match else 0.0
    weight = (phones - seated) / drawn
    found: dict[Moves, dict[Index, float]] = {how: {} for how in Moves}
    by_departement = _by_departement(known)
    homes = dice.choices(known, [it.population for it in known], k=drawn)
    ways = dice.choices(list(hour.moves), list(hour.moves.values()), k=drawn)
    entries = [it.weight for it in stations]
    for home, how in zip(homes, ways, strict=True):
        if how is Moves.RIDES and home.departement in ILE_DE_FRANCE:
            (station,) = dice.choices(stations, entries)
            spot = near_station(station.spot, AROUND_STATION_M / 4, dice)
            place = Point(lat=spot.lat, lon=spot.lon)
        elif how is Moves.DRIVES:
            place = _lives(dice.choice(by_departement[home.departement]), dice)
        else:
            place = _lives(home, dice)
        _add(found[how], place, weight)
    for _ in range(40):
        _add(found[Moves.STILL], _around(STADIUM, STADIUM_M, dice), seated / 40)
    return Crowd(found)


def landmark(place: Point) -> str:
    """What is next to a place in Île-de-France: the stadium, or the nearest station."""
    here = Spot(place.lat, place.lon)
    if metres(here, Spot(STADIUM.lat, STADIUM.lon)) < 2 * STADIUM_M:
        return "Stade de France"
    return min(country()[1], key=lambda it: metres(here, it.spot)).name.title()


def _add(cells: dict[Index, float], place: Point, weight: float) -> None:
    cell = to_index(cell_of(place))
    cells[cell] = cells.get(cell, 0.0) + weight


def _by_departement(known: Sequence[Commune]) -> Mapping[str, Sequence[Commune]]:
    found: dict[str, list[Commune]] = {}
    for it in known:
        found.setdefault(it.departement, []).append(it)
    return found


def _lives(commune: Commune, dice: Random) -> Point:
    close = CLOSE.get(commune.departement)
    if close is None:
        return somewhere(commune, dice)
    middle = Point(lat=commune.lat, lon=commune.lon)
    return _around(middle, 1000 * math.sqrt(commune.population / close / math.pi), dice)


def _around(middle: Point, radius_m: float, dice: Random) -> Point:
    """Evenly in a disc."""
    away, angle = radius_m * math.sqrt(dice.random()), dice.random() * 2 * math.pi
    lat = middle.lat + away * math.sin(angle) / 111_200
    east = 111_200 * math.cos(math.radians(middle.lat))
    return Point(lat=lat, lon=middle.lon + away * math.cos(angle) / east)
