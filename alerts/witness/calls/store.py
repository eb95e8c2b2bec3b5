"""Who was told of an event, and the parts that they took: tables and statements."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from alerts.witness.machine import Part, Parts
from alerts.witness.values import Call, CallState, EventId, Ring, Role
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, locked, metadata

call = Table(
    "witness_call",
    metadata,
    Column("event", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("ring", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("received", Boolean, nullable=False),
    Column("seen", Boolean, nullable=False),
    #: What vetted eyes there have said: NULL, nothing yet.
    Column("eyes", Boolean),
    Index("witness_call_person", "person", "asked"),
)

part = Table(
    "witness_part",
    metadata,
    Column("event", String, primary_key=True),
    # The last word about who does what, should two ever get here at once.
    Column("role", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("done", Boolean, nullable=False),
    UniqueConstraint("event", "person"),
)


async def add(db: Connection, new: Sequence[Call]) -> None:
    rows = [
        {
            "event": it.event,
            "person": it.person,
            "ring": it.ring,
            "state": it.state,
            "asked": it.asked_at,
            "received": it.received,
            "seen": it.seen,
        }
        for it in new
    ]
    await db.execute(call.insert(), rows)


async def save(db: Connection, changed: Call) -> None:
    await db.execute(
        update(call)
        .where(call.c.event == changed.event, call.c.person == changed.person)
        .values(state=changed.state, received=changed.received, seen=changed.seen)
    )


async def say_seen(db: Connection, of: EventId, person: PersonId, *, eyes: bool) -> None:
    await db.execute(
        update(call).where(call.c.event == of, call.c.person == person).values(eyes=eyes)
    )


async def eyes(db: Connection, of: EventId) -> tuple[int, int]:
    """How many of those who are there see it, and how many see nothing."""
    query = select(call.c.eyes, func.count()).where(call.c.event == of, call.c.eyes.is_not(None))
    found = {row[0]: row[1] for row in await db.execute(query.group_by(call.c.eyes))}
    return found.get(True, 0), found.get(False, 0)


async def find(db: Connection, of: EventId, person: PersonId) -> Call | None:
    """What somebody was told; in a transaction, nobody else changes it until the commit."""
    query = locked(db, select(call).where(call.c.event == of, call.c.person == person))
    row = (await db.execute(query)).first()
    return None if row is None else _call(row)


async def of_event(db: Connection, of: EventId) -> list[Call]:
    query = select(call).where(call.c.event == of).order_by(call.c.asked, call.c.person)
    return [_call(row) for row in await db.execute(query)]


async def live_of(db: Connection, person: PersonId, events: Collection[EventId]) -> list[Call]:
    """What somebody is told of these events, and has not declined."""
    query = (
        select(call)
        .where(
            call.c.person == person,
            call.c.event.in_(sorted(events)),
            call.c.state.in_((CallState.ASKED, CallState.CAME, CallState.LEFT)),
        )
        .order_by(call.c.asked, call.c.event)
    )
    return [_call(row) for row in await db.execute(query)]


async def events_told(db: Connection, person: PersonId, since: datetime) -> list[EventId]:
    query = (
        select(call.c.event)
        .where(call.c.person == person, call.c.asked >= since)
        .order_by(call.c.asked.desc())
    )
    return [EventId(it) for it in (await db.execute(query)).scalars()]


async def times_told(
    db: Connection, people: Collection[PersonId], since: datetime
) -> dict[PersonId, int]:
    query = (
        select(call.c.person, func.count())
        .where(call.c.person.in_(sorted(people)), call.c.asked >= since)
        .group_by(call.c.person)
    )
    return {PersonId(row[0]): row[1] for row in await db.execute(query)}


async def unheard(db: Connection, person: PersonId, since: datetime) -> list[EventId]:
    """What somebody was told since then, and no phone of theirs has yet."""
    query = select(call.c.event).where(
        call.c.person == person,
        call.c.asked >= since,
        call.c.state == CallState.ASKED,
        call.c.received.is_(False),
    )
    return [EventId(it) for it in (await db.execute(query)).scalars()]


# Parts.


async def parts_of(db: Connection, of: EventId) -> Parts:
    query = select(part).where(part.c.event == of).order_by(part.c.role)
    return Parts(
        {Role(row.role): Part(PersonId(row.person), row.done) for row in await db.execute(query)}
    )


async def save_parts(db: Connection, of: EventId, before: Parts, now: Parts) -> None:
    """Write what has changed: rows are inserted, so that two who take one part cannot both."""
    gone = [role for role, it in before.taken.items() if now.taken.get(role) != it]
    new = [(role, it) for role, it in now.taken.items() if before.taken.get(role) != it]
    if gone:
        await db.execute(delete(part).where(part.c.event == of, part.c.role.in_(gone)))
    if new:
        rows = [
            {"event": of, "role": role, "person": it.person, "done": it.done} for role, it in new
        ]
        await db.execute(part.insert(), rows)


async def drop(db: Connection, of: EventId) -> None:
    await db.execute(delete(part).where(part.c.event == of))
    await db.execute(delete(call).where(call.c.event == of))


def _call(row: Row[tuple[object, ...]]) -> Call:
    return Call(
        event=EventId(row.event),
        person=PersonId(row.person),
        ring=Ring(row.ring),
        state=CallState(row.state),
        asked_at=row.asked,
        received=row.received,
        seen=row.seen,
    )
