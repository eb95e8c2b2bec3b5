"""How long the nearest stop takes to find among all stops of all imports.

Times are this thread's own, so that another busy process is not measured with it.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import hypot

from geo.point import Point
from geo.transit.gtfs.reading import read
from geo.transit.network import Network
from geo.transit.plane import scales
from geo.transit.values import NetworkId, Stop, StopId
from tests.proofs.table import Table
from tests.support.traces import DATA, traced

FEEDS = ("gtfs_amiens_ametis", "gtfs_angers_irigo", "gtfs_montpellier_tam")
#: Issue 6.
MOST_P99_MS = 1.0
#: As many stops as all of France may have, invented around the real ones.
MANY = 100_000


def main(seed: int, reduced: bool) -> Table:
    dice = random.Random(seed)
    table = Table(
        "The nearest stop, among all stops of all imports",
        ("stops", "asked from", "found", "p50, µs", "p99, µs", "times faster than a scan"),
    )
    real = [*traced().stops.values(), *(it for name in FEEDS for it in _feed(name))]
    many = [*real, *_invented(real, MANY - len(real), dice)]
    for stops in (real, many):
        network = Network((), stops)
        for label, points in _questions(stops, dice, 300 if reduced else 20_000):
            taken, found = _asked(network.nearest, points)
            p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
            scanned, _ = _asked(partial(_scan, stops), points[:5])
            ratio = scanned[len(scanned) // 2] / p50
            table.add(len(stops), label, f"{found / len(points):.0%}", p50, p99, ratio)
            table.aim(f"{len(stops):,} stops, {label}: p99 under {MOST_P99_MS} ms",
                      p99 < MOST_P99_MS * 1000)  # fmt: skip
    wrong = _wrong(real, _questions(real, dice, 200)[0][1])
    table.require("what is named is what a scan of all stops names, 200 times", wrong == 0)
    return table


def _feed(name: str) -> Sequence[Stop]:
    return list(read(DATA / name, NetworkId(name[5:]), lambda done, total: None).stops.values())


def _invented(real: Sequence[Stop], many: int, dice: random.Random) -> list[Stop]:
    """Around real ones, so that they crowd where those do."""
    return [
        replace(
            it, id=StopId(f"many:{number}"),
            lat=it.lat + dice.gauss(0, 0.02), lon=it.lon + dice.gauss(0, 0.03),
        )
        for number, it in enumerate(dice.choices(real, k=many))
    ]  # fmt: skip


def _questions(
    stops: Sequence[Stop], dice: random.Random, many: int
) -> list[tuple[str, list[Point]]]:
    near = [
        Point(lat=it.lat + dice.gauss(0, 0.002), lon=it.lon + dice.gauss(0, 0.003))
        for it in dice.choices(stops, k=many)
    ]
    anywhere = [
        Point(lat=it.lat + dice.uniform(-0.3, 0.3), lon=it.lon + dice.uniform(-0.4, 0.4))
        for it in dice.choices(stops, k=many)
    ]
    return [("some hundred metres from a stop", near), ("thirty kilometres around", anywhere)]


def _asked(ask: Callable[[Point], Stop | None], points: Sequence[Point]) -> tuple[list[float], int]:
    """Microseconds that each question took, the shortest first; how many had an answer."""
    taken, found = list[float](), 0
    for point in points:
        start = time.thread_time()
        answer = ask(point)
        taken.append((time.thread_time() - start) * 1e6)
        found += answer is not None
    return sorted(taken), found


def _scan(stops: Sequence[Stop], point: Point) -> Stop:
    north, east = scales(point.lat)
    return min(
        stops,
        key=lambda it: (hypot((it.lat - point.lat) * north, (it.lon - point.lon) * east), it.id),
    )


def _wrong(stops: Sequence[Stop], points: Sequence[Point]) -> int:
    network = Network((), stops)
    named = ((network.nearest(it), _scan(stops, it), it) for it in points)
    return sum(
        found != nearest
        for found, nearest, point in named
        if Point(lat=nearest.lat, lon=nearest.lon).distance_to(point) < 990
    )
