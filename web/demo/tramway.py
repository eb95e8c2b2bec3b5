"""All that lives on tram T1: who rides it, who reports something, who answers for the lines."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random

from web.demo.api import Api
from web.demo.lines import Lines
from web.demo.passenger import Passenger
from web.demo.people import around
from web.demo.reporter import Reporter
from web.demo.riders import Rider
from web.demo.tram import OTHERS, VISITORS

#: On a vehicle far from the visitor's, something is reported so often: operators see a living line.
FIRST_REPORT_S, REPORTS_S = 150.0, 900.0
#: After somebody new has been let in, the seconds until something is reported on her vehicle, and
#: again: the first ones soon, then while she may still be there. No more than three of them are
#: carried to her in one hour.
FOR_A_NEWCOMER_S = (60.0, 90.0, 90.0, 300.0, 600.0, 600.0)
#: Accounts that report on the visitor's vehicle in turn: one alone is heard three times an hour.
REPORTERS = 3


class Tramway:
    def __init__(
        self,
        api: Api,
        riders: list[Rider],
        *,
        session: Callable[[str], Awaitable[str]],
        random: Random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._api = api
        self._now = now
        self._riders = riders
        self._session = session
        self._random = random
        self.newcomers = asyncio.Event()

    async def join(self, operator: str, group: asyncio.TaskGroup) -> None:
        """Let everybody get on; return once each has a session."""
        group.create_task(Lines(self._api, operator, self._own()).run())
        for rider in self._riders:
            token = await self._session(rider.person.name)
            group.create_task(self._passenger(rider, token).run())
        others = await self._reporter("others", OTHERS, group)
        near = [
            await self._reporter(f"near {number}", VISITORS, group) for number in range(REPORTERS)
        ]
        group.create_task(self._now_and_then(others))
        group.create_task(self._for_newcomers(near))

    def _own(self) -> Random:
        return Random(self._random.getrandbits(64))

    def _passenger(self, rider: Rider, token: str) -> Passenger:
        return Passenger(rider, self._api, token, random=self._own(), now=self._now)

    async def _reporter(self, name: str, vehicle: int, group: asyncio.TaskGroup) -> Reporter:
        token = await self._session(f"tram {name}")
        reporter = Reporter(vehicle, self._api, token, random=self._own(), now=self._now)
        group.create_task(reporter.run())
        return reporter

    async def _now_and_then(self, reporter: Reporter) -> None:
        await asyncio.sleep(FIRST_REPORT_S)
        while True:
            await reporter.report()
            await asyncio.sleep(around(REPORTS_S, 0.4, self._random))

    async def _for_newcomers(self, reporters: list[Reporter]) -> None:
        turn = 0
        while True:
            await self.newcomers.wait()
            self.newcomers.clear()
            for after_s in FOR_A_NEWCOMER_S:
                await asyncio.sleep(around(after_s, 0.2, self._random))
                await reporters[turn % REPORTERS].report()
                turn += 1
