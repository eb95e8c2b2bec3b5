"""The database's clock is set forward and back while hubs follow it: timers go on."""

import asyncio
from datetime import timedelta
from pathlib import Path

from realtime.channels import ChannelTable
from realtime.kernel.clock import FollowingClock
from realtime.ledger import Transaction
from realtime.store import Task
from tests.support.faults.clocks import MovableTime
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.phone import until
from tests.support.postgres import Postgres

HOUR_S = 3600.0


async def write(made: Deployment, key: str, after_s: float) -> None:
    async def work(tx: Transaction) -> None:
        tx.schedule("kind", key, due=tx.now + timedelta(seconds=after_s))

    await made.ledger.write(work)


async def test_timers_follow_a_clock_set_forward_and_survive_one_set_back(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(postgres.new_database)
    done: list[str] = []

    async def apply(tx: Transaction, task: Task, prepared: None) -> None:
        tx.after_commit(lambda: done.append(task.key))

    clock, ids = FollowingClock(), counted_ids()
    async with deployment(tmp_path, ChannelTable([]), clock=clock, ids=ids, address=url) as made:
        made.tasks.handle("kind", apply)
        time = await asyncio.to_thread(MovableTime, postgres, url)
        async with made.tasks.running(alone=True):
            await write(made, "in half an hour", HOUR_S / 2)
            await write(made, "in a day", 24 * HOUR_S)
            before = clock.now()

            await asyncio.to_thread(time.jump, HOUR_S)
            # A commit tells the time.
            await write(made, "marker", 0.01)
            await until(lambda: {"in half an hour", "marker"} <= set(done))
            assert clock.now() - before >= timedelta(seconds=HOUR_S)

            forward = clock.now()
            await asyncio.to_thread(time.jump, -HOUR_S)
            await write(made, "soon", 0.2)
            await until(lambda: "soon" in done)

        assert clock.now() >= forward
        assert "in a day" not in done
