"""What it takes to let ten thousand phones in, and to hold them: processor, time, memory.

Ours are authenticated by a ticket, greeted, subscribed to a durable stream of their own, and have
said where they are; the others' have upgraded and, where they have such a thing, subscribed. Each
run is a fresh server, alone. Memory is what is resident once all are in, less what was before.
"""

import random
import statistics
from collections.abc import Sequence

from tests.load.crowd import Opened
from tests.load.paired import middle, standing
from tests.load.peers.known import FLOOR, floor, peers
from tests.load.peers.ours import NAME, ours
from tests.load.processes import allow_sockets
from tests.load.publishing import UWEBSOCKETS
from tests.proofs.table import Table

SOCKETS, RUNS = 10_000, 5
#: Those that take ten to twenty seconds to let ten thousand in, and are far from ours one way or
#: the other, have fewer runs than that.
FEWER = {
    "uvicorn + starlette": 3,
    "websockets broadcast()": 3,
    "Socket.IO": 2,
    "mosquitto": 2,
}
MOST_BYTES, MOST_US, LEAST_A_SECOND = 6 * 1024, 300.0, 3_000
#: Let in dearer than ours, we mean.
SLOWER = ("uvicorn + starlette", "websockets broadcast()", "Centrifugo")


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sockets, runs = (300, 1) if reduced else (SOCKETS, RUNS)
    dice = random.Random(seed)
    others, missing = ([], []) if reduced else peers()
    found: dict[str, list[Opened]] = {}
    for run in range(runs):
        everybody = (floor(), ours(sockets, phones=True), *others)
        turn = [it for it in everybody if run < FEWER.get(it.name, runs)]
        dice.shuffle(turn)
        for peer in turn:
            with standing([peer], sockets) as (only,):
                found.setdefault(peer.name, []).append(only.opened)
    table = Table(
        f"{sockets:,} phones let in and held",
        ("server", "CPU µs each", "a second", "bytes each"),
    )
    for name, each in sorted(found.items(), key=lambda it: _bytes(it[1])):
        table.add(
            name,
            middle([it.cpu_us_each for it in each], dice),
            statistics.median(it.opened / it.seconds for it in each),
            middle([it.bytes_each for it in each], dice),
        )
    table.require(
        "every phone was let in",
        all(it.opened == sockets for each in found.values() for it in each),
    )
    _aims(table, found)
    few = ", ".join(f"{name} {len(each)}" for name, each in found.items() if len(each) < runs)
    table.note(f"runs: {runs}" + (f"; of those that take long: {few}" if few else ""))
    if missing:
        table.note(f"not on this machine: {', '.join(missing)} (tests/load/peers/install.sh)")
    return table


def _aims(table: Table, found: dict[str, list[Opened]]) -> None:
    mine = found[NAME]
    table.aim(f"at most {MOST_BYTES:,} bytes each", _bytes(mine) <= MOST_BYTES)
    table.aim(f"at most {MOST_US:.0f} µs each", _cpu(mine) <= MOST_US)
    table.aim(
        f"at least {LEAST_A_SECOND:,} a second",
        statistics.median(it.opened / it.seconds for it in mine) >= LEAST_A_SECOND,
    )
    for name, each in found.items():
        if name in SLOWER:
            table.aim(f"let in with less than by {name}", _cpu(mine) < _cpu(each))
        if name not in {NAME, UWEBSOCKETS, FLOOR}:
            table.aim(f"held with less than by {name}", _bytes(mine) < _bytes(each))


def _bytes(each: Sequence[Opened]) -> float:
    return statistics.median(it.bytes_each for it in each)


def _cpu(each: Sequence[Opened]) -> float:
    return statistics.median(it.cpu_us_each for it in each)
