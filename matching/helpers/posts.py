"""Who is on duty, told to three places that must agree: the table, the rosters, the live map.

The table keeps the declared zone sealed, under a key that is shredded when the turn of duty ends.
This node's roster changes when the table's change is committed here; other nodes are told of whom,
never of where, and read the row. The live map, which nodes may share, is told by a task: it says
what the table says, and looks again afterwards. Told twice, late or in disorder, all end right.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import structlog

from geo.cells import Cell, cell_of
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from matching.helpers import store
from matching.helpers.roster import Roster
from matching.helpers.tags import tags_of
from matching.helpers.tally import tell_board
from matching.helpers.values import Helper, Post
from realtime.channels import CONTROL
from realtime.kernel.errors import AppError, Gone
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

log = structlog.get_logger(__name__)

#: The task that tells the live map who is on duty.
POST = "helper.post"
#: The order by which nodes tell each other that a post has changed.
CHANGED = "post"
_ZONE = "declared zone"


class Posts:
    def __init__(self, roster: Roster, whereabouts: Whereabouts) -> None:
        self.roster = roster
        self._whereabouts = whereabouts
        self._ledger: Ledger | None = None
        #: People whose rows are being read: what is committed here meanwhile is newer.
        self._reading: set[PersonId] = set()
        self._one_reading = asyncio.Lock()

    def register(self, tasks: Tasks, ledger: Ledger) -> None:
        self._ledger = ledger
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
        self._after(tx, off, None)

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
        if post is None and self._ledger is not None:
            # She may be on duty since a moment ago, by way of another node.
            await self.follow([person], discharging=False)
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

    def at_hand(self, person: PersonId) -> bool:
        """Whether she is known to be on duty, and can be moved without waiting."""
        return self.roster.post(person) is not None and self._whereabouts.at_hand(person)

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        """``move``, for whoever is ``at_hand``."""
        self._whereabouts.move_at_once(person, point, now)

    async def load(self, reading: Reading) -> None:
        """Fill the roster, at the start: what is told meanwhile is read afterwards."""
        async with self._one_reading:
            found = await self._read(reading, await store.on_duty(reading.db))
            for person, post in found.items():
                self.roster.put(person, post)

    async def on_duty(self, reading: Reading) -> list[PersonId]:
        return [it.person for it, _ in await store.on_duty(reading.db)]

    async def muster(self) -> None:
        """Tell the live map about everybody on the roster, at the start.

        Where it cannot be told, it is when they move.
        """
        everybody = [(it, post) for it in self.roster if (post := self.roster.post(it))]
        try:
            for start in range(0, len(everybody), store.AT_ONCE):
                part = everybody[start : start + store.AT_ONCE]
                await asyncio.gather(*(self._whereabouts.enlist(it, on.tags) for it, on in part))
        except AppError as error:
            log.warning("posts.not_mustered", error=error.name)

    async def follow(self, people: Collection[PersonId], *, discharging: bool = True) -> None:
        """Make the roster say of these people what the table says."""
        # One reading after the other, or an older one could have the last word.
        async with self._one_reading:
            self._reading = set(people)
            found = await self._posts_of(people)
            for person in self._reading:
                if person in found:
                    self.roster.put(person, found[person])
                else:
                    self.roster.remove(person)
            self._reading = set()
        if discharging:
            for person in (it for it in people if it not in found):
                # A move on this node may have enlisted her after she went off duty on another.
                await self._report(person, None)

    def _after(self, tx: Transaction, helper: Helper, zone: Cell | None) -> None:
        person, post = helper.person, None if zone is None else Post(tags_of(helper), zone)

        def changed() -> None:
            self._reading.discard(person)
            if post is None:
                self.roster.remove(person)
            else:
                self.roster.put(person, post)

        tx.after_commit(changed)
        tx.publish(CONTROL, {"type": CHANGED, "person": person})
        tx.schedule(POST, person)
        tell_board(tx)

    async def _tell(self, task: Task) -> None:
        person = PersonId(task.key)
        await self._report(person, (await self._posts_of([person])).get(person))

    async def _report(self, person: PersonId, post: Post | None) -> None:
        """Tell the live map what the table said, until it says the same afterwards."""
        while True:
            if post is None:
                await self._whereabouts.discharge(person)
            else:
                await self._whereabouts.enlist(person, post.tags)
            now = (await self._posts_of([person])).get(person)
            if now == post:
                return
            post = now

    async def _posts_of(self, people: Collection[PersonId]) -> dict[PersonId, Post]:
        """Those of these people who are on duty, by the table."""
        if self._ledger is None:
            raise RuntimeError("register first")
        async with self._ledger.reading() as reading:
            return await self._read(reading, await store.on_duty_among(reading.db, people))

    async def _read(
        self, reading: Reading, rows: list[tuple[Helper, bytes]]
    ) -> dict[PersonId, Post]:
        found = {}
        for start in range(0, len(rows), store.AT_ONCE):
            part = rows[start : start + store.AT_ONCE]
            # One by one, a hundred thousand keys would delay the start by half a minute.
            await reading.fetch_keys([it.zone_key for it, _ in part if it.zone_key is not None])
            for helper, sealed in part:
                zone = await _opened(reading, helper, sealed)
                if zone is not None:
                    found[helper.person] = Post(tags_of(helper), zone)
        return found


async def _told(tx: Transaction, task: Task, prepared: None) -> None:
    """Nothing is left to do: the map was told while preparing."""


async def _opened(reading: Reading, helper: Helper, sealed: bytes | None) -> Cell | None:
    if sealed is None or helper.zone_key is None:
        return None
    try:
        return Cell((await reading.open(helper.zone_key, sealed, context=_ZONE)).decode())
    except Gone:
        return None
