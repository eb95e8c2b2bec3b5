"""How late a process says it is."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count

from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import Unavailable
from realtime.ledger import Ledger, Reading, Transaction
from tests.support.ledger import memory_ledger
from web.channels import channel_table
from web.lag import Lag


async def plan(tx: Transaction) -> None:
    tx.schedule("soon", "one", due=tx.now + timedelta(seconds=1))
    tx.schedule("soon", "two", due=tx.now + timedelta(seconds=5))
    tx.schedule("later", "three", due=tx.now + timedelta(hours=1))


async def test_work_that_nobody_does_is_counted_once_it_is_late() -> None:
    clock = ManualClock()
    async with memory_ledger(channel_table(), clock) as ledger:
        lag = Lag(ledger)
        await ledger.write(plan)

        await lag.look()
        in_time = lag.late.tasks
        clock.advance(31)
        await lag.look()

    assert in_time == 0
    assert (lag.late.tasks, lag.late.oldest_s, lag.late.database) == (2, 30.0, True)


async def test_a_database_that_does_not_answer_is_a_figure_and_not_an_error() -> None:
    async with memory_ledger(channel_table()) as ledger:
        away = Away(ledger)
        lag = Lag(away)

        await lag.look()

    assert lag.late.database is False
    assert lag.late.tasks == 0


class Away(Ledger):
    def __init__(self, of: Ledger) -> None:
        self.clock = of.clock

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Reading]:
        raise Unavailable
        yield


async def test_the_longest_wait_is_told_once() -> None:
    ticks = count()
    async with memory_ledger(channel_table()) as ledger:
        # Each look at the stopwatch is ten seconds after the last.
        lag = Lag(ledger, timer=lambda: next(ticks) * 10.0)
        running = asyncio.create_task(lag.run())
        async with asyncio.timeout(30):
            while lag.worst() == 0:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert lag.worst() == 0
