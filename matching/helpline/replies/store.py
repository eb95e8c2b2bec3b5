"""Canned replies that a supervisor wrote, changed or took away, and how often each was used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, select
from sqlalchemy.dialects.postgresql import insert

from realtime.sql import Connection, Instant, metadata, upsert

#: A row that was set without a text takes a reply of ours away; one never set counts uses only.
reply = Table(
    "helpline_reply",
    metadata,
    Column("line", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("title", String),
    Column("text", Text),
    Column("uses", Integer, nullable=False),
    Column("set_at", Instant),
)
_KEY = ("line", "name", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    language: str
    title: str | None
    text: str | None
    uses: int
    #: When a supervisor last changed it; None: only its uses are kept here.
    set_at: datetime | None


async def all_of(db: Connection, line: str) -> list[Row]:
    query = select(reply).where(reply.c.line == line)
    return [
        Row(
            name=it.name,
            language=it.language,
            title=it.title,
            text=it.text,
            uses=it.uses,
            set_at=it.set_at,
        )
        for it in await db.execute(query)
    ]


async def put(
    db: Connection,
    line: str,
    name: str,
    language: str,
    *,
    title: str | None,
    text: str | None,
    at: datetime,
) -> None:
    """Set a reply, or take it away; its uses stay counted."""
    values = {
        "line": line,
        "name": name,
        "language": language,
        "title": title,
        "text": text,
        "set_at": at,
    }
    await db.execute(upsert(reply, values, key=_KEY).values(uses=0))


async def use(db: Connection, line: str, name: str, language: str) -> None:
    """One more use, whether or not it has a row."""
    statement = insert(reply).values(line=line, name=name, language=language, uses=1)
    await db.execute(
        statement.on_conflict_do_update(index_elements=list(_KEY), set_={"uses": reply.c.uses + 1})
    )
