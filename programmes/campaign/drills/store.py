"""Exercises, planned and past: a table, and every statement on it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Float, Index, Integer, Row, String, Table, func, select

from programmes.campaign.values import Drill
from realtime.sql import Connection, Instant, by_bytes, locked, metadata, upsert

drill = Table(
    "campaign_drill",
    metadata,
    Column("drill", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("line_name", String, nullable=False),
    Column("by", String, nullable=False),
    #: When it begins, or has begun.
    Column("at", Instant, nullable=False, index=True),
    #: Another one is planned four weeks later.
    Column("monthly", Boolean, nullable=False),
    #: The report that is not one; none before it has begun.
    Column("alert", String),
    #: What became of it, once it is over.
    Column("delivered", Integer),
    Column("seen", Integer),
    Column("claimed", Integer),
    Column("first_claim_s", Float),
    Column("measured", Instant),
    Index("campaign_drill_line", "line", "direction", "at"),
)


class Kept(NamedTuple):
    drill: str
    line: str
    direction: int
    line_name: str
    by: str
    at: datetime
    monthly: bool
    alert: str | None
    #: None before it is over.
    measured: Drill | None


async def put(db: Connection, of: Kept, *, now: datetime) -> None:
    result = of.measured
    await db.execute(
        upsert(
            drill,
            {
                "drill": of.drill,
                "line": of.line,
                "direction": of.direction,
                "line_name": of.line_name,
                "by": of.by,
                "at": of.at,
                "monthly": of.monthly,
                "alert": of.alert,
                "delivered": None if result is None else result.delivered,
                "seen": None if result is None else result.seen,
                "claimed": None if result is None else result.claimed,
                "first_claim_s": None if result is None else result.first_claim_s,
                "measured": None if result is None else now,
            },
            key=["drill"],
        )
    )


async def drop(db: Connection, name: str) -> None:
    await db.execute(drill.delete().where(drill.c.drill == name))


async def find(db: Connection, name: str) -> Kept | None:
    """Locked in a transaction."""
    row = (await db.execute(locked(db, select(drill).where(drill.c.drill == name)))).first()
    return None if row is None else _kept(row)


async def near(db: Connection, line: str, direction: int, since: datetime, until: datetime) -> bool:
    """Whether there is an exercise of a line and direction within these moments."""
    query = select(drill.c.drill).where(
        drill.c.line == line, drill.c.direction == direction, drill.c.at > since, drill.c.at < until
    )
    return (await db.execute(query)).first() is not None


async def planned(db: Connection) -> int:
    query = select(func.count()).select_from(drill).where(drill.c.alert.is_(None))
    return (await db.execute(query)).scalar_one()


async def since(db: Connection, moment: datetime) -> list[Kept]:
    """The newest first, those that are planned before all."""
    query = (
        select(drill)
        .where(drill.c.at >= moment)
        .order_by(drill.c.at.desc(), by_bytes(db, drill.c.drill))
    )
    return [_kept(row) for row in await db.execute(query)]


async def begun(
    db: Connection, lines: Collection[str], first: datetime, last: datetime | None
) -> dict[str, int]:
    """How many exercises there were on each of these lines, between two moments."""
    query = (
        select(drill.c.line, func.count().label("many"))
        .where(drill.c.line.in_(lines), drill.c.alert.is_not(None), drill.c.at >= first)
        .group_by(drill.c.line)
    )
    if last is not None:
        query = query.where(drill.c.at < last)
    return {row.line: row.many for row in await db.execute(query)}


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    measured = None
    if row.measured is not None:
        measured = Drill(
            delivered=row.delivered,
            seen=row.seen,
            claimed=row.claimed,
            first_claim_s=row.first_claim_s,
        )
    return Kept(
        drill=row.drill,
        line=row.line,
        direction=row.direction,
        line_name=row.line_name,
        by=row.by,
        at=row.at,
        monthly=row.monthly,
        alert=row.alert,
        measured=measured,
    )
