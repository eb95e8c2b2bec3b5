"""Lines and the people who answer on them: every statement on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    select,
    update,
)

from matching.helpline.hours import ALWAYS, Office
from matching.helpline.store import chat as chats
from matching.helpline.values import ChatId, LineId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, by_bytes, claim, locked, metadata, upsert

line = Table(
    "line",
    metadata,
    Column("line", String, primary_key=True),
    #: What a supervisor said; NULL: the offices' hours say it.
    Column("open", Boolean),
    Column("reason", String),
    #: Until when the supervisor's word holds; NULL: until she says otherwise.
    Column("until", Instant),
    Column("offices", LargeBinary, nullable=False),
    #: When the operators' lines were last looked at.
    Column("pulsed", Instant),
)

operator = Table(
    "line_operator",
    metadata,
    Column("line", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("trainee", Boolean, nullable=False),
    #: Separated by spaces.
    Column("languages", String, nullable=False),
    Column("skills", String, nullable=False),
    #: When her line was last known to live.
    Column("seen", Instant, nullable=False),
    #: Since when she has had nothing new.
    Column("idle", Instant, nullable=False),
    Column("missed", Integer, nullable=False),
)

#: Who is in a chat's room beside its operator: a supervisor, an interpreter, who advises.
beside = Table(
    "line_beside",
    metadata,
    Column("chat", String, primary_key=True),
    Column("person", String, primary_key=True, index=True),
    Column("role", String, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    line: LineId
    open: bool | None
    reason: str | None
    until: datetime | None
    offices: Sequence[Office]
    pulsed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRow:
    person: PersonId
    on: bool
    trainee: bool
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    seen: datetime
    idle: datetime
    missed: int


# Lines.


async def add_line(db: Connection, name: LineId) -> None:
    """A line that nobody has opened yet, unless it is there already."""
    offices = msgspec.json.encode([ALWAYS])
    await db.execute(claim(line, {"line": name, "open": False, "offices": offices}))


async def hold_line(db: Connection, name: LineId) -> LineRow | None:
    """A line, held until the commit: one decides about its queue at a time."""
    row = (await db.execute(locked(db, select(line).where(line.c.line == name)))).first()
    return None if row is None else _line(row)


async def find_line(db: Connection, name: LineId) -> LineRow | None:
    """A line as it is; nobody is held up."""
    row = (await db.execute(select(line).where(line.c.line == name))).first()
    return None if row is None else _line(row)


async def lines(db: Connection) -> list[LineId]:
    return [LineId(row.line) for row in await db.execute(select(line.c.line).order_by(line.c.line))]


async def set_open(
    db: Connection, name: LineId, *, open_: bool | None, reason: str, until: datetime | None
) -> None:
    values = {"open": open_, "reason": reason, "until": until}
    await db.execute(update(line).where(line.c.line == name).values(**values))


async def set_offices(db: Connection, name: LineId, offices: Sequence[Office]) -> None:
    kept = msgspec.json.encode(list(offices))
    await db.execute(update(line).where(line.c.line == name).values(offices=kept))


async def set_pulsed(db: Connection, name: LineId, at: datetime) -> None:
    await db.execute(update(line).where(line.c.line == name).values(pulsed=at))


# Operators.


async def put_operator(db: Connection, of: LineId, new: OperatorRow) -> None:
    row = {
        "line": of,
        "person": new.person,
        "on": new.on,
        "trainee": new.trainee,
        "languages": " ".join(new.languages),
        "skills": " ".join(new.skills),
        "seen": new.seen,
        "idle": new.idle,
        "missed": new.missed,
    }
    await db.execute(upsert(operator, row, key=["line", "person"]))


async def find_operator(db: Connection, of: LineId, person: PersonId) -> OperatorRow | None:
    query = select(operator).where(operator.c.line == of, operator.c.person == person)
    row = (await db.execute(query)).first()
    return None if row is None else _operator(row)


async def operators(db: Connection, of: LineId, *, on: bool = False) -> list[OperatorRow]:
    """All who have ever answered there, or those on duty."""
    query = select(operator).where(operator.c.line == of)
    if on:
        query = query.where(operator.c.on.is_(True))
    rows = await db.execute(query.order_by(by_bytes(db, operator.c.person)))
    return [_operator(row) for row in rows]


async def watched(db: Connection, of: LineId) -> list[PersonId]:
    """Those on duty, and those who have a chat still: their lines are looked at."""
    busy = select(chats.c.operator).where(
        chats.c.line == of, chats.c.ended.is_(None), chats.c.operator.is_not(None)
    )
    query = select(operator.c.person).where(
        operator.c.line == of, operator.c.on.is_(True) | operator.c.person.in_(busy)
    )
    rows = await db.execute(query.order_by(by_bytes(db, operator.c.person)))
    return [PersonId(row.person) for row in rows]


async def lines_of(db: Connection, person: PersonId) -> list[LineId]:
    """The lines that somebody answers on."""
    query = select(operator.c.line).where(operator.c.person == person).order_by(operator.c.line)
    return [LineId(row.line) for row in await db.execute(query)]


async def set_seen(db: Connection, of: LineId, people: Collection[PersonId], at: datetime) -> None:
    await db.execute(
        update(operator)
        .where(operator.c.line == of, operator.c.person.in_(sorted(people)))
        .values(seen=at)
    )


# Beside a chat's operator.


async def put_beside(db: Connection, chat: ChatId, person: PersonId, role: str) -> None:
    row = {"chat": chat, "person": person, "role": role}
    await db.execute(upsert(beside, row, key=["chat", "person"]))


async def drop_beside(db: Connection, chat: ChatId, person: PersonId | None = None) -> None:
    statement = delete(beside).where(beside.c.chat == chat)
    if person is not None:
        statement = statement.where(beside.c.person == person)
    await db.execute(statement)


async def beside_of(db: Connection, chat: ChatId) -> dict[PersonId, str]:
    rows = await db.execute(select(beside).where(beside.c.chat == chat))
    return {PersonId(row.person): row.role for row in rows}


async def chats_beside(db: Connection, person: PersonId) -> dict[ChatId, str]:
    """The chats somebody is beside, and as what."""
    rows = await db.execute(select(beside).where(beside.c.person == person))
    return {ChatId(row.chat): row.role for row in rows}


def _line(row: Row[tuple[object, ...]]) -> LineRow:
    return LineRow(
        line=LineId(row.line),
        open=row.open,
        reason=row.reason,
        until=row.until,
        offices=msgspec.json.decode(bytes(row.offices), type=list[Office]),
        pulsed=row.pulsed,
    )


def _operator(row: Row[tuple[object, ...]]) -> OperatorRow:
    return OperatorRow(
        person=PersonId(row.person),
        on=row.on,
        trainee=row.trainee,
        languages=tuple(row.languages.split()),
        skills=tuple(row.skills.split()),
        seen=row.seen,
        idle=row.idle,
        missed=row.missed,
    )
