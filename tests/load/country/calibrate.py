"""Each thing alone, on the real server at a small size: what it costs here and now.

What a standing crowd costs by itself (pings, beats, looks) is measured first and taken off the
rest. Positions are within the limit that the product sets (``web/application.py``).
"""

import asyncio
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from geo.cells import DECLARED_RES, cell_of
from geo.point import Point
from matching.helpers.roster import Roster
from matching.helpers.values import Post
from realtime.kernel.ids import PersonId
from tests.load.country.costs import Cost, Costs, Happens, RedisCosts
from tests.load.country.meter import Meter, resident, spent_us
from tests.load.country.server import SECRET
from tests.load.dispatch_people import Somebody, token_of

#: Thousandths of a degree to the north: another cell, always.
FAR = 8
#: What a request leaves to be told after its end is told by then (``TALLY_EVERY``, and a little).
ECHOES_S = 6.0
#: Positions sent together, and the pause until the next ones.
AT_ONCE, PAUSE_S = 10, 0.025


@dataclass(frozen=True, slots=True)
class Size:
    """How often each is done."""

    idle_s: float
    #: How long a crowd is looked at that does nothing.
    stands_s: float
    #: How many phones say where they are, and how often in each place; with the first, no more than
    #: the limit's burst.
    tellers: int
    tells: int
    requests: int
    duties: int
    #: From one request to the next.
    apart_s: float


#: Requests are as far apart as in the evening that is played: how often what is said of one shares
#: a commit with what is said of another depends on it.
FULL = Size(idle_s=7.0, stands_s=12.0, tellers=400, tells=2, requests=7, duties=40, apart_s=5.0)
REDUCED = Size(idle_s=0.5, stands_s=0.5, tellers=90, tells=2, requests=1, duties=4, apart_s=0.0)


@dataclass(slots=True)
class Calibration:
    meter: Meter
    size: Size
    ping_s: float
    #: Another node of the same installation, that only hears.
    other: int = 0
    #: The database's processes that serve it.
    lines: Sequence[int] = ()
    each: dict[Happens, Cost] = field(default_factory=dict)
    #: A second of the crowd that stands now.
    standing: Cost = field(default_factory=Cost)

    async def run(self, people: Sequence[Somebody], redis: RedisCosts, loading_us: float) -> Costs:
        fleet, size = self.meter.fleet, self.size
        await self._stands(size.idle_s)
        stage, nodes = self.standing, 2 if self.other else 1
        self.each[Happens.IDLE] = replace(stage / nodes, node_us=stage.node_us)
        # The first of each kind fills pools and caches: they are not counted.
        few, others = people[: len(people) // 4], people[len(people) // 4 :]
        await fleet.connect(few)
        await fleet.open[0].ask("calibration-first")
        await asyncio.sleep(ECHOES_S)
        base = resident(self.meter.node)
        self.each[Happens.ARRIVES] = await self._each(len(others), lambda: fleet.connect(others))
        phone_bytes = max(0, resident(self.meter.node) - base) / len(others)
        await self._stands(size.stands_s)
        pings = len(people) / self.ping_s
        # It reaches no database: ten thousand who stand cost it what nobody does.
        ping = replace(self.standing - stage, commits=0.0, database_us=0.0)
        self.each[Happens.PINGED] = ping / pings
        many = size.tells * size.tellers
        self.each[Happens.TELLS] = await self._each(many, lambda: self._tell((0,) * size.tells))
        far = (FAR, *([0, FAR] * size.tells))[: size.tells]
        self.each[Happens.CROSSES] = await self._each(many, lambda: self._tell(far))
        said, offers = self.meter.calls("publish"), fleet.offers
        spent = await self.meter.during(self._ask)
        self.each[Happens.ASKS] = (spent.cost - self.standing * spent.seconds) / size.requests
        said, offers = self.meter.calls("publish") - said, fleet.offers - offers
        await self._duties(people)
        return Costs(
            each=self.each,
            redis=redis,
            stage=stage,
            heard=await self._hears(people),
            searches=spent.questions / size.requests,
            publications=said / size.requests,
            offers=offers / size.requests,
            base_bytes=float(base),
            phone_bytes=phone_bytes,
            roster_bytes=roster_bytes(),
            loading_us=loading_us,
        )

    async def _stands(self, lasts_s: float) -> None:
        spent = await self.meter.during(lambda: asyncio.sleep(lasts_s))
        self.standing = spent.cost / spent.seconds

    async def _each(self, times: int, work: Callable[[], Awaitable[None]]) -> Cost:
        spent = await self.meter.during(work)
        return (spent.cost - self.standing * spent.seconds).without_few_commits() / times

    async def _tell(self, places: Sequence[int]) -> None:
        """Not all at the same moment: the limits wait for Redis for a fifth of a second only."""
        for north in places:
            for number, phone in enumerate(self.meter.fleet.open[: self.size.tellers]):
                phone.tell(north)
                if number % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(PAUSE_S)

    async def _ask(self) -> None:
        """One after the other, without waiting for the end of those before."""
        fleet, many = self.meter.fleet, self.size.requests
        async with asyncio.TaskGroup() as asking:
            for number in range(many):
                phone = fleet.open[number * len(fleet.open) // many]
                asking.create_task(phone.ask(f"calibration-{number:04}"))
                await asyncio.sleep(self.size.apart_s)

    async def _turn(self, who: Somebody) -> None:
        """Off duty, and on again, over HTTP as commands are given."""
        api, token = self.meter.fleet.api, token_of(who, SECRET)
        await api.call("helper.duty", {"on": False}, token=token)
        place = {"lat": who.spot.lat, "lon": who.spot.lon}
        await api.call("helper.duty", {"on": True, **place}, token=token)

    async def _duties(self, people: Sequence[Somebody]) -> None:
        """One after the other, each with a commit of its own."""

        async def turns() -> None:
            for who in people[: self.size.duties // 2]:
                await self._turn(who)

        spent = await self.meter.during(turns)
        cost = spent.cost - self.standing * spent.seconds
        self.each[Happens.DUTY] = cost / self.size.duties

    async def _hears(self, people: Sequence[Somebody]) -> Cost:
        """What another node spends when many change duty at once, as they do in a country.

        Where there is no other, it is taken to spend as much as the one that changes it.
        """
        if not self.other:
            mine = self.each[Happens.DUTY]
            return Cost(node_us=mine.node_us, database_us=mine.database_us)

        async def turns() -> None:
            await asyncio.gather(*map(self._turn, people[: self.size.duties]))

        quiet, seconds = await self._elsewhere(lambda: asyncio.sleep(self.size.idle_s))
        spent, took = await self._elsewhere(turns)
        return (spent - quiet * (took / seconds)) / (2 * self.size.duties)

    async def _elsewhere(self, work: Callable[[], Awaitable[None]]) -> tuple[Cost, float]:
        before, began = self._other_spent(), time.monotonic()
        await work()
        await self.meter.at_rest()
        return self._other_spent() - before, time.monotonic() - began

    def _other_spent(self) -> Cost:
        return Cost(node_us=spent_us(self.other), database_us=spent_us(*self.lines))


def roster_bytes(people: int = 5_000) -> float:
    """Of everybody's post, in each node: seen by Python's own count of what it holds."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        roster = Roster()
        for number in range(people):
            place = Point(lat=44 + number % 300 / 60, lon=number // 300 / 40)
            post = Post(1, cell_of(place, DECLARED_RES))
            roster.put(PersonId(f"{number:022x}"), post)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / len(roster)
