"""Who is where in the dispatch bench: people around stations, as many as go in there.

Île-de-France's stations (the 2026 list), weighted by the entries of the RATP's yearly count. The
two lists are joined by name; a station without a count gets a small weight, as some travel there.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import cos, floor, hypot, radians
from pathlib import Path
from random import Random

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "transit"
STATIONS = DATA / "idf_emplacement_des_gares_2026.csv"
TRAFFIC = DATA / "ratp_trafic_annuel_entrant_2021.csv"

#: Entries a year of a station that nobody counted: a quiet one.
UNCOUNTED = 250_000
#: How far from a station its people are, and from a request those on real sockets: one deviation.
AROUND_STATION_M, AROUND_REQUEST_M = 600.0, 300.0
METRES_A_DEGREE = 111_200.0
_SMALL_WORDS = frozenset({"DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "GARE", "METRO", "RER"})


@dataclass(frozen=True, slots=True)
class Spot:
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Station:
    name: str
    spot: Spot
    weight: int
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How big a run is."""

    #: Everybody who helps, those on real sockets included.
    helpers: int
    sockets: int
    requests: int
    #: Requests a second.
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    requests: Sequence[Spot]
    #: Helpers on real sockets, then all the others.
    sockets: Sequence[Spot]
    others: Sequence[Spot]
    stations: int
    counted: int


def plain(name: str) -> str:
    """A name as two lists may both have it.

    >>> plain("Gare de Lyon"), plain("SAINT-MANDÉ-TOURELLE"), plain("St-Mandé Tourelle (RER)")
    ('LYON', 'SAINT MANDE TOURELLE', 'SAINT MANDE TOURELLE')
    """
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.findall(r"[A-Z0-9]+", bare)
    spelled = ["SAINT" if word == "ST" else "SAINTE" if word == "STE" else word for word in words]
    return " ".join(word for word in spelled if word not in _SMALL_WORDS) or bare


def counts(rows: Iterable[dict[str, str]]) -> dict[str, int]:
    """Entries by name, the metro's and the RER's together."""
    found: dict[str, int] = {}
    for row in rows:
        name = plain(row["Station"])
        found[name] = found.get(name, 0) + int(row["Trafic"])
    return found


def stations(rows: Iterable[dict[str, str]], entries: dict[str, int]) -> list[Station]:
    """One station a name: the lines that stop there share its count."""
    found: dict[str, Station] = {}
    for row in rows:
        names = [plain(row[column]) for column in ("nom_long", "nom_iv", "nom_ZdC")]
        if names[0] in found:
            continue
        lat, lon = (float(part) for part in row["Geo Point"].split(","))
        weight = next((entries[name] for name in names if name in entries), 0)
        found[names[0]] = Station(names[0], Spot(lat, lon), weight or UNCOUNTED, counted=weight > 0)
    return list(found.values())


def read_stations() -> list[Station]:
    with TRAFFIC.open(encoding="utf-8-sig", newline="") as file:
        entries = counts(csv.DictReader(file, delimiter=";"))
    with STATIONS.open(encoding="utf-8-sig", newline="") as file:
        return stations(csv.DictReader(file, delimiter=";"), entries)


def draw(found: Sequence[Station], size: Size, seed: int) -> World:
    """The same seed gives the same world, in every process."""
    random = Random(seed)
    sums = list(accumulate(station.weight for station in found))

    def somewhere(many: int) -> list[Spot]:
        at = random.choices(found, cum_weights=sums, k=many)
        return [near(station.spot, AROUND_STATION_M, random) for station in at]

    requests = somewhere(size.requests)
    return World(
        requests=requests,
        sockets=[
            near(requests[number % len(requests)], AROUND_REQUEST_M, random)
            for number in range(size.sockets)
        ],
        others=somewhere(size.helpers - size.sockets),
        stations=len(found),
        counted=sum(station.counted for station in found),
    )


def dense(world: World, *, least: int, within_m: float) -> list[bool]:
    """For each request, whether that many people are near enough."""
    squares: dict[tuple[int, int], list[Spot]] = {}
    for spot in (*world.sockets, *world.others):
        squares.setdefault(_square(spot), []).append(spot)
    return [_count(spot, squares, within_m, least) >= least for spot in world.requests]


def _square(spot: Spot) -> tuple[int, int]:
    """Tenths of a degree: wider than seven kilometres here."""
    return floor(spot.lat * 10), floor(spot.lon * 10)


def _count(
    here: Spot, squares: dict[tuple[int, int], list[Spot]], within_m: float, enough: int
) -> int:
    row, column = _square(here)
    found = 0
    for north in (0, -1, 1):
        for east in (0, -1, 1):
            for there in squares.get((row + north, column + east), ()):
                found += metres(here, there) <= within_m
                if found >= enough:
                    return found
    return found


def metres(one: Spot, other: Spot) -> float:
    north = (one.lat - other.lat) * METRES_A_DEGREE
    east = (one.lon - other.lon) * METRES_A_DEGREE * cos(radians(one.lat))
    return hypot(north, east)


def near(spot: Spot, spread_m: float, random: Random) -> Spot:
    """Rounded to three decimals, as the phones do."""
    north, east = random.gauss(0, spread_m), random.gauss(0, spread_m)
    return Spot(
        round(spot.lat + north / METRES_A_DEGREE, 3),
        round(spot.lon + east / (METRES_A_DEGREE * cos(radians(spot.lat))), 3),
    )
