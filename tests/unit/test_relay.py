"""What is committed goes to the broker at once, or is left to its task."""

import asyncio
from collections.abc import Iterable
from typing import cast

import pytest

from realtime import relay as relay_file
from realtime.commit import Committed
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel
from realtime.ledger import Ledger
from realtime.ports import Broker, Delivery
from realtime.relay import Relay
from realtime.writer import Writer

ROOM = Channel("room:1")


class House:
    """A broker that takes, refuses or hangs, and a writer that is told what was taken."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.relayed_tasks: list[str] = []
        self.refuses = False
        self.open = asyncio.Event()
        self.open.set()
        self.relay = Relay(cast("Ledger", None), cast("Writer", self), cast("Broker", self))

    async def publish(self, deliveries: Iterable[Delivery]) -> None:
        await self.open.wait()
        if self.refuses:
            raise Unavailable
        self.taken += [it.offset for it in deliveries]

    def relayed(self, task: str) -> None:
        self.relayed_tasks.append(task)

    def commit(self, offset: int, *, durable: bool = True) -> None:
        task = f"relay-{offset}" if durable else None
        self.relay.committed(Committed((Delivery(ROOM, offset, b""),), (), task))

    async def run(self) -> None:
        running = asyncio.create_task(self.relay.run())
        await asyncio.sleep(0.01)
        running.cancel()


async def test_commits_are_handed_over_in_order_and_the_writer_is_told() -> None:
    house = House()
    for offset in (1, 2, 3):
        house.commit(offset)

    await house.run()

    assert house.taken == [1, 2, 3]
    assert house.relayed_tasks == ["relay-1", "relay-2", "relay-3"]


async def test_what_keeps_nothing_has_no_task_to_end() -> None:
    house = House()
    house.commit(0, durable=False)

    await house.run()

    assert (house.taken, house.relayed_tasks) == ([0], [])


async def test_a_commit_that_said_nothing_is_nobodys_business() -> None:
    house = House()
    house.relay.committed(Committed((), (), None))

    await house.run()

    assert house.taken == []


async def test_what_the_broker_refuses_is_left_to_its_task() -> None:
    house = House()
    house.refuses = True
    house.commit(1)
    await house.run()
    house.refuses = False
    house.commit(2)

    await house.run()

    assert (house.taken, house.relayed_tasks) == ([2], ["relay-2"])


async def test_a_broker_that_hangs_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay_file, "MOST_OUTGOING", 2)
    house = House()
    for offset in range(1, 6):
        house.commit(offset)

    await house.run()

    # The others have their tasks.
    assert house.taken == [1, 2]
