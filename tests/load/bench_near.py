"""How long the nearest helpers take to find among many, spread as the people of France are.

Times are this thread's own, so that another busy process is not measured with it.
"""

import asyncio
import random
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from geo.cells import Cell, cell_of
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from realtime.kernel.ids import PersonId
from tests.load.france import communes, homes, somewhere
from tests.proofs.table import Table

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
#: Beyond, dispatch of one alert would be felt by the others. Several times a quiet machine's.
MOST_P99_MS = 5.0


def main(seed: int, reduced: bool) -> Table:
    table = Table(
        "The nearest helpers, in memory",
        ("helpers", "asked from", "ring", "want", "found", "p50, µs", "p99, µs"),
    )
    for helpers in (20_000,) if reduced else (100_000, 1_000_000):
        asyncio.run(_measure(table, helpers, 300 if reduced else 3_000, random.Random(seed)))
    return table


async def _measure(table: Table, helpers: int, questions: int, dice: random.Random) -> None:
    known = communes()
    weights = [commune.population for commune in known]
    people = [cell_of(it) for it in homes(known, helpers, dice)]
    before, start = _memory(), time.thread_time()
    whereabouts = await _settled(people, dice)
    each = (time.thread_time() - start) / helpers * 1e6
    table.note(
        f"{helpers:,} helpers: {each:.1f} µs to enlist and place one, "
        f"{(_memory() - before) / helpers:.0f} bytes each"
    )
    for label, chosen in (
        ("where people live", dice.choices(known, weights, k=questions)),
        ("any commune", dice.choices(known, k=questions)),
    ):
        origins = [cell_of(somewhere(it, dice)) for it in chosen]
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


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
