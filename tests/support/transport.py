"""A whole service with a tram of its own: people who ride it, watch, report, and are told.

Line ``demo:T1`` goes north in a straight line, a stop each 600 m; ``demo:T2`` lies 20 km east. Who
rides is put on the live map as a phone's moves would, so that a test says where everybody is.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from geo.cells import cell_of
from geo.point import Point
from geo.transit.network import Network
from geo.transit.values import NOWHERE, Course, Line, LineId, NetworkId, Ride, Stop, StopId
from realtime.ports import Caller
from tests.support.world import World, world

# Any: a JSON document.
Json = dict[str, Any]

NETWORK = NetworkId("demo")
T1, T2 = LineId("demo:T1"), LineId("demo:T2")
STOPS, APART_M = 12, 600
SOUTH, WEST = 48.8, 2.35
METRE = 1 / 111_195


def line_id(number: int) -> LineId:
    """Further lines, each some kilometres from the others."""
    return LineId(f"demo:L{number}")


def place(along_m: float, line: LineId = T1) -> tuple[float, float]:
    name = line.partition(":")[2]
    east = {"T1": 0.0, "T2": 0.27}.get(name)
    return SOUTH + along_m * METRE, WEST + (0.05 * int(name[1:]) if east is None else east)


def stop_id(number: int, line: LineId = T1) -> StopId:
    return StopId(f"{line}-{number}")


def _line(line: LineId, name: str) -> Line:
    up = tuple(stop_id(it, line) for it in range(STOPS))
    path = tuple(place(it * APART_M, line) for it in range(STOPS))
    metres = tuple(it * APART_M for it in range(STOPS))
    courses = (
        Course(direction=0, headsign="Nord", stops=up, at_m=metres, path=path),
        Course(direction=1, headsign="Sud", stops=up[::-1], at_m=metres, path=path[::-1]),
    )
    return Line(id=line, network=NETWORK, name=name, mode="tram", colour="00a88f", courses=courses)


def network(lines: Sequence[LineId] = (T1, T2)) -> Network:
    stops = []
    for line in lines:
        for number in range(STOPS):
            lat, lon = place(number * APART_M, line)
            stops.append(Stop(id=stop_id(number, line), name=f"Arrêt {number}", lat=lat, lon=lon))
    return Network([_line(it, it.partition(":")[2]) for it in lines], stops)


def trail(along_m: float, direction: int = 0, line: LineId = T1) -> list[Json]:
    """The last minute and a half of a phone in a tram that is there, going 8 m/s."""
    length = (STOPS - 1) * APART_M
    said: list[Json] = []
    for ago in range(90, -1, -5):
        gone = max(0.0, along_m - 8.0 * ago)
        lat, lon = place(gone if direction == 0 else length - gone, line)
        said.append({"lat": round(lat, 3), "lon": round(lon, 3), "ago_s": ago})
    return said


@dataclass
class Tramway:
    world: World
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def ask(self, caller: Caller, method: str, **fields: object) -> Json:
        answer = await self.world.ask(caller, method, **fields)
        await self.world.settle()
        return answer

    async def vetted(
        self,
        *,
        along_m: float | None = None,
        stop: int | None = None,
        on_foot_m: float | None = None,
        direction: int = 0,
        line: LineId = T1,
        watching: bool = True,
        tier: int = 1,
        budget: int = 20,
        quiet: Json | None = None,
    ) -> Caller:
        """An approved helper with a page open, who watches, in a tram or at a stop."""
        caller, operator = self.world.somebody(), self.world.somebody("operator")
        await self.world.ask(
            caller,
            "helper.apply",
            id=f"apply-{caller.person}",
            name="Camille",
            skills=["come"],
            languages=["fr"],
            charter=True,
        )
        await self.world.ask(operator, "helper.approve", helper=caller.person, tier=tier)
        await self.world.ask(caller, "helper.prefer", quiet=quiet, budget=budget)
        await self.world.whole.services.presence.arrive(caller.person, f"of {caller.person}")
        if watching:
            await self.ask(caller, "watch.set", on=True)
        if on_foot_m is not None:
            lat, lon = place(on_foot_m, line)
            cell, now = cell_of(Point(lat=lat, lon=lon)), self.world.clock.now()
            ride = Ride(
                line=NOWHERE, direction=0, course=0, along_m=0, confidence=0.0, cell=cell, at=now
            )
            await self.world.whole.services.transit.aboard.put(caller.person, ride)
        await self.rides(caller, along_m=along_m, stop=stop, direction=direction, line=line)
        return caller

    async def rides(
        self,
        caller: Caller,
        *,
        along_m: float | None = None,
        stop: int | None = None,
        direction: int = 0,
        line: LineId = T1,
    ) -> None:
        """Put somebody on the live map, in a vehicle or standing at a stop."""
        if along_m is None and stop is None:
            return
        metres = along_m if along_m is not None else float((stop or 0) * APART_M)
        length = (STOPS - 1) * APART_M
        lat, lon = place(metres if direction == 0 else length - metres, line)
        ride = Ride(
            line=line,
            direction=direction,
            course=direction,
            along_m=round(round(metres), -2),
            confidence=0.9,
            cell=cell_of(Point(lat=lat, lon=lon)),
            at=self.world.clock.now(),
            stop=None if stop is None else stop_id(stop, line),
        )
        await self.world.whole.services.transit.aboard.put(caller.person, ride)

    async def reports(
        self, caller: Caller | None = None, *, said_as: str = "witness", **changes: object
    ) -> Json:
        """Somebody nobody knows says what happens in a tram, 3 km along the line."""
        asked: Json = {
            "id": f"report-{next(self._numbers):06d}",
            "as": said_as,
            "kind": "verbal",
            "line": T1,
            "direction": 0,
            "trail": trail(3_000),
        }
        answer = await self.ask(
            caller or self.world.somebody(), "witness.report", **asked | changes
        )
        assert answer.get("state") == "recorded", answer
        return answer

    def told(self, caller: Caller, kind: str = "witness") -> list[Json]:
        """What has been pushed to one person, in order."""
        return self.said_on(f"me:#{caller.person}", kind)

    def said_on(self, channel: str, kind: str | None = None) -> list[Json]:
        found = [
            msgspec.json.decode(body, type=Json)
            for name, body in self.world.said
            if name == channel and body != b"sealed"
        ]
        return [it for it in found if kind in (None, it["type"])]

    async def told_of(self, alert: object, *people: Caller) -> list[int]:
        """Which of these people, by their place in the list, were told of this."""
        return [
            number
            for number, caller in enumerate(people)
            if any(it["alert"] == alert for it in self.told(caller))
        ]

    async def pass_time(self, seconds: float) -> None:
        await self.world.pass_time(seconds)


@asynccontextmanager
async def tramway(database: str = "", broker: str = "memory://") -> AsyncGenerator[Tramway]:
    async with world(database, broker) as made:
        made.whole.services.transit.network = network()
        yield Tramway(made)
