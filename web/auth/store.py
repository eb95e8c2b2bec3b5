"""Sessions and tickets, and every statement on them. No token and no ticket is ever written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, bindparam, delete, func, select, update

from realtime.kernel.ids import PersonId
from realtime.ports import Caller
from realtime.sql import Connection, Instant, Often, among, metadata

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    #: None: by a program of before these columns.
    Column("opened", Instant),
    #: How it was opened, and what its owner's browser calls itself.
    Column("way", String),
    Column("label", String),
    #: When a key, or a code, was last shown in it.
    Column("stepped", Instant),
)

#: Only while Redis is away; a row lives thirty seconds, and a minute more until it is swept.
ticket = Table(
    "ticket",
    metadata,
    Column("ticket_hash", LargeBinary, primary_key=True),
    Column("person", String, nullable=False),
    Column("role", String, nullable=False),
    Column("session", String, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

# Asked for each phone that comes back.
_OPEN_AMONG = Often(
    select(session.c.id).where(among(session.c.id, "sessions"), session.c.until > bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One session as the table has it."""

    id: str
    person: PersonId
    role: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session began."""

    opened: datetime | None
    way: str = ""
    label: str = ""
    stepped: datetime | None = None


async def add(
    db: Connection,
    *,
    token_hash: bytes,
    kept: Kept,
    until: datetime,
    opening: Opening,
) -> None:
    await db.execute(
        session.insert().values(
            token_hash=token_hash,
            id=kept.id,
            person=kept.person,
            role=kept.role,
            until=until,
            opened=opening.opened,
            way=opening.way,
            label=opening.label,
            stepped=opening.stepped,
        )
    )


async def openings(
    db: Connection, person: PersonId, now: datetime, *, limit: int
) -> list[tuple[str, Opening]]:
    """The sessions of a person with how they began, the newest first."""
    query = (
        select(session)
        .where(session.c.person == person, session.c.until > now)
        .order_by(session.c.opened.desc(), session.c.id)
        .limit(limit)
    )
    return [
        (row.id, Opening(row.opened, row.way or "", row.label or "", row.stepped))
        for row in await db.execute(query)
    ]


async def stepped(db: Connection, session_id: str, now: datetime) -> datetime | None:
    """When a key was last shown in a session that is open."""
    query = select(session.c.stepped).where(session.c.id == session_id, session.c.until > now)
    return (await db.execute(query)).scalar()


async def step_up(db: Connection, session_id: str, now: datetime) -> bool:
    """False when the session has ended."""
    done = await db.execute(
        update(session).where(session.c.id == session_id, session.c.until > now).values(stepped=now)
    )
    return done.rowcount == 1


async def find(db: Connection, *, token_hash: bytes, now: datetime) -> Kept | None:
    row = (
        await db.execute(
            select(session.c.id, session.c.person, session.c.role).where(
                session.c.token_hash == token_hash, session.c.until > now
            )
        )
    ).first()
    return None if row is None else Kept(row.id, PersonId(row.person), row.role)


async def open_among(db: Connection, sessions: Collection[str], now: datetime) -> list[str]:
    rows = await _OPEN_AMONG.rows(db, {"sessions": sessions, "now": now})
    return [row.id for row in rows]


async def sessions_of(
    db: Connection, people: Collection[PersonId], now: datetime
) -> list[tuple[bytes, str]]:
    """The sessions of these people: token hash and id."""
    query = select(session.c.token_hash, session.c.id).where(
        session.c.person.in_(people), session.c.until > now
    )
    return [(bytes(row.token_hash), row.id) for row in await db.execute(query)]


async def sessions_as(
    db: Connection, roles: Collection[str], now: datetime, *, limit: int
) -> list[tuple[bytes, str]]:
    """Sessions with one of these roles: token hash and id, those that last longest first."""
    query = (
        select(session.c.token_hash, session.c.id)
        .where(session.c.role.in_(roles), session.c.until > now)
        .order_by(session.c.until.desc())
        .limit(limit)
    )
    return [(bytes(row.token_hash), row.id) for row in await db.execute(query)]


async def drop(db: Connection, session_id: str) -> None:
    await db.execute(delete(session).where(session.c.id == session_id))


async def ended(db: Connection, now: datetime, *, limit: int) -> list[str]:
    """Sessions whose time is over, the oldest first."""
    query = select(session.c.id).where(session.c.until <= now).order_by(session.c.until)
    return list((await db.execute(query.limit(limit))).scalars())


async def put_ticket(db: Connection, ticket_hash: bytes, caller: Caller, until: datetime) -> None:
    await db.execute(
        ticket.insert().values(
            ticket_hash=ticket_hash,
            person=caller.person,
            role=caller.role,
            session=caller.session,
            until=until,
        )
    )


async def knows_ticket(db: Connection, ticket_hash: bytes, now: datetime) -> bool:
    row = await db.execute(
        select(ticket.c.until).where(ticket.c.ticket_hash == ticket_hash, ticket.c.until > now)
    )
    return row.first() is not None


async def take_ticket(db: Connection, ticket_hash: bytes, now: datetime) -> Caller | None:
    """Read and remove in one statement: of many who ask, one is answered."""
    row = (
        await db.execute(
            delete(ticket)
            .where(ticket.c.ticket_hash == ticket_hash, ticket.c.until > now)
            .returning(ticket.c.person, ticket.c.role, ticket.c.session)
        )
    ).first()
    return None if row is None else Caller(PersonId(row.person), row.role, row.session)


async def count_tickets(db: Connection) -> int:
    return int((await db.execute(select(func.count()).select_from(ticket))).scalar_one())


async def drop_tickets(db: Connection, until: datetime) -> None:
    """Forget those whose time was over at a moment."""
    await db.execute(delete(ticket).where(ticket.c.until <= until))
