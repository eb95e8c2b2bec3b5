"""Two nodes, one room: whoever is first has it, the others are told so, and nothing drifts."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from matching.shelter.inventory import reconciling
from matching.shelter.inventory.counting import store as counting
from matching.shelter.values import HotelId, KindId
from realtime.kernel.errors import AppError
from realtime.ledger import Transaction
from tests.support.postgres import Postgres
from tests.support.shelter_model import operations
from tests.support.shelter_play import lock_nothing, take
from tests.support.shelter_race import AGAIN, nodes, race
from tests.support.sheltering import DESK, Shelter, a_kind

#: How long the second is given to look. Where all is well it waits for the first instead, and that
#: time passes; where it does not wait, it is there before, however busy the machine is.
LOOK_S, AT_MOST_S = 0.3, 30.0
ROUNDS, RACERS, TRIES = 3, 100, 10


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@asynccontextmanager
async def two_nodes(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[list[Shelter]]:
    async with AsyncExitStack() as stack:
        made = await nodes(stack, tmp_path, postgres.empty_database(), 2)
        await made[0].open()
        yield made


@pytest.fixture
async def pair(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[list[Shelter]]:
    async with two_nodes(tmp_path, postgres) as made:
        yield made


async def test_on_two_nodes_one_wins_each_round(pair: list[Shelter]) -> None:
    for number in range(ROUNDS):
        told = await race(pair, RACERS, name=f"round-{number}")

        assert told == {"held": 1, "room_taken": RACERS - 1, "drift": 0}


async def test_on_many_connections_of_a_file_one_wins_each_round(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        places = await nodes(stack, tmp_path, "", 4)
        await places[0].open()
        for number in range(ROUNDS):
            told = await race(places, RACERS, name=f"round-{number}")
            # A file has one writer at a time, and those who wait too long are told so.
            del told[AGAIN]

            assert told == {"held": 1, "room_taken": RACERS - 1, "drift": 0}


async def meet(
    pair: list[Shelter],
    patch: pytest.MonkeyPatch,
    first: Callable[[Transaction], Awaitable[object]],
    second: Callable[[Transaction], Awaitable[object]],
    *,
    within_s: float = LOOK_S,
) -> list[str]:
    """The first has counted and is about to write; it goes on when the second is too, or waits."""
    ready, both = asyncio.Event(), asyncio.Event()

    def watched(honest: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def write(*args: object) -> None:
            if not ready.is_set():
                ready.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(within_s):
                        await both.wait()
            else:
                both.set()
            await honest(*args)

        return write

    patch.setattr(counting, "take", watched(counting.take))
    patch.setattr(counting, "say", watched(counting.say))
    one = asyncio.create_task(_answer(pair[0], first))
    await ready.wait()
    other = await _answer(pair[1], second)
    return [await one, other]


async def _answer(node: Shelter, work: Callable[[Transaction], Awaitable[object]]) -> str:
    try:
        await node.write(work)
    except AppError as error:
        return error.name
    return "done"


def holds(node: Shelter, need: str) -> Callable[[Transaction], Awaitable[object]]:
    said = next(it for it in operations(1, 1_000) if it.verb == "hold" and it.many == 1)
    return lambda tx: take(node.holds, tx, replace(said, need=need), a_kind(), node.tonight)


def says_none(node: Shelter) -> Callable[[Transaction], Awaitable[object]]:
    return lambda tx: node.inventory.change(
        tx, HotelId("h1"), KindId("k1"), night=node.tonight, by=-1, actor=DESK
    )


async def test_two_who_meet_at_the_last_room(
    pair: list[Shelter], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = await meet(pair, monkeypatch, holds(pair[0], "one"), holds(pair[1], "two"))

    assert answers == ["done", "room_taken"]
    assert await pair[0].read(reconciling.drift) == 0


async def test_a_desk_that_closes_its_last_room_meets_who_takes_it(
    pair: list[Shelter], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = await meet(pair, monkeypatch, holds(pair[0], "one"), says_none(pair[1]))

    assert answers == ["done", "rooms_promised"]
    assert await pair[0].read(reconciling.drift) == 0


async def test_without_the_lock_it_is_promised_twice_and_that_is_seen(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_nothing(monkeypatch)

    # Whoever commits before the other has looked is seen: on a busy machine they miss each other.
    for _ in range(TRIES):
        async with two_nodes(tmp_path, postgres) as pair:
            with monkeypatch.context() as patch:
                one, other = holds(pair[0], "one"), says_none(pair[1])
                answers = await meet(pair, patch, one, other, within_s=AT_MOST_S)
            if answers == ["done", "done"]:
                assert await pair[0].read(reconciling.drift) == 1
                return
    pytest.fail("they never met")
