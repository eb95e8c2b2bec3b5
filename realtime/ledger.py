"""The durable log: what a command changes, says and leaves to do is one transaction.

A handler is given a ``Transaction``. What it publishes gets its offsets, what it schedules becomes
rows, and all of it is committed with its own changes, or none of it is (DESIGN 6). The writer
(``writer.py``) runs many handlers in one commit.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from realtime import store
from realtime.audit import Chain
from realtime.channels import CONTROL, ChannelTable
from realtime.haste import Haste
from realtime.kernel.clock import Clock
from realtime.kernel.errors import Gone
from realtime.kernel.ids import Channel, Ids, PersonId
from realtime.seal import Seals, lock, unlock
from realtime.shared import Shared
from realtime.sql import Connection, Database
from realtime.store import Kept
from realtime.streams import Place, Stretch, missed

if TYPE_CHECKING:
    from realtime.writer import Writer

T = TypeVar("T")
#: Of those who come back, so many read at the same time what they have missed.
MISSED_AT_ONCE = 12
_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Said:
    """A publication that has no offset yet."""

    channel: Channel
    body: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """A line for the audit chain."""

    actor: str
    action: str
    thing: str


@dataclass(slots=True)
class Effects:
    """What a command will have done, once committed."""

    said: list[Said] = field(default_factory=list)
    scheduled: dict[tuple[str, str], store.Task | None] = field(default_factory=dict)
    shredded: set[str] = field(default_factory=set)
    noted: list[Noted] = field(default_factory=list)
    actions: list[Callable[[], None]] = field(default_factory=list)

    def add(self, later: "Effects") -> None:
        self.said += later.said
        self.scheduled |= later.scheduled
        self.shredded |= later.shredded
        self.noted += later.noted
        self.actions += later.actions


class Reading:
    """A view of everything as of one moment."""

    def __init__(self, db: Connection, now: datetime, seals: Seals, epoch: str) -> None:
        self.db = db
        self.now = now
        self._seals = seals
        self._epoch = epoch

    async def open(self, key: str, sealed: bytes, *, context: str) -> bytes:
        """The clear text, or ``Gone`` once the key has been shredded."""
        return await self._seals.open(self.db, key, sealed, context)

    async def fetch_keys(self, keys: Collection[str]) -> None:
        """Get ready to open what these keys seal: a few hundred at once, when there are many."""
        await self._seals.fetch(self.db, keys)

    async def place(self, channel: Channel) -> Place:
        """Where a stream stands; offset 0 when nothing has been published on it."""
        return Place(self._epoch, await store.head(self.db, channel))


class Transaction(Reading):
    """What a command's handler is given. Handlers await nothing but the database."""

    def __init__(
        self,
        db: Connection,
        now: datetime,
        seals: Seals,
        epoch: str,
        ids: Ids,
        channels: ChannelTable,
        before: Effects,
        *,
        shared: bool = False,
    ) -> None:
        super().__init__(db, now, seals, epoch)
        self.ids = ids
        #: What earlier commands of the same commit leave to do: not in the tables yet.
        self._before = before
        self._channels = channels
        #: Other nodes write too: what is remembered of keys may be out of date.
        self._shared = shared
        self.effects = Effects()

    def publish(self, channel: Channel, message: msgspec.Struct | Mapping[str, object]) -> None:
        """Say something on a channel: numbered at the commit, delivered after it."""
        self._channels.rule(channel)
        self.effects.said.append(Said(channel, _json.encode(message)))

    def schedule(
        self, kind: str, key: str, *, due: datetime | None = None, payload: bytes = b""
    ) -> None:
        """Leave work to do, now or later. It replaces the task of the same kind and key."""
        self.effects.scheduled[kind, key] = store.Task(
            kind, key, due or self.now, payload, 0, self.ids()
        )

    def unschedule(self, kind: str, key: str) -> None:
        self.effects.scheduled[kind, key] = None

    async def finish(self, task: store.Task) -> bool:
        """Remove a task that is still ours; False when it was replaced or taken meanwhile."""
        if (task.kind, task.key) in self._before.scheduled:
            return False
        return await store.finish_task(self.db, task)

    def revoke(self, person: PersonId, channel: Channel) -> None:
        """End a person's subscription to a channel, on every node."""
        self.publish(CONTROL, {"type": "revoke", "person": person, "channel": channel})

    def end_session(self, session: str) -> None:
        """Close the sockets of a session, on every node."""
        self.publish(CONTROL, {"type": "end_session", "session": session})

    def record(self, actor: str, action: str, thing: str) -> None:
        """Add a line to the audit chain: ids only, never a place or a text."""
        self.effects.noted.append(Noted(actor, action, thing))

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something in memory once this is committed, and only then."""
        self.effects.actions.append(action)

    async def fetch_keys(self, keys: Collection[str]) -> None:
        """Nothing here: what a transaction sees may yet be undone, so it is not remembered."""

    async def open(self, key: str, sealed: bytes, *, context: str) -> bytes:
        return unlock(await self._key(key), sealed, context)

    async def seal(self, key: str, clear: bytes, *, context: str) -> bytes:
        """Seal under the key of that name, made if there is none."""
        if self._shared:
            found = (await self.held_keys([key]))[key]
        else:
            try:
                found = await self._key(key)
            except Gone:
                found = await self._new_key(key)
        return lock(found, clear, context)

    async def held_keys(self, names: Collection[str]) -> dict[str, bytes]:
        """The keys of these names, made if there are none; nobody shreds them before our commit."""
        wrapped = await store.hold_keys(self.db, names)
        keys = {name: self._seals.unwrap(name, it) for name, it in wrapped.items()}
        return keys | await self._new_keys(sorted(set(names) - keys.keys()))

    async def shred(self, key: str) -> None:
        """Delete a key: what it sealed cannot be read any more, anywhere."""
        await store.drop_key(self.db, key)
        self.effects.shredded.add(key)
        # Other nodes remember it too, and must neither open nor seal with it any more.
        self.publish(CONTROL, {"type": "shred", "key": key})
        self.after_commit(partial(self._seals.forget, key))

    async def _new_key(self, name: str) -> bytes:
        return (await self._new_keys([name]))[name]

    async def _new_keys(self, names: Sequence[str]) -> dict[str, bytes]:
        made = {name: self._seals.wrap(name) for name in names}
        await store.put_keys(self.db, {name: it[1] for name, it in made.items()}, self.now)
        for name, (key, _) in made.items():
            self.after_commit(partial(self._seals.made, name, key))
        return {name: key for name, (key, _) in made.items()}

    async def _key(self, name: str) -> bytes:
        known = self._seals.remembered(name)
        # Memory learns of a shredding at the commit; until then the table is asked.
        if known is not None and name not in self._before.shredded | self.effects.shredded:
            return known
        # What this transaction sees may yet be undone, so it is not remembered.
        wrapped = await store.wrapped_key(self.db, name)
        if wrapped is None:
            raise Gone
        return self._seals.unwrap(name, wrapped)


def sealing_context(channel: Channel, offset: int) -> str:
    """What a sealed publication is bound to, so that it cannot be replayed at another place."""
    return f"{channel} {offset}"


class Ledger:
    """Reading and writing the durable log."""

    def __init__(
        self,
        database: Database,
        writer: "Writer",
        *,
        clock: Clock,
        channels: ChannelTable,
        seals: Seals,
    ) -> None:
        self.clock = clock
        self.channels = channels
        self._database = database
        self._writer = writer
        self._seals = seals
        self._heads = Shared(database.snapshot, store.tops, otherwise=0)
        self._missed = asyncio.Semaphore(MISSED_AT_ONCE)

    @property
    def at_work(self) -> bool:
        """Whether something is being committed, or waits to be."""
        return self._writer.at_work

    async def write(
        self, work: Callable[[Transaction], Awaitable[T]], *, haste: Haste = Haste.USUAL
    ) -> T:
        """Run a handler and answer once its effects have survived a power cut.

        An ``AppError`` of the handler undoes that command alone; ``Unavailable`` means that the
        database refused, and that nothing was done. ``haste``: before or after what waits.
        """
        return await self._writer.submit(work, haste=haste)

    def hold_back_while(self, pressed: Callable[[], bool]) -> None:
        """Keep what is patient waiting while something urgent is being prepared."""
        self._writer.pressed = pressed

    def look_again(self) -> None:
        """Nothing urgent may be being prepared any more."""
        self._writer.look_again()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Reading]:
        async with self._database.snapshot() as db:
            yield Reading(db, self.clock.now(), self._seals, self._writer.epoch)

    async def place(self, channel: Channel) -> Place:
        """Where a stream stands, as of a moment after the call."""
        return Place(self._writer.epoch, await self._heads.of(channel))

    async def since(self, channel: Channel, place: Place | None) -> "Since":
        """Where a stream stands, and all that a place has missed, or that this cannot be whole."""
        now = await self.place(channel)
        if place is None or place == now:
            return Since(now, ())
        wanted = missed(place, now)
        if wanted is None:
            return Since(now, None)
        async with self._missed, self._database.snapshot() as db:
            kept = await store.stretch(db, channel, wanted)
            if len(kept) != len(wanted):
                return Since(now, None)
            bodies = [Kept(channel, it.offset, await self.opened(db, it)) for it in kept]
            return Since(now, tuple(bodies))

    async def history(
        self, channel: Channel, *, limit: int, since: int | None, reverse: bool
    ) -> "Since":
        """A page of what is kept: after an offset (before it, in reverse), or the newest."""
        async with self._database.snapshot() as db:
            now = Place(self._writer.epoch, await store.head(db, channel))
            kept = await store.page(db, channel, limit=limit, since=since, reverse=reverse)
            bodies = [Kept(channel, it.offset, await self.opened(db, it)) for it in kept]
            return Since(now, tuple(bodies))

    async def kept(self, channel: Channel, offset: int) -> list[Kept]:
        """One publication as the ledger keeps it, if it still does."""
        async with self._database.snapshot() as db:
            return await store.stretch(db, channel, Stretch(offset, offset))

    async def audit_break(self) -> int | None:
        """The number of the first line of the audit chain that is not as written, or None."""
        chain, last = Chain(), 0
        async with self._database.snapshot() as db:
            while page := await store.read_audit(db, after=last):
                broken = chain.first_break(page)
                if broken is not None:
                    return broken
                last = page[-1].number
            return chain.broken_end(await store.find_audit_end(db), self._seals.vouch)

    def forget_key(self, name: str) -> None:
        """A key has been shredded on another node."""
        self._seals.forget(name)

    def forget_keys(self) -> None:
        """Keys may have been shredded on other nodes without our hearing of it."""
        self._seals.forget_all()

    async def opened(self, db: Connection, kept: Kept) -> bytes:
        """The clear body of a publication."""
        if not self.channels.rule(kept.channel).sealed:
            return kept.body
        context = sealing_context(kept.channel, kept.offset)
        return await self._seals.open(db, kept.channel, kept.body, context)

    def opened_at_once(self, kept: Kept) -> bytes | None:
        """The clear body when that takes no waiting: not sealed, or its key is remembered."""
        if not self.channels.rule(kept.channel).sealed or kept.offset == 0:
            return kept.body
        key = self._seals.remembered(kept.channel)
        if key is None:
            return None
        try:
            return unlock(key, kept.body, sealing_context(kept.channel, kept.offset))
        except Gone:
            # Sealed under another key than the one remembered: the table knows.
            return None


@dataclass(frozen=True, slots=True)
class Since:
    """Where a stream stands, and the clear publications asked for; None: cannot be whole."""

    now: Place
    missed: tuple[Kept, ...] | None
