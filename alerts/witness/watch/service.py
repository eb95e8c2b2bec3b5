"""Consent to be told of events on one's way, muted lines, agents: use cases, and what follows.

Where a watching person rides is in memory only, and only while she watches: whoever stops is
forgotten there in the same second. A muted line is told again at its moment, by itself: what is
kept is until when.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.witness.errors import TooManyMutes
from alerts.witness.messages import AgentSet, MuteView, Watch
from alerts.witness.rules import MUTED_FOR_MOST, MUTES_MOST
from alerts.witness.watch import store
from alerts.witness.watch.store import Watcher
from geo.point import Point
from geo.transit.service import Transit
from geo.transit.values import LineId
from matching.helpers.errors import NotAHelper
from matching.helpers.service import Helpers
from realtime.channels import CONTROL
from realtime.kernel.errors import Malformed, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.shared import Shared
from realtime.store import Task
from realtime.tasks import Tasks

#: The order by which nodes tell each other that somebody watches, or not any more.
CHANGED = "watch"
#: The task that forgets where somebody rides, whatever was on its way meanwhile.
FORGET = "witness.forget"
_AGAIN, _AGAIN_AFTER = b"again", timedelta(seconds=5)
#: People remembered as watching or not; the one asked about longest ago is forgotten.
REMEMBERED_MOST = 200_000


class Watching:
    def __init__(self, ledger: Ledger, transit: Transit, helpers: Helpers) -> None:
        self._ledger = ledger
        self._transit = transit
        self._helpers = helpers
        self._known: OrderedDict[PersonId, bool] = OrderedDict()
        #: How often it was told of a change.
        self.changes = 0
        # When a line comes back, thousands of phones say in the same second where they are.
        self._found = Shared(ledger.reading, self._watching_among, otherwise=False)

    def register(self, tasks: Tasks) -> None:
        tasks.handle(FORGET, self._forgotten, self._forget)

    async def set(self, tx: Transaction, person: PersonId, *, on: bool) -> Watch:
        if not await self._helpers.is_helper(tx, person):
            raise NotAHelper
        before = await store.find(tx.db, person)
        # Whoever wants no more is not followed for a network either, until an operator says so.
        changed = replace(before, on=True) if on else Watcher()
        if changed != before:
            await self._save(tx, person, changed)
            tx.record(person, "watch.on" if on else "watch.off", person)
        return await self._view(tx, person)

    async def mute(self, tx: Transaction, person: PersonId, line: LineId, until: datetime) -> Watch:
        """Not told of this line until then."""
        if until.tzinfo is None or not tx.now < until <= tx.now + MUTED_FOR_MOST:
            raise Malformed
        # Her row is held, so that two at once are counted.
        await store.find(tx.db, person)
        muted = await store.mutes_of(tx.db, person, tx.now)
        if line not in muted and len(muted) >= MUTES_MOST:
            raise TooManyMutes
        await store.put_mute(tx.db, person, line, until)
        return await self._view(tx, person)

    async def unmute(self, tx: Transaction, person: PersonId, line: LineId) -> Watch:
        await store.drop_mute(tx.db, person, line)
        return await self._view(tx, person)

    async def agent(
        self, tx: Transaction, operator: PersonId, helper: PersonId, network: str | None
    ) -> AgentSet:
        """An operator says for which network an approved helper works, or for none."""
        if not await self._helpers.is_helper(tx, helper):
            raise NotFound
        before = await store.find(tx.db, helper)
        if before.agent != network:
            await self._save(tx, helper, replace(before, agent=network))
            tx.record(operator, "witness.agent", helper)
        return AgentSet(helper, network)

    async def end(self, tx: Transaction, person: PersonId) -> None:
        """Her session has ended for good, or she is no helper any more."""
        before = await store.find(tx.db, person)
        if before != Watcher():
            await self._save(tx, person, Watcher())
        await store.drop_mutes_of(tx.db, person)

    async def state(self, reading: Reading, person: PersonId) -> Watch | None:
        """As one's own page shows it; None for who is no helper."""
        if not await self._helpers.is_helper(reading, person):
            return None
        return await self._view(reading, person)

    # Where she rides.

    async def moved(self, person: PersonId, point: Point, now: datetime) -> None:
        """Memory only. Whoever does not watch is not heard, and is not told so."""
        if await self._watches(person):
            await self._transit.moved(person, point, now)

    def known(self, person: PersonId) -> bool | None:
        """Whether she watches, where that can be said without looking."""
        known = self._known.get(person)
        if known is not None:
            self._known.move_to_end(person)
        return known

    def told(self, person: str | None) -> None:
        """Somebody may have changed on another node; None: anybody may."""
        self.changes += 1
        if person is None:
            self._known.clear()
        else:
            self._known.pop(PersonId(person), None)

    async def learn(self, reading: Reading, people: Collection[PersonId], *, since: int) -> None:
        """Know of these people whether they watch, so that nobody waits when they move.

        ``since``: ``changes`` before the reading began. What has changed since may not be in it.
        """
        found = await self._watching_among(reading, people)
        if since == self.changes:
            for person in people:
                self._remember(person, found.get(person, False))

    async def _watches(self, person: PersonId) -> bool:
        known = self._known.get(person)
        while known is None:
            before = self.changes
            found = await self._found.of(person)
            # Told of a change meanwhile: what was read may be older than it.
            known = found if before == self.changes else None
        self._remember(person, known)
        return known

    def _remember(self, person: PersonId, watches: bool) -> None:
        self._known[person] = watches
        self._known.move_to_end(person)
        if len(self._known) > REMEMBERED_MOST:
            self._known.popitem(last=False)

    async def _watching_among(
        self, reading: Reading, people: Collection[PersonId]
    ) -> dict[PersonId, bool]:
        told = [
            it for it, who in (await store.watchers_among(reading.db, people)).items() if who.told
        ]
        helpers = await self._helpers.serving_among(reading, told) if told else ()
        return dict.fromkeys(helpers, True)

    # Inside.

    async def _save(self, tx: Transaction, person: PersonId, changed: Watcher) -> None:
        await store.save(tx.db, person, changed)
        tx.publish(CONTROL, {"type": CHANGED, "person": person})
        tx.after_commit(lambda: self.told(person))
        if not changed.told:
            tx.schedule(FORGET, person)

    async def _forget(self, task: Task) -> None:
        person = PersonId(task.key)
        async with self._ledger.reading() as reading:
            watcher = await store.find(reading.db, person)
        if not watcher.told:
            await self._transit.forget(person)

    async def _forgotten(self, tx: Transaction, task: Task, prepared: None) -> None:
        if task.payload != _AGAIN:
            # A move may have been on its way, on any node.
            tx.schedule(FORGET, task.key, due=tx.now + _AGAIN_AFTER, payload=_AGAIN)

    async def _view(self, reading: Reading, person: PersonId) -> Watch:
        watcher = await store.find(reading.db, person)
        muted = await store.mutes_of(reading.db, person, reading.now)
        return Watch(
            on=watcher.on,
            muted=[MuteView(line, self._name(line), until) for line, until in muted.items()],
            agent=watcher.agent,
        )

    def _name(self, line: LineId) -> str:
        found = self._transit.network.line(line)
        return found.name if found else line.partition(":")[2]
