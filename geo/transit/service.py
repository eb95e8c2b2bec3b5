"""What the rest of the house asks about transport: lines, stops, and who rides on what.

Nothing of a person is written anywhere. Trails of 90 seconds are in this process, rides are where
``Aboard`` keeps them, and both are gone by themselves.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from geo.cells import cell_of
from geo.point import Point
from geo.transit import store
from geo.transit.aboard.ports import Aboard
from geo.transit.network import Network
from geo.transit.riding import match
from geo.transit.rules import ABOARD, AT_STOP_M, LEFT_AFTER_S, LOOK_EVERY, MOST_CANDIDATES
from geo.transit.store import Ledger, Reading
from geo.transit.tracking import Vehicles, with_trip
from geo.transit.trails import Trails
from geo.transit.values import (
    NOWHERE,
    Candidate,
    Fix,
    LineId,
    Located,
    NetworkId,
    Ride,
    Stop,
    Vehicle,
)
from realtime.kernel.clock import Clock
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId


class Transit:
    def __init__(self, ledger: Ledger, aboard: Aboard, clock: Clock) -> None:
        self.aboard = aboard
        self.network = Network()
        self._ledger = ledger
        self._clock = clock
        self._versions: dict[NetworkId, str] = {}
        self._trails = Trails()
        self._vehicles: dict[NetworkId, Vehicles] = {}

    async def load(self, reading: Reading) -> None:
        """Read the imports that are current, if they are not those that are known already."""
        versions = await store.versions(reading)
        if versions != self._versions:
            rows = await store.current(reading)
            self.network = await asyncio.to_thread(_made, rows)
            self._versions = versions

    async def run(self) -> None:
        """Look, each half minute, whether another process has imported something."""
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            self._trails.sweep(self._clock.now())
            # A database that is away is asked again later.
            with suppress(AppError):
                async with self._ledger.reading() as reading:
                    await self.load(reading)

    def place(self, trail: Sequence[Fix], now: datetime) -> Located:
        """Where a trail leads: at most three candidates, the likeliest first. Keeps nothing."""
        past = [fix for fix in trail if fix.at <= now]
        if not past:
            return Located(candidates=(), stop=None)
        last = max(past, key=lambda it: it.at)
        stop = self._stop_at(Point(lat=last.lat, lon=last.lon))
        rides = match(self.network, trail, now)[:MOST_CANDIDATES]
        if not rides and stop is not None:
            rides = self._from(stop, last)
        candidates = [self._candidate(self._with_trip(it, now)) for it in rides]
        return Located(candidates=tuple(candidates), stop=stop)

    async def moved(self, person: PersonId, point: Point, now: datetime) -> None:
        """A consenting, vetted person has moved: her trail of 90 s is matched, in memory."""
        trail = self._trails.moved(person, point, now)
        if trail is None:
            return
        rides = match(self.network, trail, now)
        sure = bool(rides) and (rides[0].confidence >= ABOARD or rides[0].stop is not None)
        if not sure and (trail[-1].at - trail[0].at).total_seconds() < LEFT_AFTER_S:
            known = await self.aboard.ride_of(person, now)
            # Out of a tunnel: too few fixes to know better than before it.
            if known is not None and known.confidence >= ABOARD:
                return
        cell = cell_of(Point(lat=trail[-1].lat, lon=trail[-1].lon))
        nowhere = Ride(
            line=NOWHERE, direction=0, course=0, along_m=0, confidence=0.0, cell=cell, at=now
        )
        ride = self._with_trip(rides[0], now) if rides else nowhere
        await self.aboard.put(person, ride)

    async def forget(self, person: PersonId) -> None:
        """Her trail and her ride, at once."""
        self._trails.forget(person)
        await self.aboard.forget(person)

    def set_vehicles(self, network: NetworkId, vehicles: Sequence[Vehicle]) -> None:
        """Where a network's vehicles are now, as its feed says."""
        self._vehicles[network] = Vehicles(vehicles)

    def _stop_at(self, point: Point) -> Stop | None:
        """The stop where somebody stands: rather one of a known line."""
        near = self.network.stops_near(point, AT_STOP_M)
        served = (it for it in near if self.network.lines_at(it.id))
        return next(served, near[0] if near else None)

    def _from(self, stop: Stop, last: Fix) -> list[Ride]:
        """What can be taken from a stop, where nothing else is known."""
        cell = cell_of(Point(lat=last.lat, lon=last.lon))
        rides: list[Ride] = []
        for line in self.network.lines_at(stop.id):
            for direction in (0, 1):
                found = self._course_from(line, direction, stop)
                if found is not None:
                    course, at = found
                    rides.append(
                        Ride(
                            line=line, direction=direction, course=course, along_m=at,
                            confidence=0.0, cell=cell, at=last.at, stop=stop.id,
                        )
                    )  # fmt: skip
        return rides[:MOST_CANDIDATES]

    def _course_from(self, line: LineId, direction: int, stop: Stop) -> tuple[int, int] | None:
        for number, course in self.network.courses(line, direction):
            if stop.id in course.stops[:-1]:
                return number, course.at_m[course.stops.index(stop.id)]
        return None

    def _candidate(self, ride: Ride) -> Candidate:
        line = self.network.line(ride.line)
        assert line is not None  # noqa: S101  # it was matched in this network
        ahead = self.network.next_stops(
            ride.line, ride.direction, along_m=ride.along_m, course=ride.course
        )
        return Candidate(
            ride=ride, line=line, headsign=self.network.headsign(ride), next=tuple(ahead)
        )

    def _with_trip(self, ride: Ride, now: datetime) -> Ride:
        vehicles = self._vehicles.get(NetworkId(ride.line.partition(":")[0]))
        return ride if vehicles is None else with_trip(self.network, vehicles, ride, now)


def _made(rows: store.Rows) -> Network:
    """With all that a first match would otherwise wait for; for a thread."""
    network = Network(*store.unpacked(rows))
    network.prepare()
    return network
