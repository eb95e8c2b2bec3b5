"""One publication to ten thousand sockets: what each delivery costs the server, beside others.

Processor time of the server, all its threads, the kernel's part included; loopback charges the
sender with the receiving half of TCP too, alike for everybody.
"""

from tests.load.publishing import LEVEL, UWEBSOCKETS, Publishing, compared
from tests.proofs.table import Table

SOCKETS = 10_000
#: Level is within a twentieth.
LEAST_LEVEL = 0.95
#: Times the floor; microseconds of our own code; how much better than everybody else.
MOST_TIMES_FLOOR, MOST_OWN_US, BETTER = 1.35, 1.5, 1.25


def main(seed: int, reduced: bool) -> Table:
    sockets = 300 if reduced else SOCKETS
    table, found = compared(
        f"One publication, in frames of 300 bytes, to {sockets:,} sockets",
        Publishing(sockets, 1, 4),
        seed,
        reduced,
    )
    table.aim(
        f"at most {MOST_TIMES_FLOOR} times the floor", found.times_floor.value <= MOST_TIMES_FLOOR
    )
    table.aim(f"at most {MOST_OWN_US} µs of our own code", found.own_us <= MOST_OWN_US)
    for name, better in found.others.items():
        if name == LEVEL:
            table.aim(f"level with {name}", better.value >= LEAST_LEVEL)
        elif name != UWEBSOCKETS:
            table.aim(f"{BETTER} times better than {name}", better.value >= BETTER)
    return table
