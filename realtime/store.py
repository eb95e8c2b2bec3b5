"""The realtime tables, and every statement on them: streams, publications, tasks, keys, audit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from realtime.audit import START, End, Line
from realtime.kernel.ids import Channel, Ids
from realtime.sql import (
    Connection,
    Instant,
    Often,
    add_to,
    among,
    lock_table,
    locked,
    locking,
    metadata,
    upsert_all,
)
from realtime.streams import Stretch

#: One row: the epoch of every stream. A database made anew has a new one; so must one restored
#: from a backup, as its streams have gone back.
lineage = Table("lineage", metadata, Column("epoch", String, primary_key=True))

stream = Table(
    "stream",
    metadata,
    Column("channel", String, primary_key=True),
    Column("top", BigInteger, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("channel", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

task = Table(
    "task",
    metadata,
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("due", Instant, nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),
    Column("attempt", Integer, nullable=False),
    #: Until then somebody is on it; NULL: nobody.
    Column("lease", Instant),
    #: Random, new at each claim and each change: who holds an old one has lost the task.
    Column("fence", String, nullable=False),
)

seal_key = Table(
    "seal_key",
    metadata,
    Column("name", String, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("thing", String, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Index("audit_thing", "thing"),
)

#: One row: where the audit chain ends, vouched for by the master key.
audit_end = Table(
    "audit_end",
    metadata,
    Column("chain", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("link", LargeBinary, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)
_CHAIN = "audit"
_TASK = ("kind", "key", "due", "payload", "attempt", "fence")
_LINE = ("number", "at", "actor", "action", "thing", "link")

# Said at every commit: built once, as that takes longer than SQLite takes to carry them out.
_ADVANCE = Often(add_to(stream, key="channel", amount="top"))
_TOPS = Often(select(stream).where(among(stream.c.channel, "channels")))
_HEAD = Often(select(stream.c.top).where(stream.c.channel == bindparam("its_channel")))
_APPEND = Often(publication.insert())
_PUT_TASK = Often(upsert_all(task, [*_TASK, "lease"], key=["kind", "key"]))
_PUT_KEY = Often(seal_key.insert())
_WRAPPED = Often(select(seal_key.c.wrapped).where(seal_key.c.name == bindparam("its_name")))
_DROP_TASKS = Often(
    delete(task).where(task.c.kind == bindparam("its_kind"), among(task.c.key, "keys"))
)
_OURS = and_(
    *(task.c[it] == bindparam(f"its_{it}", type_=String()) for it in ("kind", "key", "fence"))
)
_FINISH = Often(delete(task).where(_OURS).returning(task.c.key))
_NOW = bindparam("now", type_=Instant())
# By the moment, and not by the kind: all of it that is planned for later would be gone through.
_DUE = Often(
    select(task)
    .where(
        task.c.due <= _NOW,
        or_(task.c.lease.is_(None), task.c.lease < _NOW),
        among(task.c.kind.concat(""), "kinds"),
    )
    .order_by(task.c.due)
    .limit(bindparam("most", type_=Integer())),
    # In a flood thousands are due that somebody is on.
    may_be_long=True,
)
_NEXT_DUE = Often(select(func.min(task.c.due).label("due")).where(task.c.due > _NOW))
_HOLD_END = Often(locking(select(audit_end.c.number).where(audit_end.c.chain == _CHAIN)))
_LAST_AUDIT = Often(
    select(audit.c.number, audit.c.link)
    .where(audit.c.number > 0)  # As they all are: so that it is looked for, not gone through.
    .order_by(audit.c.number.desc())
    .limit(1)
)
_ADD_AUDIT = Often(audit.insert())
_PUT_END = Often(upsert_all(audit_end, ["chain", "number", "link", "proof"], key=["chain"]))
_KEYS = select(seal_key.c.name, seal_key.c.wrapped).where(among(seal_key.c.name, "names"))
_HELD_KEYS = Often(locking(_KEYS.order_by(seal_key.c.name), "exist"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A publication as the ledger keeps it."""

    channel: Channel
    offset: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """Work to do, at least once and not before ``due``; unique by kind and key."""

    kind: str
    key: str
    due: datetime
    payload: bytes
    attempt: int
    fence: str


async def epoch(db: Connection) -> str | None:
    row = (await db.execute(select(lineage.c.epoch))).first()
    return None if row is None else str(row.epoch)


async def settled_epoch(db: Connection, ids: Ids) -> str:
    """The epoch, made if this database has none yet: one, however many nodes are starting."""
    known = await epoch(db)
    if known is None:
        await lock_table(db, lineage)
        known = await epoch(db)
    if known is None:
        known = ids()
        await put_epoch(db, known)
    return known


async def put_epoch(db: Connection, new: str) -> None:
    """Begin a new epoch: no place of before can be resumed from."""
    await db.execute(delete(lineage))
    await db.execute(lineage.insert().values(epoch=new))


async def advance(db: Connection, counts: Mapping[Channel, int]) -> dict[Channel, int]:
    """Move the heads of streams on, and answer where they are then.

    In the order of their names, each locked as it is reached and until the commit: two nodes that
    publish on the same streams wait for each other in turn, never crosswise.
    """
    rows = [{"channel": channel, "top": counts[channel]} for channel in sorted(counts)]
    moved = await _ADVANCE.rows_of_each(db, rows)
    return {Channel(row.channel): row.top for row in moved}


async def tops(db: Connection, channels: Collection[Channel]) -> dict[Channel, int]:
    """The last offset of each stream on which something has been published."""
    rows = await _TOPS.rows(db, {"channels": channels})
    return {Channel(row.channel): row.top for row in rows}


async def head(db: Connection, channel: Channel) -> int:
    """The last offset of a stream; 0 when nothing has been published on it."""
    row = await _HEAD.first(db, {"its_channel": channel})
    return 0 if row is None else row.top


async def append(db: Connection, kept: Sequence[Kept], at: datetime) -> None:
    """Keep publications; the heads of their streams have been moved."""
    rows = [
        {"channel": it.channel, "position": it.offset, "body": it.body, "at": at} for it in kept
    ]
    await _APPEND.each(db, rows)


async def stretch(db: Connection, channel: Channel, wanted: Stretch) -> list[Kept]:
    """The publications of a stretch that are still kept, oldest first."""
    rows = await db.execute(
        select(publication.c.position, publication.c.body)
        .where(
            publication.c.channel == channel,
            publication.c.position.between(wanted.first, wanted.last),
        )
        .order_by(publication.c.position)
    )
    return [Kept(channel, row.position, row.body) for row in rows]


async def page(
    db: Connection, channel: Channel, *, limit: int, since: int | None, reverse: bool
) -> list[Kept]:
    """At most ``limit`` publications after ``since``, oldest first.

    In reverse: before it, newest first.
    """
    position = publication.c.position
    query = select(position, publication.c.body).where(publication.c.channel == channel)
    if since is not None:
        query = query.where(position < since if reverse else position > since)
    query = query.order_by(position.desc() if reverse else position).limit(limit)
    return [Kept(channel, row.position, row.body) for row in await db.execute(query)]


async def trim(db: Connection, prefix: str, before: datetime, *, limit: int) -> int:
    """Forget publications of ``prefix`` channels from before a moment; how many there were.

    At most ``limit`` at once: a long deletion would make everybody's commits wait.
    """
    place = tuple_(publication.c.channel, publication.c.position)
    old = (
        select(publication.c.channel, publication.c.position)
        .where(
            publication.c.at < before,
            publication.c.channel.startswith(prefix, autoescape=True),
        )
        .order_by(publication.c.at, publication.c.position)
        .limit(limit)
    )
    gone = await db.execute(delete(publication).where(place.in_(old)))
    return gone.rowcount


async def drop_stream(db: Connection, channel: Channel) -> None:
    """Forget a stream's publications; its head stays, so that offsets never go back."""
    await db.execute(delete(publication).where(publication.c.channel == channel))


async def put_tasks(db: Connection, new: Sequence[tuple[Task, datetime | None]]) -> None:
    """Write tasks, each with its lease, in this order."""
    rows = [{name: getattr(it, name) for name in _TASK} | {"lease": lease} for it, lease in new]
    await _PUT_TASK.each(db, rows)


async def drop_tasks(db: Connection, kind: str, keys: Collection[str]) -> None:
    await _DROP_TASKS.each(db, [{"its_kind": kind, "keys": keys}])


async def finish_task(db: Connection, done: Task) -> bool:
    """Remove a task that is still ours; False when it was replaced or taken over meanwhile."""
    return await _FINISH.first(db, _named(done)) is not None


async def due_tasks(
    db: Connection, now: datetime, *, kinds: Collection[str], limit: int
) -> list[Task]:
    """What is due, of these kinds, and nobody is on, oldest first."""
    rows = await _DUE.rows(db, {"now": now, "kinds": kinds, "most": limit})
    return [Task(it.kind, it.key, it.due, it.payload, it.attempt, it.fence) for it in rows]


async def next_due(db: Connection, now: datetime) -> datetime | None:
    """When the next task that is not due yet will be."""
    found: datetime | None = (await _NEXT_DUE.first(db, {"now": now})).due
    return found


async def count_tasks(db: Connection) -> dict[str, int]:
    """How much work of each kind is waiting."""
    query = select(task.c.kind, func.count().label("waiting")).group_by(task.c.kind)
    return {row.kind: row.waiting for row in await db.execute(query)}


async def claim_tasks(
    db: Connection, found: Collection[Task], *, ids: Ids, lease: datetime
) -> list[Task]:
    """Take tasks, with new fences; what another node has, or is taking now, is left to it."""
    ours = tuple_(task.c.kind, task.c.key, task.c.fence)
    places = [(it.kind, it.key, it.fence) for it in found]
    free = select(task.c.kind, task.c.key).where(ours.in_(places))
    rows = await db.execute(locked(db, free.order_by(task.c.kind, task.c.key), skip=True))
    names = {(row.kind, row.key) for row in rows}
    taken = [replace(it, fence=ids()) for it in found if (it.kind, it.key) in names]
    if taken:
        same = and_(task.c.kind == bindparam("its_kind"), task.c.key == bindparam("its_key"))
        await db.execute(
            update(task).where(same).values(fence=bindparam("new_fence"), lease=lease),
            [{"its_kind": it.kind, "its_key": it.key, "new_fence": it.fence} for it in taken],
        )
    return taken


async def renew_tasks(db: Connection, held: Iterable[Task], lease: datetime) -> None:
    """Keep tasks that take their time; whose fence has changed is not ours any more."""
    ours = tuple_(task.c.kind, task.c.key, task.c.fence)
    places = [(it.kind, it.key, it.fence) for it in held]
    await db.execute(update(task).where(ours.in_(places)).values(lease=lease))


async def postpone_task(db: Connection, failed: Task, *, due: datetime) -> None:
    """Give a task that failed back, for later."""
    later = update(task).where(_OURS).values(due=due, attempt=failed.attempt + 1, lease=None)
    await db.execute(later, _named(failed))


def _named(ours: Task) -> dict[str, object]:
    return {"its_kind": ours.kind, "its_key": ours.key, "its_fence": ours.fence}


async def release_leases(db: Connection) -> None:
    """Every lease was held by a process that is no more."""
    await db.execute(update(task).values(lease=None))


async def wrapped_key(db: Connection, name: str) -> bytes | None:
    row = await _WRAPPED.first(db, {"its_name": name})
    return None if row is None else bytes(row.wrapped)


async def wrapped_keys(db: Connection, names: Collection[str]) -> dict[str, bytes]:
    return {row.name: bytes(row.wrapped) for row in await db.execute(_KEYS, {"names": list(names)})}


async def hold_keys(db: Connection, names: Collection[str]) -> dict[str, bytes]:
    """Keys that must still be there when we commit: whoever shreds one waits for us."""
    return {it.name: bytes(it.wrapped) for it in await _HELD_KEYS.rows(db, {"names": names})}


async def put_keys(db: Connection, wrapped: Mapping[str, bytes], at: datetime) -> None:
    if wrapped:
        rows = [{"name": name, "wrapped": it, "at": at} for name, it in wrapped.items()]
        await _PUT_KEY.each(db, rows)


async def drop_key(db: Connection, name: str) -> None:
    await db.execute(delete(seal_key).where(seal_key.c.name == name))


async def last_audit(db: Connection) -> tuple[int, bytes]:
    """The number and link of the last line, or where the chain starts; nobody else adds to it."""
    await _HOLD_END.rows(db, {})
    row = await _LAST_AUDIT.first(db, {})
    return (0, START) if row is None else (row.number, bytes(row.link))


async def find_audit_end(db: Connection) -> End | None:
    row = (await db.execute(select(audit_end))).first()
    return None if row is None else End(row.number, bytes(row.link), bytes(row.proof))


async def add_audit(db: Connection, lines: Iterable[Line], end: End) -> None:
    rows = [{name: getattr(line, name) for name in _LINE} for line in lines]
    await _ADD_AUDIT.each(db, rows)
    values = {"chain": _CHAIN, "number": end.number, "link": end.link, "proof": end.proof}
    await _PUT_END.each(db, [values])


async def read_audit(db: Connection, *, after: int = 0, limit: int = 1000) -> list[Line]:
    query = select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(limit)
    rows = await db.execute(query)
    return [Line(it.number, it.at, it.actor, it.action, it.thing, bytes(it.link)) for it in rows]
