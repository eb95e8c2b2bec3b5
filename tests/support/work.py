"""Tasks that count themselves and can be held, and a process that runs them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import insert

from realtime import store
from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks
from realtime.writer import Committed
from tests.support.house import House, thing


@dataclass
class Work:
    """A handler that counts, and can be held while it prepares."""

    prepared: list[Task] = field(default_factory=list)
    applied: list[Task] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    #: How often the task ``a`` still fails.
    fails: int = 0

    async def prepare(self, task: Task) -> str:
        self.prepared.append(task)
        await self.gate.wait()
        return f"prepared {task.key}"

    async def apply(self, tx: Transaction, task: Task, prepared: str) -> None:
        assert prepared == f"prepared {task.key}"
        if task.key == "a" and self.fails:
            self.fails -= 1
            raise Unavailable
        await tx.db.execute(insert(thing).values(name=f"{task.key} {tx.ids()}"))
        tx.after_commit(lambda: self.applied.append(task))


@asynccontextmanager
async def runner(house: House, work: Work, *, alone: bool = False) -> AsyncGenerator[Tasks]:
    """A process that runs tasks; the writer tells it of commits."""
    tasks = Tasks(house.made.ledger, house.made.database, ids=house.ids)
    tasks.handle("kind", work.apply, prepare=work.prepare)

    def committed(done: Committed) -> None:
        house.committed.append(done)
        tasks.committed(done.tasks)

    house.made.writer.committed = committed
    async with tasks.running(alone=alone):
        yield tasks


def schedules(
    key: str, *, after: float = 0, payload: bytes = b""
) -> Callable[[Transaction], Awaitable[None]]:
    async def work(tx: Transaction) -> None:
        due = tx.now + timedelta(seconds=after) if after else None
        tx.schedule("kind", key, due=due, payload=payload)

    return work


def times(work: Work, key: str) -> int:
    return sum(task.key == key for task in work.prepared)


async def waiting(house: House) -> dict[str, int]:
    async with house.made.ledger.reading() as reading:
        return await store.count_tasks(reading.db)


def some_task_is_running() -> bool:
    return any(it.get_name() == "task.kind" for it in asyncio.all_tasks())
