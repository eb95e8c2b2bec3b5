"""The same program with a planted bug: SQLite does not ask the disk to keep anything."""

import realtime.sql
from web.cli import main

realtime.sql.PRAGMAS = tuple(
    it.replace("synchronous=FULL", "synchronous=OFF") for it in realtime.sql.PRAGMAS
)

if __name__ == "__main__":
    main()
