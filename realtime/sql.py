"""Engines, and the few types that both SQL engines must agree on. Statements live in stores.

SQLite is opened for safety: WAL, ``synchronous=FULL`` (an acknowledged command survives a power
cut), ``secure_delete`` (what is deleted is overwritten), and no transactions of the driver's own:
``BEGIN IMMEDIATE`` is said explicitly, or a savepoint would start outside any transaction.
"""

import sqlite3
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self
from urllib.parse import urlsplit

import aiosqlite
from sqlalchemy import BigInteger, Dialect, MetaData, Table, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.dml import Insert
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from realtime.kernel.errors import Unavailable, translating

#: What statements run on.
Connection = AsyncConnection
#: A row that must be unique was not: somebody else was there first.
Duplicate = IntegrityError
#: The database refused a statement, or could not be reached.
Refused = DBAPIError
#: Anything that SQLAlchemy raises.
Failed = SQLAlchemyError

#: Every ``store.py`` declares its tables here.
metadata = MetaData()

#: How long a command waits for another process that writes.
BUSY_MS = 5_000
PRAGMAS: tuple[str, ...] = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA temp_store=MEMORY",
)
READERS = 4

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole milliseconds since 1970: the same number on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MILLISECOND


def upsert(table: Table, values: Mapping[str, object], *, key: Sequence[str]) -> Insert:
    """Insert a row, or overwrite the one that has the same ``key`` columns."""
    return upsert_all(table, list(values), key=key).values(**values)


def upsert_all(table: Table, columns: Sequence[str], *, key: Sequence[str]) -> Insert:
    """The same for many rows, given when it is executed, that have these columns."""
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(key))
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


class Database:
    """One writing connection and a few reading ones, on the same file."""

    def __init__(self, writing: AsyncEngine, reading: AsyncEngine) -> None:
        self._writing = writing
        self._reading = reading

    @classmethod
    def open(cls, url: str) -> Self:
        """Take ``sqlite:///file``. Nothing is connected yet."""
        if urlsplit(url).scheme != "sqlite":
            raise ValueError("only sqlite:///file is built so far")
        address = url.replace("sqlite:", "sqlite+aiosqlite:", 1)
        writing = create_async_engine(address, pool_size=1, max_overflow=0, hide_parameters=True)
        reading = create_async_engine(
            address, pool_size=READERS, max_overflow=0, pool_timeout=5, hide_parameters=True
        )
        for engine, begin in ((writing, "BEGIN IMMEDIATE"), (reading, "BEGIN")):
            _prepare(engine, begin)
        return cls(writing, reading)

    async def create_tables(self) -> None:
        """Make what is missing. Tables must have been declared, so their stores imported."""
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            async with self._writing.begin() as db:
                await db.run_sync(metadata.create_all)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """The writer's connection: whoever holds it says begin, commit and rollback."""
        async with self._writing.connect() as db:
            yield db

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """A reading connection on which everything is seen as of one moment."""
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            async with self._reading.connect() as db, db.begin():
                yield db

    async def overwrite(self) -> bool:
        """Leave nothing of what was deleted in the write-ahead log; False: not now, ask again.

        ``secure_delete`` overwrites pages, but the log holds what they were until it is emptied.
        """
        # The driver is spoken to without SQLAlchemy, so its errors come as they are.
        with translating(SQLAlchemyError, sqlite3.Error, OSError, into=Unavailable):
            async with self._writing.connect() as db:
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

    async def close(self) -> None:
        await self._reading.dispose()
        await self._writing.dispose()


class _SqliteConnection(Protocol):
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
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]
