"""Where people are, for measurements: spread over the communes as the people of France are."""

import csv
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.point import Point

COMMUNES = (
    Path(__file__).parents[2].parent / "shared/data/communes/communes_population_centroids.csv"
)
#: Communes are given a disc of so many people a square kilometre, 1.5 km wide at least.
PEOPLE_A_KM2, LEAST_RADIUS_KM = 2_500, 1.5


@dataclass(frozen=True, slots=True)
class Commune:
    population: int
    departement: str
    lat: float
    lon: float


def communes() -> list[Commune]:
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        return [
            Commune(
                int(row["population_municipale"]),
                row["departement"],
                float(row["lat"]),
                float(row["lon"]),
            )
            for row in csv.DictReader(file)
            if row["lat"]
        ]


def homes(known: Sequence[Commune], many: int, dice: random.Random) -> list[Point]:
    """Of so many people."""
    weights = [it.population for it in known]
    return [somewhere(it, dice) for it in dice.choices(known, weights, k=many)]


def somewhere(commune: Commune, dice: random.Random) -> Point:
    radius = max(LEAST_RADIUS_KM, math.sqrt(commune.population / PEOPLE_A_KM2 / math.pi))
    away, angle = radius * math.sqrt(dice.random()), dice.random() * 2 * math.pi
    lat = commune.lat + away * math.sin(angle) / 111.2
    east = 111.2 * math.cos(math.radians(commune.lat))
    return Point(lat=lat, lon=commune.lon + away * math.cos(angle) / east)
