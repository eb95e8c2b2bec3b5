"""What was kept for as long as the channel table says is forgotten."""

import asyncio

import pytest

from realtime import retention, store
from realtime.streams import Place
from realtime.tasks import Tasks
from tests.support.house import CHANNELS, ME, House, adds


async def test_what_was_kept_for_long_enough_is_forgotten_and_the_rest_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        await house.write(adds(f"{number}", says=ME))
    house.clock.advance(3600 + 60)
    await house.write(adds("new", says=ME))
    tasks = Tasks(house.made.ledger, house.made.database, ids=house.ids)
    retention.register(tasks, CHANNELS)
    house.made.writer.committed = lambda done: tasks.committed(done.tasks)

    async with tasks.running(alone=True):
        await house.write(retention.plan)
        epoch = house.made.writer.epoch
        async with asyncio.timeout(5):
            # Nothing announces it.
            while (await house.made.ledger.since(ME, Place(epoch, 4))).missed is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    page = await house.made.ledger.history(ME, limit=10, since=0, reverse=False)
    assert page.missed is not None
    assert [it.offset for it in page.missed] == [6]
    # It has planned itself again.
    async with house.made.ledger.reading() as reading:
        waiting = await store.count_tasks(reading.db)
    assert waiting == {"ledger.trim": 1, "relay": 6}
