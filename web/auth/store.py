"""The table of sessions, and every statement on it. A token itself is never written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, delete, select

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, metadata

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One session as the table has it."""

    id: str
    person: PersonId
    role: str


async def add(
    db: Connection,
    *,
    token_hash: bytes,
    session_id: str,
    person: PersonId,
    role: str,
    until: datetime,
) -> None:
    await db.execute(
        session.insert().values(
            token_hash=token_hash, id=session_id, person=person, role=role, until=until
        )
    )


async def find(db: Connection, *, token_hash: bytes, now: datetime) -> Kept | None:
    row = (
        await db.execute(
            select(session.c.id, session.c.person, session.c.role).where(
                session.c.token_hash == token_hash, session.c.until > now
            )
        )
    ).first()
    return None if row is None else Kept(row.id, PersonId(row.person), row.role)


async def is_open(db: Connection, *, session_id: str, now: datetime) -> bool:
    row = await db.execute(
        select(session.c.id).where(session.c.id == session_id, session.c.until > now)
    )
    return row.first() is not None


async def drop(db: Connection, session_id: str) -> None:
    await db.execute(delete(session).where(session.c.id == session_id))


async def ended(db: Connection, now: datetime, *, limit: int) -> list[str]:
    """Sessions whose time is over, the oldest first."""
    query = select(session.c.id).where(session.c.until <= now).order_by(session.c.until)
    return list((await db.execute(query.limit(limit))).scalars())
