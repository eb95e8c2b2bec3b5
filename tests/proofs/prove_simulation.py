"""A thousand seeded runs of the whole program on models of the network, database and broker.

The first run is the one of ``--seed``: a run that failed is played again by its number.
"""

from collections import Counter

from tests.proofs.table import Table
from tests.simulation.many import find_all, play_all, told
from tests.simulation.planted import BUGS

SEEDS = 1_000
#: With the tests, ``tests/simulation`` has played a hundred already.
FEW = 5
TRIED = 100


def main(seed: int, reduced: bool) -> Table:
    table = Table("Simulated: nothing acknowledged is lost, nothing is done twice", ("what", "n"))
    runs = list(play_all(range(seed, seed + (FEW if reduced else SEEDS))))
    kinds = Counter(kind for run in runs for kind in run.faults)
    table.add("runs, each of 90 virtual seconds with 2 or 3 nodes", len(runs))
    table.add("runs with nothing but delays and another order", sum(not it.faults for it in runs))
    for kind, times in sorted(kinds.items()):
        table.add(f"faults: {kind}", times)
    table.add("publications heard by phones", sum(it.publications for it in runs))
    table.add("listeners told to start over", sum(it.restarts for it in runs))
    table.add("turns of the loop", sum(it.turns for it in runs))
    broken = [it for it in runs if it.broken]
    for run in broken[:20]:
        table.note(f"{run.replay}: {run.broken[0]}")
    table.require("every promise was kept in every run", not broken)
    again = told(seed)
    table.require("a run played again is the same, byte for byte", again.digest == runs[0].digest)
    if not reduced:
        for it in find_all(BUGS, TRIED):
            table.add(f"planted: {it.bug}: found after this many seeds", it.after)
            table.require(f"found: {it.bug}", it.after > 0)
        table.require("at least ten bugs were planted", len(BUGS) >= 10)
    return table
