"""Links for a hotel's tablet and the codes of shifts: their tables, and every statement on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, select, update

from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, locked, metadata, upsert
from web.auth.staff.rules import Tries

desk = Table(
    "staff_desk",
    metadata,
    Column("desk", String, primary_key=True),
    Column("hotel", String, nullable=False),
    #: An HMAC of the code, under a key outside the database.
    Column("mark", LargeBinary, nullable=False),
    Column("by", String, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    Column("wrong", Integer, nullable=False),
)

pin = Table(
    "staff_pin",
    metadata,
    Column("person", String, primary_key=True),
    #: Argon2id of an HMAC of the code.
    Column("hash", String, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("locked", Instant),
)


@dataclass(frozen=True, slots=True)
class DeskLink:
    desk: str
    hotel: HotelId
    mark: bytes
    wrong: int


@dataclass(frozen=True, slots=True)
class Pin:
    hash: str
    tries: Tries


async def add_desk(db: Connection, new: DeskLink, *, by: PersonId, until: datetime) -> None:
    await db.execute(
        desk.insert().values(
            desk=new.desk, hotel=new.hotel, mark=new.mark, by=by, until=until, wrong=new.wrong
        )
    )


async def find_desk(db: Connection, name: str, now: datetime) -> DeskLink | None:
    """One that is still worth something; nobody else tries it until our commit."""
    query = select(desk).where(desk.c.desk == name, desk.c.until > now)
    row = (await db.execute(locked(db, query))).first()
    if row is None:
        return None
    return DeskLink(row.desk, HotelId(row.hotel), bytes(row.mark), row.wrong)


async def count_wrong(db: Connection, name: str, wrong: int) -> None:
    await db.execute(update(desk).where(desk.c.desk == name).values(wrong=wrong))


async def drop_desk(db: Connection, name: str) -> None:
    await db.execute(delete(desk).where(desk.c.desk == name))


async def drop_desks(db: Connection, until: datetime) -> None:
    await db.execute(delete(desk).where(desk.c.until <= until))


async def put_pin(db: Connection, person: PersonId, kept: Pin) -> None:
    values = {
        "person": person,
        "hash": kept.hash,
        "wrong": kept.tries.wrong,
        "locked": kept.tries.locked,
    }
    await db.execute(upsert(pin, values, key=["person"]))


async def find_pin(db: Connection, person: PersonId) -> Pin | None:
    query = select(pin).where(pin.c.person == person)
    row = (await db.execute(locked(db, query))).first()
    return None if row is None else Pin(row.hash, Tries(row.wrong, row.locked))


async def with_pin(db: Connection, people: Collection[PersonId]) -> set[PersonId]:
    query = select(pin.c.person).where(pin.c.person.in_(people))
    return {PersonId(it) for it in (await db.execute(query)).scalars()}


async def drop_pin(db: Connection, person: PersonId) -> None:
    await db.execute(delete(pin).where(pin.c.person == person))
