"""People disturbed, by name of what limits it: tables and statements."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, delete, func, select

from alerts.witness.values import EventId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, metadata, upsert_all

#: People whom unconfirmed events have disturbed, under each name by which that is limited.
spent = Table(
    "witness_spent",
    metadata,
    Column("name", String, primary_key=True),
    Column("event", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("witness_spent_event", "event"),
)

#: Names that are held while what they stand for is counted or looked for.
held = Table(
    "witness_held",
    metadata,
    Column("name", String, primary_key=True),
    Column("at", Instant, nullable=False),
)


async def hold(db: Connection, names: Collection[str], now: datetime) -> None:
    """Be the only one who counts under these names until the commit: held in their order."""
    rows = [{"name": name, "at": now} for name in sorted(names)]
    # Written, not only read: whoever writes the same rows waits for our commit.
    await db.execute(upsert_all(held, ["name", "at"], key=["name"]), rows)


async def spent_under(db: Connection, names: Collection[str], since: datetime) -> Mapping[str, int]:
    """How many people were disturbed under each of these names since then."""
    query = (
        select(spent.c.name, func.count(spent.c.person.distinct()))
        .where(spent.c.name.in_(sorted(names)), spent.c.at >= since)
        .group_by(spent.c.name)
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def spend(
    db: Connection, names: Iterable[str], of: EventId, people: Collection[PersonId], at: datetime
) -> None:
    rows = [
        {"name": name, "event": of, "person": person, "at": at}
        for name in names
        for person in people
    ]
    if rows:
        await db.execute(spent.insert(), rows)


async def give_back(db: Connection, of: EventId) -> None:
    """It was true: nobody was disturbed for nothing."""
    await db.execute(delete(spent).where(spent.c.event == of))


async def prune(db: Connection, before: datetime) -> None:
    """What is too old to count."""
    await db.execute(delete(spent).where(spent.c.at < before))
    await db.execute(delete(held).where(held.c.at < before))
