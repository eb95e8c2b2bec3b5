"""Who is asked next about an event, in the transaction that tells them.

Whoever was found (``finding``) is asked about again in the tables: vetted, watching, not excluded,
not a reporter, not muted, not in quiet hours, not too often. Nobody is told by what memory says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts import audience
from alerts.audience import Carried, Facts, Near
from alerts.witness import placing, standing, store
from alerts.witness.budgets import store as budgets
from alerts.witness.calls import store as calls
from alerts.witness.finding import Found
from alerts.witness.ports import Phones
from alerts.witness.reports import store as reports
from alerts.witness.rules import (
    CONTAINED_IN,
    REPORTS_READ,
)
from alerts.witness.saying import Saying
from alerts.witness.values import Call, CallState, Event, EventId, Standing, Where
from alerts.witness.watch import store as watch
from alerts.witness.watch.store import Watcher
from geo.transit.service import Transit
from matching.helpers.quiet import day_began
from matching.helpers.service import Helpers
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: The task that looks for people; its key is the event.
STEP = "witness.step"
_HOUR = timedelta(hours=1)


class Carrying:
    def __init__(
        self,
        transit: Transit,
        helpers: Helpers,
        phones: Phones,
        saying: Saying,
    ) -> None:
        self._transit = transit
        self._helpers = helpers
        self._phones = phones
        self._saying = saying

    async def step(self, tx: Transaction, name: EventId, found: Found) -> int:
        """Ask the next tier; answers how many were asked."""
        event = await store.find(tx.db, name)
        if event is None or event.ended:
            return 0
        told = {it.person for it in await calls.of_event(tx.db, name)}
        near = [it for it in found.near if it.person not in told]
        watchers = await watch.watchers_among(tx.db, [it.person for it in near])
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
                contained=event.contained,
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


async def waits(reading: Reading, person: PersonId) -> bool:
    """Whether something of an open event waits for a phone of this person to have it."""
    for name in await calls.unheard(reading.db, person, reading.now - _HOUR):
        event = await store.look(reading.db, name)
        if event is not None and not event.ended:
            return True
    return False
