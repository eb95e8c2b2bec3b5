"""What is committed has happened once, whatever becomes of the line on which it was."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from realtime.ledger import Transaction
from realtime.sql import Connection, Duplicate
from tests.support.house import House


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
