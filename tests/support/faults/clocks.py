"""Moving the time of a PostgreSQL database, without touching the machine's.

The program asks for ``clock_timestamp()``: a function of that name stands in front of PostgreSQL's
own in the search path of one database. For hubs' own clocks there is ``ManualClock``.
"""

from urllib.parse import urlsplit

from tests.support.postgres import OWNER, Postgres

_PREPARED = (
    "CREATE SCHEMA clocks",
    "CREATE TABLE clocks.ahead (seconds double precision NOT NULL)",
    "INSERT INTO clocks.ahead VALUES (0)",
    "CREATE FUNCTION clocks.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
    " 'SELECT pg_catalog.clock_timestamp() + make_interval(secs => seconds) FROM clocks.ahead'",
    f"GRANT USAGE ON SCHEMA clocks TO {OWNER}",
    f"GRANT SELECT ON clocks.ahead TO {OWNER}",
)
_CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class MovableTime:
    """The time of one database that has its tables; whoever is connected already is cut off."""

    def __init__(self, postgres: Postgres, url: str) -> None:
        self._postgres = postgres
        self._name = urlsplit(url).path.removeprefix("/")
        path = f"ALTER DATABASE {self._name} SET search_path = clocks, pg_catalog, public"
        postgres.administer(*_PREPARED, path, _CUT_OFF, database=self._name)

    def jump(self, seconds: float) -> None:
        """Forward, or back: from now on it is so much later or earlier than before."""
        moved = f"UPDATE clocks.ahead SET seconds = seconds + {seconds:f}"  # noqa: S608 - a number
        self._postgres.administer(moved, database=self._name)
