"""Marks of accounts, and counts of stops: tables and statements. Neither knows of the other."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, delete, func, select

from alerts.witness.standing import Mark
from alerts.witness.values import EventId
from geo.transit.values import StopId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, metadata, upsert

mark = Table(
    "witness_mark",
    metadata,
    Column("person", String, primary_key=True),
    Column("event", String, primary_key=True),
    Column("good", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("witness_mark_at", "at"),
)

#: One event, counted: the day, the stop and the hour in Paris, and nothing else.
spot = Table(
    "witness_spot",
    metadata,
    Column("spot", String, primary_key=True),
    Column("day", Instant, nullable=False),
    Column("stop", String, nullable=False),
    Column("hour", Integer, nullable=False),
    Index("witness_spot_day", "day"),
)


async def put_marks(
    db: Connection, people: Collection[PersonId], of: EventId, *, good: bool, at: datetime
) -> None:
    for person in sorted(people):
        values = {"person": person, "event": of, "good": good, "at": at}
        await db.execute(upsert(mark, values, key=["person", "event"]))


async def marks_of(db: Connection, person: PersonId, since: datetime) -> list[Mark]:
    query = select(mark).where(mark.c.person == person, mark.c.at >= since).order_by(mark.c.at)
    return [Mark(good=row.good, at=row.at) for row in await db.execute(query)]


async def count(db: Connection, name: str, *, day: datetime, stop: StopId, hour: int) -> None:
    values = {"spot": name, "day": day, "stop": stop, "hour": hour}
    await db.execute(upsert(spot, values, key=["spot"]))


async def spots(db: Connection, since: datetime, least: int) -> list[tuple[StopId, int, int]]:
    """Stops and hours with at least so many events, the most first."""
    many = func.count()
    query = (
        select(spot.c.stop, spot.c.hour, many)
        .where(spot.c.day >= since)
        .group_by(spot.c.stop, spot.c.hour)
        .having(many >= least)
        .order_by(many.desc(), spot.c.stop, spot.c.hour)
    )
    return [(StopId(row[0]), row[1], row[2]) for row in await db.execute(query)]


async def prune(db: Connection, *, marks: datetime, spots: datetime) -> None:
    """What is too old to be kept."""
    await db.execute(delete(mark).where(mark.c.at < marks))
    await db.execute(delete(spot).where(spot.c.day < spots))
