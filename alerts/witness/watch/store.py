"""Who watches, whose agent somebody is, which lines are muted: tables and statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, String, Table, delete, func, select

from geo.transit.values import LineId
from realtime.kernel.ids import PersonId
from realtime.sql import (
    Connection,
    Instant,
    Often,
    among,
    locked,
    locking,
    may_lock,
    metadata,
    upsert,
)

watcher = Table(
    "witness_watcher",
    metadata,
    Column("person", String, primary_key=True),
    Column("on", Boolean, nullable=False),
    #: The network that somebody works for.
    Column("agent", String),
)

mute = Table(
    "witness_mute",
    metadata,
    Column("person", String, primary_key=True),
    Column("line", String, primary_key=True),
    Column("until", Instant, nullable=False),
)

# Asked of each phone that comes back, and of whoever is near an event.
_THESE = select(watcher).where(among(watcher.c.person, "people"))
_AMONG = Often(_THESE)
_STAYING = Often(locking(_THESE.order_by(watcher.c.person), "stay"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    on: bool = False
    agent: str | None = None

    @property
    def told(self) -> bool:
        """Is told of events: has agreed to, or is there for it."""
        return self.on or self.agent is not None


async def find(db: Connection, person: PersonId) -> Watcher:
    query = locked(db, select(watcher).where(watcher.c.person == person))
    row = (await db.execute(query)).first()
    return Watcher() if row is None else Watcher(on=row.on, agent=row.agent)


async def save(db: Connection, person: PersonId, changed: Watcher) -> None:
    values = {"person": person, "on": changed.on, "agent": changed.agent}
    await db.execute(upsert(watcher, values, key=["person"]))


async def watchers_among(
    db: Connection, people: Collection[PersonId]
) -> Mapping[PersonId, Watcher]:
    """Those of these people who watch or are agents; in a transaction, until its commit."""
    query = _STAYING if may_lock(db) else _AMONG
    rows = await query.rows(db, {"people": people})
    return {PersonId(row.person): Watcher(on=row.on, agent=row.agent) for row in rows}


async def count(db: Connection) -> int:
    query = select(func.count()).select_from(watcher).where(watcher.c.on)
    return int((await db.execute(query)).scalar_one())


# Mutes.


async def put_mute(db: Connection, person: PersonId, line: LineId, until: datetime) -> None:
    values = {"person": person, "line": line, "until": until}
    await db.execute(upsert(mute, values, key=["person", "line"]))


async def drop_mute(db: Connection, person: PersonId, line: LineId) -> None:
    await db.execute(delete(mute).where(mute.c.person == person, mute.c.line == line))


async def drop_mutes_of(db: Connection, person: PersonId) -> None:
    await db.execute(delete(mute).where(mute.c.person == person))


async def mutes_of(db: Connection, person: PersonId, now: datetime) -> dict[LineId, datetime]:
    """The lines of which somebody is not told now, and until when."""
    query = select(mute).where(mute.c.person == person, mute.c.until > now).order_by(mute.c.line)
    return {LineId(row.line): row.until for row in await db.execute(query)}


async def muted(
    db: Connection, people: Collection[PersonId], line: LineId, now: datetime
) -> frozenset[PersonId]:
    query = select(mute.c.person).where(
        mute.c.person.in_(sorted(people)), mute.c.line == line, mute.c.until > now
    )
    return frozenset(PersonId(it) for it in (await db.execute(query)).scalars())


async def prune_mutes(db: Connection, now: datetime) -> None:
    await db.execute(delete(mute).where(mute.c.until <= now))
