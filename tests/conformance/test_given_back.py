"""What is committed has happened once, whatever becomes of its line; which is then as it was."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from realtime.kernel.errors import NotAllowed
from realtime.ledger import Transaction
from realtime.sql import Connection, Duplicate
from tests.support.house import House, adds


async def test_a_line_that_is_not_given_back_well_does_not_run_its_commands_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, ran = house.made.database.writing, []

    @asynccontextmanager
    async def spoilt() -> AsyncGenerator[Connection]:
        async with writing() as db:
            yield db
        raise Duplicate("-", None, Exception("in the way"))

    async def work(tx: Transaction) -> None:
        ran.append(tx.now)

    monkeypatch.setattr(house.made.database, "writing", spoilt)
    await house.made.ledger.write(work)
    monkeypatch.undo()
    # The writer has done with it.
    await house.made.ledger.write(work)

    assert len(ran) == 2


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("refuses", [False, True])
async def test_commands_that_say_nothing_to_the_database_leave_nothing_for_the_next(
    house: House, first: bool, refuses: bool
) -> None:
    async def quiet(tx: Transaction) -> None:
        if refuses:
            raise NotAllowed

    before = [adds("before")] if first else []
    await house.together(*before, quiet, quiet)

    assert await house.together(adds("one"), adds("other")) == [None, None]
    await house.together(quiet, quiet)
    await house.write(adds("alone"))
    assert await house.things() >= {"one", "other", "alone"}
