"""``./run simulate policy [--seed N] [--reduced]``: what other policies of dispatch would do.

At full size it also writes ``policy.md`` and ``policy.svg`` beside this file.
"""

import argparse
import sys
from pathlib import Path
from time import perf_counter

from realtime.kernel.clock import SystemClock
from tests.simulation.policy.report import run
from tests.support.circumstances import circumstances
from tests.support.programs import SEED, tell

HERE = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run simulate")
    parser.add_argument("name", choices=["policy"])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--reduced", action="store_true", help="at the size of ./run test")
    asked = parser.parse_args()
    where = circumstances(SystemClock().now(), seed=asked.seed, reduced=asked.reduced)
    started = perf_counter()
    report = run(asked.seed, reduced=asked.reduced)
    command = f"`./run simulate policy{' --reduced' if asked.reduced else ''}`"
    text = report.text(f"{command} · {where} · took {perf_counter() - started:.0f} s")
    if not asked.reduced:
        (HERE / "policy.md").write_text(text, encoding="utf-8")
        (HERE / "policy.svg").write_text(report.chart, encoding="utf-8")
    return 0 if tell("policy", report.table, text) else 1


if __name__ == "__main__":
    sys.exit(main())
