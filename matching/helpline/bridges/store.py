"""Questions put to her, and her answers: a table, and every statement on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Index, LargeBinary, Row, String, Table, select, update

from matching.helpline.bridges.machine import Bridge, Kind, State
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, by_bytes, locked, metadata

bridge = Table(
    "helpline_bridge",
    metadata,
    Column("bridge", String, primary_key=True),
    Column("chat", String, nullable=False),
    Column("room", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("answered", Instant),
    Column("subject", String),
    #: What would be asked for, sealed under ``bridge:<bridge>`` until she has answered.
    Column("sealed", LargeBinary),
    Index("helpline_bridge_chat", "chat", "at"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    bridge: Bridge
    sealed: bytes | None


async def put(db: Connection, new: Bridge, sealed: bytes) -> None:
    await db.execute(
        bridge.insert().values(
            bridge=new.bridge,
            chat=new.chat,
            room=new.room,
            kind=new.kind,
            state=new.state,
            by=new.by,
            at=new.at,
            until=new.until,
            sealed=sealed,
        )
    )


async def find(db: Connection, name: str) -> Kept | None:
    """One question; in a transaction, nobody else answers it until the commit."""
    query = locked(db, select(bridge).where(bridge.c.bridge == name))
    row = (await db.execute(query)).first()
    return None if row is None else Kept(_bridge(row), row.sealed)


async def of_chat(db: Connection, chat: str) -> Sequence[Bridge]:
    """In a transaction they are locked: two operators do not ask the same at once."""
    query = (
        select(bridge)
        .where(bridge.c.chat == chat)
        .order_by(bridge.c.at, by_bytes(db, bridge.c.bridge))
    )
    return [_bridge(row) for row in await db.execute(locked(db, query))]


async def settle(db: Connection, after: Bridge) -> None:
    """Keep an answer; what would be asked for is emptied."""
    await db.execute(
        update(bridge)
        .where(bridge.c.bridge == after.bridge)
        .values(state=after.state, answered=after.answered_at, subject=after.subject, sealed=None)
    )


async def forget(db: Connection, name: str) -> None:
    """What came of it leads to her."""
    await db.execute(update(bridge).where(bridge.c.bridge == name).values(subject=None))


def _bridge(row: Row[tuple[object, ...]]) -> Bridge:
    return Bridge(
        bridge=row.bridge,
        chat=row.chat,
        room=row.room,
        kind=Kind(row.kind),
        state=State(row.state),
        by=PersonId(row.by),
        at=row.at,
        until=row.until,
        answered_at=row.answered,
        subject=row.subject,
    )
