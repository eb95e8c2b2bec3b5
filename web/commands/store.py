"""Answers already given, so that a repeated command gives the same one without a second effect."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, delete, select

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, metadata

answered = Table(
    "answered",
    metadata,
    Column("person", String, primary_key=True),
    Column("command", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


async def find(db: Connection, *, person: PersonId, command: str, repeat: str) -> bytes | None:
    row = (
        await db.execute(
            select(answered.c.answer).where(
                answered.c.person == person,
                answered.c.command == command,
                answered.c.id == repeat,
            )
        )
    ).first()
    return None if row is None else bytes(row.answer)


async def keep(
    db: Connection, *, person: PersonId, command: str, repeat: str, answer: bytes, at: datetime
) -> None:
    """Two at once cannot both be kept: the second transaction fails, and is answered on retry."""
    await db.execute(
        answered.insert().values(person=person, command=command, id=repeat, answer=answer, at=at)
    )


async def drop_before(db: Connection, limit: datetime) -> None:
    await db.execute(delete(answered).where(answered.c.at < limit))
