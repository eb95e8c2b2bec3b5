"""The edge passes every Autobahn case that the ``websockets`` library passes, and agrees with it.

Both are run in the same breath, each in a process of its own; then sequences of frames, valid and
not, cut anywhere, are generated and read by both.
"""

import asyncio
from itertools import groupby

from hypothesis import given, settings
from hypothesis import seed as seeded

from tests.proofs.table import Table
from tests.property.test_frames import agree, places, sequences
from tests.support.autobahn import GROUPS, Comparison, Verdict, compare

#: Megabytes in tiny pieces; the library gives up on some of them only after ten seconds.
LONG = ("9.3.*", "9.4.*", "9.5.*", "9.6.*")


def main(seed: int, reduced: bool) -> Table:
    compared = asyncio.run(compare(GROUPS, without=LONG if reduced else ()))
    generated = 300 if reduced else 20_000
    _agree_on(generated, seed)
    table = Table(
        "Frames and edge do what Autobahn and the websockets library ask",
        ("cases", "how many", "edge passes", "strictly", "websockets passes", "strictly"),
    )
    for group, found in groupby(compared.ours.values(), key=lambda it: it.group):
        _tell(table, f"{group}.*", [it.case for it in found], compared)
    _tell(table, "all", list(compared.ours), compared)
    table.note(f"{generated:,} generated sequences of frames read alike by both.")
    for verdict in compared.ours.values():
        if not verdict.passed:
            table.note(f"not passed by the edge: {verdict.case}: {verdict.said}")
    for verdict in compared.theirs.values():
        if not verdict.passed:
            table.note(f"not passed by websockets: {verdict.case}: {verdict.said}")
    enough = 270 if reduced else 301
    table.require(f"at least {enough} cases were run", len(compared.ours) >= enough)
    table.require("every case that websockets passes is passed", not compared.behind)
    table.require("and as strictly", not compared.laxer)
    return table


def _tell(table: Table, name: str, cases: list[str], compared: Comparison) -> None:
    ours = [compared.ours[case] for case in cases]
    theirs = [compared.theirs[case] for case in cases]
    table.add(name, len(cases), *_counts(ours), *_counts(theirs))


def _counts(verdicts: list[Verdict]) -> tuple[int, int]:
    return sum(it.passed for it in verdicts), sum(it.strict for it in verdicts)


def _agree_on(count: int, seed: int) -> None:
    """Raise on the first sequence that they read differently."""
    bounded = settings(max_examples=count, database=None, deadline=None, derandomize=False)
    seeded(seed)(bounded(given(sent=sequences, places=places)(agree)))()
