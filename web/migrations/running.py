"""Running migrations: all that are needed in one transaction, by one process at a time.

A database is locked before it is looked at (an advisory lock on PostgreSQL, the only writer's place
on SQLite), so whoever comes second finds the work done. Interrupted anywhere, nothing has happened.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from realtime.sql import Database, Refused, is_in_the_way
from web.migrations.history import Revision

VERSIONS = Path(__file__).parent / "versions"
#: Where a database that was made before there were migrations stands.
BEFORE = Revision(1, post=True)
#: The name of our advisory lock: any number that nobody else uses.
_LOCK = 0x456E7472
#: A table that is busy is waited for that long, and everyone who wants it waits behind us…
PATIENCE_MS = 2_000
#: …so then we let go and try again, so many times, with a pause.
TRIES = 30
PAUSE_S = 1.0

#: What the programs made that had no migrations.
FIRST_TABLES = {
    "alert", "alert_companion", "answered", "audit", "audit_end", "commune", "current_import",
    "exclusion", "helper", "hotel", "incident", "lineage", "offer", "outline", "publication",
    "room", "room_member", "seal_key", "session", "station", "stream", "task",
}  # fmt: skip


class UnknownTables(Exception):
    """There are tables of ours, but nothing says how they came to be."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done; None: nothing was there."""

    before: Revision | None
    after: Revision

    @property
    def sentence(self) -> str:
        if self.before == self.after:
            return f"is at {self.after.name} already"
        return f"moved from {self.before.name if self.before else 'nothing'} to {self.after.name}"


@cache
def script(folders: tuple[Path, ...] = (VERSIONS,)) -> ScriptDirectory:
    """The migrations of these folders, in their order."""
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    made = ScriptDirectory.from_config(config)
    # Read the files here, in the thread that waits for them.
    made.get_heads()
    return made


@cache
def newest(folders: tuple[Path, ...] = (VERSIONS,)) -> Revision:
    """The last migration that this program knows."""
    return max(Revision.read(path.stem) for folder in folders for path in folder.glob("p*_*.py"))


async def standing(database: Database) -> Revision | None:
    """How far a database has been migrated; None: never."""
    async with database.snapshot() as db:
        return await db.run_sync(_standing)


async def move(
    url: str,
    goal: Revision,
    folders: tuple[Path, ...] = (VERSIONS,),
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Moved:
    """Bring a database to a revision, up or down, at once and whole; waits for others who do.

    ``UnknownTables`` when it is not clear what to start from. Nothing has happened then, nor when
    anything else is raised.
    """
    steps = await asyncio.to_thread(script, folders)
    database = await asyncio.to_thread(Database.open, url, patient=True)
    try:
        work = partial(_move, goal=goal, script=steps)
        return await _patiently(database, work, pause)
    finally:
        await database.close()


async def _patiently(
    database: Database,
    work: Callable[[Connection], Moved],
    pause: Callable[[float], Awaitable[None]],
) -> Moved:
    left = TRIES
    while True:
        try:
            async with database.writing() as db, db.begin():
                return await db.run_sync(work)
        except Refused as error:
            left -= 1
            if not left or not (is_in_the_way(error) or "database is locked" in str(error.orig)):
                raise
        await pause(PAUSE_S)


def _move(db: Connection, *, goal: Revision, script: ScriptDirectory) -> Moved:
    if db.dialect.name == "postgresql":
        _hold(db)
    before = start = _standing(db)
    if before is None and _made_before(db):
        MigrationContext.configure(db).stamp(script, BEFORE.name)
        start = BEFORE
    if start != goal:
        _walk(db, goal, script, up=start is None or start < goal)
    return Moved(before, goal)


def _walk(db: Connection, goal: Revision, script: ScriptDirectory, *, up: bool) -> None:
    def steps(found: tuple[str, ...], _: MigrationContext) -> Iterable[RevisionStep]:
        if up:
            return script._upgrade_revs(goal.name, found)  # type: ignore[arg-type]
        return script._downgrade_revs(goal.name, found)  # type: ignore[arg-type]

    context = MigrationContext.configure(db, opts={"fn": steps, "script": script})
    with Operations.context(context):
        context.run_migrations()


def _standing(db: Connection) -> Revision | None:
    found = MigrationContext.configure(db).get_current_revision()
    return None if found is None else Revision.read(found)


def _made_before(db: Connection) -> bool:
    """Whether the first tables are there, as the programs made them that had no migrations."""
    seen = inspect(db)
    found = FIRST_TABLES & set(seen.get_table_names())
    if not found:
        return False
    if found < FIRST_TABLES or any(it["name"] == "place" for it in seen.get_columns("hotel")):
        raise UnknownTables
    return True


def _hold(db: Connection) -> None:
    """Wait for other processes that migrate; let no time-out of a command's end what we do."""
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        db.execute(text(f"SET LOCAL {setting} = 0"))
    db.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
    db.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
