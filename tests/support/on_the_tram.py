"""People on the demo city's tram and beside it, through the public wire, at a time of our choice.

The clock is moved by hand: a minute and a half on the tram takes a moment.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.support.served import Phone, Served, served
from web.access.vocabulary import Role
from web.demo.api import Json
from web.demo.city import CITY, Spot
from web.demo.tram import LINE, PLATFORMS, ROUND_S, STOPS, phase, vehicle
from web.tramway import settle_tram

#: How often a phone says where it is.
EVERY_S = 8.0
#: Where somebody is at a moment: seconds since 1970.
Way = Callable[[float], Spot]

__all__ = ["LINE", "Tram", "aboard", "at_stop", "on_the_tram"]


def aboard(number: int) -> Way:
    """On that vehicle."""
    return lambda seconds: vehicle(number, seconds).at


def at_stop(name: str) -> Way:
    """Standing at that platform."""
    spot = PLATFORMS[STOPS.index(name)]
    return lambda _: spot


@dataclass
class Tram:
    served: Served
    operator: Phone
    ways: dict[Phone, Way] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def seconds(self) -> float:
        return self.served.world.clock.now().timestamp()

    def new_id(self, what: str) -> str:
        return f"{what}-{next(self._numbers):08d}"

    async def somebody(self, way: Way) -> Phone:
        """An account that nobody knows, and whose phone says where it is all the same."""
        phone = await self.served.phone()
        self.ways[phone] = way
        return phone

    async def applicant(self, way: Way, *, name: str = "Camille", phone: str = "") -> Phone:
        """Somebody who has asked to help and whom nobody has let in."""
        made = await self.somebody(way)
        asked: Json = {"id": self.new_id("apply"), "name": name, "charter": True}
        number = {"phone": phone} if phone else {}
        await made.ask("helper.apply", **asked, **number, skills=["come"], languages=["fr"])
        return made

    async def watcher(self, way: Way, *, name: str = "Camille", phone: str = "") -> Phone:
        """A vetted helper who is told of events on her way; not on duty."""
        made = await self.applicant(way, name=name, phone=phone)
        await self.operator.ask("helper.approve", helper=made.person, tier=1)
        await made.ask("helper.prefer", quiet=None, budget=20)
        watching = await made.ask("watch.set", on=True)
        if watching.get("on") is not True:
            raise AssertionError(watching)
        return made

    async def ride(self, seconds: float) -> None:
        """Let so much time pass, while every phone says where it is."""
        until = self.seconds + seconds
        while self.seconds < until:
            await self.served.world.pass_time(min(EVERY_S, until - self.seconds))
            await self.say_where()
        await self.served.world.settle()

    async def say_where(self) -> None:
        """Every phone, now."""
        for phone, way in self.ways.items():
            lat, lon = CITY.degrees(way(self.seconds))
            here = {"lat": round(lat, 3), "lon": round(lon, 3)}
            await phone.ask("helper.move", position=here)

    async def until_phase(self, number: int, seconds: float) -> None:
        """Until that vehicle is so far in its round; nobody says where they are meanwhile."""
        self.served.world.clock.advance((seconds - phase(number, self.seconds)) % ROUND_S)
        await self.served.world.settle()

    def trail(self, way: Way) -> list[Json]:
        """What a phone has kept of the last minute and a half."""
        places: list[Json] = []
        for ago in range(84, -1, -6):
            lat, lon = CITY.degrees(way(self.seconds - ago))
            places.append({"lat": round(lat, 3), "lon": round(lon, 3), "ago_s": ago})
        return places

    async def settle(self) -> None:
        await self.served.world.settle()


@asynccontextmanager
async def on_the_tram(database: str = "") -> AsyncGenerator[Tram]:
    """A service that knows tram T1, and an operator at her desk."""
    async with served(database) as made:
        whole = made.world.whole
        await settle_tram(whole.durable.ledger, whole.services.transit)
        operator = await made.phone(Role.OPERATOR)
        await operator.line.subscribe("queue:witness")
        yield Tram(made, operator)
