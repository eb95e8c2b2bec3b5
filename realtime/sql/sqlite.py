"""SQLite, opened for safety.

WAL, ``synchronous=FULL`` (an acknowledged command survives a power cut), ``secure_delete`` (what is
deleted is overwritten), and no transactions of the driver's own: ``BEGIN IMMEDIATE`` is said
explicitly, or a savepoint would start outside any transaction.
"""

import sqlite3
from datetime import datetime
from typing import Protocol, cast

import aiosqlite
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from realtime.kernel.errors import Unavailable, translating
from realtime.sql.apart import Apart, on_demand
from realtime.sql.thread import BUSY_MS, READ, WRITE, Line, connect
from realtime.sql.types import Connection
from realtime.sql_point import Taught, teach, teach_sums

PRAGMAS: tuple[str, ...] = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA temp_store=MEMORY",
)
READERS = 4


class SqliteEngines:
    #: Whoever else writes to the file is on this machine, and does not serve (``web/alone.py``).
    shared = False

    def __init__(self, url: str) -> None:
        address = url.replace("sqlite:", "sqlite+aiosqlite:", 1)
        arguments = {"async_creator_fn": connect}
        self.writing = create_async_engine(
            address, pool_size=1, max_overflow=0, hide_parameters=True, connect_args=arguments
        )
        self.reading = create_async_engine(
            address,
            pool_size=READERS,
            max_overflow=0,
            pool_timeout=5,
            hide_parameters=True,
            connect_args=arguments,
        )
        for engine, begin in ((self.writing, WRITE), (self.reading, READ)):
            _prepare(engine, begin)

    async def alone_for_tables(self, db: Connection) -> None:
        """We are: ``BEGIN IMMEDIATE``."""

    async def now(self, db: Connection) -> datetime | None:
        return None

    async def patience(self, db: Connection, seconds: float) -> None:
        """Nobody locks anything while we write."""

    async def apart(self, db: Connection) -> Apart:
        return await on_demand(db)

    async def problems(self) -> list[str]:
        return []

    async def overwrite(self) -> bool:
        """Empty the write-ahead log: ``secure_delete`` overwrites pages, but not what they were."""
        # The driver is spoken to without SQLAlchemy, so its errors come as they are.
        with translating(SQLAlchemyError, sqlite3.Error, OSError, into=Unavailable):
            async with self.writing.connect() as db:
                # The driver itself: within a transaction the log cannot be emptied.
                driver: aiosqlite.Connection | None
                driver = (await db.get_raw_connection()).driver_connection
                if driver is None:
                    return False
                # Without waiting for a reader to end: every command would wait with us.
                await driver.execute("PRAGMA busy_timeout=0")
                try:
                    async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                        row = await cursor.fetchone()
                finally:
                    await driver.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        # Busy, pages in the log, pages moved.
        return row is not None and row[0] == 0


class _SqliteConnection(Taught, Protocol):
    isolation_level: str | None

    def cursor(self) -> "_SqliteCursor": ...


class _SqliteCursor(Protocol):
    def execute(self, statement: str) -> object: ...
    def close(self) -> None: ...


def _prepare(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: _SqliteConnection, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        try:
            cursor.execute("SELECT sqrt(1), atan2(1, 1)")
        except sqlite3.OperationalError:
            teach_sums(connection)
        cursor.close()
        teach(connection)

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: sqlalchemy.Connection) -> None:
        line = cast("Line", connection.connection.driver_connection)
        if not line.begun(begin):
            connection.exec_driver_sql(begin)
