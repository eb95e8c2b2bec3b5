"""A database is brought from any release to this one and back, on both engines, and no row is lost.

Whatever happens in the midst of it has not happened, and of two who do it at once one does it.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Connection, inspect, text

from geo.places.near.store import nearest
from geo.point import Point
from realtime.ledger import Reading
from tests.support.migrating import content, fill, make_as_before, old_tables, opened
from tests.support.postgres import Postgres
from tests.support.pure_files import ROOT
from web.migrations.history import Revision
from web.migrations.running import VERSIONS, UnknownTables, move, newest, standing

OLDEST, BEFORE = Revision(1, post=False), Revision(1, post=True)
NEWEST = newest()
PRE, POST = Revision(2, post=False), Revision(2, post=True)
#: A migration that is stopped in the midst: what it says last is filled in.
STOPPED = '''"""Stopped."""
import os, signal
from alembic import op
from sqlalchemy import Column, String
revision, down_revision = "pre_9999", "{last}"
def upgrade():
    op.create_table("half", Column("name", String))
    op.execute("DELETE FROM hotel")
    {end}
'''
KILLED, FAILED = "os.kill(os.getpid(), signal.SIGKILL)", "raise RuntimeError('stopped')"

NewDatabase = Callable[[], str]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """Makes empty databases of an engine; answers how to reach them."""
    if request.param == "sqlite":
        names = iter("abc")
        return lambda: f"sqlite:///{tmp_path / next(names)}.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database


async def run(*words: str) -> tuple[int, str]:
    """``tests.support.migrating`` in a process of its own: how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.migrating", *words,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def said(url: str, work: Callable[[Connection], object]) -> None:
    async with opened(url) as database, database.writing() as db, db.begin():
        await db.run_sync(work)


async def rows_in(url: str) -> dict[str, list[tuple[object, ...]]]:
    async with opened(url) as database, database.snapshot() as db:
        return await db.run_sync(content)


async def at(url: str) -> Revision | None:
    async with opened(url) as database:
        return await standing(database)


async def test_migrations_make_what_the_tables_declare(new_database: NewDatabase) -> None:
    # A forgotten table, column, index or NOT NULL is named here.
    code, differences = await run("differences", new_database(), new_database())

    assert (code, differences) == (0, "")


async def test_rows_survive_up_down_and_up_again(new_database: NewDatabase) -> None:
    url = new_database()
    await move(url, OLDEST)
    await said(url, fill)
    before = await rows_in(url)

    for goal in (NEWEST, OLDEST, NEWEST, PRE, NEWEST):
        moved = await move(url, goal)

        assert moved.after == goal == await at(url)
        assert await rows_in(url) == before
    assert len(before) == 22
    assert all(len(rows) == 3 for rows in before.values())


async def test_moving_to_where_one_is_does_nothing(new_database: NewDatabase) -> None:
    url = new_database()

    first, again = await move(url, NEWEST), await move(url, NEWEST)

    assert (first.before, again.before, again.after) == (None, NEWEST, NEWEST)
    assert again.sentence.endswith("already")


async def test_a_database_made_before_migrations_is_adopted_with_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    await asyncio.to_thread(make_as_before, tmp_path / "old.db")
    before = await rows_in(url)

    await move(url, NEWEST)

    assert await at(url) == NEWEST
    assert await rows_in(url) == before
    assert len(before["hotel"]) == 3


@pytest.mark.parametrize("change", ["DROP TABLE audit", "ALTER TABLE hotel ADD COLUMN place BLOB"])
async def test_tables_of_unknown_origin_are_left_alone(tmp_path: Path, change: str) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    await asyncio.to_thread(make_as_before, tmp_path / "old.db")
    await said(url, lambda db: db.execute(text(change)))

    with pytest.raises(UnknownTables):
        await move(url, NEWEST)

    assert await at(url) is None


async def test_the_program_of_before_goes_on_while_the_new_one_comes(
    new_database: NewDatabase,
) -> None:
    url = new_database()
    await move(url, BEFORE)
    await said(url, fill)
    await move(url, PRE)

    def as_before(db: Connection) -> None:
        fill(db, first=11)
        for table in old_tables().values():
            last = list(table.columns)[-1]
            db.execute(table.update().values({last.name: last}))
        db.execute(old_tables()["hotel"].delete().where(text("row = 1")))

    await said(url, as_before)
    await move(url, POST)

    found = await rows_in(url)
    assert [len(rows) for name, rows in found.items() if name != "hotel"] == [6] * 21
    hotels = {row[1]: row for row in found["hotel"]}
    assert set(hotels) == {2, 3, 11, 12, 13}
    # Once it is gone, what it wrote is as the new program writes it.
    now_current = "UPDATE current_import SET kind = 'hotels', import_id = :id WHERE loaded = 11"
    await said(url, lambda db: db.execute(text(now_current), {"id": hotels[11][0]}))
    async with opened(url) as database, database.snapshot() as db:
        reading = cast(Reading, SimpleNamespace(db=db))
        near = await nearest(reading, "hotels", Point(lat=41.6, lon=41.6), 2)
    assert [it.key for it in near] == ["id 11 d'été"]


async def test_after_post_every_place_is_required(new_database: NewDatabase) -> None:
    url = new_database()
    await move(url, NEWEST)

    def required(db: Connection) -> list[bool]:
        tables = ("hotel", "station", "commune")
        columns = [it for name in tables for it in inspect(db).get_columns(name)]
        return [it["nullable"] for it in columns if it["name"] == "place"]

    async with opened(url) as database, database.snapshot() as db:
        assert await db.run_sync(required) == [False, False, False]


@pytest.mark.parametrize("end", [KILLED, FAILED], ids=["killed", "failed"])
async def test_a_migration_that_is_stopped_has_not_happened(
    new_database: NewDatabase, tmp_path: Path, end: str
) -> None:
    url, folder = new_database(), tmp_path / "more"
    folder.mkdir()
    (folder / "pre_9999.py").write_text(STOPPED.format(last=NEWEST.name, end=end))
    await move(url, BEFORE)
    await said(url, fill)
    before = await rows_in(url)

    if end == KILLED:
        assert (await run("move", url, "pre_9999", str(folder)))[0] == -signal.SIGKILL
    else:
        with pytest.raises(RuntimeError, match="stopped"):
            await move(url, Revision(9999, post=False), (VERSIONS, folder))

    # Not even those that came before it in the same walk.
    assert await at(url) == BEFORE
    assert await rows_in(url) == before
    async with opened(url) as database, database.snapshot() as db:
        assert "half" not in await db.run_sync(lambda it: inspect(it).get_table_names())
    assert (await move(url, NEWEST)).before == BEFORE


async def test_of_two_processes_that_migrate_at_once_one_does(new_database: NewDatabase) -> None:
    url = new_database()

    ended = await asyncio.gather(*(run("move", url, NEWEST.name) for _ in range(2)))

    assert [code for code, _ in ended] == [0, 0]
    assert sorted(words.split()[0] for _, words in ended) == ["is", "moved"]


async def test_a_migration_lets_go_of_a_busy_table_and_tries_again(postgres: Postgres) -> None:
    url = postgres.new_database()
    await move(url, BEFORE)
    waited: list[float] = []
    async with opened(url) as database, database.writing() as db:
        busy = await db.begin()
        await db.execute(text("LOCK TABLE hotel"))

        async def pause(seconds: float) -> None:
            waited.append(seconds)
            await busy.rollback()

        await move(url, NEWEST, pause=pause)

    assert len(waited) == 1
    assert await at(url) == NEWEST
