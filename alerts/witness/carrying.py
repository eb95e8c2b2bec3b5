"""Who is asked next about an event: looked up in memory, decided upon in one transaction.

``candidates`` waits on the live map and the sessions and only proposes. ``step`` asks the tables
again, in the transaction that tells people: vetted, watching, not excluded, not a reporter, not
muted, not in quiet hours, not too often. Nobody is told by what memory says alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from alerts import audience
from alerts.audience import Carried, Facts, Near
from alerts.witness import placing, standing, store
from alerts.witness.budgets import store as budgets
from alerts.witness.calls import store as calls
from alerts.witness.ports import Phones
from alerts.witness.recording import Recording
from alerts.witness.reports import store as reports
from alerts.witness.rules import (
    CONTAINED_IN,
    LOOKED_AT_MOST,
    RECKONED_FOR,
    REPORTS_READ,
    WANTED,
)
from alerts.witness.saying import Saying
from alerts.witness.values import Call, CallState, Event, EventId, Ring, Standing, Where
from alerts.witness.vehicles import astray_m
from alerts.witness.watch import store as watch
from alerts.witness.watch.store import Watcher
from geo.cells import steps
from geo.point import Point
from geo.transit.aboard.ports import Rider
from geo.transit.service import Transit
from geo.transit.values import Ride, StopId
from matching.helpers.quiet import day_began
from matching.helpers.service import Helpers
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Presence

#: The task that looks for people; its key is the event.
STEP = "witness.step"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Who could be asked, in order, and where the event was when they were looked for."""

    near: Sequence[Near] = ()
    where: Where | None = None


class Carrying:
    def __init__(
        self,
        ledger: Ledger,
        transit: Transit,
        helpers: Helpers,
        presence: Presence,
        phones: Phones,
        recording: Recording,
        saying: Saying,
    ) -> None:
        self._ledger = ledger
        self._transit = transit
        self._helpers = helpers
        self._presence = presence
        self._phones = phones
        self._recording = recording
        self._saying = saying

    async def candidates(self, name: EventId) -> Found:
        """Outside any transaction: whoever rides, stands or is near, and can be reached."""
        async with self._ledger.reading() as reading:
            event = await store.look(reading.db, name)
            if event is None or event.ended or event.came >= WANTED:
                return Found()
            where = await self._recording.where(reading, event)
            told = {it.person for it in await calls.of_event(reading.db, name)}
            now = reading.now
        rings = await self._around(event, where, now)
        near = [it for it in audience.nearest_ring(rings) if it.person not in told]
        return Found(await self._reachable(near[:LOOKED_AT_MOST]), where)

    async def step(self, tx: Transaction, name: EventId, found: Found) -> int:
        """Ask the next tier; answers how many were asked."""
        event = await store.find(tx.db, name)
        if event is None or event.ended:
            return 0
        told = {it.person for it in await calls.of_event(tx.db, name)}
        near = [it for it in found.near if it.person not in told]
        watchers = await watch.among(tx.db, [it.person for it in near])
        agents = {it for it, one in watchers.items() if one.agent == event.network}
        facts = await self._facts(tx, event, [it.person for it in near], watchers)
        may = [it for it in near if audience.why_not(facts[it.person], tx.now) is None]
        limit = await self._allowance(tx, event, found.where)
        wave = audience.next_wave(
            Carried(
                wave=event.wave,
                asked=event.asked,
                came=event.came,
                allowance=None if limit is None else limit.left,
            ),
            may,
            agents=agents,
            now=tx.now,
        )
        carried = replace(event, wave=wave.wave, asked=event.asked + len(wave.people))
        if carried != event:
            await store.save(tx.db, carried)
        if wave.people:
            await self._tell(tx, carried, wave.people)
            if limit is not None:
                people = [it.person for it in wave.people]
                await budgets.spend(tx.db, limit.names, name, people, tx.now)
        if wave.again is not None:
            tx.schedule(STEP, name, due=wave.again)
        return len(wave.people)

    # Who is near.

    async def _around(
        self, event: Event, where: Where | None, now: datetime
    ) -> dict[Ring, list[tuple[PersonId, int]]]:
        ride = where.ride if where else None
        found: dict[Ring, list[tuple[PersonId, int]]] = {}
        if event.line is not None:
            aboard = await self._on_line(event, now)
            if ride is None:
                # By hand: which vehicle is not known, only the line.
                found[Ring.NEAR] = [(person, 0) for person, _ in aboard]
            else:
                found[Ring.TRIP] = self._in_vehicle(ride, aboard)
        here, ahead = self._stops(event, ride)
        stood = self._transit.aboard.at_stops
        found[Ring.PLATFORM] = [(it, 0) for it, _ in await stood(here, now)] if here else []
        found[Ring.NEXT] = [(it, 0) for it, _ in await stood(ahead, now)] if ahead else []
        cell = placing.cell_about(self._transit.network, event, where)
        if cell is not None:
            around = await self._transit.aboard.near(cell, now)
            near = [(person, steps(cell, it.cell)) for person, it in around]
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
        network = self._transit.network
        found: set[StopId] = set()
        for each in stops:
            stop = network.stop(each)
            if stop is not None:
                point = Point(lat=stop.lat, lon=stop.lon)
                found |= {each, *(it.id for it in network.stops_near(point))}
        return frozenset(found)

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

    # Who may be told, and how many.

    async def _facts(
        self,
        tx: Transaction,
        event: Event,
        people: Sequence[PersonId],
        watchers: Mapping[PersonId, Watcher],
    ) -> dict[PersonId, Facts]:
        reporters = await reports.reporters_of(tx.db, event.event)
        vetted = await self._helpers.vetted(tx, people, reporters)
        hour = await calls.times_told(tx.db, people, tx.now - _HOUR)
        today = await calls.times_told(tx.db, people, day_began(tx.now))
        muted = (
            frozenset[PersonId]()
            if event.line is None
            else await watch.muted(tx.db, people, event.line, tx.now)
        )
        found: dict[PersonId, Facts] = {}
        for person in people:
            helper, excluded = vetted.get(person, (None, False))
            watcher = watchers.get(person, Watcher())
            found[person] = Facts(
                helper=helper,
                watching=watcher.on,
                agent=watcher.agent == event.network,
                excluded=excluded,
                reporter=person in reporters,
                muted=person in muted,
                told_this_hour=hour.get(person, 0),
                told_today=today.get(person, 0),
            )
        return found

    async def _allowance(
        self, tx: Transaction, event: Event, where: Where | None
    ) -> "Limit | None":
        """How many more may be disturbed; None: it is confirmed, or known, or an exercise."""
        if event.drill or event.confirmed:
            return None
        if event.withheld or event.standing is Standing.DOUBTED:
            return Limit(0, ())
        if not event.contained:
            return None
        origins = {it.origin for it in await reports.of_event(tx.db, event.event, REPORTS_READ)}
        cell = placing.cell_about(self._transit.network, event, where)
        names = standing.budgets(event, cell, origins)
        await budgets.hold(tx.db, [f"spent {it}" for it in names.all], tx.now)
        spent = await budgets.spent_under(tx.db, names.all, tx.now - CONTAINED_IN)
        return Limit(standing.allowance(names, spent), names.charged)

    # Telling them.

    async def _tell(self, tx: Transaction, event: Event, people: Sequence[Near]) -> None:
        parts = await calls.parts_of(tx.db, event.event)
        asked = [
            Call(
                event=event.event,
                person=it.person,
                ring=it.ring,
                state=CallState.ASKED,
                asked_at=tx.now,
            )
            for it in people
        ]
        await calls.add(tx.db, asked)
        for call in asked:
            self._saying.offered(tx, event, call, parts)
        phones = await self._phones.among(tx, [it.person for it in people])
        for it in people:
            if it.person in phones:
                self._phones.wake(tx, it.person, live=it.live)
        self._saying.queued(tx, event, parts)


@dataclass(frozen=True, slots=True)
class Limit:
    left: int
    #: Where those who are told now are counted.
    names: tuple[str, ...]


def _shuffled(event: Event, people: Iterable[tuple[PersonId, int]]) -> list[tuple[PersonId, int]]:
    """Equally near ones in an order that is another for each event: nobody is always first."""

    def place(it: tuple[PersonId, int]) -> bytes:
        return sha256(f"{event.event} {it[0]}".encode()).digest()

    return sorted(people, key=place)


async def waits(reading: Reading, person: PersonId) -> bool:
    """Whether something of an open event waits for a phone of this person to have it."""
    for name in await calls.unheard(reading.db, person, reading.now - _HOUR):
        event = await store.look(reading.db, name)
        if event is not None and not event.ended:
            return True
    return False
