"""The connections of one engine: taken, given back, opened and closed to the end.

To be cancelled in the midst of opening one, or of giving it back, would leave it half open: nobody
would close it. So that is done by a task of its own, which nobody cancels. To take one that waits
open is done at once: there is no midst of it, and no task is needed.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from realtime.kernel.errors import Unavailable, translating
from realtime.sql.trouble import is_lost

T = TypeVar("T")


class _Driven(Protocol):
    """A connection as the pool keeps it; PostgreSQL's driver knows whether it has closed."""

    driver_connection: object


class Lines:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        #: What waits in the pool, the next to be taken first; None: it would have to be opened.
        self._waiting: dict[object, _Driven | None] = {}
        #: Being opened or given back by a task of its own, whose asker may be gone.
        self._under_way: set[asyncio.Task[Any]] = set()  # Any: some answer a connection
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
            await asyncio.shield(self._apart(db.close()))

    async def close(self) -> None:
        """Close them all, those too that are still on their way back."""
        while self._under_way:
            await asyncio.wait(self._under_way)
            # Whoever was cancelled while one was opened now gives it back.
            await asyncio.sleep(0)
        await self._engine.dispose()

    async def _taken(self) -> AsyncConnection:
        if self._next_is_open():
            return await self._opened()
        taking = self._apart(self._opened())
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(Exception):
                await asyncio.shield(self._apart(_closed(taking)))
            raise

    def _apart(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that nobody cancels, and that ``close`` waits for."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

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


async def _closed(taking: asyncio.Task[AsyncConnection]) -> None:
    """Give back what was opened for somebody who is gone."""
    await (await taking).close()
