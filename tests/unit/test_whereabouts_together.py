"""What many ask in one turn of the loop goes in one batch, and each is told what is theirs."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from geo.whereabouts.adapters.together import Together
from realtime.kernel.errors import Unavailable


class Echo:
    """Answers with what it is asked, once it may."""

    divided = False

    def __init__(self) -> None:
        self.asked: list[Sequence[tuple[Any, ...]]] = []
        self.away = False
        self.heard, self.may = asyncio.Event(), asyncio.Event()
        self.may.set()

    def key(self, *parts: str) -> str:
        return ":".join(parts)

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        self.asked.append(list(commands))
        self.heard.set()
        await self.may.wait()
        if self.away:
            raise Unavailable
        return [command[0] for command in commands]


async def test_those_who_ask_in_one_turn_are_answered_together_each_with_theirs() -> None:
    redis = Echo()
    together = Together(redis)

    answers = await asyncio.gather(*(together.ask([(n,), (-n,)]) for n in range(1, 4)))

    assert answers == [[1, -1], [2, -2], [3, -3]]
    assert len(redis.asked) == 1
    assert await together.ask([(7,)]) == [7]
    assert len(redis.asked) == 2


async def test_each_is_told_that_it_is_away() -> None:
    redis = Echo()
    redis.away = True
    together = Together(redis)

    told = await asyncio.gather(*(together.ask([(n,)]) for n in range(3)), return_exceptions=True)

    assert [type(it) for it in told] == [Unavailable] * 3


@pytest.mark.parametrize("away", [False, True])
async def test_who_waits_no_longer_holds_up_nobody(away: bool) -> None:
    redis = Echo()
    redis.may.clear()
    together = Together(redis)
    tasks = [asyncio.create_task(together.ask([(n,)])) for n in range(3)]
    await redis.heard.wait()

    tasks[1].cancel()
    await asyncio.sleep(0)
    redis.away = away
    redis.may.set()

    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(told[1], asyncio.CancelledError)
    assert [told[0], told[2]] == [[0], [2]] or away
    assert all(isinstance(it, Unavailable) for it in (told[0], told[2])) is away
