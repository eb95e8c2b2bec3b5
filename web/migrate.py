"""Bringing the database to what this program needs: `./run migrate`, and at a development start.

In production only the operator does it, by name: a program that changed the schema by itself at a
rolling upgrade would break those that still run, or do half of it on each of three nodes.
"""

import asyncio

from realtime.sql import Database, Refused
from web.migrations.history import Revision, Verdict, verdict
from web.migrations.running import Moved, UnknownTables, move, newest, standing
from web.settings import PREFIX, BadSettings, Settings

OLD = "the database is older than this program: run `./run migrate --pre`, then start again"
NEW = (
    "the database is newer than this program: start the newer program,"
    " or go back with it: `./run migrate --down post_{release:04d}`"
)
UNKNOWN = f"{PREFIX}DATABASE: its tables are neither of a release nor empty; nothing was changed"
POSTGIS = (
    f"{PREFIX}DATABASE: PostGIS is missing, and only an administrator can add it:"
    " `CREATE EXTENSION postgis`; nothing was changed"
)
REFUSED = f"{PREFIX}DATABASE: a migration was refused ({{state}}); nothing was changed"
#: What PostgreSQL says when it has no PostGIS, or will not let us add it.
_NO_EXTENSION = frozenset({"42501", "0A000", "58P01"})
NOT_PRE = "run `./run migrate --pre` first, and --post once every node runs this program"
NOT_KNOWN = "--down takes the name of a migration, such as post_0001, that has been run already"


async def ready(settings: Settings, database: Database) -> None:
    """Return when this program can serve the database; in production it is never changed.

    ``BadSettings`` names what the operator has to do.
    """
    last = await asyncio.to_thread(newest)
    match verdict(await standing(database), last.release):
        case Verdict.NEW:
            raise BadSettings([NEW.format(release=last.release)])
        case Verdict.OLD if settings.production:
            raise BadSettings([OLD])
        case Verdict.OLD:
            await _moved(settings, last)
        case Verdict.READY:
            pass


async def migrate(settings: Settings, *, pre: bool, post: bool, down: str | None) -> Moved:
    """What the verb does: up to this release's ``pre``, to its ``post``, or down to a name."""
    if settings.database_file is not None:
        folder = settings.database_file.parent
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    last = await asyncio.to_thread(newest)
    found = await _found(settings)
    if found is not None and found > last:
        raise BadSettings([NEW.format(release=last.release)])
    if down is not None:
        return await _moved(settings, _below(down, found))
    if post and not pre and verdict(found, last.release) is Verdict.OLD:
        raise BadSettings([NOT_PRE])
    goal = last if post or not pre else Revision(last.release, post=False)
    # Never down without being told to.
    return await _moved(settings, goal if found is None else max(goal, found))


async def _found(settings: Settings) -> Revision | None:
    database = await asyncio.to_thread(Database.open, settings.database_url)
    try:
        return await standing(database)
    finally:
        await database.close()


def _below(name: str, found: Revision | None) -> Revision:
    try:
        goal = Revision.read(name)
    except ValueError:
        raise BadSettings([NOT_KNOWN]) from None
    if found is None or goal > found:
        raise BadSettings([NOT_KNOWN])
    return goal


async def _moved(settings: Settings, goal: Revision) -> Moved:
    try:
        return await move(settings.database_url, goal)
    except UnknownTables:
        raise BadSettings([UNKNOWN]) from None
    except Refused as error:
        state = getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
        raise BadSettings(
            [POSTGIS if state in _NO_EXTENSION else REFUSED.format(state=state)]
        ) from None
