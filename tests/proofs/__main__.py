"""``./run prove NAME|all [--seed N]``: what is promised, shown at full size and written down."""

import sys
from pathlib import Path

from realtime.kernel.clock import SystemClock
from tests.support.programs import Programs, tell

HERE = Path(__file__).parent


def main() -> int:
    kept = True
    for ran in Programs("prove", HERE).run(sys.argv[1:], SystemClock()):
        kept &= tell(ran.name, ran.table, ran.text)
        if not ran.where.reduced:
            (HERE / f"{ran.name}.md").write_text(ran.text, encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
