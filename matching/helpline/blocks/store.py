"""Who is blocked, by person and by a mark of the address: tables, and every statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    exists,
    or_,
    select,
)

from matching.helpline.blocks.messages import BlockView
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, by_bytes, metadata, upsert

block = Table(
    "helpline_block",
    metadata,
    Column("block", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    #: Null: without end.
    Column("until", Instant),
    Index("helpline_block_person", "line", "person"),
    Index("helpline_block_until", "until"),
)

#: A keyed hash of the address: for a block at most a day, for a chat while it may be blocked.
mark = Table(
    "helpline_mark",
    metadata,
    Column("kind", String, primary_key=True),
    #: The block, or the chat.
    Column("of", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("until", Instant, nullable=False),
    Index("helpline_mark_mark", "kind", "mark"),
    Index("helpline_mark_until", "until"),
)
CHAT, BLOCK = "chat", "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    block: str
    line: str
    person: PersonId
    reason: str
    at: datetime
    by: PersonId
    until: datetime | None


async def put(db: Connection, new: Block) -> None:
    await db.execute(
        block.insert().values(
            block=new.block,
            line=new.line,
            person=new.person,
            reason=new.reason,
            at=new.at,
            by=new.by,
            until=new.until,
        )
    )


async def drop(db: Connection, line: str, name: str) -> bool:
    """Whether there was one."""
    await db.execute(delete(mark).where(mark.c.kind == BLOCK, mark.c.of == name))
    done = await db.execute(delete(block).where(block.c.block == name, block.c.line == line))
    return done.rowcount == 1


async def put_mark(
    db: Connection, kind: str, of: str, line: str, value: bytes, until: datetime
) -> None:
    values = {"kind": kind, "of": of, "line": line, "mark": value, "until": until}
    await db.execute(upsert(mark, values, key=["kind", "of"]))


async def mark_of(db: Connection, chat: str, now: datetime) -> bytes | None:
    query = select(mark.c.mark).where(mark.c.kind == CHAT, mark.c.of == chat, mark.c.until > now)
    return (await db.execute(query)).scalar_one_or_none()


async def has_person(db: Connection, line: str, person: PersonId, now: datetime) -> bool:
    """Whether a block of this person has not ended."""
    query = exists().where(
        block.c.line == line,
        block.c.person == person,
        or_(block.c.until.is_(None), block.c.until > now),
    )
    return bool((await db.execute(select(query))).scalar_one())


async def has_mark(db: Connection, line: str, value: bytes, now: datetime) -> bool:
    """Whether somebody who was at this address has been blocked within a day."""
    query = exists().where(
        mark.c.kind == BLOCK, mark.c.mark == value, mark.c.line == line, mark.c.until > now
    )
    return bool((await db.execute(select(query))).scalar_one())


async def listed(db: Connection, line: str, now: datetime, *, limit: int) -> list[BlockView]:
    """Blocks that have not ended, the newest first."""
    query = (
        select(block)
        .where(block.c.line == line, or_(block.c.until.is_(None), block.c.until > now))
        .order_by(block.c.at.desc(), by_bytes(db, block.c.block))
        .limit(limit)
    )
    return [_view(row) for row in await db.execute(query)]


async def prune(db: Connection, now: datetime) -> None:
    """What has ended is forgotten, and so is every address."""
    await db.execute(delete(mark).where(mark.c.until <= now))
    await db.execute(delete(block).where(block.c.until <= now))


def _view(row: Row[tuple[object, ...]]) -> BlockView:
    return BlockView(
        block=row.block,
        reason=row.reason,
        at=row.at,
        by=row.by,
        until=row.until,
    )
