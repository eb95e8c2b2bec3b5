"""The checker on trial with real servers: one hub with a bug planted, and its lines cut."""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.adversity.history.book import read
from tests.adversity.history.checker import check
from tests.proofs.engines.figures import acknowledged
from tests.proofs.engines.house import Size, house, load
from tests.proofs.engines.reading import read_back

SIZE = Size(1, 12, 10)
#: Every line at the door is cut so often, that far apart at most.
CUTS, APART_S = 25, 0.6


@dataclass(frozen=True, slots=True)
class Tried:
    acknowledged: int
    by: Counter[str]
    example: str


async def tried(bug: str | None, seed: int) -> Tried:
    """What the checker says of a server with that bug; of the honest one, without."""
    module = ("web",) if bug is None else ("tests.proofs.engines.planted_server", bug)
    chance = random.Random(f"{seed}/{bug}")
    with tempfile.TemporaryDirectory() as temporary:
        async with house(Path(temporary), program=(sys.executable, "-m", *module)) as at:
            async with load(at, seed, SIZE):
                for _ in range(CUTS):
                    await at.hears(3)
                    await asyncio.sleep(chance.uniform(0, APART_S))
                    at.door.cut()
            lines = read(at.books)
            broken = check(lines, await read_back(at.door.url, at.database, lines))
    example = str(broken[0]) if broken else ""
    return Tried(acknowledged(lines), Counter(it.invariant for it in broken), example)
