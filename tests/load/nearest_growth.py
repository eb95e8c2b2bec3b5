"""What a question for the nearest comes to as helpers become more, in memory.

Times are this thread's own. Each question is asked several times and its shortest time kept, so
that another busy process is not measured with it.
"""

import math
import random
import time

from geo.cells import cell_of
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from realtime.kernel.ids import PersonId
from tests.load.france import homes
from tests.load.nearest_world import PLACES, TAG, TAGGED, World, near, settled
from tests.load.paired import slope
from tests.load.quantiles import quantile
from tests.proofs.table import Table

SIZES = (10_000, 100_000)
TIMES = 5


async def grown(table: Table, largest: World, questions: int, dice: random.Random) -> None:
    """Two smaller worlds beside the one that there is; a line through them, by places of ten."""
    known, helpers = largest.communes, len(largest.ids)
    worlds: dict[int, MemoryWhereabouts] = {}
    for size in SIZES:
        if size < helpers:
            ids = [PersonId(f"{dice.getrandbits(88):022x}") for _ in range(size)]
            tags = [TAG if dice.random() < TAGGED else 0 for _ in ids]
            worlds[size] = await settled(
                ids, [cell_of(it) for it in homes(known, size, dice)], tags
            )
    worlds[helpers] = largest.memory
    for place in PLACES:
        points = largest.origins(place, questions, dice)
        p50, p99 = [], []
        for world in worlds.values():
            best = [math.inf] * questions
            for _ in range(TIMES):
                for number, point in enumerate(points):
                    start = time.thread_time()
                    await near(world, point, number)
                    best[number] = min(best[number], time.thread_time() - start)
            p50.append(quantile(best, 0.5) * 1e6)
            p99.append(quantile(best, 0.99) * 1e6)
        each = "; ".join(
            f"{size:,}: {half:.0f} and {most:.0f}"
            for size, half, most in zip(worlds, p50, p99, strict=True)
        )
        more = slope([math.log10(size) for size in worlds], p50)
        table.note(
            f"{place}, p50 and p99 of own µs by helpers: {each}; the line through the p50s: "
            f"{more:+.0f} µs for ten times as many"
        )
