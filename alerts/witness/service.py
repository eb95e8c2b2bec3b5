"""Where reports of witnesses, answers of those who are told and operators' judgements come in.

An event is joined here with what follows from it: who is asked next, until when, what is told.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from alerts.witness import own, standing, store
from alerts.witness.calls import store as calls
from alerts.witness.carrying import STEP, Carrying, waits
from alerts.witness.coming import Coming
from alerts.witness.ending import EXPIRE, Finishing
from alerts.witness.finding import Finding, Found
from alerts.witness.looking import Looking, Relation
from alerts.witness.machine import Ending, Parts
from alerts.witness.messages import (
    CallAnswer,
    Confirmed,
    EventEnded,
    HotSpots,
    Reported,
    Updated,
    WitnessBoard,
    WitnessMine,
    WitnessState,
)
from alerts.witness.ports import Counting, Phones, Telling, uncounted
from alerts.witness.recording import Asked, Recorded, Recording
from alerts.witness.reports import store as reports
from alerts.witness.rules import OPEN_FOR
from alerts.witness.saying import Saying
from alerts.witness.tasks import TIDY, TIDY_EVERY, Handlers
from alerts.witness.values import (
    CallState,
    Drill,
    Event,
    EventId,
    Kind,
    Outcome,
    Role,
    Standing,
    State,
)
from alerts.witness.watch.service import Watching
from geo.transit.service import Transit
from geo.transit.values import LineId, StopId, network_of
from matching.helpers.service import Helpers
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Presence
from realtime.tasks import Tasks

#: People of open events named at once.
MOST_IN_EVENTS = 10_000


class Witness:
    def __init__(
        self,
        ledger: Ledger,
        transit: Transit,
        helpers: Helpers,
        presence: Presence,
        phones: Phones,
        networks: Telling,
    ) -> None:
        self._helpers = helpers
        self._saying = Saying(transit, networks)
        self._recording = Recording(transit, helpers)
        self._finding = Finding(ledger, transit, presence, phones, self._recording)
        self._carrying = Carrying(transit, helpers, phones, self._saying)
        self._coming = Coming(self._saying)
        self._finishing = Finishing(self._saying)
        self._looking = Looking(ledger, transit, networks, self._recording, self._saying)
        self.watching = Watching(ledger, transit, helpers)
        #: Counts a report where its poster was put up; set by whoever joins campaigns.
        self.coded: Counting = uncounted
        #: Told, for the figures, of each step that asked somebody: seconds since the report, how
        #: many, whether they are its first; and of each report. Set by whoever measures.
        self.asked: Callable[[float, int, bool], None] = lambda seconds, people, first: None
        self.reported: Callable[[str], None] = lambda standing: None

    def register(self, tasks: Tasks) -> None:
        Handlers(self, self._finding, self._finishing, self._looking, self._saying).register(tasks)
        self.watching.register(tasks)

    async def plan(self, tx: Transaction) -> None:
        tx.schedule(TIDY, "all", due=tx.now + TIDY_EVERY)

    # Who sees it.

    async def report(
        self, tx: Transaction, person: PersonId, asked: Asked, *, code: str | None = None
    ) -> Reported:
        """Keep a report, and start to carry what it is about. Never refused for being too much."""
        done = await self._recording.record(tx, person, asked)
        event = done.event
        tx.record(person, "witness.report", event.event)
        await self._follow(tx, done)
        if code is not None:
            await self.coded(tx, code)
        tx.after_commit(partial(self.reported, event.standing))
        # Of what others have said of it, nothing.
        known, _ = own.hers(event, done.report, (), Parts())
        return Reported(
            alert=event.event,
            report=done.report.report,
            state="recorded",
            at=tx.now,
            until=known.until,
            call=await self._looking.call(tx, known),
        )

    async def update(
        self,
        tx: Transaction,
        person: PersonId,
        alert: str,
        *,
        kind: Kind | None = None,
        car: str | None = None,
        stop: StopId | None = None,
    ) -> Updated:
        done = await self._recording.update(
            tx, person, EventId(alert), kind=kind, car=car, stop=stop
        )
        await self._follow(tx, done)
        said = done.report
        return Updated(
            alert=alert,
            kind=said.kind,
            car=said.car or None,
            stop=self._saying.stop(said.stop),
        )

    async def cancel(self, tx: Transaction, person: PersonId, alert: str) -> EventEnded:
        """Take one's word back: over for oneself, and for all when nobody else says it."""
        done = await self._recording.withdraw(tx, person, EventId(alert))
        event = done.event
        if event.ended and not done.report.withdrawn:
            return EventEnded(alert, event.state, event.outcome)
        if done.before == event:
            # Taken back before.
            return EventEnded(alert, State.CANCELLED, Outcome.CANCELLED)
        tx.record(person, "witness.withdraw", alert)
        self._finishing.taken_back(tx, event, done.report)
        if event.reports == 0:
            await self._finishing.end(tx, event.event, Ending.CANCEL, person)
        else:
            await self._follow(tx, done)
        return EventEnded(alert, State.CANCELLED, Outcome.CANCELLED)

    # Whoever is told.

    async def received(self, tx: Transaction, person: PersonId, alert: str) -> CallAnswer:
        return await self._coming.heard(tx, person, EventId(alert), seen=False)

    async def seen(self, tx: Transaction, person: PersonId, alert: str) -> CallAnswer:
        return await self._coming.heard(tx, person, EventId(alert), seen=True)

    async def claim(
        self, tx: Transaction, person: PersonId, alert: str, role: Role, *, done: bool = False
    ) -> CallAnswer:
        return await self._coming.claim(tx, person, EventId(alert), role, done=done)

    async def release(self, tx: Transaction, person: PersonId, alert: str) -> CallAnswer:
        return await self._coming.leave(tx, person, EventId(alert), CallState.LEFT)

    async def decline(self, tx: Transaction, person: PersonId, alert: str) -> CallAnswer:
        return await self._coming.leave(tx, person, EventId(alert), CallState.DECLINED)

    async def confirm(
        self, tx: Transaction, person: PersonId, alert: str, *, seen: bool
    ) -> Confirmed:
        """Vetted eyes there."""
        eyes = await self._coming.eyes(tx, person, EventId(alert), seen=seen)
        event = eyes.event
        if eyes.confirms and not event.drill:
            event = await self._finishing.confirm(tx, event, person)
        return Confirmed(alert, event.confirmed)

    async def depart(self, tx: Transaction, person: PersonId) -> None:
        """Somebody's session has ended for good: comes no more, and watches no more."""
        for call in (await self._looking.mine(tx, person)).calls:
            await self.decline(tx, person, call.alert)
        await self.watching.end(tx, person)

    async def excluded(self, tx: Transaction, person: PersonId) -> None:
        """Somebody's silent list has grown: whoever is on it has no part in her open reports."""
        for said in (await self._looking.mine(tx, person)).reports:
            if said.state is not State.OPEN:
                continue
            event = await self._locked(tx, EventId(said.alert))
            told = await calls.of_event(tx.db, event.event)
            people = [it.person for it in told if it.state is not CallState.DECLINED]
            feared = await self._helpers.excluded_among(tx, people, person)
            for call in (it for it in told if it.person in feared):
                # As if it were over: nothing says why.
                self._saying.over(tx, event, call, Outcome.EXPIRED)
                await self.decline(tx, call.person, event.event)

    # Operators.

    async def judge(
        self, tx: Transaction, operator: PersonId, alert: str, *, true: bool
    ) -> EventEnded:
        event = await self._locked(tx, EventId(alert))
        if not true:
            return await self._finishing.disprove(tx, event, operator)
        event = await self._finishing.confirm(tx, event, operator)
        return EventEnded(alert, event.state, event.outcome)

    async def close(
        self, tx: Transaction, operator: PersonId, alert: str, outcome: Outcome
    ) -> EventEnded:
        return await self._finishing.end(tx, EventId(alert), Ending.CLOSE, operator, outcome)

    async def drill(self, tx: Transaction, line: LineId, direction: int, *, actor: PersonId) -> str:
        """An exercise for whoever watches on a line: nothing happens there, and it says so."""
        name = EventId(tx.ids())
        event = Event(
            event=name,
            network=network_of(line),
            line=line,
            direction=direction,
            stop=None,
            car="",
            kind=Kind.OTHER,
            state=State.OPEN,
            opened_at=tx.now,
            last_at=tx.now,
            until=tx.now + OPEN_FOR,
            ground=f"drill {name}",
            standing=Standing.KNOWN,
            drill=True,
        )
        await store.put(tx.db, event, None)
        tx.record(actor, "witness.drill", name)
        await self._opened(tx, event)
        return name

    # Tasks.

    async def step(self, tx: Transaction, name: EventId, found: Found) -> None:
        before = await store.look(tx.db, name)
        asked = await self._carrying.step(tx, name, found)
        if asked and before is not None:
            waited = (tx.now - before.opened_at).total_seconds()
            tx.after_commit(partial(self.asked, waited, asked, before.asked == 0))

    # Looking.

    async def state(
        self, reading: Reading, person: PersonId, alert: str, *, staff: bool
    ) -> WitnessState:
        return await self._looking.state(reading, person, EventId(alert), staff=staff)

    async def mine(self, reading: Reading, person: PersonId) -> WitnessMine:
        return await self._looking.mine(reading, person)

    async def board(self, reading: Reading) -> WitnessBoard:
        return await self._looking.board(reading)

    async def hotspots(self, reading: Reading, days: int) -> HotSpots:
        return await self._looking.hotspots(reading, days)

    async def drilled(self, reading: Reading, alert: str) -> Drill:
        return await self._looking.drilled(reading, EventId(alert))

    async def found(self, reading: Reading, alert: str) -> Event:
        """An event, or ``NotFound``."""
        return await self._looking.found(reading, EventId(alert))

    async def relations(
        self, reading: Reading, person: PersonId, alert: str
    ) -> frozenset[Relation]:
        return await self._looking.relations(reading, person, EventId(alert))

    async def exists(self, reading: Reading, alert: str) -> bool:
        return await store.look(reading.db, EventId(alert)) is not None

    async def people_in(self, reading: Reading) -> list[PersonId]:
        """Everybody who has reported what is open: they come back first; bounded."""
        return await reports.people_in(reading.db, MOST_IN_EVENTS)

    async def waits(self, reading: Reading, person: PersonId) -> bool:
        """Whether a phone of theirs is still to be woken for an event."""
        return await waits(reading, person)

    # What follows from what.

    async def _follow(self, tx: Transaction, done: Recorded) -> None:
        before, event = done.before, done.event
        if before is None:
            await self._opened(tx, event)
            return
        if event.until != before.until:
            tx.schedule(EXPIRE, event.event, due=event.until)
        if standing.carries_further(before, event):
            tx.schedule(STEP, event.event)
        if before.contained and not event.contained:
            await self._finishing.lifted(tx, before, event)
        elif replace(before, last_at=event.last_at) != event:
            self._saying.changed(tx, event, await calls.parts_of(tx.db, event.event))
            await self._saying.tell_network(tx, event, "changed")

    async def _opened(self, tx: Transaction, event: Event) -> None:
        tx.schedule(STEP, event.event)
        tx.schedule(EXPIRE, event.event, due=event.until)
        self._saying.changed(tx, event, Parts())
        await self._saying.tell_network(tx, event, "opened")

    async def _locked(self, tx: Transaction, name: EventId) -> Event:
        event = await store.find(tx.db, name)
        if event is None:
            raise NotFound
        return event
