"""What is committed is committed whole, numbered without a hole, and told to nobody before."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from realtime import store
from realtime.kernel.errors import (
    AppError,
    Conflict,
    NotAllowed,
    TooManyRequests,
    Unavailable,
    UnknownChannel,
)
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.streams import Place
from tests.support.house import BOARD, ME, ROOM, House, Work, adds, house_in

# One commit for many commands.


async def test_commands_that_wait_together_share_a_commit_and_are_answered_after_it(
    house: House,
) -> None:
    await house.together(*(adds(f"{number}", says=ME) for number in range(50)))

    assert len(house.committed) <= 2
    assert house.told(ME) == list(range(1, 51))
    assert len(await house.things()) == 50


async def test_an_answer_comes_when_the_facts_are_there_for_everybody(
    tmp_path: Path, address: str
) -> None:
    async with house_in(tmp_path, address) as house, house_in(tmp_path, address) as elsewhere:
        await house.write(adds("anna"))

        assert await elsewhere.things() == {"anna"}


async def test_what_a_handler_answers_is_the_callers(house: House) -> None:
    async def work(tx: Transaction) -> str:
        return tx.ids()

    assert (await house.made.ledger.write(work)).startswith("id-")


async def test_an_error_undoes_its_own_command_alone(house: House) -> None:
    done: list[str] = []

    async def refused(tx: Transaction) -> None:
        await adds("refused", says=ME)(tx)
        tx.schedule("kind", "key")
        tx.after_commit(lambda: done.append("it was undone"))
        raise NotAllowed

    answers = await house.together(adds("before"), refused, adds("after", says=ME))

    assert [type(it) for it in answers] == [type(None), NotAllowed, type(None)]
    assert await house.things() == {"before", "after"}
    assert house.told(ME) == [1]
    assert done == []
    assert all(
        each.tasks == () or "kind" not in {t.kind for t in each.tasks} for each in house.committed
    )


async def test_a_name_that_is_taken_is_a_conflict_for_whoever_came_second(house: House) -> None:
    answers = await house.together(adds("anna"), adds("anna"), adds("bea"))

    assert [type(it) for it in answers] == [type(None), Conflict, type(None)]
    assert await house.things() == {"anna", "bea"}


async def test_a_command_that_the_database_refuses_does_not_take_the_others_along(
    house: House,
) -> None:
    async def spoils(tx: Transaction) -> None:
        await tx.db.execute(text("SELECT no_such_column FROM conformance_thing"))

    answers = await house.together(adds("before"), spoils, adds("after"))

    assert [type(it) for it in answers] == [type(None), Unavailable, type(None)]
    assert await house.things() == {"before", "after"}


async def test_a_command_that_ends_the_transaction_for_all_is_found_and_left_out(
    house: House,
) -> None:
    async def spoils(tx: Transaction) -> None:
        await adds("spoilt")(tx)
        await tx.db.execute(text("ROLLBACK"))
        await tx.db.execute(text("RELEASE SAVEPOINT sa_savepoint_1"))

    answers = await house.together(adds("before"), spoils, adds("after"))

    assert [type(it) for it in answers] == [type(None), Unavailable, type(None)]
    assert await house.things() == {"before", "after"}


async def test_a_handlers_bug_is_its_callers_and_nobody_elses(house: House) -> None:
    async def bug(tx: Transaction) -> None:
        raise ZeroDivisionError

    async def cancelled(tx: Transaction) -> None:
        raise asyncio.CancelledError

    answers = await house.together(adds("before"), bug, cancelled, adds("after"))

    assert [type(it) for it in answers] == [type(None), ZeroDivisionError, AppError, type(None)]
    assert await house.things() == {"before", "after"}


async def test_who_gave_up_waiting_before_its_turn_is_not_served(house: House) -> None:
    first = asyncio.create_task(house.write(adds("first")))
    await asyncio.sleep(0)
    given_up = asyncio.create_task(house.write(adds("given up")))
    await asyncio.sleep(0)
    given_up.cancel()

    await first
    await house.write(adds("last"))

    assert "given up" not in await house.things()


async def test_who_gave_up_while_its_commit_was_under_way_has_it_done_all_the_same(
    house: House,
) -> None:
    begun = asyncio.Event()

    async def slow(tx: Transaction) -> None:
        begun.set()
        await adds("slow")(tx)

    writing = asyncio.create_task(house.write(slow))
    await begun.wait()
    writing.cancel()
    await house.write(adds("next"))

    assert await house.things() == {"slow", "next"}
    assert len(house.made.writer) == 0


async def test_more_waiting_than_can_be_served_is_refused_for_now(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.writer.MOST_WAITING", 3)

    answers = await house.together(*(adds(f"{number}") for number in range(5)))

    refused = [it for it in answers if it is not None]
    assert [type(it) for it in refused] == [TooManyRequests, TooManyRequests]
    assert len(await house.things()) == 3


async def test_what_is_under_way_when_the_house_closes_is_finished_and_nothing_after(
    tmp_path: Path, address: str
) -> None:
    async with house_in(tmp_path, address) as house:
        writes = [asyncio.create_task(house.write(adds(f"{number}"))) for number in range(100)]
        await asyncio.sleep(0)

    await asyncio.gather(*writes)
    with pytest.raises(Unavailable):
        await house.write(adds("too late"))
    async with house_in(tmp_path, address) as again:
        assert len(await again.things()) == 100


async def test_when_the_writer_itself_dies_nobody_is_left_waiting(house: House) -> None:
    class Dying(BaseException):
        pass

    async def dies(tx: Transaction) -> None:
        raise Dying

    answers = await house.together(adds("with it"), dies)

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    with pytest.raises(Unavailable):
        await house.write(adds("after"))
    assert await house.things() == set()


async def test_a_bug_after_the_commit_does_not_tell_anyone_that_it_failed(house: House) -> None:
    done: list[str] = []

    async def work(tx: Transaction) -> None:
        await adds("anna")(tx)
        tx.after_commit(lambda: 1 // 0)  # type: ignore[arg-type]
        tx.after_commit(lambda: done.append("next"))

    await house.write(work)

    assert done == ["next"]


# A database that does not do as it should.


async def test_while_another_process_holds_the_file_nothing_is_half_done(file_house: House) -> None:
    house = file_house
    await house.write(adds("before"))
    async with house.made.database.writing() as db:
        await db.execute(text("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(house.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = await house.together(adds("refused", says=ME), adds("refused too"))
        other.execute("ROLLBACK")

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    await house.write(adds("after", says=ME))
    assert await house.things() == {"before", "after"}
    assert house.told(ME) == [1]


async def test_a_full_disk_refuses_and_works_again_once_there_is_room(file_house: House) -> None:
    await (house := file_house).write(adds("before"))

    async def large(tx: Transaction) -> None:
        await adds("x" * 200_000, says=ME)(tx)

    async with house.made.database.writing() as db:
        pages = (await db.execute(text("PRAGMA page_count"))).scalar_one()
        await db.execute(text(f"PRAGMA max_page_count={pages + 2}"))
    answers = await house.together(large, adds("small"))
    async with house.made.database.writing() as db:
        await db.execute(text("PRAGMA max_page_count=1000000"))

    assert type(answers[0]) is Unavailable
    await house.write(adds("after", says=ME))
    small = {"small"} if answers[1] is None else set()
    assert await house.things() == {"before", "after"} | small
    assert house.told(ME) == [1]


async def test_a_commit_that_fails_answers_everyone_and_tells_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError("the disk has gone")

    monkeypatch.setattr(store, "append", fails)
    answers = await house.together(adds("a"), adds("b", says=ME))
    monkeypatch.undo()

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    assert await house.things() == set()
    assert house.committed == []


async def test_a_bug_of_the_writers_own_is_an_answer_and_not_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(store, "append", fails)
    answers = await house.together(adds("b", says=ME))
    monkeypatch.undo()

    assert [type(it) for it in answers] == [AppError]
    await house.write(adds("after"))
    assert await house.things() == {"after"}


async def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        async with house_in(tmp_path / "no such folder"):
            pass
    # The driver's thread has a last word to say to this loop.
    await asyncio.sleep(0.05)


# Streams.


async def test_offsets_are_without_a_hole_under_200_writers_of_whom_some_fail(
    house: House,
) -> None:
    dice = random.Random(7)
    channels = [Channel(f"me:#{number}") for number in range(5)]

    def one(number: int, *, fails: bool) -> Work:
        async def work(tx: Transaction) -> None:
            for channel in dice.sample(channels, 2):
                tx.publish(channel, {"number": number})
            if fails:
                raise NotAllowed

        return work

    await house.together(*(one(number, fails=dice.random() < 0.3) for number in range(200)))

    for channel in channels:
        told = house.told(channel)
        assert told == list(range(1, len(told) + 1))
        since = await house.made.ledger.since(channel, Place(house.made.writer.epoch, 0))
        assert since.missed is not None
        assert [it.offset for it in since.missed] == told


async def test_a_channel_that_keeps_nothing_has_no_offset_and_leaves_no_trace(house: House) -> None:
    async def work(tx: Transaction) -> None:
        tx.publish(BOARD, {"count": 1})

    await house.write(work)

    assert house.told(BOARD) == [0]
    assert (await house.made.ledger.place(BOARD)).offset == 0


async def test_nobody_publishes_on_a_channel_that_there_is_not(house: House) -> None:
    with pytest.raises(UnknownChannel):
        await house.write(adds("anna", says=Channel("nowhere:1")))

    assert await house.things() == set()


async def test_who_was_away_is_brought_to_the_present_or_told_that_it_cannot_be(
    house: House,
) -> None:
    for number in range(3):
        await house.write(adds(f"{number}", says=ROOM))
    epoch = house.made.writer.epoch

    whole = await house.made.ledger.since(ROOM, Place(epoch, 1))
    nothing = await house.made.ledger.since(ROOM, Place(epoch, 3))
    other = await house.made.ledger.since(ROOM, Place("other", 1))

    assert whole.missed is not None
    assert [(it.offset, it.body) for it in whole.missed] == [
        (2, b'{"added":"1"}'),
        (3, b'{"added":"2"}'),
    ]
    assert nothing.missed == ()
    assert other.missed is None
    assert whole.now == nothing.now == other.now == Place(epoch, 3)


async def test_what_is_no_longer_kept_cannot_be_resumed_from(house: House) -> None:
    await house.write(adds("old", says=ME))
    house.clock.advance(3600)
    await house.write(adds("new", says=ME))

    async def trims(tx: Transaction) -> None:
        assert await store.trim(tx.db, "me:", house.clock.now(), limit=10) == 1

    await house.write(trims)

    epoch = house.made.writer.epoch
    assert (await house.made.ledger.since(ME, Place(epoch, 0))).missed is None
    assert (await house.made.ledger.since(ME, Place(epoch, 1))).missed is not None


async def test_the_epoch_is_the_databases_and_outlives_the_process(
    tmp_path: Path, address: str
) -> None:
    async with house_in(tmp_path, address) as house:
        await house.write(adds("a", says=ME))
        before = await house.made.ledger.place(ME)
    async with house_in(tmp_path, address) as house:
        await house.write(adds("b", says=ME))

        assert await house.made.ledger.place(ME) == Place(before.epoch, 2)


async def test_many_who_ask_at_once_where_streams_stand_are_all_answered(house: House) -> None:
    await house.write(adds("a", says=ME))
    places = await asyncio.gather(
        *(house.made.ledger.place(Channel(f"me:#{n}")) for n in range(500)),
        house.made.ledger.place(ME),
    )

    assert {place.offset for place in places[:-1]} == {0}
    assert places[-1].offset == 1


async def test_when_where_streams_stand_cannot_be_read_all_who_asked_are_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(house.made.ledger._heads, "_read", fails)
    answers = await asyncio.gather(
        house.made.ledger.place(ME), house.made.ledger.place(ROOM), return_exceptions=True
    )
    monkeypatch.undo()

    assert [type(it) for it in answers] == [Unavailable, Unavailable]
    assert (await house.made.ledger.place(ME)).offset == 0
