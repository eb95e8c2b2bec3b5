"""What many begin at once is begun a few in each turn of the loop, in order. Turns are counted."""

import asyncio
from collections import Counter
from functools import partial

import pytest

from realtime.admission import Bounds, Rank
from realtime.slices import IN_TURN, Slices
from realtime.turns import Turns


class Begun:
    def __init__(self) -> None:
        self.turn = 0
        self.by_turn = Counter[int]()
        self.order: list[int] = []

    def now(self, number: int) -> None:
        self.by_turn[self.turn] += 1
        self.order.append(number)

    async def until(self, many: int) -> None:
        """Turn after turn, as an alert would see them pass."""
        while len(self.order) < many:
            self.turn += 1
            await asyncio.sleep(0)


async def test_a_crowd_is_begun_a_few_in_each_turn_and_in_its_order() -> None:
    slices, begun = Slices(4), Begun()

    at_once = [slices.begin(partial(begun.now, number)) for number in range(10)]
    await begun.until(10)

    assert at_once == [True] * 4 + [False] * 6
    assert begun.order == list(range(10))
    assert max(begun.by_turn.values()) == 4


async def test_nobody_overtakes_those_who_wait_and_room_comes_back() -> None:
    slices, begun = Slices(2), Begun()
    for number in range(5):
        slices.begin(partial(begun.now, number))
    await asyncio.sleep(0)

    late = slices.begin(partial(begun.now, 5))
    await begun.until(6)
    await asyncio.sleep(0)

    assert not late
    assert begun.order == list(range(6))
    assert slices.begin(partial(begun.now, 6))


async def test_one_that_fails_or_is_gone_takes_nobody_elses_turn() -> None:
    slices, begun, failed = Slices(1), Begun(), []

    def fails() -> None:
        raise ValueError

    asyncio.get_running_loop().set_exception_handler(lambda _, told: failed.append(told))
    for number in range(3):
        slices.begin(partial(begun.now, number))
    gone = asyncio.create_task(slices.turn())
    await asyncio.sleep(0)
    gone.cancel()
    slices.begin(fails)
    slices.begin(partial(begun.now, 3))

    await begun.until(4)

    assert begun.order == list(range(4))
    assert gone.cancelled()
    assert len(failed) == 1


@pytest.mark.parametrize("crowd", [48, 192])
async def test_whoever_is_let_in_together_does_not_begin_in_one_turn(crowd: int) -> None:
    """An alert between them waits for sixteen, not for all of them."""
    turns, begun = Turns(Bounds(at_once=crowd, kept=0, most_waiting=1)), Begun()

    async def greets(number: int) -> None:
        async with turns.turn(Rank.OTHERS):
            begun.now(number)

    async with asyncio.TaskGroup() as group:
        for number in range(crowd):
            group.create_task(greets(number))
        await begun.until(crowd)

    assert max(begun.by_turn.values()) <= IN_TURN
