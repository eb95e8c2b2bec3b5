"""What somebody reports: kept, joined with what others say of the same event, taken back.

Whatever is reported is recorded, and operators are told. Limits only say how far it is carried.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import msgspec

from alerts.witness import grouping, placing, standing, store
from alerts.witness.after import store as after
from alerts.witness.budgets import store as budgets
from alerts.witness.errors import WitnessEnded, WitnessNeedsAPlace
from alerts.witness.grouping import Said
from alerts.witness.placing import Placed, Spoken
from alerts.witness.reports import store as reports
from alerts.witness.rules import (
    CARRIED_IN,
    CARRIED_MOST,
    EVENTS_IN,
    EVENTS_MOST,
    GROUPED_FOR,
    MARKS_KEPT,
    REPORTS_READ,
)
from alerts.witness.values import (
    As,
    Event,
    EventId,
    Kind,
    Report,
    ReportId,
    Standing,
    State,
    Where,
)
from geo.transit.service import Transit
from geo.transit.values import Fix, Located, StopId
from matching.helpers.service import Helpers
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

PLACE, NOTE = "witness place", "witness note"
#: Open events around a report that are compared with it.
AROUND_MOST = 50

_NOWHERE = Located(candidates=(), stop=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report as it comes in."""

    role: As
    kind: Kind
    spoken: Spoken
    car: str = ""
    trail: Sequence[Fix] = ()
    note: str = ""
    #: See ``values.Report.origin``.
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    before: Event | None
    event: Event
    report: Report


class Recording:
    def __init__(self, transit: Transit, helpers: Helpers) -> None:
        self._transit = transit
        self._helpers = helpers

    async def record(self, tx: Transaction, person: PersonId, asked: Asked) -> Recorded:
        """Keep a report: of an event that is open, or of a new one."""
        spoken = asked.spoken
        if spoken.line is None and spoken.stop is None and not asked.trail:
            raise WitnessNeedsAPlace
        network = self._transit.network
        located = self._transit.place(asked.trail, tx.now) if asked.trail else _NOWHERE
        where = placing.placed(network, spoken, asked.trail, located, tx.now)
        ground = grouping.ground_of(where.line, where.stop, where.area)
        await budgets.hold(tx.db, [f"ground {ground}"], tx.now)
        mine = await reports.since(tx.db, person, tx.now - CARRIED_IN, REPORTS_READ)
        # Whoever has taken their word back begins anew, whether others say it or not.
        left = {event.event for report, event in mine if report.withdrawn}
        before = await self._same(tx, asked, where, ground, left) or _last_of(mine, tx)
        if before is not None:
            # Locked, and as it is now.
            before = await store.find(tx.db, before.event)
        withheld = len(mine) >= CARRIED_MOST
        event = before or _new(tx, where, ground, withheld=withheld)
        place = await self._sealed(tx, event, where.where)
        kept = await self._keep(tx, person, asked, where, event, place)
        changed, fresher = await self._summed_up(tx, event, where, kept)
        # Too much of one account is not too much of the next.
        changed = replace(changed, withheld=event.withheld and withheld)
        if before is None:
            await store.put(tx.db, changed, place)
        else:
            await store.save(tx.db, changed)
            if fresher:
                await store.place_it(tx.db, event.event, place)
        return Recorded(before, changed, kept)

    async def update(
        self,
        tx: Transaction,
        person: PersonId,
        name: EventId,
        *,
        kind: Kind | None,
        car: str | None,
        stop: StopId | None,
    ) -> Recorded:
        """Say something else than before."""
        event, report = await self._own(tx, person, name)
        if event.ended or report.withdrawn:
            raise WitnessEnded
        said = replace(
            report, kind=kind or report.kind, car=report.car if car is None else car.strip(),
            stop=stop or report.stop,
        )  # fmt: skip
        await reports.put(tx.db, said)
        changed, _ = await self._summed_up(tx, event)
        await store.save(tx.db, changed)
        return Recorded(event, changed, said)

    async def withdraw(self, tx: Transaction, person: PersonId, name: EventId) -> Recorded:
        """Take one's word back; what others say of it stands."""
        event, report = await self._own(tx, person, name)
        if event.ended or report.withdrawn:
            return Recorded(event, event, report)
        back = replace(report, withdrawn=True)
        await reports.put(tx.db, back)
        changed, _ = await self._summed_up(tx, event)
        await store.save(tx.db, changed)
        return Recorded(event, changed, back)

    async def where(self, reading: Reading, event: Event) -> Where | None:
        """Where it was last known to be, or None once that is shredded."""
        sealed = await store.sealed_place(reading.db, event.event)
        return await _opened(reading, event, sealed)

    async def place_of(self, reading: Reading, event: Event, report: ReportId) -> Where | None:
        """Where one phone was that reported it."""
        sealed = await reports.sealed_place(reading.db, report)
        return await _opened(reading, event, sealed)

    async def notes(self, reading: Reading, event: Event) -> dict[ReportId, str]:
        found: dict[ReportId, str] = {}
        for name, sealed in (await reports.notes_of(reading.db, event.event, REPORTS_READ)).items():
            try:
                found[name] = (await reading.open(event.key, sealed, context=NOTE)).decode()
            except Gone:
                return {}
        return found

    # Inside.

    async def _same(
        self, tx: Transaction, asked: Asked, where: Placed, ground: str, left: Collection[EventId]
    ) -> Event | None:
        around = await store.open_around(
            tx.db, ground, where.stop, tx.now - GROUPED_FOR, AROUND_MOST
        )
        said = Said(
            at=tx.now,
            line=where.line,
            direction=where.direction,
            stop=where.stop,
            car=asked.car,
            where=where.where,
            mode=where.mode,
        )
        opened = [
            (event, await _opened(tx, event, sealed))
            for event, sealed in around
            if event.event not in left
        ]
        return grouping.found(said, opened, self._transit.network.apart_m)

    async def _keep(
        self,
        tx: Transaction,
        person: PersonId,
        asked: Asked,
        where: Placed,
        event: Event,
        place: bytes | None,
    ) -> Report:
        known = await reports.by_person(tx.db, event.event, person)
        marks = await after.marks_of(tx.db, person, tx.now - MARKS_KEPT)
        vetted = await self._helpers.is_helper(tx, person)
        new = Report(
            report=known[0].report if known else ReportId(tx.ids()),
            event=event.event,
            person=person,
            role=asked.role,
            kind=asked.kind,
            at=known[0].at if known else tx.now,
            standing=standing.standing(marks, vetted=vetted, now=tx.now),
            origin=asked.origin,
            car=asked.car.strip(),
            line=where.line,
            direction=where.direction,
            stop=where.stop,
            ahead=where.ahead,
            until=grouping.until(tx.now, tx.now, self._left_s(where)),
            placed=where.placed,
        )
        note = known[1] if known else None
        if asked.note:
            note = await tx.seal(event.key, asked.note.encode(), context=NOTE)
        await reports.put(tx.db, new, note=note, place=place)
        return new

    async def _summed_up(
        self,
        tx: Transaction,
        event: Event,
        where: Placed | None = None,
        new: Report | None = None,
    ) -> tuple[Event, bool]:
        """What all reports make of it now; ``where`` and what is ``new``, if anything is.

        And whether the new one says better where it is.
        """
        told = await reports.of_event(tx.db, event.event, REPORTS_READ)
        summary = grouping.summed_up(told)
        if summary is None:
            return replace(event, reports=0, victims=0), False
        fresher = (
            where is not None
            and new is not None
            and where.placed
            and (not event.placed or summary.first == new.person)
        )
        found = where is not None and where.placed and not event.placed
        changed = replace(
            event,
            line=(where.line if where is not None and fresher else None) or event.line,
            direction=where.direction if where is not None and fresher else event.direction,
            # What was by word alone is carried from its vehicle on, as if it began now.
            wave=-1 if found else event.wave,
            kind=summary.kind,
            car=summary.car,
            stop=summary.stop,
            ahead=where.ahead if where is not None and fresher else event.ahead,
            standing=summary.standing,
            placed=summary.placed,
            reports=summary.reports,
            victims=summary.victims,
            confirmed=event.confirmed or standing.confirmed_by(told),
        )
        if where is None:
            return changed, False
        if changed.line != event.line:
            # By a stop alone until now: from here on it is looked for by its line.
            changed = replace(
                changed, ground=grouping.ground_of(changed.line, None, None), network=where.network
            )
        until = grouping.until(event.opened_at, tx.now, self._left_s(where))
        return replace(changed, last_at=tx.now, until=max(event.until, until)), fresher

    def _left_s(self, where: Placed) -> float | None:
        return placing.trip_left_s(self._transit.network, where.where)

    async def _sealed(self, tx: Transaction, event: Event, where: Where | None) -> bytes | None:
        if where is None:
            return None
        return await tx.seal(event.key, msgspec.json.encode(where), context=PLACE)

    async def _own(self, tx: Transaction, person: PersonId, name: EventId) -> tuple[Event, Report]:
        event = await store.find(tx.db, name)
        known = await reports.by_person(tx.db, name, person)
        if event is None or known is None:
            raise NotFound
        return event, known[0]


def _new(tx: Transaction, where: Placed, ground: str, *, withheld: bool) -> Event:
    return Event(
        event=EventId(tx.ids()),
        network=where.network,
        line=where.line,
        direction=where.direction,
        stop=where.stop,
        ahead=where.ahead,
        car="",
        kind=Kind.OTHER,
        state=State.OPEN,
        opened_at=tx.now,
        last_at=tx.now,
        until=tx.now,
        ground=ground,
        standing=Standing.NEW,
        placed=where.placed,
        withheld=withheld,
    )


def _last_of(mine: Sequence[tuple[Report, Event]], tx: Transaction) -> Event | None:
    """Where what comes too often goes: the last event of that account, while it is open."""
    lately = [
        event for report, event in mine if report.at >= tx.now - EVENTS_IN and not report.withdrawn
    ]
    if len(lately) < EVENTS_MOST:
        return None
    return next((it for it in lately if not it.ended), None)


async def _opened(reading: Reading, event: Event, sealed: bytes | None) -> Where | None:
    if sealed is None:
        return None
    try:
        clear = await reading.open(event.key, sealed, context=PLACE)
    except Gone:
        return None
    return msgspec.json.decode(clear, type=Where)
