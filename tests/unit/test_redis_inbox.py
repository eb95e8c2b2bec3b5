"""What waits for the node is bounded, and what is dropped is told."""

import pytest

from realtime.adapters.redis.inbox import Inbox
from realtime.kernel.ids import Channel
from realtime.ports import Delivery


def delivery(offset: int, size: int = 0) -> Delivery:
    return Delivery(Channel("room:1"), offset, bytes(size))


async def test_what_has_arrived_is_taken_together() -> None:
    inbox = Inbox()
    inbox.put(delivery(1))
    inbox.put(delivery(2))

    assert await inbox.take() == ([delivery(1), delivery(2)], False)


async def test_too_many_are_dropped_and_the_node_is_told() -> None:
    inbox = Inbox(most=3)
    for offset in range(5):
        inbox.put(delivery(offset))

    assert await inbox.take() == ([delivery(4)], True)
    assert inbox.overflows == 1


async def test_too_large_ones_are_dropped_and_the_node_is_told() -> None:
    inbox = Inbox(most_bytes=100)
    inbox.put(delivery(1, 60))
    inbox.put(delivery(2, 60))
    inbox.put(delivery(3, 60))

    assert await inbox.take() == ([delivery(3, 60)], True)
    # Counted from nothing again.
    inbox.put(delivery(4, 60))
    assert await inbox.take() == ([delivery(4, 60)], False)


async def test_a_gap_is_told_once() -> None:
    inbox = Inbox()
    inbox.missed()
    inbox.missed()
    assert await inbox.take() == ([], True)

    inbox.put(delivery(1))

    assert await inbox.take() == ([delivery(1)], False)


async def test_a_closed_inbox_ends() -> None:
    inbox = Inbox()
    inbox.put(delivery(1))
    inbox.close()

    assert await inbox.take() is None


async def test_a_bug_behind_it_reaches_whoever_takes() -> None:
    inbox = Inbox()
    inbox.fail(KeyError("a bug"))

    with pytest.raises(KeyError):
        await inbox.take()
