"""The checker of histories on trial: fifteen bugs in a small system, and which invariant sees each.

The system keeps the promises of ours in a few pages; each story is two minutes of it under kills,
drains, lost answers, an emptied broker and a database that goes away, all from one seed. At full
size also the program itself, with a few words taken out.
"""

import asyncio

from tests.adversity.history.checker import INVARIANTS
from tests.adversity.model.bugs import Bug
from tests.adversity.model.trial import judge
from tests.proofs.engines.planted_server import BUGS
from tests.proofs.engines.trial import tried
from tests.proofs.table import Table

#: The ten that the reference names; the others are ours.
NAMED = 10


def main(seed: int, reduced: bool) -> Table:
    seeds = range(seed, seed + (4 if reduced else 100))
    table = Table(
        "The checker sees planted bugs", ("bug", "caught", *INVARIANTS, "its first sentence")
    )
    honest = judge(None, seeds)
    table.add("none", f"{honest.caught}/{honest.stories}", *[""] * len(INVARIANTS), "")
    missed = []
    for bug in Bug:
        verdict = judge(bug, seeds)
        by = [verdict.by[it] or "" for it in INVARIANTS]
        table.add(bug.value, f"{verdict.caught}/{verdict.stories}", *by, verdict.example)
        if not verdict.caught:
            missed.append(bug.value)
    if not reduced:
        missed += asyncio.run(_real(table, seed))
    table.require("a system without a bug passes", honest.caught == 0)
    planted = len(Bug) + (0 if reduced else len(BUGS))
    table.require(f"each of {planted} planted bugs is caught", not missed)
    table.require("they are at least ten", len(Bug) >= NAMED)
    return table


async def _real(table: Table, seed: int) -> list[str]:
    """Real servers, the honest one first: those whose bug was not seen by its invariant."""
    missed = []
    for bug in (None, *BUGS):
        found = await tried(bug, seed)
        by = [found.by[it] or "" for it in INVARIANTS]
        name = "a real server" if bug is None else f"a real server: {bug}"
        table.add(name, f"{found.acknowledged} acknowledged", *by, found.example)
        wrong = bool(found.by) if bug is None else not found.by[BUGS[bug][1]]
        if wrong:
            missed.append(name)
    return missed
