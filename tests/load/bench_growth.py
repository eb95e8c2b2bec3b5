"""What a delivery, a socket let in and a position cost as there are more sockets; beside the floor.

Each run begins fresh servers, which take more and more sockets, and measures at each size. A line
of least squares through the costs against the logarithm of the number of sockets says what each
doubling adds; ours may add no more than the floor, for which it is the kernel that grows.
"""

import math
import random
import statistics
from collections.abc import Iterator, Sequence

import msgspec

from tests.load.bench_ingest import FLIGHT, HERE, THERE, Taken
from tests.load.crowd import Opened
from tests.load.paired import Standing, in_turns, middle, slope, standing
from tests.load.peers.known import floor
from tests.load.peers.ours import ours
from tests.load.processes import allow_sockets
from tests.proofs.table import Table

SIZES, RUNS, REDUCED_SIZES = (625, 2_500, 10_000), 5, (50, 200)
#: Deliveries and positions measured at each size; publications of a burst.
DELIVERIES, SAID, REDUCED_DELIVERIES, REDUCED_SAID, AT_ONCE = 40_000, 20_000, 1_000, 2_000, 10
#: Who is measured: of our servers one has operators who listen to a line, one has phones.
FLOOR, LINE, PHONES = "floor", "line", "phones"
#: What is measured of whom, beside the floor.
OURS = {
    "one publication, µs a delivery": LINE,
    f"{AT_ONCE} at once, µs a delivery": LINE,
    "let in, µs a socket": PHONES,
    "held, bytes a socket": PHONES,
    "a position, µs": PHONES,
}
ONE, BURST, LET_IN, HELD, POSITION = OURS

#: By measurement and server, the cost at each size.
Costs = dict[tuple[str, str], list[float]]


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sizes = REDUCED_SIZES if reduced else SIZES
    dice = random.Random(seed)
    whole: list[bool] = []
    idle: list[float] = []

    def measure(_: str) -> Costs:
        costs: Costs = {}
        peers = [floor(), ours(sizes[-1]), ours(sizes[-1], phones=True)]
        with standing(peers, sizes[0]) as servers:
            turn = list(zip((FLOOR, LINE, PHONES), servers, strict=True))
            for before, size in zip((0, *sizes), sizes, strict=False):
                dice.shuffle(turn)
                for kind, it in turn:
                    opened = it.crowd.more(size - before) if before else it.opened
                    whole.append(opened.opened == size - before)
                    for what, cost, kept, free in _measured(kind, it, opened, size, reduced):
                        costs.setdefault((what, kind), []).append(cost)
                        whole.append(kept)
                        idle.append(free)
        return costs

    found, again = in_turns(("all",), 1 if reduced else RUNS, measure, dice)
    table = Table(
        f"As sockets become more: {', '.join(f'{it:,}' for it in sizes)}",
        ("what", "server", *(f"{it:,}" for it in sizes), "a doubling adds"),
    )
    for what in OURS:
        _compared(table, what, sizes, found["all"], dice)
    table.require("every socket was opened, told everything and heard", all(whole))
    table.note("a doubling adds: the slope of a line of least squares, and what holds 95 of 100")
    table.note(f"the client had nothing to do in at least {min(idle):.0%} of the time measured")
    table.note(f"runs done again because the host took the processors: {again}")
    return table


def _measured(
    kind: str, it: Standing, opened: Opened, size: int, reduced: bool
) -> Iterator[tuple[str, float, bool, float]]:
    """Each cost at this size, whether all was done, and how idle the client was."""
    if kind != LINE:
        yield LET_IN, opened.cpu_us_each, opened.lost == 0, 1.0
        yield HELD, opened.bytes_each, True, 1.0
        said = REDUCED_SAID if reduced else SAID
        order = f"ingest {said} {FLIGHT} {HERE.encode().hex()},{THERE.encode().hex()}"
        it.crowd.ask(order)
        taken = msgspec.convert(it.crowd.ask(order), Taken)
        yield POSITION, taken.cpu_us, taken.taken == said, taken.idle
    if kind != PHONES:
        for what, at_once in ((ONE, 1), (BURST, AT_ONCE)):
            it.crowd.fan(2, at_once)
            rounds = max(1, (REDUCED_DELIVERIES if reduced else DELIVERIES) // (size * at_once))
            fanned = it.crowd.fan(rounds, at_once)
            yield what, fanned.cpu_us, not fanned.missing, fanned.idle


def _compared(
    table: Table, what: str, sizes: Sequence[int], runs: Sequence[Costs], dice: random.Random
) -> None:
    doublings = [math.log2(it) for it in sizes]
    theirs, mine = ([costs[what, kind] for costs in runs] for kind in (FLOOR, OURS[what]))
    for name, each in ((FLOOR, theirs), ("ours", mine)):
        at_size = [statistics.median(it) for it in zip(*each, strict=True)]
        table.add(what, name, *at_size, middle([slope(doublings, it) for it in each], dice))
    more = middle(
        [
            slope(doublings, our) - slope(doublings, its)
            for our, its in zip(mine, theirs, strict=True)
        ],
        dice,
    )
    # By the middle: the low end of the interval would be helped by noise.
    table.aim(f"{what}: a doubling adds no more than to the floor ({more} more)", more.value <= 0)
