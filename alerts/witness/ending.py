"""How an event ends, what of it is judged and counted, and when nothing is left of it."""

from dataclasses import replace
from datetime import timedelta

from alerts.witness import machine, own, store
from alerts.witness.after import store as after
from alerts.witness.budgets import store as budgets
from alerts.witness.calls import store as calls
from alerts.witness.carrying import STEP
from alerts.witness.machine import Ending, Parts
from alerts.witness.messages import EventEnded
from alerts.witness.reporters import Reporters
from alerts.witness.reports import store as reports
from alerts.witness.rules import KEPT_FOR, REPORTS_READ, TRUSTED_MOST
from alerts.witness.saying import QUEUE, Saying
from alerts.witness.values import CallState, Event, EventId, Outcome, Report
from matching.helpers.quiet import PARIS, day_began
from realtime import store as ledger_store
from realtime.channels import own_channel
from realtime.kernel.errors import NotFound
from realtime.ledger import Transaction

#: Tasks; their key is the event.
EXPIRE, SHRED = "witness.expire", "witness.shred"
#: Publications forgotten at once of one stream; what is left of the queue goes with the next event.
TRIMMED_MOST = 2_000
#: The end itself was said at the very moment from which a day is counted.
_MOMENT = timedelta(seconds=1)
#: Nothing happened, or nobody says so any more: no place is counted for it.
UNCOUNTED = frozenset({Outcome.FALSE_ALARM, Outcome.CANCELLED, Outcome.NOTHING_SEEN})


class Finishing:
    def __init__(self, saying: Saying) -> None:
        self._saying = saying
        self._reporters = Reporters(saying)

    async def end(
        self,
        tx: Transaction,
        name: EventId,
        ending: Ending,
        actor: str,
        outcome: Outcome | None = None,
    ) -> EventEnded:
        """It is over. Ended already, it answers how."""
        event = await store.find(tx.db, name)
        if event is None:
            raise NotFound
        if event.ended:
            return EventEnded(name, event.state, event.outcome)
        over = replace(
            event,
            state=machine.state_after(ending),
            outcome=machine.outcome_after(ending, outcome),
            ended_at=tx.now,
        )
        await store.save(tx.db, over)
        tx.record(actor, f"witness.{ending}", name)
        parts = await calls.parts_of(tx.db, name)
        self._saying.changed(tx, over, parts)
        for call in await calls.of_event(tx.db, name):
            self._saying.over(tx, over, call, over.outcome or Outcome.EXPIRED)
            if call.state is CallState.CAME:
                tx.revoke(call.person, over.channel)
        await self._reporters.tell(tx, event, over, parts, parts)
        await self._saying.tell_network(tx, over, "ended")
        for task in (STEP, EXPIRE):
            tx.unschedule(task, name)
        tx.schedule(SHRED, name, due=tx.now + KEPT_FOR)
        await _count(tx, over)
        return EventEnded(name, over.state, over.outcome)

    async def expire(self, tx: Transaction, name: EventId) -> None:
        """Its time is over, unless it was reported again meanwhile."""
        event = await store.find(tx.db, name)
        if event is None or event.ended:
            return
        if event.until > tx.now:
            tx.schedule(EXPIRE, name, due=event.until)
            return
        await self.end(tx, name, Ending.EXPIRE, "clock")

    async def confirm(self, tx: Transaction, event: Event, actor: str) -> Event:
        """It is true: carried like any other, and those who reported it first are known."""
        first = [
            it for it in await reports.of_event(tx.db, event.event, REPORTS_READ) if it.trusted
        ]
        people = [it.person for it in first[:TRUSTED_MOST]]
        await after.put_marks(tx.db, people, event.event, good=True, at=tx.now)
        tx.record(actor, "witness.confirm", event.event)
        if event.confirmed or event.ended:
            return event
        changed = replace(event, confirmed=True)
        await store.save(tx.db, changed)
        await self.lifted(tx, event, changed)
        return changed

    def taken_back(self, tx: Transaction, event: Event, report: Report) -> None:
        """Somebody has taken her word back: over for her, whoever else says it."""
        known, _ = own.hers(event, report, (), Parts())
        self._saying.own(tx, known, report.person)

    async def lifted(self, tx: Transaction, before: Event, event: Event) -> None:
        """It is not contained any more: nobody was disturbed for nothing, and more are asked."""
        await budgets.give_back(tx.db, event.event)
        tx.schedule(STEP, event.event)
        parts = await calls.parts_of(tx.db, event.event)
        self._saying.changed(tx, event, parts)
        await self._reporters.tell(tx, before, event, parts, parts)
        await self._saying.tell_network(tx, event, "confirmed")

    async def disprove(self, tx: Transaction, event: Event, actor: str) -> EventEnded:
        """Nothing happened: over, and remembered of the accounts that said so first.

        Not of all: somebody else may have said something true of the same line.
        """
        told = await reports.of_event(tx.db, event.event, REPORTS_READ)
        people = [it.person for it in told if not it.withdrawn][:TRUSTED_MOST]
        await after.put_marks(tx.db, people, event.event, good=False, at=tx.now)
        return await self.end(tx, event.event, Ending.FALSE, actor)

    async def shred(self, tx: Transaction, name: EventId) -> None:
        """Forget who said what and who was told. Of an exercise the figures stay."""
        event = await store.find(tx.db, name)
        if event is None:
            return
        await tx.shred(event.key)
        await tx.shred(event.channel)
        await ledger_store.drop_stream(tx.db, event.channel)
        people = {it.person for it in await calls.of_event(tx.db, name)}
        people |= set(await reports.reporters_of(tx.db, name))
        for stream in (QUEUE, *(own_channel(it) for it in sorted(people))):
            # What they were told holds the line, the stop and the car.
            await ledger_store.trim(tx.db, stream, tx.now - KEPT_FOR + _MOMENT, limit=TRIMMED_MOST)
        await reports.drop(tx.db, name)
        await calls.drop(tx.db, name)
        await budgets.give_back(tx.db, name)
        if event.drill:
            await store.place_it(tx.db, name, None)
        else:
            await store.drop(tx.db, name)
        tx.record("retention", "witness.shred", name)


async def _count(tx: Transaction, event: Event) -> None:
    """One more at that stop, at that hour of the day in Paris; under a name of no event.

    An exercise has no stop.
    """
    stop = event.at_stop
    if stop is None or event.outcome in UNCOUNTED:
        return
    hour = event.opened_at.astimezone(PARIS).hour
    await after.count(tx.db, tx.ids(), day=day_began(event.opened_at), stop=stop, hour=hour)
