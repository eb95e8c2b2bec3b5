"""Rooms, members, pictures, who holds the draft. What is said is in the ledger, sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from realtime.kernel.ids import PersonId
from realtime.sql import (
    Connection,
    Instant,
    Often,
    locking,
    metadata,
    upsert,
)

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
    #: Of the association: hears ``staff:<room>``. NULL (programs of before): no.
    Column("staff", Boolean),
    #: Seen by staff only. NULL: no.
    Column("silent", Boolean),
    #: The offset of the last message read; NULL: none.
    Column("read", BigInteger),
    #: The client's id of the last message said, and when: the one that can be changed.
    Column("said", String),
    Column("said_at", Instant),
    UniqueConstraint("room", "seat"),
    Index("room_member_person", "person"),
)

#: Who is writing the answer: one of the staff, until a moment.
room_draft = Table(
    "room_draft",
    metadata,
    Column("room", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("seat", String, nullable=False),
    Column("until", Instant, nullable=False),
)

#: Pictures, made anew by us and sealed under the room's key.
room_picture = Table(
    "room_picture",
    metadata,
    Column("room", String, primary_key=True),
    Column("picture", String, primary_key=True),
    #: Who sent it: nobody else can show it.
    Column("person", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    #: As it is shown, before sealing.
    Column("bytes", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

# Said at every word: built once, as that takes longer than SQLite takes to carry them out.
_ROOM = select(room).where(room.c.room == bindparam("name"))
_ROOM_STAYS = Often(locking(_ROOM, "stay"))
_HOLD_ROOM = Often(locking(select(room.c.room).where(room.c.room == bindparam("name"))))
_MEMBERS = Often(select(room_member).where(room_member.c.room == bindparam("in_room")))
_MINE = and_(room_member.c.room == bindparam("in_room"), room_member.c.person == bindparam("who"))
_PUT_ROOM, _PUT_MEMBER = Often(room.insert()), Often(room_member.insert())
_MEMBER = Often(select(room_member).where(_MINE))
_SAYS = Often(
    update(room_member)
    .where(_MINE, room_member.c.left.is_(None))
    .values(said=bindparam("message"), said_at=bindparam("at"))
    .returning(room_member)
)
_DRAFT = Often(select(room_draft).where(room_draft.c.room == bindparam("name")))
_FURTHER = or_(room_member.c.read.is_(None), room_member.c.read < bindparam("offset"))
_MOVE_READ = Often(
    update(room_member)
    .where(_MINE, _FURTHER)
    .values(read=bindparam("offset"))
    .returning(room_member.c.read)
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
    staff: bool = False
    silent: bool = False
    read: int = 0
    said: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftRow:
    person: PersonId
    seat: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PictureRow:
    picture: str
    person: PersonId
    width: int
    height: int
    bytes: int


async def put_room(db: Connection, name: str, subject: str, at: datetime) -> None:
    await _PUT_ROOM.each(db, [{"room": name, "subject": subject, "opened": at}])


async def find_room(db: Connection, name: str) -> RoomRow | None:
    """A room that stays open, and whose members stay, until the commit."""
    row = await _ROOM_STAYS.first(db, {"name": name})
    return None if row is None else RoomRow(row.room, row.subject, row.closed)


async def look_at_room(db: Connection, name: str) -> RoomRow | None:
    """A room as it is now, which holds nobody up: for what is not kept."""
    row = (await db.execute(_ROOM, {"name": name})).first()
    return None if row is None else RoomRow(row.room, row.subject, row.closed)


async def hold_room(db: Connection, name: str) -> None:
    """Before the members are changed: nobody says anything there until the commit."""
    await _HOLD_ROOM.rows(db, {"name": name})


async def close_room(db: Connection, name: str, at: datetime) -> None:
    await db.execute(
        update(room).where(room.c.room == name, room.c.closed.is_(None)).values(closed=at)
    )


async def members(db: Connection, name: str) -> list[MemberRow]:
    rows = await _MEMBERS.rows(db, {"in_room": name})
    return sorted((_member(row) for row in rows), key=attrgetter("seat"))


async def find_member(db: Connection, name: str, person: PersonId) -> MemberRow | None:
    """One member, whether they have left or not: at every word that is said."""
    row = await _MEMBER.first(db, {"in_room": name, "who": person})
    return None if row is None else _member(row)


def _member(row: Row[tuple[object, ...]]) -> MemberRow:
    return MemberRow(
        PersonId(row.person),
        row.seat,
        row.role,
        row.left,
        bool(row.staff),
        bool(row.silent),
        row.read or 0,
        row.said,
        row.said_at,
    )


async def put_member(db: Connection, name: str, new: MemberRow) -> None:
    row = {
        "room": name,
        "person": new.person,
        "seat": new.seat,
        "role": new.role,
        "left": new.left,
        "staff": new.staff,
        "silent": new.silent,
    }
    await _PUT_MEMBER.each(db, [row])


async def set_left(db: Connection, name: str, person: PersonId, left: datetime | None) -> None:
    await _change(db, name, person, {"left": left})


async def set_seen(db: Connection, name: str, it: MemberRow) -> None:
    """A member is here, among staff or not, seen by all or by staff only."""
    values = {"seat": it.seat, "left": it.left, "staff": it.staff, "silent": it.silent}
    await _change(db, name, it.person, values)


async def drop_members(db: Connection, name: str) -> None:
    await db.execute(delete(room_member).where(room_member.c.room == name))


async def says(
    db: Connection, name: str, person: PersonId, message: str, at: datetime
) -> MemberRow | None:
    """Note the last message of a present member, and answer who that is."""
    values = {"in_room": name, "who": person, "message": message, "at": at}
    row = await _SAYS.first(db, values)
    return None if row is None else _member(row)


async def set_person(db: Connection, name: str, old: PersonId, new: PersonId) -> None:
    """The seat is another person's, who has read and said nothing yet."""
    values = {"person": new, "left": None, "said": None, "said_at": None}
    await _change(db, name, old, values)


async def move_read(db: Connection, name: str, person: PersonId, offset: int) -> bool:
    """Note how far a member has read; False when it had read as far already."""
    values = {"in_room": name, "who": person, "offset": offset}
    return bool(await _MOVE_READ.rows(db, values))


async def _change(
    db: Connection, name: str, person: PersonId, values: Mapping[str, object]
) -> None:
    await db.execute(
        update(room_member)
        .where(room_member.c.room == name, room_member.c.person == person)
        .values(**values)
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


async def find_draft(db: Connection, name: str) -> DraftRow | None:
    """Who wrote last; whether they still do is a matter of the time."""
    row = await _DRAFT.first(db, {"name": name})
    return None if row is None else DraftRow(PersonId(row.person), row.seat, row.until)


async def put_draft(db: Connection, name: str, held: DraftRow) -> None:
    row = {"room": name, "person": held.person, "seat": held.seat, "until": held.until}
    await db.execute(upsert(room_draft, row, key=["room"]))


async def drop_draft(db: Connection, name: str, person: PersonId | None = None) -> bool:
    """Nobody writes any more, or this person does not; whether that changed anything."""
    gone = delete(room_draft).where(room_draft.c.room == name)
    if person is not None:
        gone = gone.where(room_draft.c.person == person)
    return (await db.execute(gone)).rowcount == 1


async def put_picture(db: Connection, name: str, new: PictureRow, sealed: bytes) -> None:
    await db.execute(
        room_picture.insert().values(
            room=name,
            picture=new.picture,
            person=new.person,
            width=new.width,
            height=new.height,
            bytes=new.bytes,
            sealed=sealed,
        )
    )


async def pictures(db: Connection, name: str, wanted: Collection[str]) -> list[PictureRow]:
    """What is known of these pictures of a room, without the pictures."""
    columns = room_picture.c
    rows = await db.execute(
        select(columns.picture, columns.person, columns.width, columns.height, columns.bytes).where(
            columns.room == name, columns.picture.in_(wanted)
        )
    )
    return [
        PictureRow(row.picture, PersonId(row.person), row.width, row.height, row.bytes)
        for row in rows
    ]


async def count_pictures(db: Connection, name: str) -> tuple[int, int]:
    """How many there are in a room, and of how many bytes."""
    query = select(func.count(), func.coalesce(func.sum(room_picture.c.bytes), 0))
    row = (await db.execute(query.where(room_picture.c.room == name))).one()
    return row[0], row[1]


async def sealed_picture(db: Connection, name: str, picture: str) -> bytes | None:
    columns = room_picture.c
    query = select(columns.sealed).where(columns.room == name, columns.picture == picture)
    row = (await db.execute(query)).first()
    return None if row is None else bytes(row.sealed)


async def forget_words(db: Connection, name: str) -> None:
    """What is left of what was said: pictures, names of last messages, how far was read."""
    await drop_draft(db, name)
    await db.execute(delete(room_picture).where(room_picture.c.room == name))
    await db.execute(
        update(room_member)
        .where(room_member.c.room == name)
        .values(read=None, said=None, said_at=None)
    )
