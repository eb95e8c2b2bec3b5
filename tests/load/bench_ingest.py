"""Positions from two thousand phones: what each costs until it is decoded, checked and in its cell.

The floor unmasks and counts. The others decode the JSON and keep the last of each socket.
"""

import random
import statistics
from dataclasses import dataclass

import msgspec

from tests.load.paired import Standing, interleaved, middle, ratio, standing
from tests.load.peers.known import floor, peers
from tests.load.peers.ours import NAME, ours
from tests.load.phones_server import position
from tests.load.processes import allow_sockets
from tests.proofs.table import Table

#: As many under way as there are sockets: each is read for one message.
SOCKETS, RUNS, SAID, FLIGHT = 2_000, 7, 60_000, 2_000
MOST_TIMES_FLOOR, BETTER, THAN = 2.5, 2.5, "uvicorn + starlette"
#: They hear what sockets say; the others of ``peers`` would need a program of their own for it.
HEARING = (THAN, "websockets broadcast()", "Node ws")
#: Two places 700 m from each other.
HERE, THERE = position(48.853, 2.349), position(48.859, 2.352)


@dataclass(frozen=True, slots=True)
class Taken:
    taken: int
    seconds: float
    cpu_us: float
    user_us: float
    idle: float


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sockets, runs, said = (200, 3, 4_000) if reduced else (SOCKETS, RUNS, SAID)
    dice = random.Random(seed)
    others, missing = ([], []) if reduced else peers()
    first = floor()
    servers = [first, ours(sockets, phones=True), *(it for it in others if it.name in HEARING)]

    def measure(it: Standing) -> Taken:
        order = f"ingest {said} {FLIGHT} {HERE.encode().hex()},{THERE.encode().hex()}"
        return msgspec.convert(it.crowd.ask(order), Taken)

    with standing(servers, sockets) as standing_servers:
        for it in standing_servers:
            measure(it)
        found, again = interleaved(standing_servers, runs, measure, dice)
    cpu = {name: [it.cpu_us for it in each] for name, each in found.items()}
    table = Table(
        f"Positions of {len(HERE)} bytes from {sockets:,} phones",
        ("server", "CPU µs each", "own code, µs", "× floor", "× ours", "a second"),
    )
    for name, each in sorted(found.items(), key=lambda it: statistics.median(cpu[it[0]])):
        table.add(
            name,
            middle(cpu[name], dice),
            statistics.median(it.user_us for it in each),
            ratio(cpu[name], cpu[first.name], dice),
            ratio(cpu[name], cpu[NAME], dice),
            statistics.median(it.taken / it.seconds for it in each),
        )
    table.require(
        "everything said was taken", all(it.taken == said for each in found.values() for it in each)
    )
    times = ratio(cpu[NAME], cpu[first.name], dice).value
    table.aim(f"at most {MOST_TIMES_FLOOR} times the floor", times <= MOST_TIMES_FLOOR)
    if THAN in cpu:
        better = ratio(cpu[THAN], cpu[NAME], dice).value
        table.aim(f"{BETTER} times better than {THAN}", better >= BETTER)
    table.note(f"runs done again because the host took the processors: {again}")
    away = [it for it in missing if it in HEARING]
    if away:
        table.note(f"not on this machine: {', '.join(away)} (tests/load/peers/install.sh)")
    return table
