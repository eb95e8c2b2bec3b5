"""Two nodes change one thing at the same moment: one of them is run again, and both are done."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert, select

from realtime import store
from realtime.kernel.errors import Conflict, Unavailable
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.support.house import ROOM, adds, thing
from tests.support.nodes import Meeting, Pair, meet, says
from tests.support.phone import until
from tests.support.work import schedules
from web.commands import store as answers

ANNA = PersonId("anna")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


# Objects.


async def test_a_command_that_meets_another_nodes_is_run_again_and_its_neighbours_are_not_held(
    pair: Pair,
) -> None:
    await pair.here.write(adds("x"))
    row = select(thing).where(thing.c.name == "x").with_for_update()
    held, go, runs = asyncio.Event(), asyncio.Event(), []

    async def holds(tx: Transaction) -> None:
        await tx.db.execute(row)
        held.set()
        await go.wait()

    async def meets(tx: Transaction) -> None:
        runs.append(1)
        if len(runs) == 2:
            go.set()
        await tx.db.execute(row)
        await tx.db.execute(insert(thing).values(name="met"))

    holding = asyncio.create_task(pair.here.write(holds))
    await held.wait()
    told = await pair.there.together(adds("before"), meets, adds("after"))
    await holding

    assert told == [None, None, None]
    assert len(runs) == 2
    assert pair.there.made.writer.set_aside == 1
    assert await pair.here.things() == {"x", "before", "met", "after"}


async def test_who_is_always_in_the_way_gets_a_command_refused_for_now(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.batch.ALONE_S", 0.05)
    await pair.here.write(adds("x"))
    row = select(thing).where(thing.c.name == "x").with_for_update()
    held, go = asyncio.Event(), asyncio.Event()

    async def holds(tx: Transaction) -> None:
        await tx.db.execute(row)
        held.set()
        await go.wait()

    async def meets(tx: Transaction) -> None:
        await adds("half done")(tx)
        await tx.db.execute(row)

    holding = asyncio.create_task(pair.here.write(holds))
    await held.wait()
    told = await pair.there.together(adds("neighbour"), meets)
    go.set()
    await holding

    assert [type(it) for it in told] == [type(None), Unavailable]
    assert await pair.here.things() == {"x", "neighbour"}


async def test_two_that_wait_for_each_other_crosswise_are_both_done(pair: Pair) -> None:
    await pair.here.together(adds("x"), adds("y"))
    both = asyncio.Barrier(2)

    def takes(first: str, second: str) -> Callable[[Transaction], Awaitable[None]]:
        tried: list[int] = []

        async def work(tx: Transaction) -> None:
            await tx.db.execute(select(thing).where(thing.c.name == first).with_for_update())
            if not tried:
                tried.append(1)
                await both.wait()
            await tx.db.execute(select(thing).where(thing.c.name == second).with_for_update())
            await adds(f"{first} then {second}")(tx)

        return work

    await asyncio.gather(pair.here.write(takes("x", "y")), pair.there.write(takes("y", "x")))

    assert await pair.here.things() == {"x", "y", "x then y", "y then x"}


async def test_a_name_taken_on_another_node_meanwhile_is_a_conflict(pair: Pair) -> None:
    inserted, go = asyncio.Event(), asyncio.Event()

    async def first(tx: Transaction) -> None:
        await adds("anna")(tx)
        inserted.set()
        await go.wait()

    one = asyncio.create_task(pair.here.write(first))
    await inserted.wait()
    two = asyncio.create_task(pair.there.write(adds("anna")))
    await until(lambda: pair.there.made.writer.set_aside == 1)
    go.set()
    await one

    with pytest.raises(Conflict):
        await two


async def test_the_same_command_on_two_nodes_at_once_is_carried_out_once(pair: Pair) -> None:
    asked = answers.Asked(ANNA, "help.raise", "the same id")
    ran: list[str] = []

    async def carries_out(tx: Transaction, meeting: Meeting) -> bytes:
        said = await answers.begin(tx.db, asked, tx.now)
        if said is not None:
            return said
        if not meeting.looked.is_set():
            await meeting.first()
        ran.append(tx.ids())
        tx.after_commit(lambda: committed.append(ran[-1]))
        await answers.keep(tx.db, asked, ran[-1].encode())
        return ran[-1].encode()

    committed: list[str] = []
    await meet(pair, carries_out, carries_out)

    assert len(committed) == 1


async def test_a_key_shredded_on_another_node_seals_nothing_more(pair: Pair) -> None:
    await pair.there.write(says(ROOM))

    async def shreds(tx: Transaction) -> None:
        await tx.shred(ROOM)

    # The other node has not heard of it: nobody carries messages between the two here.
    await pair.here.write(shreds)
    assert pair.there.made.seals.remembered(ROOM) is not None
    await pair.there.write(says(ROOM))

    page = await pair.here.made.ledger.history(ROOM, limit=1, since=1, reverse=False)
    assert page.missed is not None
    assert page.missed[0].body.startswith(b'{"by"')


async def test_a_whole_batch_in_the_way_is_run_one_by_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node holds a task that one of the commands replaces at the end of the commit."""
    await pair.here.write(schedules("a", after=60))
    task = select(store.task).with_for_update()
    held, go = asyncio.Event(), asyncio.Event()

    async def holds(tx: Transaction) -> None:
        await tx.db.execute(task)
        held.set()
        await go.wait()

    holding = asyncio.create_task(pair.here.write(holds))
    await held.wait()
    together = asyncio.create_task(
        pair.there.together(adds("before"), schedules("a", after=30), adds("after"))
    )
    await until(lambda: pair.there.made.writer.set_aside >= 1)
    go.set()

    assert await together == [None, None, None]
    await holding
    assert await pair.here.things() == {"before", "after"}
