"""Savepoints for commands that follow each other in one transaction, each undone by itself.

One is said together with the first statement that needs it, or never (SQLite), or together with the
end of the one before (PostgreSQL). SQLAlchemy's own take longer than the command between them.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.sql.often import say
from realtime.sql.thread import MARK, RELEASE, Line

#: A block; what is done within is undone when an error leaves it.
Apart = Callable[[], AbstractAsyncContextManager[None]]

_UNDO = "ROLLBACK TO SAVEPOINT command"


async def on_demand(db: AsyncConnection) -> Apart:
    """On SQLite, where a savepoint is said in the driver's thread, on the way to a statement."""
    line = cast("Line", (await db.get_raw_connection()).driver_connection)
    line.unmark()

    @asynccontextmanager
    async def block() -> AsyncGenerator[None]:
        line.mark()
        try:
            yield
        except BaseException:
            if line.has_said and not db.invalidated:
                await db.exec_driver_sql(_UNDO)
            raise
        finally:
            # Who said nothing leaves nothing to be undone: the mark must not outlive its block.
            line.take_mark_back()

    return block


async def in_turn(db: AsyncConnection) -> Apart:
    """On PostgreSQL, where each statement is a round trip."""
    text = MARK

    @asynccontextmanager
    async def block() -> AsyncGenerator[None]:
        nonlocal text
        await say(db, text)
        text = f"{RELEASE}; {MARK}"
        try:
            yield
        except BaseException:
            if not db.invalidated:
                await db.exec_driver_sql(_UNDO)
            raise

    return block
