"""What each engine must say about itself, so that ``Database`` need not know which it is."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from realtime.sql.apart import Apart
from realtime.sql.types import Connection


class Engines(Protocol):
    #: Where the writer writes: one connection.
    writing: AsyncEngine
    #: Where everything is seen as of one moment.
    reading: AsyncEngine
    #: Whether processes on other machines may write to it too.
    shared: bool

    def alone_for_tables(self, db: Connection) -> Awaitable[None]:
        """Wait until no other process is making tables."""
        ...

    def now(self, db: Connection) -> Awaitable[datetime | None]: ...

    def patience(self, db: Connection, seconds: float) -> Awaitable[None]: ...

    def apart(self, db: Connection) -> Awaitable[Apart]: ...

    def overwrite(self) -> Awaitable[bool]: ...

    def problems(self) -> Awaitable[list[str]]: ...
