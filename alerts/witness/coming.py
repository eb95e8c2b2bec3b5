"""What those who were told answer: their phone has it, they come and take a part, they see it."""

from dataclasses import dataclass, replace

from alerts.witness import machine, store
from alerts.witness.calls import store as calls
from alerts.witness.carrying import STEP
from alerts.witness.errors import NotOnTheSpot, RoleTaken, WitnessEnded
from alerts.witness.machine import Parts
from alerts.witness.messages import CallAnswer
from alerts.witness.reporters import Reporters
from alerts.witness.rules import WANTED
from alerts.witness.saying import Saying
from alerts.witness.values import Call, CallState, Event, EventId, Ring, Role
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.sql import Duplicate

#: Whoever was told there was there.
ON_THE_SPOT = frozenset({Ring.TRIP, Ring.PLATFORM})


@dataclass(frozen=True, slots=True)
class Eyes:
    """What vetted eyes have said: the event as it was."""

    event: Event
    #: It is confirmed by this.
    confirms: bool


class Coming:
    def __init__(self, saying: Saying) -> None:
        self._saying = saying
        self._reporters = Reporters(saying)

    async def heard(
        self, tx: Transaction, person: PersonId, name: EventId, *, seen: bool
    ) -> CallAnswer:
        """A phone has it, or somebody has looked: concerns this call alone."""
        call = await self._call(tx, person, name)
        changed = replace(call, received=True, seen=call.seen or seen)
        if changed != call:
            await calls.save(tx.db, changed)
            await store.add_heard(
                tx.db,
                name,
                delivered=int(not call.received),
                seen=int(changed.seen and not call.seen),
            )
        return CallAnswer(name, call.state)

    async def claim(
        self, tx: Transaction, person: PersonId, name: EventId, role: Role, *, done: bool
    ) -> CallAnswer:
        """Take a part that nobody has; one's other part is free again."""
        event, call, parts = await self._open(tx, person, name)
        now = machine.claimed(parts, person, role, done=done)
        try:
            await calls.save_parts(tx.db, name, parts, now)
        except Duplicate:
            # The event's row is held: only what does not hold it could have come between.
            raise RoleTaken from None
        await self._moved(tx, event, call, CallState.CAME, parts, now)
        return CallAnswer(name, CallState.CAME, role)

    async def leave(
        self, tx: Transaction, person: PersonId, name: EventId, state: CallState
    ) -> CallAnswer:
        """Let one's part go, or say no; after the end it is no matter any more."""
        event = await store.find(tx.db, name)
        call = await self._call(tx, person, name)
        if event is None:
            raise NotFound
        if event.ended or call.state is state:
            return CallAnswer(name, call.state)
        if state is CallState.LEFT and call.state is not CallState.CAME:
            return CallAnswer(name, call.state)
        parts = await calls.parts_of(tx.db, name)
        now = machine.released(parts, person)
        await calls.save_parts(tx.db, name, parts, now)
        await self._moved(tx, event, call, state, parts, now)
        if call.state is CallState.CAME:
            tx.revoke(person, event.channel)
        return CallAnswer(name, state)

    async def eyes(self, tx: Transaction, person: PersonId, name: EventId, *, seen: bool) -> Eyes:
        """What somebody who was told there sees."""
        event, call, _ = await self._open(tx, person, name)
        if call.ring not in ON_THE_SPOT and call.state is not CallState.CAME:
            raise NotOnTheSpot
        await calls.say_seen(tx.db, name, person, eyes=seen)
        _, unseen = await calls.eyes(tx.db, name)
        changed = replace(event, unseen=unseen)
        if changed != event:
            await store.save(tx.db, changed)
            self._saying.queued(tx, changed, await calls.parts_of(tx.db, name))
        return Eyes(changed, confirms=seen and not event.confirmed)

    async def _moved(
        self,
        tx: Transaction,
        event: Event,
        call: Call,
        state: CallState,
        before: Parts,
        parts: Parts,
    ) -> None:
        """A part is taken or free: counted, and told to all who came and who reported it."""
        answered = replace(call, state=state, received=True, seen=True)
        if answered != call:
            await calls.save(tx.db, answered)
            delivered, seen = int(not call.received), int(not call.seen)
            await store.add_heard(tx.db, event.event, delivered=delivered, seen=seen)
        if parts == before:
            return
        came = len(parts.taken)
        changed = replace(
            event, came=came, first_claim_at=event.first_claim_at or (tx.now if came else None)
        )
        if changed != event:
            await store.save(tx.db, changed)
            await self._reporters.tell(tx, event, changed, before, parts)
        self._saying.changed(tx, changed, parts)
        if came < WANTED <= event.came:
            tx.schedule(STEP, event.event)

    async def _open(
        self, tx: Transaction, person: PersonId, name: EventId
    ) -> tuple[Event, Call, Parts]:
        event = await store.find(tx.db, name)
        call = await self._call(tx, person, name)
        if event is None:
            raise NotFound
        if event.ended:
            raise WitnessEnded
        return event, call, await calls.parts_of(tx.db, name)

    @staticmethod
    async def _call(tx: Transaction, person: PersonId, name: EventId) -> Call:
        found = await calls.find(tx.db, name, person)
        if found is None:
            raise NotFound
        return found
