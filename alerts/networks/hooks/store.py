"""What is to be told to networks, in order: the outbox, and every statement about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from realtime.sql import Connection, Instant, claim, locked, metadata

#: One row for each event that a network is told of.
hook_thread = Table(
    "hook_thread",
    metadata,
    Column("alert", String, primary_key=True),
    Column("network", String, nullable=False),
    #: The number of the latest message, and when it was written.
    Column("seq", Integer, nullable=False),
    Column("sent", Instant, nullable=False, index=True),
    #: Calls that failed since the last that did not.
    Column("tries", Integer, nullable=False),
    #: Nothing is tried by itself any more since then.
    Column("stuck", Instant),
    Column("last_at", Instant),
    Column("last_status", Integer),
)
Index("hook_thread_network", hook_thread.c.network)

#: One row for each message that was not taken yet. It goes when it was, and not before.
hook_message = Table(
    "hook_message",
    metadata,
    Column("alert", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    #: Under ``told:<alert>``.
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    alert: str
    network: str
    seq: int
    sent: datetime
    tries: int = 0
    stuck: datetime | None = None
    last_at: datetime | None = None
    last_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    alert: str
    seq: int
    at: datetime
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Of one network's hook."""

    waiting: int = 0
    oldest_at: datetime | None = None
    stuck: int = 0
    last_at: datetime | None = None
    last_status: int | None = None


async def begin(db: Connection, new: Thread) -> None:
    """Make a thread, unless there is one."""
    values = {
        "alert": new.alert,
        "network": new.network,
        "seq": new.seq,
        "sent": new.sent,
        "tries": new.tries,
    }
    await db.execute(claim(hook_thread, values))


async def thread(db: Connection, alert: str) -> Thread | None:
    """Locked where it can be: whoever adds a message and whoever takes one away go one by one."""
    query = locked(db, select(hook_thread).where(hook_thread.c.alert == alert))
    row = (await db.execute(query)).first()
    return None if row is None else Thread(**row._mapping)


async def add(db: Connection, message: Waiting) -> None:
    """The next message of a thread."""
    await db.execute(
        hook_message.insert().values(
            alert=message.alert, seq=message.seq, at=message.at, sealed=message.sealed
        )
    )
    await db.execute(
        update(hook_thread)
        .where(hook_thread.c.alert == message.alert)
        .values(seq=message.seq, sent=message.at)
    )


async def first(db: Connection, alert: str) -> Waiting | None:
    """The oldest message that waits."""
    query = (
        select(hook_message)
        .where(hook_message.c.alert == alert)
        .order_by(hook_message.c.seq)
        .limit(1)
    )
    row = (await db.execute(query)).first()
    return None if row is None else Waiting(**row._mapping)


async def drop(db: Connection, alert: str, seq: int) -> None:
    """A message was taken."""
    await db.execute(
        delete(hook_message).where(hook_message.c.alert == alert, hook_message.c.seq == seq)
    )


async def note(
    db: Connection,
    alert: str,
    *,
    tries: int,
    at: datetime,
    status: int,
    stuck: datetime | None = None,
) -> None:
    """What came of a call."""
    await db.execute(
        update(hook_thread)
        .where(hook_thread.c.alert == alert)
        .values(tries=tries, last_at=at, last_status=status, stuck=stuck)
    )


async def waiting_of(db: Connection, network: str) -> list[str]:
    """Events of which a network has still something to be told, in the order of their names."""
    waits = select(hook_message.c.alert).distinct()
    query = select(hook_thread.c.alert).where(
        hook_thread.c.network == network, hook_thread.c.alert.in_(waits)
    )
    found: Sequence[str] = (await db.execute(locked(db, query))).scalars().all()
    return sorted(found)


async def again(db: Connection, alerts: Sequence[str]) -> None:
    """Begin to count failures anew."""
    await db.execute(
        update(hook_thread).where(hook_thread.c.alert.in_(alerts)).values(tries=0, stuck=None)
    )


async def counts(db: Connection) -> dict[str, Count]:
    """By network."""
    waits = (
        select(
            hook_thread.c.network,
            func.count().label("waiting"),
            func.min(hook_message.c.at).label("oldest_at"),
        )
        .join(hook_message, hook_message.c.alert == hook_thread.c.alert)
        .group_by(hook_thread.c.network)
    )
    waiting = {row.network: row for row in await db.execute(waits)}
    threads = select(
        hook_thread.c.network,
        func.count(hook_thread.c.stuck).label("stuck"),
        func.max(hook_thread.c.last_at).label("last_at"),
    ).group_by(hook_thread.c.network)
    found = {}
    for row in (await db.execute(threads)).all():
        wait = waiting.get(row.network)
        found[row.network] = Count(
            waiting=wait.waiting if wait else 0,
            oldest_at=wait.oldest_at if wait else None,
            stuck=row.stuck,
            last_at=row.last_at,
            last_status=await _last_status(db, row.network, row.last_at),
        )
    return found


async def _last_status(db: Connection, network: str, at: datetime | None) -> int | None:
    query = (
        select(hook_thread.c.last_status)
        .where(hook_thread.c.network == network, hook_thread.c.last_at == at)
        .limit(1)
    )
    return (await db.execute(query)).scalars().first()


async def quiet(db: Connection, before: datetime, *, limit: int) -> list[str]:
    """Events of which everything was taken, the last of it long ago."""
    waits = select(hook_message.c.alert).distinct()
    query = (
        select(hook_thread.c.alert)
        .where(hook_thread.c.sent < before, hook_thread.c.alert.not_in(waits))
        .order_by(hook_thread.c.alert)
        .limit(limit)
    )
    return list((await db.execute(locked(db, query, skip=True))).scalars().all())


async def forget(db: Connection, alerts: Sequence[str]) -> None:
    await db.execute(delete(hook_thread).where(hook_thread.c.alert.in_(alerts)))
