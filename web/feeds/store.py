"""How each feed stands, and what networks' own feeds said last: two tables, every statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, select

from realtime.push.fetching import Version
from realtime.sql import Connection, Instant, metadata, upsert

feed_state = Table(
    "feed_state",
    metadata,
    #: ``cap:<key>`` or ``transit:<key>``.
    Column("feed", String, primary_key=True),
    Column("tag", String, nullable=False),
    Column("changed", String, nullable=False),
    Column("failures", Integer, nullable=False),
    #: When it was last asked, and what came of it.
    Column("at", Instant, nullable=False),
    Column("got", String, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

#: One row for each feed of a network: every node reads it, one of them fetches.
transit_feed = Table(
    "transit_feed",
    metadata,
    Column("feed", String, primary_key=True),
    Column("network", String, nullable=False),
    Column("at", Instant, nullable=False),
    #: Vehicles and notices, as JSON, compressed.
    Column("vehicles", LargeBinary, nullable=False),
    Column("notices", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    feed: str
    version: Version
    failures: int
    at: datetime
    got: str
    taken: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a network's feed said last."""

    feed: str
    network: str
    at: datetime
    vehicles: bytes
    notices: bytes


async def state(db: Connection, feed: str) -> State | None:
    row = (await db.execute(select(feed_state).where(feed_state.c.feed == feed))).first()
    if row is None:
        return None
    return State(
        feed=row.feed,
        version=Version(row.tag, row.changed),
        failures=row.failures,
        at=row.at,
        got=row.got,
        taken=row.taken,
        refused=row.refused,
    )


async def put_state(db: Connection, it: State) -> None:
    values = {
        "feed": it.feed,
        "tag": it.version.tag,
        "changed": it.version.changed,
        "failures": it.failures,
        "at": it.at,
        "got": it.got,
        "taken": it.taken,
        "refused": it.refused,
    }
    await db.execute(upsert(feed_state, values, key=["feed"]))


async def put_said(db: Connection, it: Said) -> None:
    values = {
        "feed": it.feed,
        "network": it.network,
        "at": it.at,
        "vehicles": it.vehicles,
        "notices": it.notices,
    }
    await db.execute(upsert(transit_feed, values, key=["feed"]))


async def versions(db: Connection) -> dict[str, tuple[str, datetime]]:
    """By feed, its network and when it last said something."""
    query = select(transit_feed.c.feed, transit_feed.c.network, transit_feed.c.at)
    return {row.feed: (row.network, row.at) for row in await db.execute(query)}


async def said_by(db: Connection, network: str | None = None) -> list[Said]:
    query = select(transit_feed).order_by(transit_feed.c.feed)
    if network is not None:
        query = query.where(transit_feed.c.network == network)
    return [Said(**row._mapping) for row in await db.execute(query)]


async def forget(db: Connection, feed: str) -> None:
    """A feed that nobody follows any more."""
    await db.execute(delete(feed_state).where(feed_state.c.feed == feed))
    await db.execute(delete(transit_feed).where(transit_feed.c.feed == feed))
