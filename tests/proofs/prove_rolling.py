"""Hubs are replaced one after the other under load, and nobody's command fails for it.

Two hubs on PostgreSQL and Redis behind one door. Each in turn is told to stop (SIGTERM: it drains)
and is started anew, as an upgrade does. People ask again under the same id, as the pages do.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.adversity.history.book import read
from tests.adversity.history.checker import check
from tests.adversity.history.ladder import BUSY, PATIENT
from tests.adversity.history.lines import Fault, Operation, Phase
from tests.proofs.engines.figures import acknowledged, felt, percentile, unfinished
from tests.proofs.engines.house import House, Size, fault_book, house, load
from tests.proofs.engines.reading import read_back
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone

FULL, REDUCED = 20, 2
FULL_SIZE, REDUCED_SIZE = Size(2, 10, 16), Size(1, 6, 6)
#: Between two restarts.
PAUSE_S = 2.0


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, reduced))


async def _prove(seed: int, reduced: bool) -> Table:
    postgres = Postgres()
    try:
        postgres.start()
        with redis_alone() as redis, tempfile.TemporaryDirectory() as temporary:
            database = postgres.new_database()
            async with house(Path(temporary), database=database, broker=redis.url, hubs=2) as at:
                return await _rolled(at, seed, reduced=reduced)
    finally:
        postgres.close()


async def _rolled(at: House, seed: int, *, reduced: bool) -> Table:
    stops: list[float] = []
    size = REDUCED_SIZE if reduced else FULL_SIZE
    with fault_book(at) as book:
        async with load(at, seed, size):
            for number in range(REDUCED if reduced else FULL):
                await at.hears(5)
                await asyncio.sleep(0 if reduced else PAUSE_S)
                server = at.hubs[number % 2].server
                began = time.time()
                await asyncio.to_thread(server.stop)
                stops.append(time.time() - began)
                await server.start()
                await _ready(at, server.port)
                book.write(Fault(began, time.time(), "rolled"))
    lines = read(at.books)
    found = await read_back(at.door.url, at.database, lines)
    broken, undone = check(lines, found, PATIENT if reduced else BUSY), unfinished(lines)
    rolled = felt(lines, found)["rolled"]
    tries = [it for it in lines if isinstance(it, Operation)]
    table = Table("Rolling restarts under load", ("what", "figure"))
    table.add("hubs restarted, one after the other", len(stops))
    table.add("requests and messages acknowledged", acknowledged(lines))
    table.add("commands that failed, after clients asked again", len(undone))
    table.add("tries refused", sum(it.phase is Phase.FAIL for it in tries))
    table.add("tries that nobody answered", sum(it.phase is Phase.INFO for it in tries))
    table.add("the longest that a hub took to drain and leave, s", max(stops))
    table.add("phones that came back, and missed nothing", f"{rolled.whole}/{rolled.resumed}")
    table.add("from said to heard meanwhile, p99 s", percentile(rolled.delays, 0.99))
    for line in broken[:20]:
        table.note(str(line))
    table.require("no command failed", not undone)
    table.require("nothing was lost, I1 to I8 kept", not broken)
    table.require("all phones that came back missed nothing", rolled.whole == rolled.resumed)
    return table


async def _ready(at: House, port: int) -> None:
    """An upgrade goes on to the next hub when the door lets people in to this one."""
    async with asyncio.timeout(30):
        while port not in at.door.ready:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.05)
