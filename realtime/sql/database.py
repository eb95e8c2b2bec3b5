"""A database of either engine: one writing connection and a few reading ones."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.kernel.errors import Unavailable, translating
from realtime.sql.apart import Apart
from realtime.sql.engines import Engines
from realtime.sql.lines import Lines
from realtime.sql.postgres import PostgresEngines
from realtime.sql.sqlite import SqliteEngines
from realtime.sql.types import metadata


class Database:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._writing, self._reading = Lines(engines.writing), Lines(engines.reading)

    @classmethod
    def open(cls, url: str, *, patient: bool = False) -> Self:
        """Take ``sqlite:///file`` or ``postgresql://…``. Nothing is connected yet.

        ``patient``: for migrations, no statement takes too long.
        ``ValueError`` for anything else, in a sentence that does not repeat the URL: it may hold a
        password.
        """
        match urlsplit(url).scheme:
            case "sqlite":
                return cls(SqliteEngines(url))
            case "postgresql":
                return cls(PostgresEngines(url, patient=patient))
            case _:
                raise ValueError("a database is sqlite:///file or postgresql://user@host/name")

    @property
    def shared(self) -> bool:
        """Whether processes on other machines may write to it too."""
        return self._engines.shared

    async def problems(self) -> list[str]:
        """Why production must not trust this server with an alert, each in a sentence.

        It may not answer, or acknowledge a commit that a power cut would undo.
        """
        return await self._engines.problems()

    async def create_tables(self) -> None:
        """Make what is missing. Tables must have been declared, so their stores imported."""
        async with self.writing() as db, db.begin():
            with translating(SQLAlchemyError, OSError, into=Unavailable):
                await self._engines.alone_for_tables(db)
                await db.run_sync(metadata.create_all)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """The writer's connection: whoever holds it says begin, commit and rollback.

        ``Unavailable`` when there is none to be had; the next call replaces one that was lost.
        """
        async with self._writing.one() as db:
            yield db

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[AsyncConnection]:
        """A reading connection on which everything is seen as of one moment."""
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            async with self._reading.one() as db, db.begin():
                yield db

    async def now(self, db: AsyncConnection) -> datetime | None:
        """The database's time, in the midst of a transaction; None: the kernel's clock is used."""
        return await self._engines.now(db)

    async def patience(self, db: AsyncConnection, seconds: float) -> None:
        """From here to the end of the transaction, wait that long for what others have locked."""
        await self._engines.patience(db, seconds)

    async def apart(self, db: AsyncConnection) -> Apart:
        """Blocks, one after the other in a transaction that has begun: an error undoes its own."""
        return await self._engines.apart(db)

    async def overwrite(self) -> bool:
        """Leave as little as the engine can of what was deleted; False: not now, ask again."""
        return await self._engines.overwrite()

    async def close(self) -> None:
        await self._reading.close()
        await self._writing.close()
