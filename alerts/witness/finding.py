"""Who could be told of an event now: looked up on the live map and among the sessions.

Outside any transaction, so it is a proposal only. The vehicle has gone on since it was reported:
those who were told in it show where it is by now, or it is reckoned, or it is not known any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from alerts import audience
from alerts.audience import Near
from alerts.witness import placing, store
from alerts.witness.calls import store as calls
from alerts.witness.ports import Phones
from alerts.witness.recording import Recording
from alerts.witness.rules import LOOKED_AT_MOST, RECKONED_FOR, WANTED
from alerts.witness.values import Call, Event, EventId, Ring, Where
from alerts.witness.vehicles import astray_m
from geo.cells import steps
from geo.transit.aboard.ports import Rider
from geo.transit.rules import ABOARD
from geo.transit.service import Transit
from geo.transit.values import NOWHERE, Ride, StopId
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger
from realtime.ports import Presence

#: People told in a vehicle whose rides are asked for.
MATES_MOST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Who could be asked, in order, and where the event was when they were looked for."""

    near: Sequence[Near] = ()
    where: Where | None = None


class Finding:
    def __init__(
        self,
        ledger: Ledger,
        transit: Transit,
        presence: Presence,
        phones: Phones,
        recording: Recording,
    ) -> None:
        self._ledger = ledger
        self._transit = transit
        self._presence = presence
        self._phones = phones
        self._recording = recording

    async def candidates(self, name: EventId) -> Found:
        """Outside any transaction: whoever rides, stands or is near, and can be reached."""
        async with self._ledger.reading() as reading:
            event = await store.look(reading.db, name)
            if event is None or event.ended or event.came >= WANTED:
                return Found()
            where = await self._recording.where(reading, event)
            told = await calls.of_event(reading.db, name)
            now = reading.now
        where = await self._by_now(where, told, now)
        rings = await self._around(event, where, now)
        already = {it.person for it in told}
        near = [it for it in audience.nearest_ring(rings) if it.person not in already]
        return Found(await self._reachable(near[:LOOKED_AT_MOST]), where)

    async def _by_now(
        self, where: Where | None, told: Sequence[Call], now: datetime
    ) -> Where | None:
        """Where it is now: those who were told in its vehicle show it, or it is reckoned."""
        if where is None or where.ride is None:
            return where
        aboard = [it.person for it in told if it.ring is Ring.TRIP][:MATES_MOST]
        rides = [await self._transit.aboard.ride_of(it, now) for it in aboard]
        ride = placing.now_at(
            self._transit.network, where.ride, [it for it in rides if it is not None], now
        )
        if ride is None:
            # Nobody knows any more where it is.
            return replace(where, ride=None, cell=None)
        moved = ride.along_m != where.ride.along_m
        return replace(where, ride=ride, cell=ride.cell if moved else where.cell)

    async def _around(
        self, event: Event, where: Where | None, now: datetime
    ) -> dict[Ring, list[tuple[PersonId, int]]]:
        ride = where.ride if where else None
        found: dict[Ring, list[tuple[PersonId, int]]] = {}
        if event.line is not None:
            aboard = await self._on_line(event, now)
            if ride is None and not event.placed:
                # By hand: which vehicle is not known, only the line.
                found[Ring.NEAR] = [(person, 0) for person, _ in aboard]
            elif ride is not None:
                found[Ring.TRIP] = self._in_vehicle(ride, aboard)
        here, ahead = self._stops(event, ride)
        stood = self._transit.aboard.at_stops
        found[Ring.PLATFORM] = [(it, 0) for it, _ in await stood(here, now)] if here else []
        found[Ring.NEXT] = [(it, 0) for it, _ in await stood(ahead, now)] if ahead else []
        lost = event.placed and event.line is not None and ride is None
        cell = placing.cell_about(self._transit.network, event, where)
        if cell is not None and not lost:
            around = await self._transit.aboard.near(cell, now)
            near = [(person, steps(cell, it.cell)) for person, it in around if not _rides(it)]
            found[Ring.NEAR] = [*near, *found.get(Ring.NEAR, [])]
        return {ring: _shuffled(event, people) for ring, people in found.items()}

    async def _on_line(self, event: Event, now: datetime) -> list[Rider]:
        if event.line is None:
            return []
        directions = (0, 1) if event.direction is None else (event.direction,)
        found: list[Rider] = []
        for each in directions:
            found += await self._transit.aboard.on_line(event.line, each, now)
        return found

    def _in_vehicle(self, ride: Ride, aboard: Iterable[Rider]) -> list[tuple[PersonId, int]]:
        network = self._transit.network
        line = network.line(ride.line)
        mode = line.mode if line else ""
        found = []
        for person, there in aboard:
            apart = network.apart_m(ride, there)
            astray = astray_m(ride, there, apart, mode=mode, within=RECKONED_FOR)
            if astray is not None:
                found.append((person, round(astray / 100)))
        return found

    def _stops(
        self, event: Event, ride: Ride | None
    ) -> tuple[frozenset[StopId], frozenset[StopId]]:
        """The platforms of the stop where it is, and those of the next two."""
        here = self._platforms([event.stop] if event.stop else [])
        nexts = []
        if ride is not None:
            nexts = self._transit.network.next_stops(
                ride.line, ride.direction, along_m=ride.along_m, course=ride.course
            )
        elif event.line is not None and event.direction is not None and event.stop is not None:
            nexts = self._transit.network.next_stops(event.line, event.direction, stop=event.stop)
        return here, self._platforms([it.id for it in nexts]) - here

    def _platforms(self, stops: Iterable[StopId]) -> frozenset[StopId]:
        together = self._transit.network.together
        return frozenset(it for each in stops for it in together(each))

    async def _reachable(self, near: Sequence[Near]) -> list[Near]:
        """Those who have a page open, or a phone that can be woken."""
        here = await self._presence.present([it.person for it in near])
        away = [it.person for it in near if it.person not in here]
        async with self._ledger.reading() as reading:
            phones = await self._phones.among(reading, away)
        return [
            replace(it, live=it.person in here)
            for it in near
            if it.person in here or it.person in phones
        ]


def _rides(ride: Ride) -> bool:
    """In a vehicle, and so not free to come to another."""
    return ride.stop is None and ride.line != NOWHERE and ride.confidence >= ABOARD


def _shuffled(event: Event, people: Iterable[tuple[PersonId, int]]) -> list[tuple[PersonId, int]]:
    """Equally near ones in an order that is another for each event: nobody is always first."""

    def place(it: tuple[PersonId, int]) -> bytes:
        return sha256(f"{event.event} {it[0]}".encode()).digest()

    return sorted(people, key=place)
