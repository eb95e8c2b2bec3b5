"""The same program with a planted bug: SQLite does not ask the disk to keep anything."""

from realtime.sql import sqlite
from web.cli import main

sqlite.PRAGMAS = tuple(it.replace("synchronous=FULL", "synchronous=OFF") for it in sqlite.PRAGMAS)

if __name__ == "__main__":
    main()
