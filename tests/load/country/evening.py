"""The evening, played on the real node by all the phones there are, beside what was predicted.

Everything that goes by the clock goes faster: positions, pings, lines that are lost. Requests are
more than France would have among so few, so that they weigh; the prediction is told how many.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.load.country.cadence import Cadence, Moves
from tests.load.country.calibrate import FAR
from tests.load.country.costs import Cost, Costs, Happens
from tests.load.country.day import Hour
from tests.load.country.meter import Meter, resident
from tests.load.country.phones import Phone
from tests.load.country.product import Rhythm
from tests.load.dispatch_people import Somebody

#: How often the players look what is due, in real seconds.
LOOKS_S = 0.1
#: How long it is looked what all of them cost by being there.
STANDS_S = 8.0


@dataclass(frozen=True, slots=True)
class Evening:
    hour: Hour
    rhythm: Rhythm
    cadences: Mapping[Moves, Cadence]
    #: How much faster it goes; requests a real second.
    faster: float
    requests: float

    def positions(self) -> tuple[float, float]:
        """Of one phone, a second of the evening: within the cell, and into another."""
        tells = sum(self.cadences[how].tells * it for how, it in self.hour.moves.items())
        crossings = sum(self.cadences[how].crossings * it for how, it in self.hour.moves.items())
        return tells - crossings, crossings


@dataclass(frozen=True, slots=True)
class Part:
    """What was spent in a part of the run, and what the model said beforehand."""

    name: str
    predicted: Cost
    measured: Cost
    seconds: float
    #: Resident bytes of each phone, where there are new ones.
    bytes_each: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    phones: int
    parts: tuple[Part, ...]
    happened: Mapping[Happens, int]
    #: Requests carried to their end, those that two came to, people whom they asked, and lines
    #: that the node cut.
    asked: int
    covered: int
    offers: int
    lost: int
    failed: Sequence[str]


async def play(
    meter: Meter, evening: Evening, people: Sequence[Somebody], costs: Costs, lasts_s: float
) -> Played:
    """Let all of ``people`` in, then play so many real seconds."""
    fleet = meter.fleet
    before, already = resident(meter.node), len(fleet.open)
    spent = await meter.during(lambda: fleet.connect(people))
    each = (resident(meter.node) - before) / len(people)
    pings = _pings(already + len(people) / 2, spent.seconds, evening)
    coming = Part(
        f"{len(people):,} come in",
        costs.of(Happens.ARRIVES) * len(people)
        + costs.of(Happens.PINGED) * pings
        + costs.stage * spent.seconds,
        spent.cost,
        spent.seconds,
        each,
    )
    spent = await meter.during(lambda: asyncio.sleep(STANDS_S))
    standing = Part(
        f"{len(fleet.open):,} do nothing",
        costs.of(Happens.PINGED) * _pings(len(fleet.open), spent.seconds, evening)
        + costs.stage * spent.seconds,
        spent.cost,
        spent.seconds,
    )
    players = Players(meter, evening, lasts_s)
    asked, covered, offers = fleet.asked, fleet.covered, fleet.offers
    spent = await meter.during(players.run)
    happened = players.happened | {
        Happens.PINGED: int(_pings(len(fleet.open), spent.seconds, evening))
    }
    predicted = costs.stage * spent.seconds
    for what, many in happened.items():
        predicted += costs.of(what) * many
    playing = Part("the evening", predicted, spent.cost, spent.seconds)
    return Played(
        len(fleet.open),
        (coming, standing, playing),
        happened,
        fleet.asked - asked,
        fleet.covered - covered,
        fleet.offers - offers,
        fleet.lost,
        players.failed,
    )


def _pings(phones: float, seconds: float, evening: Evening) -> float:
    return phones * seconds * evening.faster / evening.rhythm.ping_s


class Players:
    def __init__(self, meter: Meter, evening: Evening, lasts_s: float) -> None:
        self._fleet, self._evening, self._lasts_s = meter.fleet, evening, lasts_s
        self._dice = Random("players")
        self._tasks: list[asyncio.Task[None]] = []
        self._asked = 0
        #: What those who were refused were told.
        self.failed: list[str] = []
        #: Where each phone is now: at home, or in another cell.
        self._away: dict[Phone, int] = {}
        self.happened: dict[Happens, int] = dict.fromkeys(
            (Happens.TELLS, Happens.CROSSES, Happens.ARRIVES, Happens.ASKS), 0
        )

    async def run(self) -> None:
        evening, phones = self._evening, len(self._fleet.open)
        within, across = evening.positions()
        a_second: dict[Happens, tuple[float, Callable[[Phone], None]]] = {
            Happens.TELLS: (within * phones * evening.faster, self._tells),
            Happens.CROSSES: (across * phones * evening.faster, self._crosses),
            Happens.ARRIVES: (evening.hour.returns * phones * evening.faster, self._comes_back),
            Happens.ASKS: (evening.requests, self._asks),
        }
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (at := loop.time() - began) < self._lasts_s:
            for what, (rate, act) in a_second.items():
                while self.happened[what] < rate * at:
                    self.happened[what] += 1
                    act(self._one())
            await asyncio.sleep(LOOKS_S)
        # Whoever was refused is missed among those carried to their end.
        came = await asyncio.gather(*self._tasks, return_exceptions=True)
        self.failed = [repr(it) for it in came if it is not None]

    def _one(self) -> Phone:
        """Any but those who wait for help: they are not played with."""
        while (phone := self._dice.choice(self._fleet.open)).asks:
            pass
        return phone

    def _tells(self, phone: Phone) -> None:
        phone.tell(self._away.get(phone, 0))

    def _crosses(self, phone: Phone) -> None:
        self._away[phone] = FAR - self._away.get(phone, 0)
        phone.tell(self._away[phone])

    def _comes_back(self, phone: Phone) -> None:
        self._away.pop(phone, None)
        self._tasks.append(asyncio.create_task(self._fleet.again(phone)))

    def _asks(self, phone: Phone) -> None:
        self._asked += 1
        self._tasks.append(asyncio.create_task(phone.ask(f"evening-{self._asked:05}")))
