"""Rooms and their members. What is said is in the ledger, sealed under the room's own key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, UniqueConstraint, select, update

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, by_bytes, locked, metadata

room = Table(
    "room",
    metadata,
    Column("room", String, primary_key=True),
    #: What the room is about: an opaque id of the domain that opened it.
    Column("subject", String, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("closed", Instant),
)

room_member = Table(
    "room_member",
    metadata,
    Column("room", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("seat", String, nullable=False),
    Column("role", String, nullable=False),
    Column("left", Instant),
    UniqueConstraint("room", "seat"),
    Index("room_member_person", "person"),
)


@dataclass(frozen=True, slots=True)
class RoomRow:
    room: str
    subject: str
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    person: PersonId
    seat: str
    role: str
    left: datetime | None


async def put_room(db: Connection, name: str, subject: str, at: datetime) -> None:
    await db.execute(room.insert().values(room=name, subject=subject, opened=at))


async def find_room(db: Connection, name: str) -> RoomRow | None:
    """A room; in a transaction it stays open and its members stay, until the commit."""
    query = locked(db, select(room).where(room.c.room == name), "stay")
    row = (await db.execute(query)).first()
    return None if row is None else RoomRow(row.room, row.subject, row.closed)


async def hold_room(db: Connection, name: str) -> None:
    """Before the members are changed: nobody says anything there until the commit."""
    await db.execute(locked(db, select(room.c.room).where(room.c.room == name)))


async def close_room(db: Connection, name: str, at: datetime) -> None:
    await db.execute(
        update(room).where(room.c.room == name, room.c.closed.is_(None)).values(closed=at)
    )


async def members(db: Connection, name: str) -> list[MemberRow]:
    rows = await db.execute(
        select(room_member)
        .where(room_member.c.room == name)
        .order_by(by_bytes(db, room_member.c.seat))
    )
    return [MemberRow(PersonId(row.person), row.seat, row.role, row.left) for row in rows]


async def put_member(db: Connection, name: str, new: MemberRow) -> None:
    await db.execute(
        room_member.insert().values(
            room=name, person=new.person, seat=new.seat, role=new.role, left=new.left
        )
    )


async def set_left(db: Connection, name: str, person: PersonId, left: datetime | None) -> None:
    await db.execute(
        update(room_member)
        .where(room_member.c.room == name, room_member.c.person == person)
        .values(left=left)
    )


async def rooms_of(db: Connection, person: PersonId) -> list[tuple[str, str, str]]:
    """The open rooms a person is in: room, subject, seat."""
    rows = await db.execute(
        select(room.c.room, room.c.subject, room_member.c.seat)
        .join(room_member, room_member.c.room == room.c.room)
        .where(
            room_member.c.person == person,
            room_member.c.left.is_(None),
            room.c.closed.is_(None),
        )
        .order_by(room.c.opened)
    )
    return [(row.room, row.subject, row.seat) for row in rows]
