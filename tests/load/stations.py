"""Stations of Île-de-France, weighted by those who enter them: where people are, for measurements.

The 2026 list, and the entries of the RATP's yearly count. The two lists are joined by name; a
station without a count gets a small weight, as some travel there.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.load.dispatch_world import Spot

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "transit"
STATIONS = DATA / "idf_emplacement_des_gares_2026.csv"
TRAFFIC = DATA / "ratp_trafic_annuel_entrant_2021.csv"

#: Entries a year of a station that nobody counted: a quiet one.
UNCOUNTED = 250_000
#: How far from a station its people are: one deviation.
AROUND_STATION_M = 600.0
_SMALL_WORDS = frozenset({"DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "GARE", "METRO", "RER"})


@dataclass(frozen=True, slots=True)
class Station:
    name: str
    spot: Spot
    weight: int
    counted: bool


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
