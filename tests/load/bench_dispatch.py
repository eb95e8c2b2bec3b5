"""``./run bench dispatch``: a hundred thousand helpers, five hundred requests: how fast, how well.

Helpers are around the stations of Île-de-France, as many as go in there. All of them have a live
session: 2,000 near the requests on real sockets from another process, the others real ``Session``
objects on a null link inside the server, which answer as the demo's people do. The server has one
core, the clients another.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import msgspec

from matching.dispatch.rules import WANTED
from tests.load.dispatch_clients import Found
from tests.load.dispatch_null import Tally
from tests.load.dispatch_world import Size, World, dense, draw, read_stations
from tests.proofs.table import Table

ROOT = Path(__file__).parents[2]
FULL = Size(helpers=100_000, sockets=2_000, requests=500, rate=4.0)
REDUCED = Size(helpers=2_000, sockets=60, requests=10, rate=2.0)
#: People answer in half of the demo's delays, and walk for three seconds or so.
FACTOR, WALK_S = 0.5, 3.0
#: Of the demo's people, to accept (tests/unit/test_demo_people.py).
MEDIAN_S = 9.0
#: The promise: who has seven helpers within five kilometres is answered by two.
HELPERS_NEAR, WITHIN_M, PROMISED = 7, 5_000.0, 0.99


class Process:
    """A process that is given orders on a line and answers on lines."""

    def __init__(self, module: str, orders: Mapping[str, object]) -> None:
        self._module = module
        self._process = subprocess.Popen(
            (sys.executable, "-m", module),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.say(msgspec.json.encode(orders).decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, object]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} said nothing more")
        return cast("dict[str, object]", json.loads(line))


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        return measure(size, seed, folder)


def measure(size: Size, seed: int, folder: str) -> Table:
    allow_sockets()
    cores = sorted(os.sched_getaffinity(0))
    alone = len(cores) > 1
    orders: dict[str, object] = {
        "data_dir": folder,
        "seed": seed,
        "secret": os.urandom(16).hex(),
        "size": size,
        "factor": FACTOR,
        "walk_s": WALK_S,
    }
    with Process(
        "tests.load.dispatch_server", {**orders, "core": cores[0] if alone else None}
    ) as server:
        ready = server.answer()
        theirs = {
            **orders,
            "base": f"http://127.0.0.1:{ready['port']}",
            "core": cores[1] if alone else None,
        }
        with Process("tests.load.dispatch_clients", theirs) as clients:
            clients.answer()
            server.say("begin")
            clients.say("go")
            found = msgspec.convert(clients.answer()["found"], Found)
            server.say("stop")
            counted = server.answer()
    world = draw(read_stations(), size, seed)
    return told(size, world, ready, found, counted)


def allow_sockets() -> None:
    """As many files open as this user may have: both processes inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def told(
    size: Size,
    world: World,
    ready: Mapping[str, object],
    found: Found,
    counted: Mapping[str, object],
) -> Table:
    table = Table(
        f"Dispatch: {size.helpers:,} helpers, {size.requests:,} requests",
        ("what", "p50", "p99", "of"),
    )
    tally = msgspec.convert(counted["tally"], Tally)
    received: dict[str, float] = {}
    for alert, at in found.received:
        received[alert] = min(at, received.get(alert, at))
    first = {
        alert: min(moments)
        for alert in found.sent
        if (moments := [it[alert] for it in (tally.first, received) if alert in it])
    }
    _times(table, "command → recorded, as its phone sees it", _since(found, found.recorded))
    _times(table, "command → first offer written", _since(found, first))
    _times(table, "command → first offer on a real socket, alone", _since(found, received))
    _times(table, "each offer on a real socket, from the command", _all_since(found))
    _times(table, "command → two have accepted", _since(found, found.covered))
    _times(table, "the disk: 4 KiB and fdatasync, beside", found.syncs_s)
    _shares(table, size, world, found)
    _figures(table, size, world, found, tally)
    table.note(
        f"{size.rate:g} requests a second; people answer in {FACTOR:g} × the demo's delays (half "
        f"of the demo's have answered in {MEDIAN_S:g} s), and arrive {WALK_S:g} s later or so."
    )
    table.note(
        f"Server: {_number(counted, 'busy'):.0%} of a core, "
        f"{_number(counted, 'memory_mib'):,.0f} MiB; tables filled in "
        f"{_number(ready, 'populated_s'):.0f} s, started on them in "
        f"{_number(ready, 'loaded_s'):.0f} s, {_number(ready, 'connected'):,.0f} people without a "
        f"socket connected in {_number(ready, 'connected_s'):.0f} s."
    )
    if found.refused:
        table.note(f"Refused: {dict(sorted(found.refused.items()))}")
    return table


def _shares(table: Table, size: Size, world: World, found: Found) -> None:
    near = dense(world, least=HELPERS_NEAR, within_m=WITHIN_M)
    met = {number: alert in found.covered for alert, number in found.numbers.items()}
    among = [met.get(number, False) for number in range(size.requests) if near[number]]
    share = sum(among) / len(among) if among else 0.0
    table.add(
        "requests with ≥ 2 acceptances",
        f"{sum(met.values()) / size.requests:.1%}",
        "",
        size.requests,
    )
    table.add("… among those with 7 helpers within 5 km", f"{share:.1%}", "", len(among))
    table.require(
        f"≥ {PROMISED:.0%} of requests with {HELPERS_NEAR} eligible helpers within 5 km get two",
        share >= PROMISED,
    )
    table.require("every request was recorded", len(found.sent) == size.requests)


def _figures(table: Table, size: Size, world: World, found: Found, tally: Tally) -> None:
    for ring in ("near", "remote"):
        offers = tally.offers.get(ring, 0) + found.offers.get(ring, 0)
        table.add(f"{ring} offers per request", offers / size.requests, "", offers)
    arrived = found.on_scene.values()
    redundant = sum(max(0, many - WANTED) for many in arrived)
    table.add("redundant arrivals per request", redundant / size.requests, "", redundant)
    table.note(
        f"{world.stations:,} stations, {world.counted} of them with a count of entries; "
        f"{len(found.received):,} offers on {size.sockets:,} real sockets."
    )


def _since(found: Found, moments: Mapping[str, float]) -> list[float]:
    return [at - found.sent[alert] for alert, at in moments.items() if alert in found.sent]


def _all_since(found: Found) -> list[float]:
    return [at - found.sent[alert] for alert, at in found.received if alert in found.sent]


def _times(table: Table, what: str, seconds: Sequence[float]) -> None:
    if seconds:
        table.add(what, _ms(quantile(seconds, 0.5)), _ms(quantile(seconds, 0.99)), len(seconds))
    else:
        table.add(what, "–", "–", 0)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _number(answer: Mapping[str, object], name: str) -> float:
    value = answer[name]
    assert isinstance(value, int | float)
    return value
