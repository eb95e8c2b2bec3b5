"""Connections to a database: taken at once where one waits, else opened to the end, always."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from realtime.sql import Database
from tests.support.postgres import Postgres


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def database(address: str, tmp_path: Path) -> AsyncGenerator[Database]:
    made = await asyncio.to_thread(Database.open, address or f"sqlite:///{tmp_path / 'x.db'}")
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given a task of its own, by name."""
    names: list[str] = []
    honest = asyncio.create_task

    def noted(work: Coroutine[Any, Any, Any], **named: Any) -> asyncio.Task[Any]:  # noqa: ANN401
        names.append(getattr(work, "__qualname__", ""))
        return honest(work, **named)

    monkeypatch.setattr(asyncio, "create_task", noted)
    return names


def pool(database: Database) -> QueuePool:
    found = database._engines.reading.pool
    assert isinstance(found, QueuePool)
    return found


async def look(database: Database) -> None:
    async with database.snapshot() as db:
        await db.execute(text("SELECT 1"))


async def looked_in_vain(database: Database) -> None:
    """Cancelled as soon as it waits for something."""
    looking = asyncio.create_task(look(database))
    while not looking.done() and not pool(database).checkedout():  # noqa: ASYNC110
        await asyncio.sleep(0)
    looking.cancel()
    await asyncio.wait([looking])
    assert looking.cancelled()


async def test_a_line_that_waits_is_taken_at_once_and_needs_no_task(
    database: Database, tasks: list[str]
) -> None:
    await look(database)
    assert tasks.count("Lines._opened") == 1

    for _ in range(5):
        await look(database)

    assert tasks.count("Lines._opened") == 1
    assert pool(database).checkedin() == 1


async def test_a_line_that_is_being_opened_for_somebody_who_is_cancelled_is_there_for_the_next(
    database: Database,
) -> None:
    await looked_in_vain(database)

    assert (pool(database).checkedin(), pool(database).checkedout()) == (1, 0)
    await look(database)


async def test_a_line_that_has_closed_is_opened_anew_to_the_end_too(
    postgres: Postgres, tasks: list[str]
) -> None:
    url = postgres.empty_database()
    database = Database.open(url)
    try:
        await look(database)
        postgres.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            database=url.rpartition("/")[2],
        )
        # The driver must have heard of it.
        await asyncio.sleep(0.2)

        await looked_in_vain(database)

        assert tasks.count("Lines._opened") == 2
        assert (pool(database).checkedin(), pool(database).checkedout()) == (1, 0)
        await look(database)
        assert tasks.count("Lines._opened") == 2
    finally:
        await database.close()
