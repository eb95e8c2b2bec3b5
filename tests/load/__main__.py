"""``./run bench NAME|all [--seed N]``: how fast, on this machine; ``./run bench chart``.

What is found at full size is kept in ``results``; ``chart`` draws the first page's figures from it.
"""

import sys
from pathlib import Path

from realtime.kernel.clock import SystemClock
from tests.load.kept import keep
from tests.load.readme import remake
from tests.support.programs import Programs, tell

HERE = Path(__file__).parent


def main() -> int:
    if sys.argv[1:] == ["chart"]:
        remake()
        return 0
    good = True
    for ran in Programs("bench", HERE).run(sys.argv[1:], SystemClock()):
        good &= tell(ran.name, ran.table, ran.text)
        if not ran.where.reduced:
            keep(ran)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
