"""Answers already given, so that a repeated command gives the same one without a second effect."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    delete,
    select,
    update,
)

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, Often, claim, metadata

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


# Said at every command that may be repeated: built once.
_SAME = and_(
    answered.c.person == bindparam("its_person"),
    answered.c.command == bindparam("its_command"),
    answered.c.id == bindparam("its_id"),
)
_BEGIN = Often(claim(answered).returning(answered.c.person))
_FOUND = select(answered.c.answer).where(_SAME)
_KEEP = Often(update(answered).where(_SAME).values(answer=bindparam("its_answer")))


async def begin(db: Connection, asked: Asked, at: datetime, likely: bytes = b"") -> bytes | None:
    """Be the one that carries a command out, or learn what was answered to it already.

    The same command on another node at the same moment waits for our commit, and learns it then.
    ``likely``: what it will answer, unless another is kept.
    """
    row = {**asked.row(), "answer": likely, "at": at}
    if await _BEGIN.rows(db, row):
        return None
    found: bytes = (await db.execute(_FOUND, _names(asked))).scalar_one()
    return bytes(found)


async def keep(db: Connection, asked: Asked, answer: bytes) -> None:
    """Remember the answer of a command that has begun."""
    await _KEEP.each(db, [{**_names(asked), "its_answer": answer}])


async def drop_before(db: Connection, limit: datetime, *, of: Collection[str] = ()) -> None:
    """Forget what was answered before then; ``of``: by these commands only."""
    old = delete(answered).where(answered.c.at < limit)
    await db.execute(old.where(answered.c.command.in_(of)) if of else old)


def _names(asked: Asked) -> dict[str, str]:
    return {f"its_{name}": value for name, value in asked.row().items()}
