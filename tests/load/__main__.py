"""``./run bench NAME|all [--seed N]``: how fast, on this machine."""

import sys
from pathlib import Path

from realtime.kernel.clock import SystemClock
from tests.support.programs import Programs, tell

HERE = Path(__file__).parent


def main() -> int:
    kept = [tell(*found) for found in Programs("bench", HERE).run(sys.argv[1:], SystemClock())]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
