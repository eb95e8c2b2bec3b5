"""One evening of phones in pockets, told once on each engine."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from matching.reach.devices import name_of
from matching.reach.rules import SMS_AFTER
from tests.support.pockets import Pockets, pockets
from tests.support.postgres import Postgres
from tests.support.push_service import Answer


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the sender."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=["sqlite", "postgres"])
async def street(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Pockets]:
    database = ""
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        database = await asyncio.to_thread(server.new_database)
    async with pockets(monkeypatch, sms=True, database=database) as made:
        yield made


async def test_an_evening(street: Pockets) -> None:
    (anna, phone), (bea, old) = await street.sleeper(), await street.sleeper()
    await street.world.ask(anna, "push.test", device=name_of(phone.endpoint))
    await street.world.settle()
    assert await street.world.ask(anna, "push.received") == {"test": True}

    # Whichever is woken first has a service that has forgotten her.
    street.service.answers.append(Answer(410))
    await street.raised()
    assert street.asked(anna, bea) == [True, True]
    assert street.woken(phone) + street.woken(old) == 3
    assert await street.devices() == 1
    await street.world.ask(anna, "offer.received", offer=street.offer(anna))
    await street.world.pass_time(SMS_AFTER.total_seconds())

    assert len(street.gateway.told) == 1
    assert await street.results() == {
        "offer.gone": 1,
        "offer.sent": 1,
        "sms.sent": 1,
        "test.received": 1,
        "test.sent": 1,
    }
    accepted = await street.world.ask(bea, "offer.accept", offer=street.offer(bea))
    assert accepted["state"] == "accepted"
