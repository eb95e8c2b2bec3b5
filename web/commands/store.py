"""Answers already given, so that a repeated command gives the same one without a second effect."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    and_,
    delete,
    select,
    update,
)

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, claim, metadata

answered = Table(
    "answered",
    metadata,
    Column("person", String, primary_key=True),
    Column("command", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that a client may repeat."""

    person: PersonId
    command: str
    repeat: str

    def row(self) -> dict[str, str]:
        return {"person": self.person, "command": self.command, "id": self.repeat}


async def begin(db: Connection, asked: Asked, at: datetime) -> bytes | None:
    """Be the one that carries a command out, or learn what was answered to it already.

    The same command on another node at the same moment waits for our commit, and learns it then.
    """
    row = {**asked.row(), "answer": b"", "at": at}
    if (await db.execute(claim(answered, row))).rowcount == 1:
        return None
    found: bytes = (await db.execute(select(answered.c.answer).where(_same(asked)))).scalar_one()
    return bytes(found)


async def keep(db: Connection, asked: Asked, answer: bytes) -> None:
    """Remember the answer of a command that has begun."""
    await db.execute(update(answered).where(_same(asked)).values(answer=answer))


async def drop_before(db: Connection, limit: datetime) -> None:
    await db.execute(delete(answered).where(answered.c.at < limit))


def _same(asked: Asked) -> ColumnElement[bool]:
    return and_(
        answered.c.person == asked.person,
        answered.c.command == asked.command,
        answered.c.id == asked.repeat,
    )
