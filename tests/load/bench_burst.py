"""Ten publications at once in a room of two thousand: what each delivery costs the server.

Frames that are due to one socket in one turn of the loop leave in one write; the floor sends each.
"""

from tests.load.publishing import LEVEL, UWEBSOCKETS, Publishing, compared
from tests.proofs.table import Table

SOCKETS, AT_ONCE = 2_000, 10
MOST_TIMES_FLOOR = 0.35
#: How many times better than which others.
BETTER = {LEVEL: 4.0, "Centrifugo": 4.0, UWEBSOCKETS: 1.2}


def main(seed: int, reduced: bool) -> Table:
    sockets = 200 if reduced else SOCKETS
    table, found = compared(
        f"{AT_ONCE} publications at once to {sockets:,} sockets",
        Publishing(sockets, AT_ONCE, 6),
        seed,
        reduced,
    )
    table.aim(
        f"at most {MOST_TIMES_FLOOR} times the floor, which sends one by one",
        found.times_floor.value <= MOST_TIMES_FLOOR,
    )
    for name, times in BETTER.items():
        if name in found.others:
            table.aim(f"{times} times better than {name}", found.others[name].value >= times)
    return table
