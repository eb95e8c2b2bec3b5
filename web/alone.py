"""One serving process for one SQLite file: what another commits, this one would not hear.

Presence, live cells and the broker of such an installation are in memory, so each of two processes
would lose the other's alerts. The lock is the kernel's: it goes with the process, however it ends.
"""

import asyncio
import fcntl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from web.settings import PREFIX, BadSettings, Settings


@asynccontextmanager
async def serving_alone(settings: Settings) -> AsyncGenerator[None]:
    """Be the only one to serve this database for as long as the block lasts, or ``BadSettings``."""
    file = settings.database_file
    if file is None:
        yield
        return
    lock = await asyncio.to_thread(_locked, file.with_name(f"{file.name}.serving"))
    try:
        yield
    finally:
        lock.close()


def _locked(path: Path) -> TextIO:
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise BadSettings([f"{PREFIX}DATABASE: another process serves this database"]) from None
    return lock
