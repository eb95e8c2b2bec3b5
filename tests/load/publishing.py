"""Publications to many sockets: ours, the floor and each peer, in turns, as one table."""

import random
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from tests.load.crowd import Fanned
from tests.load.paired import Middle, interleaved, middle, ratio, standing
from tests.load.peers.known import bare, floor, peers
from tests.load.peers.ours import NAME, ours
from tests.load.processes import allow_sockets
from tests.proofs.table import Table

RUNS, REDUCED_RUNS = 7, 3
#: With whom we mean to be level, and who is C++ behind a binding.
LEVEL, UWEBSOCKETS = "nginx + nchan", "uWebSockets (socketify)"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What one run does: so many rounds of so many publications at once."""

    sockets: int
    at_once: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Found:
    times_floor: Middle
    own_us: float
    #: By peer: how many times ours its processor time is.
    others: Mapping[str, Middle]


def compared(title: str, what: Publishing, seed: int, reduced: bool) -> tuple[Table, Found]:
    """Reduced, there are the floor and ours alone."""
    allow_sockets()
    dice = random.Random(seed)
    others, missing = ([], []) if reduced else peers()
    first = floor()
    # Beside them: no peer, since it keeps no promise.
    beside = [] if reduced else [bare()]
    with standing([first, ours(what.sockets), *beside, *others], what.sockets) as servers:
        for it in servers:
            it.crowd.fan(2, what.at_once)
        fanned, again = interleaved(
            servers,
            REDUCED_RUNS if reduced else RUNS,
            lambda it: it.crowd.fan(what.rounds, what.at_once),
            dice,
        )
        opened = all(it.opened.opened == what.sockets for it in servers)
    cpu = {name: [it.cpu_us for it in each] for name, each in fanned.items()}
    found = Found(
        times_floor=ratio(cpu[NAME], cpu[first.name], dice),
        own_us=_own(fanned[NAME]),
        others={it.name: ratio(cpu[it.name], cpu[NAME], dice) for it in others},
    )
    table = Table(
        title,
        ("server", "CPU µs a delivery", "own code, µs", "× floor", "× ours", "ms to the last"),
    )
    for name, each in sorted(fanned.items(), key=lambda it: statistics.median(cpu[it[0]])):
        _row(table, name, each, cpu, first.name, dice)
    if beside:
        table.note("the bare loop says `write` to each transport, and knows nothing of its clients")
    table.require("every socket was opened", opened)
    table.require(
        "every socket heard everything",
        not any(it.missing for each in fanned.values() for it in each),
    )
    idle = {name: statistics.median(it.idle for it in each) for name, each in fanned.items()}
    busiest = min(idle, key=lambda it: idle[it])
    table.note(
        f"the client had nothing to do in at least {idle[busiest]:.0%} of the time "
        f"(beside {busiest})"
    )
    table.note(f"runs done again because the host took the processors: {again}")
    if missing:
        table.note(f"not on this machine: {', '.join(missing)} (tests/load/peers/install.sh)")
    return table, found


def _own(each: list[Fanned]) -> float:
    """In the mean: a process' own time is told in hundredths of a second."""
    return statistics.mean(it.user_us for it in each)


def _row(
    table: Table,
    name: str,
    each: list[Fanned],
    cpu: Mapping[str, list[float]],
    first: str,
    dice: random.Random,
) -> None:
    table.add(
        name,
        middle(cpu[name], dice),
        _own(each),
        "1" if name == first else ratio(cpu[name], cpu[first], dice),
        "1" if name == NAME else ratio(cpu[name], cpu[NAME], dice),
        statistics.median(ms for it in each for ms in it.ms),
    )
