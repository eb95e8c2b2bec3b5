"""The connections of one engine: taken, given back, opened and closed to the end.

To be cancelled in the midst of opening one, or of giving it back, would leave it half open: nobody
would close it. So that is done by a task of its own, which nobody cancels. To take one that waits
open is done at once: there is no midst of it, and no task is needed.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from realtime.kernel.errors import Unavailable, translating
from realtime.sql.trouble import is_lost


class _Driven(Protocol):
    """A connection as the pool keeps it; PostgreSQL's driver knows whether it has closed."""

    driver_connection: object


class Lines:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        #: What waits in the pool, the next to be taken first; None: it would have to be opened.
        self._waiting: dict[object, _Driven | None] = {}
        event.listen(engine.sync_engine, "checkin", self._given_back)
        event.listen(engine.sync_engine, "checkout", self._given)

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[AsyncConnection]:
        """A connection; one on which something was lost is replaced before it is given again."""
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            db = await self._taken()
        try:
            yield db
        except Exception as error:
            if is_lost(error):
                await db.invalidate()
            raise
        finally:
            # To the end, whoever is cancelled meanwhile.
            await asyncio.shield(asyncio.create_task(db.close()))

    async def _taken(self) -> AsyncConnection:
        if self._next_is_open():
            return await self._opened()
        taking = asyncio.create_task(self._opened())
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(Exception):
                await (await taking).close()
            raise

    async def _opened(self) -> AsyncConnection:
        return await self._engine.connect()

    def _next_is_open(self) -> bool:
        first = next(iter(self._waiting.values()), None)
        if first is None:
            return False
        closed = getattr(first.driver_connection, "is_closed", None)
        return closed is None or not closed()

    def _given_back(self, connection: _Driven | None, record: object) -> None:
        self._waiting.pop(record, None)
        self._waiting[record] = connection

    def _given(self, connection: _Driven, record: object, proxy: object) -> None:
        self._waiting.pop(record, None)
