"""What stays in the tables of a room for tonight, and must not. On both engines."""

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import select

from tests.support.town import Town, town
from web.commands.store import answered

HOUR = 3600.0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built


async def kept_answers(city: Town) -> bytes:
    """What is kept for those who ask twice."""
    async with city.world.whole.durable.ledger.reading() as reading:
        return b"".join(bytes(it) for it in await reading.db.scalars(select(answered.c.answer)))


async def test_an_answer_kept_for_who_asks_twice_is_sealed_and_goes_with_her(city: Town) -> None:
    inn, her = await city.hotel(usual=2), city.world.somebody()
    need = await city.needs(her)
    hold = await city.sheltered(her, inn, need)
    asked = {"id": "more-000001", "hold": hold["hold"], "nights": 1}
    first = await city.ask(her, "hold.more", **asked)
    again = await city.ask(her, "hold.more", **asked)
    kept = await kept_answers(city)
    await city.ask(her, "shelter.close", need=need, outcome="safe")
    await city.world.pass_time(25 * HOUR)
    late = await city.ask(her, "hold.more", **asked)

    assert first == again
    assert first["nights"] == 2
    for it in ("code", "alias", "word"):
        assert str(first[it]).encode() not in kept
    assert "code" not in late
    assert "error" in late
