"""A process in which many take and give rooms at once, until it is killed.

It writes down each operation that was answered: what, of which hold, and what that has become.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

from sqlalchemy import select

from matching.shelter.holds.service import Change
from matching.shelter.holds.store import hold
from matching.shelter.values import BudgetId, HoldId
from realtime.kernel.clock import to_millisecond
from realtime.kernel.errors import AppError, Unavailable
from realtime.ledger import Transaction
from tests.support.shelter_model import Said, operations, some_kinds
from tests.support.shelter_play import happen, take
from tests.support.sheltering import DESK, Shelter, shelter

Use = Callable[[Transaction], Awaitable[Change]]
#: People at once in one process.
PEOPLE = 12
#: Holds that one process remembers to speak of.
REMEMBERED = 40
START = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
#: An hour goes by in six seconds: holds run out, and a night is over in the midst of it.
SPEED = 600


class Hurried:
    """The same fast time in every process."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        return to_millisecond(START + timedelta(seconds=(time.time() - self._began) * SPEED))


@asynccontextmanager
async def hurried(folder: Path, address: str, began: float, name: str) -> AsyncGenerator[Shelter]:
    async with shelter(
        folder, address, clock=Hurried(began), run=name, alone=False, paid=True
    ) as place:
        yield place


@dataclass
class Crowd:
    place: Shelter
    log: TextIO
    budgets: list[BudgetId | None]
    dice: Random
    known: list[HoldId]

    async def person(self, seed: int) -> None:
        """One operation after the other, for ever."""
        for it in operations(seed, 1_000_000):
            if it.verb == "wait":
                continue
            try:
                name, became = await self._say(it)
            except Unavailable:
                # Nothing was done, or nobody knows.
                continue
            except AppError as error:
                name, became = "", error.name
            self.log.write(json.dumps([it.verb, name, became]) + "\n")
            self.log.flush()

    async def _say(self, it: Said) -> tuple[str, str]:
        place, kinds = self.place, some_kinds()
        of = kinds[it.kind % len(kinds)]
        night = place.tonight + timedelta(days=it.days)
        match it.verb:
            case "hold":
                budget = self.dice.choice(self.budgets)
                change = await self._joined(lambda tx: take(place.holds, tx, it, of, night, budget))
                self.known = [*self.known[-REMEMBERED:], change.after.hold]
                return change.after.hold, change.after.state
            case "change" | "occupy":
                act = place.inventory.change if it.verb == "change" else place.inventory.occupy
                await place.write(
                    lambda tx: act(tx, of.hotel, of.kind, night=night, by=it.by, actor=DESK)
                )
                return "", "counted"
            case _ if not self.known:
                return "", "nothing"
            case _:
                name = self.dice.choice(self.known)
                change = await self._joined(lambda tx: happen(place.holds, tx, it, name))
                return name, change.after.state

    async def _joined(self, use: Use) -> Change:
        async def work(tx: Transaction) -> Change:
            change = await use(tx)
            await self.place.join(tx, change)
            return change

        return await self.place.write(work)


async def _run(folder: Path, address: str, log: Path, seed: int, began: float) -> None:
    async with hurried(folder, address, began, f"{seed}") as place:
        funds = place.funds
        assert funds is not None
        state = await place.read(lambda r: funds.state(r, None, nights_given=0))
        budgets = [None, *(BudgetId(it.budget) for it in state.budgets)]
        with log.open("a", encoding="utf-8") as book:
            crowd = Crowd(place, book, budgets, Random(seed), await _alive(place))
            async with asyncio.TaskGroup() as group:
                group.create_task(_live_no_longer_than(os.getppid()))
                for number in range(PEOPLE):
                    group.create_task(crowd.person(seed * 1_000 + number))


async def _live_no_longer_than(parent: int) -> None:
    """Whoever started us may be killed too."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(1)
    os._exit(1)


async def _alive(place: Shelter) -> list[HoldId]:
    """What others, or who was here before, have left: to be spoken of too."""
    query = select(hold.c.hold).where(hold.c.ended.is_(None)).limit(REMEMBERED)
    async with place.made.database.snapshot() as db:
        return [HoldId(it) for it in (await db.execute(query)).scalars()]


if __name__ == "__main__":
    _folder, _address, _log, _seed, _began = sys.argv[1:]
    asyncio.run(_run(Path(_folder), _address, Path(_log), int(_seed), float(_began)))
