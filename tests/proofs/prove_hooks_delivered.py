"""A network is told of every change of every event on its lines: at least once, in order.

The hub and the network's hook are processes, killed with SIGKILL at random moments while people
report; the hook answers 500, hangs, is slow, cuts lines and redirects inward. Then what it has
taken is held against what was acknowledged and what was written, and listeners on addresses that
are nobody's business say what they have heard. Planted bugs must be caught by the same judgement.
"""

import asyncio
import tempfile
from pathlib import Path

from tests.proofs.hooks.planted import PLANTS, heard_inward, judged
from tests.proofs.hooks.play import Outcome, Size, played
from tests.proofs.table import Table

REDUCED = Size(events=6, changes=2, hub_kills=1, receiver_kills=1)
FULL = Size(events=200, changes=4, hub_kills=20, receiver_kills=30)


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, REDUCED if reduced else FULL))


async def _prove(seed: int, size: Size) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        found = await played(Path(folder), seed, size)
    table = Table("Networks are told, in order, at least once", ("what", "figure"))
    _tell(table, found)
    _require(table, found, size)
    for name in PLANTS:
        verdict = await judged(seed, name)
        caught = f"{len(verdict.lost)} lost, {len(verdict.overtaken)} overtaken"
        table.add(f"planted: {name}", caught)
        table.require(
            "without a bug nothing is wrong" if name == "nothing" else f"caught: {name}",
            verdict.wrong is (name != "nothing"),
        )
    bare, guarded = await heard_inward(guarded=False), await heard_inward(guarded=True)
    table.add("planted: a sender that nobody guards, heard inward", bare)
    table.require("a listener inward would hear", bare > 0)
    table.require("and hears nothing from ours", guarded == 0)
    return table


def _tell(table: Table, found: Outcome) -> None:
    verdict = found.verdict
    table.add("the hub killed (SIGKILL), and started again", found.hub_kills)
    table.add("the receiver killed, and started again", found.receiver_kills)
    table.add("events on the network's lines", found.events)
    table.add("changes acknowledged to people", found.acknowledged)
    table.add("messages written for the network", found.written)
    table.add("requests that reached it", len(found.heard))
    table.add("…of which it took (2xx, on its disk first)", verdict.taken)
    table.add("…of which it had taken before (repeats)", verdict.repeats)
    table.add("messages never taken", len(verdict.lost))
    table.add("requests before an earlier message of that event was taken", len(verdict.overtaken))
    table.add("messages that still wait at the end", found.left)
    table.add("times a message was gone that nobody had taken", found.early)
    table.add("requests heard at 127.0.0.2 and 127.9.9.9", len(found.inward))
    for line in (verdict.lost + verdict.overtaken + found.untold)[:20]:
        table.note(line)


def _require(table: Table, found: Outcome, size: Size) -> None:
    verdict = found.verdict
    table.require("every message was taken", not verdict.lost and not found.left)
    table.require("every acknowledged report and ending was told", not found.untold)
    table.require("in order for each event, without a gap", not verdict.overtaken)
    table.require("none was let go before it was taken", not found.early)
    table.require(
        "every one signed, under one name however often", not (verdict.unsigned or verdict.renamed)
    )
    table.require("no request to an address that is not public", not found.inward)
    table.require(
        "enough was tried",
        found.events >= size.events and found.hub_kills >= size.hub_kills
        and len(found.heard) > verdict.taken,
    )  # fmt: skip
