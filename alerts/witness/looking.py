"""An event, and one's own, as they may be known at this moment. Everything here only reads."""

from datetime import datetime, timedelta
from enum import StrEnum

from alerts.witness import calling, cards, own, placing, store
from alerts.witness.after import store as after
from alerts.witness.calls import store as calls
from alerts.witness.machine import Parts
from alerts.witness.messages import (
    CallView,
    HotSpot,
    HotSpots,
    ReportView,
    RoleView,
    StopView,
    WitnessBoard,
    WitnessCounts,
    WitnessMine,
    WitnessOwn,
    WitnessState,
)
from alerts.witness.ports import Telling
from alerts.witness.recording import Recording
from alerts.witness.reports import store as reports
from alerts.witness.rules import (
    BOARD_PAGE,
    KEPT_FOR,
    OPEN_MOST,
    REPORTS_READ,
    SPOT_LEAST,
    SPOTS_DAYS_MOST,
)
from alerts.witness.saying import QUEUE, Saying
from alerts.witness.values import (
    CallState,
    Drill,
    Event,
    EventId,
    Report,
    Role,
    RoleState,
    Standing,
    Where,
)
from alerts.witness.watch import store as watch
from geo.cells import outline
from geo.transit.service import Transit
from matching.helpers.quiet import day_began
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading

#: What one has reported that is listed.
OWN_MOST = 50


class Relation(StrEnum):
    """What somebody is to an event; ``web/access`` decides by these."""

    REPORTED = "reported"
    #: Was told of it, and has not said no.
    CALLED = "called"
    #: Has taken a part.
    CAME = "came"


class Looking:
    def __init__(
        self,
        ledger: Ledger,
        transit: Transit,
        networks: Telling,
        recording: Recording,
        saying: Saying,
    ) -> None:
        self._ledger = ledger
        self._transit = transit
        self._networks = networks
        self._recording = recording
        self._saying = saying

    async def state(
        self, reading: Reading, person: PersonId, name: EventId, *, staff: bool
    ) -> WitnessState:
        event = await self.found(reading, name)
        held = await self.relations(reading, person, name)
        if not held and not staff:
            raise NotFound
        parts = await calls.parts_of(reading.db, name)
        night = cards.is_night(reading.now)
        comes = staff or not held.isdisjoint({Relation.CALLED, Relation.CAME})
        where, epoch, offset = None, "", 0
        if comes:
            where = await self._recording.where(reading, event)
            head = await reading.place(event.channel)
            epoch, offset = head.epoch, head.offset
        elif (said := await reports.by_person(reading.db, name, person)) is not None:
            report = said[0]
            event, parts = await self._hers(reading, event, report, parts)
            where = await self._recording.place_of(reading, event, report.report)
        return WitnessState(
            alert=name,
            state=event.state,
            kind=event.kind,
            at=event.opened_at,
            expires_at=event.until,
            confirmed=event.confirmed,
            drill=event.drill,
            mine=Relation.REPORTED in held,
            came=event.came,
            told=event.asked,
            seen=event.seen,
            network=event.network,
            roles=_roles(parts, person),
            call=await self.call(reading, event),
            night=night,
            epoch=epoch,
            offset=offset,
            line=self._saying.line(event),
            stop=self._saying.stop(event.stop),
            car=event.car or None,
            next=[] if event.ended else self._next(event, where, reading.now),
            outcome=event.outcome,
            card=self._saying.card(event, parts, person, night=night) if comes else None,
            standing=event.standing if staff else None,
            contained=event.contained if staff else None,
            delivered=event.delivered if staff else None,
            unseen=event.unseen if staff else None,
            reports=await self._reports(reading, event) if staff else None,
            area=outline(where.cell) if staff and where and where.cell else None,
        )

    async def call(self, reading: Reading, event: Event) -> CallView:
        """Whom to call from there, with a message ready."""
        numbers = await self._networks.call(reading, event.network or None)
        line, stop = self._saying.line(event), self._saying.stop(event.stop)
        ahead = self._saying.stop(event.ahead)
        return CallView(
            number=numbers.number,
            sms=numbers.sms,
            text=calling.text(
                event.kind,
                event.opened_at,
                line=line.name if line else "",
                headsign=line.headsign if line else "",
                stop=stop.name if stop else "",
                ahead=ahead.name if ahead else "",
                car=event.car,
            ),
        )

    async def mine(self, reading: Reading, person: PersonId) -> WitnessMine:
        """What one has reported, and what one is told of."""
        said = await reports.since(reading.db, person, reading.now - KEPT_FOR - OPEN_MOST, OWN_MOST)
        known = [(it, await self._known(reading, event, it)) for it, event in said]
        told = await calls.events_told(reading.db, person, reading.now - OPEN_MOST)
        live = await calls.live_of(reading.db, person, told)
        night = cards.is_night(reading.now)
        offers = []
        for call in live:
            event = await store.look(reading.db, call.event)
            if event is not None and not event.ended:
                parts = await calls.parts_of(reading.db, call.event)
                offers.append(self._saying.offer(event, call, parts, night=night))
        return WitnessMine(
            reports=[
                WitnessOwn(
                    alert=event.event,
                    report=it.report,
                    as_=it.role,
                    kind=it.kind,
                    state=event.state,
                    at=it.at,
                    expires_at=event.until,
                    confirmed=event.confirmed,
                    came=event.came,
                    line=self._saying.line(event),
                    stop=self._saying.stop(event.stop),
                    car=event.car or None,
                    outcome=event.outcome,
                )
                for it, event in known
            ],
            calls=offers,
        )

    async def board(self, reading: Reading) -> WitnessBoard:
        head = await reading.place(QUEUE)
        found = await store.open_events(reading.db, BOARD_PAGE)
        listed = [
            self._saying.board(it, await calls.parts_of(reading.db, it.event)) for it in found
        ]
        # What nobody knows anything of comes last, however much of it there is.
        listed.sort(key=lambda it: (not it.confirmed, it.standing is not Standing.KNOWN))
        return WitnessBoard(
            events=listed,
            watching=await watch.count(reading.db),
            epoch=head.epoch,
            offset=head.offset,
        )

    async def counts(self) -> WitnessCounts:
        async with self._ledger.reading() as reading:
            opened, contained = await store.count_open(reading.db)
            return WitnessCounts(opened, contained, await watch.count(reading.db))

    async def hotspots(self, reading: Reading, days: int) -> HotSpots:
        """Stops and hours with five events or more, in steps of five; the others are not told."""
        days = min(days, SPOTS_DAYS_MOST)
        since = day_began(reading.now) - timedelta(days=days)
        return HotSpots(
            days=days,
            spots=[
                HotSpot(
                    stop=self._saying.stop(stop) or StopView(id=stop, name=stop),
                    hour=hour,
                    events=many - many % SPOT_LEAST,
                )
                for stop, hour, many in await after.spots(reading.db, since, SPOT_LEAST)
            ],
        )

    async def drilled(self, reading: Reading, name: EventId) -> Drill:
        event = await self.found(reading, name)
        first = event.first_claim_at
        return Drill(
            asked=event.asked,
            delivered=event.delivered,
            seen=event.seen,
            claimed=event.came,
            first_claim_s=None if first is None else (first - event.opened_at).total_seconds(),
        )

    async def found(self, reading: Reading, name: EventId) -> Event:
        event = await store.look(reading.db, name)
        if event is None:
            raise NotFound
        return event

    async def relations(
        self, reading: Reading, person: PersonId, name: EventId
    ) -> frozenset[Relation]:
        """Nothing once it is over for those who were told; who reported it learns how it ended."""
        event = await store.look(reading.db, name)
        if event is None:
            return frozenset()
        held: set[Relation] = set()
        if await reports.by_person(reading.db, name, person) is not None:
            held.add(Relation.REPORTED)
        call = None if event.ended else await calls.find(reading.db, name, person)
        if call is not None and call.state is not CallState.DECLINED:
            held.add(Relation.CALLED)
            if call.state is CallState.CAME:
                held.add(Relation.CAME)
        return frozenset(held)

    async def _known(self, reading: Reading, event: Event, report: Report) -> Event:
        parts = await calls.parts_of(reading.db, event.event)
        return (await self._hers(reading, event, report, parts))[0]

    async def _hers(
        self, reading: Reading, event: Event, report: Report, parts: Parts
    ) -> tuple[Event, Parts]:
        told = await calls.of_event(reading.db, event.event)
        return own.hers(event, report, told, parts)

    async def _reports(self, reading: Reading, event: Event) -> list[ReportView]:
        notes = await self._recording.notes(reading, event)
        return [
            ReportView(
                report=it.report,
                as_=it.role,
                kind=it.kind,
                at=it.at,
                standing=it.standing,
                car=it.car or None,
                note=notes.get(it.report),
            )
            for it in await reports.of_event(reading.db, event.event, REPORTS_READ)
            if not it.withdrawn
        ]

    def _next(self, event: Event, where: Where | None, now: datetime) -> list[StopView]:
        network = self._transit.network
        known = where.ride if where else None
        ride = None if known is None else placing.now_at(network, known, (), now)
        if ride is not None:
            nexts = network.next_stops(
                ride.line, ride.direction, along_m=ride.along_m, course=ride.course
            )
        elif event.line is not None and event.direction is not None and event.stop is not None:
            nexts = network.next_stops(event.line, event.direction, stop=event.stop)
        else:
            nexts = []
        return [StopView(id=it.id, name=it.name, lat=it.lat, lon=it.lon) for it in nexts]


def _roles(parts: Parts, person: PersonId) -> list[RoleView]:
    mine = parts.of(person)
    return [
        RoleView(
            role=role,
            taken=parts.state(role) is not RoleState.FREE,
            mine=role is mine,
            done=parts.state(role) is RoleState.DONE,
        )
        for role in Role
    ]
