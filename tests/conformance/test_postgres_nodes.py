"""Several nodes write to one PostgreSQL at once, and nobody could tell."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from realtime import store
from realtime.kernel.clock import FollowingClock, ManualClock
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from realtime.sql import Database
from tests.support.house import ME, ROOM, adds, thing
from tests.support.ledger import counted_ids, deployment
from tests.support.nodes import Meeting, Pair, meet, says
from tests.support.phone import until
from tests.support.postgres import Postgres
from tests.support.work import Work, runner, schedules, waiting
from web.channels import channel_table

ANNA = PersonId("anna")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


# Numbers.


async def test_offsets_of_many_nodes_have_no_hole_and_the_audit_chain_is_whole(pair: Pair) -> None:
    dice = random.Random(7)
    names = [ME, ROOM, *(Channel(f"room:{number}") for number in range(2, 8))]
    houses = [dice.choice((pair.here, pair.there)) for _ in range(300)]
    done = await asyncio.gather(
        *(it.write(says(*dice.sample(names, 3))) for it in houses), return_exceptions=True
    )

    assert {type(it) for it in done} == {type(None)}
    total = 0
    for name in names:
        page = await pair.here.made.ledger.history(name, limit=1000, since=0, reverse=False)
        assert page.missed is not None
        assert [it.offset for it in page.missed] == list(range(1, page.now.offset + 1))
        assert sorted(pair.here.told(name) + pair.there.told(name)) == [
            it.offset for it in page.missed
        ]
        total += page.now.offset
    assert total == 900
    assert await pair.audit_break() is None
    # Who asks for the last line holds the end of the chain: only a command may.
    assert (await pair.here.made.ledger.write(_last_line)) == 300


async def _last_line(tx: Transaction) -> int:
    number, _ = await store.last_audit(tx.db)
    return number


@asynccontextmanager
async def third_node_holding(pair: Pair, table: Table) -> AsyncGenerator[None]:
    """Some other commit is under way, with these rows."""
    database = Database.open(pair.url)
    try:
        async with database.writing() as db, db.begin():
            await db.execute(select(table).with_for_update())
            yield
    finally:
        await database.close()


def some_wait(postgres: Postgres, many: int) -> Callable[[], bool]:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return lambda: int(postgres.administer(waiting)) >= many


async def test_streams_are_taken_in_the_order_of_their_names_and_not_as_they_were_said(
    pair: Pair, postgres: Postgres
) -> None:
    first, last = Channel("me:#a"), Channel("me:#z")
    await pair.here.write(says(first))
    async with third_node_holding(pair, store.stream):
        both = asyncio.create_task(pair.here.write(says(last, first)))
        await until(some_wait(postgres, 1))

        # Whoever waits for the first has not taken the last yet, or two would wait crosswise.
        await pair.there.write(says(last))
    await both

    assert (pair.there.told(last), pair.here.told(last)) == ([1], [2])


async def test_those_who_write_to_the_audit_chain_wait_in_turn(
    pair: Pair, postgres: Postgres
) -> None:
    await pair.here.write(says())
    async with third_node_holding(pair, store.audit_end):
        writes = [asyncio.create_task(it.write(says())) for it in (pair.here, pair.there)]
        await until(some_wait(postgres, 2))
    await asyncio.gather(*writes)

    assert await pair.audit_break() is None
    # Nobody had to be run again.
    assert (pair.here.made.writer.set_aside, pair.there.made.writer.set_aside) == (0, 0)


async def test_nodes_that_start_together_agree_on_one_epoch(
    tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.new_database()
    async with AsyncExitStack() as stack:
        opened = [
            stack.enter_async_context(
                deployment(tmp_path, channel_table(), clock=ManualClock(), ids=ids, address=url)
            )
            for ids in (counted_ids("a"), counted_ids("b"), counted_ids("c"))
        ]
        made = await asyncio.gather(*opened)

        assert len({it.writer.epoch for it in made}) == 1
        async with made[0].database.snapshot() as db:
            assert await store.epoch(db) == made[0].writer.epoch


async def test_a_snapshot_is_of_one_moment_whatever_is_written_meanwhile(pair: Pair) -> None:
    await pair.here.write(adds("before"))
    async with pair.here.made.ledger.reading() as reading:
        before = await reading.place(ME)
        await pair.there.write(adds("after", says=ME))
        names = set((await reading.db.execute(select(thing.c.name))).scalars())

        assert names == {"before"}
        assert await reading.place(ME) == before


# Tasks.


async def test_a_task_that_two_nodes_see_is_done_once(pair: Pair) -> None:
    works = Work(), Work()
    for work in works:
        work.gate.set()
    keys = [f"task-{number:03d}" for number in range(60)]
    await asyncio.gather(*(pair.here.write(schedules(key, after=60)) for key in keys))

    async with runner(pair.here, works[0]) as here, runner(pair.there, works[1]) as there:
        pair.here.clock.advance(60)
        here.look()
        there.look()
        await until(lambda: sum(len(work.applied) for work in works) == len(keys))

    done = sorted(task.key for work in works for task in work.applied)
    assert done == keys
    assert len(await pair.here.things()) == len(keys)
    assert (await waiting(pair.here)).get("kind") is None


async def test_what_another_node_is_taking_is_left_to_it(pair: Pair) -> None:
    await pair.here.write(schedules("a", after=1))
    pair.here.clock.advance(1)
    async with pair.here.made.ledger.reading() as reading:
        found = await store.due_tasks(reading.db, reading.now, kinds=["kind"], limit=9)
    taken: list[list[store.Task]] = []

    async def takes(tx: Transaction, meeting: Meeting) -> None:
        lease = tx.now + timedelta(seconds=5)
        taken.append(await store.claim_tasks(tx.db, found, ids=tx.ids, lease=lease))
        if not meeting.looked.is_set():
            await meeting.first()
        else:
            meeting.both.set()

    await meet(pair, takes, takes)

    assert [len(it) for it in taken] == [1, 0]
    # It was not made to wait for the first: it did not wait at all.
    assert pair.there.made.writer.set_aside == 0


# Time.


async def test_the_time_is_the_databases_on_every_node(postgres: Postgres) -> None:
    database = Database.open(postgres.empty_database())
    far = datetime(2030, 1, 1, tzinfo=UTC)
    clock = FollowingClock(wall=lambda: far)
    try:
        async with database.writing() as db, db.begin():
            moment = await database.now(db)
        assert moment is not None
        clock.follow(moment)
    finally:
        await database.close()

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


async def test_a_commit_happens_at_the_databases_time(tmp_path: Path, postgres: Postgres) -> None:
    clock = FollowingClock(wall=lambda: datetime(2030, 1, 1, tzinfo=UTC))
    async with deployment(
        tmp_path,
        channel_table(),
        clock=clock,
        ids=counted_ids(),
        address=postgres.empty_database(),
    ) as made:
        times: list[datetime] = []

        async def looks(tx: Transaction) -> None:
            times.append(tx.now)

        await made.ledger.write(looks)

    assert abs(times[0] - datetime.now(UTC)) < timedelta(minutes=5)
