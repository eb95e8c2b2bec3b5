"""``./run bench witness``: how soon the phone of a vetted person in the vehicle has it.

Vetted people ride trams, each with a real socket; somebody reports what happens in one of them, and
its riders are told. The server has one core, the clients the other. Beside: what the disk takes for
a commit, and a round trip that commits nothing. On the way there are two commits: the report, and
the wave that tells people.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import cast

import aiohttp

from tests.load.processes import Process
from tests.load.quantiles import quantile
from tests.load.two_cores import add_times, beside, on_each_engine, play
from tests.proofs.table import Table
from tests.support.transport import line_id, trail
from web.demo.api import Api, Json, Refused, client_id, text
from web.demo.line import Line, LineDown

APART_M = 1_200
VEHICLES = 5
#: In each vehicle: one wave tells ten.
RIDERS = 10
#: Between one who comes and the next.
BETWEEN_S = 0.02
PROBES = 200
#: Beyond it, it is taken for lost.
PATIENCE_S = 30.0
#: An account's events that are carried in an hour.
EACH = 6
#: How soon we mean to be: half of them, and ninety-nine in a hundred.
HALF_S, NEARLY_S = 0.05, 0.25


@dataclass(frozen=True, slots=True)
class Size:
    lines: int
    events: int
    #: Reports a second.
    rate: float

    @property
    def vehicles(self) -> int:
        return self.lines * VEHICLES


#: An agent is told of twenty an hour: so many events for each vehicle at most.
FULL = Size(lines=6, events=500, rate=10.0)
REDUCED = Size(lines=1, events=20, rate=10.0)


@dataclass
class Seen:
    #: By alert: when it was sent and answered, and when each phone had it.
    sent: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    told: dict[str, list[float]] = field(default_factory=dict)
    astray: int = 0
    again: list[str] = field(default_factory=list)
    syncs: list[float] = field(default_factory=list)
    hops: list[float] = field(default_factory=list)
    #: The vehicle that an alert is about, by its line and car.
    vehicle: dict[str, int] = field(default_factory=dict)
    heard: list[tuple[str, int]] = field(default_factory=list)


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        f"Witnesses: {size.vehicles * RIDERS} vetted people in {size.vehicles} trams",
        ("what", "p50", "p99", "of"),
    )

    def measure(kind: str, database: str, broker: str) -> None:
        orders = {
            "lines": size.lines,
            "vehicles": VEHICLES,
            "apart_m": APART_M,
            "riders": RIDERS,
            "agents": True,
            "reporters": size.events // EACH + 1,
            "database": database,
            "broker": broker,
        }
        seen, counted = play("tests.load.witness_server", orders, partial(_play, size, seed))
        _told(table, kind, size, seen, counted)

    on_each_engine(measure, reduced=reduced)
    table.note(
        f"{size.rate:g} reports a second, each of one tram; its ten riders are told at once."
    )
    return table


async def _play(size: Size, seed: int, ready: Json, server: Process, folder: Path) -> Seen:
    seen, random = Seen(), Random(seed)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        api = Api(http, f"http://127.0.0.1:{ready['port']}")
        riders = [
            Rider(api, token, number // RIDERS, seen, Random(seed))
            for number, token in enumerate(cast("list[str]", ready["riders"]))
        ]
        reporters = [
            Rider(api, token, -1, seen, Random(seed))
            for token in cast("list[str]", ready["reporters"])
        ]
        running = []
        for each in (*riders, *reporters):
            running.append(asyncio.create_task(each.line.run()))
            await asyncio.sleep(BETWEEN_S)
        async with asyncio.timeout(PATIENCE_S * 4):
            await asyncio.gather(*(it.here.wait() for it in (*riders, *reporters)))
        server.say("begin")
        await _report(size, seen, random, reporters)
        await _wait_for(size, seen)
        seen.syncs, seen.hops = await beside(folder / "beside", [it.line for it in riders], PROBES)
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return seen


class Rider:
    """Somebody's page, in a vehicle or not."""

    def __init__(self, api: Api, token: str, vehicle: int, seen: Seen, random: Random) -> None:
        self._vehicle = vehicle
        self._seen = seen
        self.here = asyncio.Event()
        self.line = Line(api, token, heard=self._heard, opened=self._opened, random=random)

    async def _opened(self, whole: bool) -> None:
        self.here.set()

    def _heard(self, channel: str, data: Json) -> None:
        now = monotonic()
        match data:
            case {"type": "witness", "alert": str(alert)}:
                self._seen.told.setdefault(alert, []).append(now)
                self._seen.heard.append((alert, self._vehicle))
            case _:
                pass


async def _report(size: Size, seen: Seen, random: Random, reporters: Sequence[Rider]) -> None:
    tasks: list[asyncio.Task[None]] = []
    began = monotonic()
    for number in range(size.events):
        await asyncio.sleep(max(0.0, began + number / size.rate - monotonic()))
        vehicle, reporter = number % size.vehicles, reporters[number // EACH]
        tasks.append(asyncio.create_task(_send(seen, random, reporter, vehicle, number)))
    await asyncio.gather(*tasks)


async def _send(seen: Seen, random: Random, reporter: Rider, vehicle: int, number: int) -> None:
    line, metres = line_id(vehicle // VEHICLES), 1_000 + vehicle % VEHICLES * APART_M
    asked: Json = {
        "id": client_id(random),
        "as": "witness",
        "kind": "verbal",
        "line": line,
        "direction": 0,
        # Another car each time: another event.
        "car": f"{number}",
        "trail": trail(metres, line=line),
    }
    sent = monotonic()
    while True:
        try:
            answer = await reporter.line.call("witness.report", asked)
        except (Refused, LineDown) as error:
            seen.again.append(f"{error!r}")
            await asyncio.sleep(0.5)
        else:
            alert = text(answer, "alert")
            seen.sent[alert], seen.answered[alert] = sent, monotonic()
            seen.vehicle[alert] = vehicle
            return


async def _wait_for(size: Size, seen: Seen) -> None:
    for _ in range(int(PATIENCE_S / 0.05)):
        if all(len(seen.told.get(it, ())) >= RIDERS for it in seen.sent):
            return
        await asyncio.sleep(0.05)


def _told(table: Table, kind: str, size: Size, seen: Seen, counted: Json) -> None:
    first = [min(all_) - seen.sent[it] for it, all_ in seen.told.items()]
    last = [max(all_) - seen.sent[it] for it, all_ in seen.told.items()]
    answers = [at - seen.sent[it] for it, at in seen.answered.items()]
    measured = {
        "report → the first vetted phone": first,
        "… → the last of the ten": last,
        "… → answered to who reports, committed": answers,
        "beside: 4 KiB and fdatasync": seen.syncs,
        "beside: a round trip that commits nothing": seen.hops,
    }
    add_times(table, kind, measured)
    table.aim(f"{kind}: p50 at most {HALF_S * 1_000:.0f} ms", quantile(first, 0.5) <= HALF_S)
    table.aim(f"{kind}: p99 at most {NEARLY_S * 1_000:.0f} ms", quantile(first, 0.99) <= NEARLY_S)
    astray = sum(seen.vehicle.get(alert) != vehicle for alert, vehicle in seen.heard)
    whole = sum(len(it) == RIDERS for it in seen.told.values())
    table.require(f"{kind}: all ten riders of each tram were told", whole == size.events)
    table.require(f"{kind}: and nobody in another tram", astray == 0)
    busy, memory = cast(float, counted["busy"]), cast(int, counted["memory_mib"])
    table.note(
        f"{kind}: server {busy:.0%} of a core, {memory:,} MiB;"
        f" said again: {dict(Counter(seen.again)) or 0}."
    )
