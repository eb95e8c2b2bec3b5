"""Addresses opened, and alarms: their tables, and every statement on them."""

from datetime import datetime

from sqlalchemy import Column, Index, String, Table, delete, or_, select, update

from alerts.shelter.values import Alarm, AlarmKind
from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, claim, locked, metadata, upsert

#: Which addresses somebody has opened, and when last.
reveal = Table(
    "shelter_reveal",
    metadata,
    Column("person", String, primary_key=True),
    #: Or ``desk:<hotel>``: a desk's page shows its hotel's name.
    Column("hold", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("shelter_reveal_at", "person", "at"),
)

#: Whoever opens addresses, one row each: locked while one more is judged, on every node.
revealer = Table(
    "shelter_revealer",
    metadata,
    Column("person", String, primary_key=True),
    #: Since when nothing opens for them any more.
    Column("locked", Instant),
)

alarm = Table(
    "shelter_alarm",
    metadata,
    Column("alarm", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    #: Whose session, or which hotel's desk.
    Column("operator", String),
    Column("hotel", String),
    Column("seen", Instant),
    Column("seen_by", String),
    Index("shelter_alarm_at", "seen", "at"),
)


# Addresses opened.


async def locked_since(db: Connection, person: PersonId) -> datetime | None:
    """Since when nothing opens for somebody; in a transaction, nobody else judges meanwhile."""
    query = select(revealer.c.locked).where(revealer.c.person == person)
    found: datetime | None = (await db.execute(locked(db, query))).scalar()
    return found


async def begin_reveal(db: Connection, person: PersonId) -> None:
    """Have a row to lock."""
    await db.execute(claim(revealer, {"person": person, "locked": None}))


async def set_locked(db: Connection, person: PersonId, at: datetime | None) -> None:
    await db.execute(update(revealer).where(revealer.c.person == person).values(locked=at))


async def opened_since(db: Connection, person: PersonId, since: datetime) -> set[str]:
    """Of which holds and desks somebody has opened the address since then."""
    query = select(reveal.c.hold).where(reveal.c.person == person, reveal.c.at > since)
    return set((await db.execute(query)).scalars())


async def put_reveal(db: Connection, person: PersonId, opens: str, at: datetime) -> None:
    row = {"person": person, "hold": opens, "at": at}
    await db.execute(upsert(reveal, row, key=["person", "hold"]))


async def forget_reveals(db: Connection, person: PersonId, before: datetime) -> None:
    await db.execute(delete(reveal).where(reveal.c.person == person, reveal.c.at < before))


async def unlock(db: Connection, person: PersonId) -> bool:
    """Let somebody open addresses again, counting from nothing. False: they were not locked."""
    if await locked_since(db, person) is None:
        return False
    await set_locked(db, person, None)
    await db.execute(delete(reveal).where(reveal.c.person == person))
    return True


async def all_locked(db: Connection) -> set[PersonId]:
    query = select(revealer.c.person).where(revealer.c.locked.is_not(None))
    return {PersonId(it) for it in (await db.execute(query)).scalars()}


# Alarms.


async def open_alarm(db: Connection, hotel: HotelId, kind: AlarmKind) -> str | None:
    """What a desk has said already, and nobody has in hand; in a transaction, nobody takes it."""
    query = (
        select(alarm.c.alarm)
        .where(alarm.c.hotel == hotel, alarm.c.kind == kind.value, alarm.c.seen.is_(None))
        .order_by(alarm.c.at.desc(), alarm.c.alarm)
        .limit(1)
    )
    found: str | None = (await db.execute(locked(db, query))).scalar()
    return found


async def alarm_hotel(db: Connection, name: str, person: PersonId) -> HotelId | None:
    """Whose desk gave an alarm that nobody has in hand, or that this person has."""
    mine = or_(alarm.c.seen.is_(None), alarm.c.seen_by == person)
    query = select(alarm.c.hotel).where(alarm.c.alarm == name, mine)
    found = (await db.execute(query)).scalar()
    return None if found is None else HotelId(found)


async def put_alarm(db: Connection, new: Alarm) -> None:
    """A new one, or one that is said again."""
    row = {
        "alarm": new.alarm,
        "kind": new.kind,
        "at": new.at,
        "operator": new.operator,
        "hotel": new.hotel,
    }
    await db.execute(upsert(alarm, row, key=["alarm"]))


async def see_alarm(db: Connection, name: str, person: PersonId, at: datetime) -> bool:
    """Have an alarm in hand. False: there is none of that name that nobody has."""
    query = (
        update(alarm)
        .where(alarm.c.alarm == name, alarm.c.seen.is_(None))
        .values(seen=at, seen_by=person)
    )
    return (await db.execute(query)).rowcount == 1


async def alarms(db: Connection, limit: int) -> list[Alarm]:
    """The alarms that nobody has in hand, the newest first."""
    query = (
        select(alarm)
        .where(alarm.c.seen.is_(None))
        .order_by(alarm.c.at.desc(), alarm.c.alarm)
        .limit(limit)
    )
    return [
        Alarm(
            alarm=row.alarm,
            kind=AlarmKind(row.kind),
            at=row.at,
            operator=None if row.operator is None else PersonId(row.operator),
            hotel=None if row.hotel is None else HotelId(row.hotel),
        )
        for row in await db.execute(query)
    ]


async def forget_alarms(db: Connection, before: datetime) -> None:
    await db.execute(delete(alarm).where(alarm.c.at < before))
