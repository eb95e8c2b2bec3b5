"""Offers to fifty helpers while a publication goes out to ten thousand sockets: how much later.

From the moment when the server is asked, over its transaction and the disk, until each helper's
socket has it; in each round once while nothing else happens, and once while up to three quarters
of the ten thousand have been told. The client looks at the helpers' sockets after each eight of
the others.
"""

import random
import statistics
from dataclasses import dataclass

import msgspec

from tests.load.fan_server import ALERT
from tests.load.paired import Standing, interleaved, middle, ratio, standing
from tests.load.peers.ours import NAME, ours
from tests.load.processes import allow_sockets
from tests.load.quantiles import quantile
from tests.proofs.table import Table

SOCKETS, HELPERS, RUNS, ROUNDS = 10_000, 50, 9, 25
MOST_TIMES = 2.0


@dataclass(frozen=True, slots=True)
class Alerted:
    #: Milliseconds until each socket was told, of all rounds.
    quiet_ms: list[float]
    busy_ms: list[float]
    #: Rounds in which everybody else had been told already; what never came.
    late: int
    missing: int
    #: The share of the time of a publication in which the client had nothing to do.
    idle: float


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sockets, helpers, runs, rounds = (
        (300, 10, 3, 5) if reduced else (SOCKETS, HELPERS, RUNS, ROUNDS)
    )
    dice = random.Random(seed)

    def measure(it: Standing) -> Alerted:
        return msgspec.convert(it.crowd.ask(f"alert {rounds} {ALERT.hex()}"), Alerted)

    # The helpers first: in a crowd, staff would be let in before them.
    with standing([ours(sockets + helpers, alerted=helpers)], helpers) as servers:
        (only,) = servers
        others = only.crowd.more(sockets)
        only.crowd.say(f"apart {helpers}")
        only.crowd.fan(2)
        found, again = interleaved(servers, runs, measure, dice)
    each = found[NAME]
    quiet, busy = ([_nearly(ms) for ms in all_ms] for all_ms in _both(each))
    table = Table(
        f"Offers to {helpers} helpers while {sockets:,} sockets are told something else",
        ("meanwhile", "p50, ms", "p99, ms", "× quiet"),
    )
    for name, all_ms, nearly in zip(
        ("nothing", "a publication"), _both(each), (quiet, busy), strict=True
    ):
        table.add(
            name,
            middle([statistics.median(it) for it in all_ms], dice),
            middle(nearly, dice),
            "1" if nearly is quiet else ratio(nearly, quiet, dice),
        )
    table.require(
        "every socket was opened", (only.opened.opened, others.opened) == (helpers, sockets)
    )
    table.require(
        "every helper was told",
        all(len(ms) == rounds * helpers for all_ms in _both(each) for ms in all_ms),
    )
    table.require("everybody else was told", not any(it.missing for it in each))
    # A few hundred are told in a moment: beside other tests, most offers come after it.
    if not reduced:
        table.require(
            "most offers were asked for while the others were being told",
            sum(it.late for it in each) < runs * rounds / 2,
        )
    table.aim(
        f"99 of 100 offers come within {MOST_TIMES:g} times what they take when it is quiet",
        ratio(busy, quiet, dice).value <= MOST_TIMES,
    )
    idle = statistics.median(it.idle for it in each)
    table.note(f"the client had nothing to do in {idle:.0%} of the time of the publications")
    table.note(f"runs done again because the host took the processors: {again}")
    return table


def _both(each: list[Alerted]) -> tuple[list[list[float]], list[list[float]]]:
    return [it.quiet_ms for it in each], [it.busy_ms for it in each]


def _nearly(ms: list[float]) -> float:
    return quantile(ms, 0.99)
