"""What a start finds out about a PostgreSQL server, and what a process may ask of it at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from realtime.sql import Database, Refused
from realtime.sql import postgres as engine
from tests.support.house import House, house_in, thing
from tests.support.ports import unused_port
from tests.support.postgres import Postgres


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def house(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[House]:
    async with house_in(tmp_path, postgres.empty_database()) as made:
        yield made


async def test_a_server_that_is_not_there_is_named_in_a_sentence(tmp_path: Path) -> None:
    url = f"postgresql://entraide:canary@127.0.0.1:{unused_port()}/entraide"
    database = Database.open(url)
    try:
        [sentence] = await database.problems()
    finally:
        await database.close()

    assert sentence == (
        "PostgreSQL does not answer: nobody listens at this address (is it started?)"
    )
    with pytest.raises(Unavailable):
        async with house_in(tmp_path, url):
            pass


async def test_a_server_that_would_lose_what_it_acknowledged_is_found_out(
    postgres: Postgres,
) -> None:
    url = postgres.new_database()
    name = url.rsplit("/", 1)[1]
    postgres.administer(f"ALTER DATABASE {name} SET synchronous_commit = off")
    safe, unsafe = Database.open(postgres.empty_database()), Database.open(url)
    try:
        assert await safe.problems() == []
        assert await unsafe.problems() == [
            "PostgreSQL has synchronous_commit=off: a power cut loses what was acknowledged"
        ]
    finally:
        await safe.close()
        await unsafe.close()


async def test_a_wrong_password_is_named_and_not_repeated(postgres: Postgres) -> None:
    url = postgres.new_database()
    password = url.split(":")[2].split("@")[0]
    database = Database.open(url.replace(password, "canary"))
    try:
        assert await database.problems() == [
            "PostgreSQL does not answer: it refuses the user or the password"
        ]
    finally:
        await database.close()


@pytest.mark.parametrize(("patient", "limit"), [(False, "5s"), (True, "0")])
async def test_the_server_ends_what_takes_too_long_unless_tables_are_being_changed(
    postgres: Postgres, patient: bool, limit: str
) -> None:
    database = Database.open(postgres.empty_database(), patient=patient)
    try:
        async with database.writing() as db, db.begin():
            assert (await db.execute(text("SHOW statement_timeout"))).scalar_one() == limit
            assert (await db.execute(text("SHOW lock_timeout"))).scalar_one() == "50ms"
    finally:
        await database.close()


async def test_more_readers_than_there_are_lines_wait_a_while_and_are_refused(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "POOL_S", 0.1)
    database = Database.open(postgres.empty_database())
    try:
        async with AsyncExitStack() as stack:
            held = [
                await stack.enter_async_context(database.snapshot()) for _ in range(engine.READERS)
            ]
            assert len(held) == 8
            with pytest.raises(Unavailable):
                held.append(await stack.enter_async_context(database.snapshot()))

        async with database.snapshot() as db:
            await db.execute(text("SELECT 1"))
    finally:
        await database.close()


async def test_a_snapshot_can_change_nothing(house: House) -> None:
    async with house.made.database.snapshot() as db:
        with pytest.raises(Refused):
            await db.execute(thing.insert().values(name="x"))


async def test_deleted_keys_leave_their_pages_and_not_more_than_once_a_minute(
    house: House,
) -> None:
    async def shreds(tx: Transaction) -> None:
        await tx.seal("place:1", b"here", context="c")
        await tx.shred("place:1")

    counted = text("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'seal_key'")

    async def times() -> int:
        async with house.made.database.snapshot() as db:
            return int((await db.execute(counted)).scalar_one())

    await house.write(shreds)
    before = await times()
    assert await house.made.database.overwrite()
    async with asyncio.timeout(30):
        # The server counts when it has a moment.
        while await times() == before:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.05)
    assert not await house.made.database.overwrite()
