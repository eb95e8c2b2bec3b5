"""What is due is found by its moment: what is planned for later costs nothing until then."""

from datetime import timedelta

from realtime import store
from realtime.ledger import Reading, Transaction
from tests.support.house import House
from tests.support.steps import steps_of


async def _looks(reading: Reading) -> None:
    found = await store.due_tasks(reading.db, reading.now, kinds=["one", "other"], limit=64)
    assert [(it.kind, it.key, it.payload) for it in found] == [("one", "due", b"what")]
    assert await store.next_due(reading.db, reading.now) == reading.now + timedelta(seconds=1)


async def test_what_is_planned_for_later_is_not_gone_through(file_house: House) -> None:
    async def some(tx: Transaction) -> None:
        tx.schedule("one", "due", due=tx.now - timedelta(seconds=10), payload=b"what")
        tx.schedule("one", "later", due=tx.now + timedelta(seconds=1))
        tx.schedule("unknown here", "due", due=tx.now - timedelta(seconds=10))

    async def many(tx: Transaction) -> None:
        for number in range(2_000):
            due = tx.now + timedelta(seconds=2 + number)
            tx.schedule("one" if number % 2 else "other", f"{number}", due=due)

    async def free(tx: Transaction) -> None:
        # What was due at once was given to this process with its commit.
        await store.release_leases(tx.db)

    await file_house.write(some)
    await file_house.write(free)
    before = await steps_of(file_house, _looks)
    await file_house.write(many)

    assert await steps_of(file_house, _looks) <= before + 10
