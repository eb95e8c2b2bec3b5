"""PostgreSQL killed, stopped, full, slow: refused loudly, never half done, well again by itself."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncTransaction

from realtime import store
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.sql import postgres as engine
from tests.support.house import ME, ROOM, House, adds, house_in, thing
from tests.support.postgres import Postgres

#: A machine that does many things at once may take long over a recovery.
PATIENCE_S = 30.0
NODES = ("here", "there")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One that may be killed: nobody else's."""
    made = Postgres()
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
async def house(tmp_path: Path, server: Postgres) -> AsyncGenerator[House]:
    async with house_in(tmp_path, server.empty_database()) as made:
        yield made


async def recovers(house: House, name: str, *, says: Channel | None = None) -> None:
    """Write as soon as it can be written."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await house.write(adds(name, says=says))
            except Unavailable:
                await asyncio.sleep(0.05)


async def whole(house: House, *channels: Channel) -> None:
    """No hole in any stream, none in the audit chain."""
    for channel in channels:
        page = await house.made.ledger.history(channel, limit=5000, since=0, reverse=False)
        assert page.missed is not None
        assert [it.offset for it in page.missed] == list(range(1, page.now.offset + 1))
    assert await house.made.ledger.audit_break() is None


# What a server may do at any moment.


@asynccontextmanager
async def load(houses: list[House], acknowledged: set[str]) -> AsyncGenerator[list[str]]:
    """Write all the time on every node; what was answered, and what was refused."""
    refused: list[str] = []
    ending = asyncio.Event()

    async def one(house: House, lane: str) -> None:
        number = 0
        while not ending.is_set():
            number += 1
            name = f"{lane}-{number:05d}"
            try:
                await house.write(_fact(name))
            except Unavailable:
                refused.append(name)
                await asyncio.sleep(0.02)
            else:
                acknowledged.add(name)

    async with asyncio.TaskGroup() as group:
        for house, node in zip(houses, NODES, strict=True):
            for lane in range(4):
                group.create_task(one(house, f"{node}-{lane}"))
        yield refused
        ending.set()


def _fact(name: str) -> Callable[[Transaction], Awaitable[None]]:
    async def work(tx: Transaction) -> None:
        await adds(name, says=ME)(tx)
        tx.publish(ROOM, {"name": name})
        tx.record("anna", "said", name)

    return work


@pytest.mark.parametrize("fault", ["immediate", "kill", "backend"])
async def test_nothing_that_was_answered_is_lost_when_the_server_dies(
    tmp_path: Path, server: Postgres, fault: str
) -> None:
    url = server.empty_database()
    acknowledged: set[str] = set()
    async with (
        house_in(tmp_path, url, name="here") as here,
        house_in(tmp_path, url, name="there") as there,
    ):
        async with load([here, there], acknowledged) as refused:
            await _until(lambda: len(acknowledged) > 50)
            await asyncio.to_thread(_strike, server, fault)
            before = len(acknowledged)
            await _until(lambda: len(acknowledged) > before + 50)

        found = await here.things()
        assert acknowledged <= found
        # What was refused may have been done when COMMIT had been said; nothing else was.
        assert found <= acknowledged | set(refused)
        await whole(here, ME, ROOM)
        assert (await here.made.ledger.place(ME)).offset == len(found)
        assert (await here.made.ledger.place(ROOM)).offset == len(found)


def _strike(server: Postgres, fault: str) -> None:
    match fault:
        case "immediate":
            server.restart("immediate")
        case "kill":
            server.kill()
            server.start()
        case _:
            writing = (
                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT%' OR query = 'COMMIT;'"
            )
            for process_id in server.administer(writing).split()[:1]:
                server.kill_backend(int(process_id))


async def test_a_server_that_is_away_for_a_while_refuses_and_is_used_again(
    house: House, server: Postgres
) -> None:
    await house.write(adds("before", says=ME))
    await asyncio.to_thread(server.stop, "fast")

    for _ in range(3):
        assert {type(it) for it in await house.together(adds("a"), adds("b"))} == {Unavailable}
        with pytest.raises(Unavailable):
            await house.things()
        await asyncio.sleep(1.0)
    await asyncio.to_thread(server.start)

    await recovers(house, "after", says=ME)
    assert await house.things() == {"before", "after"}
    assert house.told(ME) == [1, 2]


async def test_a_line_that_was_lost_while_nobody_spoke_is_renewed_unseen(
    house: House, server: Postgres
) -> None:
    await house.write(adds("before"))
    assert await house.things() == {"before"}
    server.administer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'entraide'"
    )

    await house.write(adds("after"))
    assert await house.things() == {"before", "after"}


async def test_a_line_lost_in_the_midst_of_a_batch_is_renewed_and_the_batch_done(
    house: House, server: Postgres
) -> None:
    runs: list[int] = []

    async def cut(tx: Transaction) -> None:
        own = (await tx.db.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        runs.append(own)
        if len(runs) == 1:
            await asyncio.to_thread(server.administer, f"SELECT pg_terminate_backend({own})")
        await adds("cut")(tx)

    told = await house.together(adds("before"), cut, adds("after"))

    assert told == [None, None, None]
    assert len(runs) == 2
    assert await house.things() == {"before", "cut", "after"}


async def test_a_commit_nobody_knows_the_end_of_is_refused_for_now_and_not_done_twice(
    house: House, server: Postgres
) -> None:
    writer = house.made.database._engines.writing.sync_engine
    killed: list[int] = []

    @event.listens_for(writer, "commit")
    def kill(connection: object) -> None:
        # The server's process is gone when COMMIT arrives, as in a crash at that moment.
        driver = connection.connection.driver_connection  # type: ignore[attr-defined]
        server.kill_backend(driver.get_server_pid())
        killed.append(1)

    answers = await house.together(adds("a", says=ME), adds("b"))
    event.remove(writer, "commit", kill)

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    assert killed == [1]
    assert house.committed == []
    await recovers(house, "after", says=ME)
    found = await house.things()
    assert found in ({"after"}, {"a", "b", "after"})
    await whole(house, ME)
    assert (await house.made.ledger.place(ME)).offset == len(found - {"b"})


async def test_a_commit_whose_answer_is_lost_is_refused_for_now_and_not_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = AsyncTransaction.commit
    runs: list[int] = []

    async def unheard(self: AsyncTransaction) -> None:
        await honest(self)
        raise ConnectionResetError

    async def counts(tx: Transaction) -> None:
        runs.append(1)
        await adds("done", says=ME)(tx)

    monkeypatch.setattr(AsyncTransaction, "commit", unheard)
    answers = await house.together(counts, adds("too"))
    monkeypatch.undo()

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    assert runs == [1]
    # Its author repeats it, and learns that it was done; others hear of it by its relay task.
    assert await house.things() == {"done", "too"}
    async with house.made.ledger.reading() as reading:
        assert await store.count_tasks(reading.db) == {"relay": 1}


async def test_a_statement_that_takes_too_long_is_refused_and_the_others_are_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(tx: Transaction) -> None:
        await tx.db.execute(text("SET LOCAL statement_timeout = '50ms'"))
        await tx.db.execute(text("SELECT pg_sleep(20)"))

    told = await house.together(adds("before"), slow, adds("after"))

    assert [type(it) for it in told] == [type(None), Unavailable, type(None)]
    assert await house.things() == {"before", "after"}


async def test_a_disk_that_is_full_refuses_and_works_again_once_there_is_room(
    house: House, server: Postgres
) -> None:
    await house.write(adds("before"))
    async with house.made.database.writing() as db:
        own = (await db.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    async def large(tx: Transaction) -> None:
        # Bytes that cannot be compressed: more than a file may have.
        await tx.db.execute(
            text(
                "INSERT INTO publication (channel, position, body, at)"
                " SELECT 'large', it, decode(string_agg(md5(it::text || n), ''), 'hex'), 0"
                " FROM generate_series(1, 700) it, generate_series(1, 2000) n GROUP BY it"
            )
        )

    server.limit_files(own, 16 * 1024 * 1024)
    answers = await house.together(adds("small"), large)
    server.limit_files(own, None)

    assert type(answers[1]) is Unavailable
    await recovers(house, "after", says=ME)
    assert await house.things() - {"small"} == {"before", "after"}
    assert ("small" in await house.things()) == (answers[0] is None)
    await whole(house, ME)
    async with house.made.ledger.reading() as reading:
        kept = select(store.publication.c.position).where(store.publication.c.channel == "large")
        assert (await reading.db.execute(kept)).first() is None


# What an operator or another node may do.


async def test_what_was_prepared_before_a_migration_is_prepared_again(
    house: House, server: Postgres
) -> None:
    wide = select(text("*")).select_from(thing)
    await house.write(adds("before"))

    async def looks(tx: Transaction) -> None:
        rows = (await tx.db.execute(wide)).all()
        await adds(f"{len(rows[0])} columns")(tx)

    await house.write(looks)
    name = house.made.database._engines.writing.url.database
    server.administer("ALTER TABLE conformance_thing ADD COLUMN more text", database=str(name))
    try:
        await house.write(looks)
        assert await house.things() == {"before", "1 columns", "2 columns"}
    finally:
        server.administer("ALTER TABLE conformance_thing DROP COLUMN more", database=str(name))


async def test_a_node_that_falls_silent_in_a_transaction_holds_nobody_up_and_has_done_nothing(
    tmp_path: Path, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = {**engine._SETTINGS, "idle_in_transaction_session_timeout": "300ms"}
    url = server.empty_database()
    async with house_in(tmp_path, url, name="there") as there:
        monkeypatch.setattr(engine, "_SETTINGS", short)
        async with house_in(tmp_path, url, name="here") as here:
            silent, back = asyncio.Event(), asyncio.Event()
            runs: list[int] = []

            async def stopped(tx: Transaction) -> None:
                runs.append(1)
                await adds("from before the pause", says=ME)(tx)
                await tx.db.execute(select(store.task).with_for_update())
                if len(runs) == 1:
                    silent.set()
                    await back.wait()

            await there.write(lambda tx: _plan(tx))
            pausing = asyncio.create_task(here.write(stopped))
            await silent.wait()
            await there.write(lambda tx: _plan(tx))
            back.set()
            await pausing

        # Its first attempt was undone by the server; the second is all there is.
        assert runs == [1, 1]
        assert await there.things() == {"from before the pause"}


async def _plan(tx: Transaction) -> None:
    tx.schedule("kind", "a", due=tx.now)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
