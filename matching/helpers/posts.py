"""Who is on duty, told to three places that must agree: the table, the roster, the live map.

The table keeps the declared zone sealed, under a key that is shredded when the turn of duty ends.
The roster changes when the table's change is committed. The live map is told by a task, which reads
the roster as it is then: told twice or late, it still ends right.
"""

from dataclasses import replace
from datetime import datetime

from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from matching.helpers import store
from matching.helpers.roster import Roster
from matching.helpers.tags import tags_of
from matching.helpers.tally import tell_board
from matching.helpers.values import Helper, Post
from realtime.kernel.errors import Gone
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: The task that tells the live map who is on duty.
POST = "helper.post"
_ZONE = "declared zone"


class Posts:
    def __init__(self, roster: Roster, whereabouts: Whereabouts) -> None:
        self.roster = roster
        self._whereabouts = whereabouts

    def register(self, tasks: Tasks) -> None:
        tasks.handle(POST, _told, self._tell)

    async def take(self, tx: Transaction, helper: Helper, zone: Cell) -> None:
        """A helper goes on duty, or declares another zone."""
        if helper.zone_key is not None:
            await tx.shred(helper.zone_key)
        key = f"zone:{tx.ids()}"
        sealed = await tx.seal(key, zone.encode(), context=_ZONE)
        on = replace(helper, on_duty=True, zone_key=key)
        await store.save(tx.db, on, zone=sealed)
        self._after(tx, on, zone)

    async def leave(self, tx: Transaction, helper: Helper) -> None:
        """A helper goes off duty: nothing of where she was is left."""
        if helper.zone_key is not None:
            await tx.shred(helper.zone_key)
        off = replace(helper, on_duty=False, zone_key=None)
        await store.save(tx.db, off, zone=None)
        tx.after_commit(lambda: self.roster.remove(helper.person))
        tx.schedule(POST, helper.person)
        tell_board(tx)

    async def keep(self, tx: Transaction, helper: Helper) -> None:
        """Save what concerns neither duty nor zone; whoever is on duty stays there."""
        sealed = await store.sealed_zone(tx.db, helper.person)
        await store.save(tx.db, helper, zone=sealed)
        zone = await _opened(tx, helper, sealed)
        if zone is not None:
            self._after(tx, helper, zone)

    async def move(self, person: PersonId, point: Point, now: datetime) -> None:
        """Live memory only. Whoever is not on duty is not heard, and is not told so."""
        post = self.roster.post(person)
        if post is None:
            return
        cell = cell_of(point)
        if not await self._whereabouts.move(person, cell, now):
            # On duty since a moment ago, or the live map was emptied: enlist now.
            await self._whereabouts.enlist(person, post.tags)
            await self._whereabouts.move(person, cell, now)
        if self.roster.post(person) is None:
            await self._whereabouts.discharge(person)

    async def load(self, reading: Reading) -> None:
        """Fill the roster, at the start."""
        on_duty = await store.on_duty(reading.db)
        for start in range(0, len(on_duty), store.AT_ONCE):
            part = on_duty[start : start + store.AT_ONCE]
            # One by one, a hundred thousand keys would delay the start by half a minute.
            await reading.fetch_keys([it.zone_key for it, _ in part if it.zone_key is not None])
            for helper, sealed in part:
                zone = await _opened(reading, helper, sealed)
                if zone is not None:
                    self.roster.put(helper.person, Post(tags_of(helper), zone))

    async def muster(self) -> None:
        """Tell the live map about everybody on the roster, at the start."""
        for person in list(self.roster):
            await self._report(person)

    def _after(self, tx: Transaction, helper: Helper, zone: Cell) -> None:
        post = Post(tags_of(helper), zone)
        tx.after_commit(lambda: self.roster.put(helper.person, post))
        tx.schedule(POST, helper.person)
        tell_board(tx)

    async def _tell(self, task: Task) -> None:
        await self._report(PersonId(task.key))

    async def _report(self, person: PersonId) -> None:
        post = self.roster.post(person)
        if post is None:
            await self._whereabouts.discharge(person)
        else:
            await self._whereabouts.enlist(person, post.tags)


async def _told(tx: Transaction, task: Task, prepared: None) -> None:
    """Nothing is left to do: the map was told while preparing."""


async def _opened(reading: Reading, helper: Helper, sealed: bytes | None) -> Cell | None:
    if sealed is None or helper.zone_key is None:
        return None
    try:
        return Cell((await reading.open(helper.zone_key, sealed, context=_ZONE)).decode())
    except Gone:
        return None
