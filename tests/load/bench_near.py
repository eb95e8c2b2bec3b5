"""How long the nearest helpers take to find among many, spread as the people of France are.

Times are this thread's own, so that another busy process is not measured with it.
"""

import asyncio
import csv
import math
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from realtime.kernel.ids import PersonId
from tests.proofs.table import Table

COMMUNES = (
    Path(__file__).parents[2].parent / "shared/data/communes/communes_population_centroids.csv"
)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
#: Communes are given a disc of so many people a square kilometre, 1.5 km wide at least.
PEOPLE_A_KM2, LEAST_RADIUS_KM = 2_500, 1.5
#: Beyond, dispatch of one alert would be felt by the others. Several times a quiet machine's.
MOST_P99_MS = 5.0


@dataclass(frozen=True, slots=True)
class Commune:
    population: int
    lat: float
    lon: float


def main(seed: int, reduced: bool) -> Table:
    table = Table(
        "The nearest helpers, in memory",
        ("helpers", "asked from", "ring", "want", "found", "p50, µs", "p99, µs"),
    )
    for helpers in (20_000,) if reduced else (100_000, 1_000_000):
        asyncio.run(_measure(table, helpers, 300 if reduced else 3_000, random.Random(seed)))
    return table


async def _measure(table: Table, helpers: int, questions: int, dice: random.Random) -> None:
    known = _communes()
    weights = [commune.population for commune in known]
    homes = [_somewhere(it, dice) for it in dice.choices(known, weights, k=helpers)]
    before, start = _memory(), time.thread_time()
    whereabouts = await _settled(homes, dice)
    each = (time.thread_time() - start) / helpers * 1e6
    table.note(
        f"{helpers:,} helpers: {each:.1f} µs to enlist and place one, "
        f"{(_memory() - before) / helpers:.0f} bytes each"
    )
    for label, chosen in (
        ("where people live", dice.choices(known, weights, k=questions)),
        ("any commune", dice.choices(known, k=questions)),
    ):
        origins = [_somewhere(it, dice) for it in chosen]
        for ring, want in ((None, 50), (30, 7), (1, 7)):
            taken, found = await _asked(whereabouts, origins, ring, want)
            p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
            reach = "any" if ring is None else ring
            table.add(helpers, label, reach, want, found / questions, p50, p99)
            table.aim(
                f"{want} of {helpers:,} in ring {reach} from {label}: p99 under {MOST_P99_MS} ms",
                p99 < MOST_P99_MS * 1e3,
            )


async def _asked(
    whereabouts: MemoryWhereabouts, origins: Sequence[Cell], ring: int | None, want: int
) -> tuple[list[float], int]:
    """Microseconds that each question took, the shortest first; how many were found in all."""
    taken: list[float] = []
    found = 0
    for number, origin in enumerate(origins):
        start = time.thread_time()
        answer = await whereabouts.near(origin, ring=ring, want=want, now=NOW, salt=str(number))
        taken.append((time.thread_time() - start) * 1e6)
        found += len(answer)
    return sorted(taken), found


async def _settled(cells: Sequence[Cell], dice: random.Random) -> MemoryWhereabouts:
    whereabouts = MemoryWhereabouts()
    for cell in cells:
        person = PersonId(f"{dice.getrandbits(88):022x}")
        await whereabouts.enlist(person, 1)
        await whereabouts.move(person, cell, NOW)
    return whereabouts


def _communes() -> list[Commune]:
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        return [
            Commune(int(row["population_municipale"]), float(row["lat"]), float(row["lon"]))
            for row in csv.DictReader(file)
            if row["lat"]
        ]


def _somewhere(commune: Commune, dice: random.Random) -> Cell:
    radius = max(LEAST_RADIUS_KM, math.sqrt(commune.population / PEOPLE_A_KM2 / math.pi))
    away, angle = radius * math.sqrt(dice.random()), dice.random() * 2 * math.pi
    lat = commune.lat + away * math.sin(angle) / 111.2
    east = 111.2 * math.cos(math.radians(commune.lat))
    return cell_of(Point(lat=lat, lon=commune.lon + away * math.cos(angle) / east))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
