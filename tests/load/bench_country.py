"""Past this machine: five million phones over France, costed as measured here in the same run.

Each thing that happens is costed alone on the real program among few phones; the model says from
that what an evening costs on a node with many, and that evening is played beside it, faster. What
all of France comes to is arithmetic (``country/model.py``), and is written beside it.
"""

import os
import statistics
import tempfile
from pathlib import Path

from tests.load.country.evening import Evening
from tests.load.country.report import Report, report, written
from tests.load.country.stage import FULL, REDUCED, measured
from tests.load.country.world import world
from tests.load.disk import flushes

#: Requests a second in the evening that is played.
REQUESTS, REDUCED_REQUESTS = 0.2, 1.0
SYNCS = 40


def main(seed: int, reduced: bool) -> Report:
    size = REDUCED if reduced else FULL
    found = world(seed, drawn=2_000 if reduced else 150_000, phones=4 if reduced else 40)
    requests = REDUCED_REQUESTS if reduced else REQUESTS
    evening = Evening(
        found.assumed.hour, found.assumed.rhythm, found.assumed.cadences, size.faster, requests
    )
    costs, played = measured(size, evening, seed)
    flush_s = _flush_s()
    table = report(found, costs, played, flush_s, large=not reduced)
    table.note(f"load of this machine meanwhile: {os.getloadavg()[0]:.1f}")
    if not reduced:
        written(found, costs, played, flush_s)
    return table


def _flush_s() -> float:
    """What this disk takes to keep a page, in the middle."""
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        return statistics.median(flushes(Path(folder) / "page", SYNCS))
