"""A SQLite that was built without mathematics reckons as one that was built with it."""

import sqlite3
from contextlib import closing
from typing import cast

from realtime.sql_point import Taught, teach_sums

SUMS = "SELECT sqrt(2), sqrt(0), atan2(1, -1), atan2(0, 0), atan2(3.5, 0)"


def test_what_is_taught_is_what_others_know() -> None:
    with (
        closing(sqlite3.connect(":memory:")) as built,
        closing(sqlite3.connect(":memory:")) as bare,
    ):
        teach_sums(cast(Taught, bare))

        assert bare.execute(SUMS).fetchone() == built.execute(SUMS).fetchone()
