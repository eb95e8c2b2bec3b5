"""SQLite: what finds rows by their keys is carried out at once, and still nobody waits for it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Column, MetaData, String, Table, bindparam, delete, select

from realtime.sql import Connection, Database, Often, among
from realtime.sql.often import MOST_NAMES_AT_ONCE, MOST_ROWS_AT_ONCE
from realtime.sql.thread import MOST_AT_ONCE, Line

#: Of a test, and so not declared where the others are.
note = Table("note", MetaData(), Column("name", String, primary_key=True))
_FIND = Often(select(note.c.name).where(note.c.name == bindparam("its_name")))
_WRITE = Often(note.insert())
_AMONG = Often(select(note.c.name).where(among(note.c.name, "names")))
_DROP = Often(delete(note).where(among(note.c.name, "names")))
_ANSWER = Often(note.insert().returning(note.c.name))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: nothing here is the loop's."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    made = await asyncio.to_thread(Database.open, f"sqlite:///{tmp_path / 'x.db'}")
    try:
        async with made.writing() as db, db.begin():
            await db.run_sync(note.create)
        yield made
    finally:
        await made.close()


async def line_of(db: Connection) -> Line:
    return cast("Line", (await db.get_raw_connection()).driver_connection)


async def turns_meanwhile(work: Callable[[], Awaitable[object]]) -> int:
    """How often the loop came round while something was done."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    try:
        await work()
    finally:
        counting.cancel()
    return turns


async def test_a_transaction_goes_to_the_other_thread_for_its_commit_alone(
    database: Database,
) -> None:
    async with database.writing() as db:
        line = await line_of(db)
        before = line._given
        async with db.begin():
            await _WRITE.each(db, [{"name": "one"}, {"name": "other"}])
            assert [it.name for it in await _FIND.rows(db, {"its_name": "one"})] == ["one"]
            assert line._given == before
        assert line._given == before + 1
    async with database.writing() as db:
        # Given back without having gone there.
        assert line._given == before + 1


async def test_a_snapshot_does_not_go_there(database: Database) -> None:
    async with database.snapshot() as db:
        line = await line_of(db)
    before = line._given

    async with database.snapshot() as db:
        assert await line_of(db) is line
        assert await _FIND.rows(db, {"its_name": "one"}) == []

    assert line._given == before


async def test_what_one_has_read_another_may_change_afterwards(database: Database) -> None:
    async with database.snapshot() as db:
        await _FIND.rows(db, {"its_name": "one"})
    async with database.writing() as db, db.begin():
        await _WRITE.each(db, [{"name": "one"}])

    async with database.snapshot() as db:
        assert len(await _FIND.rows(db, {"its_name": "one"})) == 1


async def test_others_have_their_turns_while_much_is_said(database: Database) -> None:
    async with database.snapshot() as db:

        async def much() -> None:
            for _ in range(20 * MOST_AT_ONCE):
                await _FIND.rows(db, {"its_name": "one"})

        assert await turns_meanwhile(much) > 10


@pytest.mark.parametrize("answers", [False, True])
async def test_others_have_their_turns_while_many_rows_are_said(
    database: Database, answers: bool
) -> None:
    """Sixty-four searches that share a commit offer 3,648 people something in one statement."""
    rows = [{"name": f"{number}"} for number in range(20_000)]
    async with database.writing() as db, db.begin():

        async def many() -> None:
            if answers:
                assert len(await _ANSWER.rows_of_each(db, rows)) == len(rows)
            else:
                await _WRITE.each(db, rows)

        assert await turns_meanwhile(many) > 10


@pytest.mark.parametrize(("names", "waits"), [(MOST_NAMES_AT_ONCE, 0), (1024, 1)])
async def test_a_long_list_is_looked_for_in_the_thread(
    database: Database, names: int, waits: int
) -> None:
    asked = [f"{number}" for number in range(names)]
    async with database.snapshot() as db:
        line = await line_of(db)
        before = line._given
        assert await _AMONG.rows(db, {"names": asked}) == []
        assert line._given == before + waits


async def test_so_is_what_is_to_be_dropped(database: Database) -> None:
    """Publications that waited for a broker are forgotten together."""
    async with database.writing() as db, db.begin():
        line = await line_of(db)
        before = line._given
        await _DROP.each(db, [{"names": [f"{number}" for number in range(1000)]}])
        assert line._given == before + 1


async def test_a_few_rows_are_said_at_once(database: Database) -> None:
    rows = [{"name": f"{number}"} for number in range(MOST_ROWS_AT_ONCE)]
    async with database.writing() as db, db.begin():
        before = (await line_of(db))._given
        await _WRITE.each(db, rows)
        assert (await line_of(db))._given == before


@pytest.fixture(scope="module")
def said_often() -> dict[str, Often]:
    """By the names they have in their stores."""
    found = {}
    for folder in ("web", "programmes", "alerts", "matching", "geo", "realtime"):
        for file in sorted((ROOT / folder).rglob("store.py")):
            store = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for name, it in vars(import_module(store)).items():
                if isinstance(it, Often):
                    found[f"{store}.{name}"] = it
    return found


async def test_what_is_said_often_goes_through_no_table(
    database: Database, said_often: dict[str, Often]
) -> None:
    """Or the loop would stand still while it does: the longer the table, the longer."""
    assert len(said_often) > 20
    await database.create_tables()
    async with database.snapshot() as db:
        line = await line_of(db)
        for name, statement in said_often.items():
            plan = statement._plan(db.dialect)
            steps = await line.ask(f"EXPLAIN QUERY PLAN {plan.text}", [None] * len(plan.given))
            # A list that was given is gone through, as it must be.
            through = [it[3] for it in steps if it[3].startswith("SCAN") and "VIRTUAL" not in it[3]]
            assert not through, (name, through)


async def test_what_is_still_under_way_in_the_thread_is_waited_for(database: Database) -> None:
    done = []

    def slowly(driver: sqlite3.Connection) -> None:
        time.sleep(0.2)
        driver.execute("INSERT INTO note VALUES ('slow')")
        done.append("slow")

    async with database.writing() as db, db.begin():
        line = await line_of(db)
        working = asyncio.create_task(line.within(slowly))
        await asyncio.sleep(0.05)
        working.cancel()
        await asyncio.wait([working])
        assert not done

        assert len(await _FIND.rows(db, {"its_name": "slow"})) == 1
        assert done


async def test_the_loop_goes_on_while_another_process_writes(
    database: Database, tmp_path: Path
) -> None:
    other = await asyncio.to_thread(
        sqlite3.connect, tmp_path / "x.db", isolation_level=None, check_same_thread=False
    )

    async def write() -> None:
        async with database.writing() as db, db.begin():
            await _WRITE.each(db, [{"name": "later"}])

    try:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        writing = asyncio.create_task(write())

        assert await turns_meanwhile(lambda: asyncio.sleep(0.3)) > 100

        assert not writing.done()
        await asyncio.to_thread(other.execute, "COMMIT")
        await writing
    finally:
        await asyncio.to_thread(other.close)

    async with database.snapshot() as db:
        assert len(await _FIND.rows(db, {"its_name": "later"})) == 1
