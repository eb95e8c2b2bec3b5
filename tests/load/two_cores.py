"""A measurement on two cores: the server has one, its clients the other; on each engine in turn.

Beside what is measured: what the disk takes for a page that must survive a power cut, and a round
trip that commits nothing, both on the machine as it is just then.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TypeVar

import uvloop

from tests.load.disk import synced
from tests.load.processes import Process, allow_sockets
from tests.load.quantiles import milliseconds, quantile
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone
from web.demo.api import Json
from web.demo.line import Line

T = TypeVar("T")
Play = Callable[[Json, Process, Path], Coroutine[object, object, T]]
#: What the measurement is called, its database and its broker.
Measure = Callable[[str, str, str], None]


def on_each_engine(measure: Measure, *, reduced: bool) -> None:
    """SQLite in one process; and PostgreSQL with Redis, unless ``reduced``."""
    allow_sockets()
    measure("SQLite, memory", "", "memory://")
    if reduced:
        return
    server = Postgres()
    try:
        server.start()
        with redis_alone() as redis:
            measure("PostgreSQL, Redis", server.new_database(), redis.url)
    finally:
        server.close()


def play(program: str, orders: Mapping[str, object], clients: Play[T]) -> tuple[T, Json]:
    """What the clients saw of a server in a process of its own, and what it says of itself.

    ``program`` is one that ``measured_server`` runs; ``clients`` say "begin" to it.
    """
    cores = sorted(os.sched_getaffinity(0))
    alone = len(cores) > 1
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        core = cores[0] if alone else None
        with Process(program, {**orders, "data_dir": folder, "core": core}) as server:
            ready = server.answer()
            if alone:
                os.sched_setaffinity(0, {cores[1]})
            try:
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    seen = runner.run(clients(ready, server, Path(folder)))
            finally:
                os.sched_setaffinity(0, set(cores))
            server.say("stop")
            return seen, server.answer()


async def beside(
    file: Path, lines: Sequence[Line], times: int, pause_s: float = 0.0
) -> tuple[list[float], list[float]]:
    """Seconds of so many pages written through to the disk, and of as many round trips."""
    syncs, hops = [], []
    handle = await asyncio.to_thread(os.open, file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for number in range(times):
            await asyncio.sleep(pause_s)
            hops.append(await _hop(lines[number % len(lines)]))
            syncs.append(await asyncio.to_thread(synced, handle, number))
    finally:
        os.close(handle)
    return syncs, hops


def add_times(table: Table, kind: str, measured: Mapping[str, Sequence[float]]) -> None:
    """A row for each: half of them, and ninety-nine in a hundred, are no longer."""
    for what, times in measured.items():
        half, nearly_all = quantile(times, 0.5), quantile(times, 0.99)
        table.add(f"{kind}: {what}", milliseconds(half), milliseconds(nearly_all), len(times))


async def _hop(line: Line) -> float:
    start = monotonic()
    await line._ask("ping", {})
    return monotonic() - start
