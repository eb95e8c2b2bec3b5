"""A command that gives up its own statement loses the line: that is its loss, and nobody else's."""

import asyncio

import pytest
from sqlalchemy import text

from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from tests.support.house import ME, House, Work, adds

#: Far from done when it is given up.
_LONG = text(
    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1000000)"
    " SELECT count(*) FROM number"
)


async def _gives_it_up(tx: Transaction) -> None:
    async with asyncio.timeout(0):
        await tx.db.execute(_LONG)


async def _is_cancelled(tx: Transaction) -> None:
    await adds("spoilt", says=ME)(tx)
    asking = asyncio.ensure_future(tx.db.execute(_LONG))
    await asyncio.sleep(0)
    asking.cancel()
    await asking


async def _says_nothing_of_it(tx: Transaction) -> None:
    await adds("spoilt", says=ME)(tx)
    try:
        await _gives_it_up(tx)
    except TimeoutError:
        return


async def _goes_on(tx: Transaction) -> None:
    await _says_nothing_of_it(tx)
    await adds("on")(tx)


@pytest.mark.parametrize("spoils", [_gives_it_up, _is_cancelled, _says_nothing_of_it, _goes_on])
async def test_its_neighbours_are_carried_out(house: House, spoils: Work) -> None:
    answers = await house.together(adds("before", says=ME), spoils, adds("after", says=ME))

    assert answers[0] is None
    assert isinstance(answers[1], Unavailable)
    assert answers[2] is None
    assert await house.things() == {"before", "after"}
    assert house.told(ME) == [1, 2]


@pytest.mark.parametrize("spoils", [_gives_it_up, _is_cancelled, _says_nothing_of_it, _goes_on])
async def test_by_itself_it_is_refused_and_the_next_is_carried_out(
    house: House, spoils: Work
) -> None:
    answers = await house.together(spoils)
    await house.write(adds("after"))

    assert isinstance(answers[0], Unavailable)
    assert await house.things() == {"after"}
