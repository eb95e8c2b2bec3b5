"""Devices that can be woken, and what became of pushes: their tables, and every statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    select,
    update,
)

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, Often, among, locked, metadata, upsert

push_device = Table(
    "push_device",
    metadata,
    #: A digest of the address: it names a device without telling where it is.
    Column("device", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    #: Address and keys, sealed under a key of this person that goes with the last device.
    Column("sealed", LargeBinary, nullable=False),
    Column("seal", String, nullable=False),
    #: When its page last said that it is there.
    Column("seen", Instant, nullable=False),
    #: Its service has asked for time.
    Column("quiet_until", Instant),
    Column("tested", Instant),
    Column("received", Instant),
)

#: One row for each push and each receipt of a test, without the person, for a day.
push_result = Table(
    "push_result",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("result", String, nullable=False),
)

# Said at each step of a search: built once.
_HAVING = Often(
    select(push_device.c.person).where(
        among(push_device.c.person, "people"), push_device.c.seen >= bindparam("since")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    device: str
    person: PersonId
    sealed: bytes
    #: The name of the key that opens it.
    seal: str
    seen: datetime
    quiet_until: datetime | None = None
    tested: datetime | None = None
    received: datetime | None = None

    @property
    def test_under_way(self) -> bool:
        return self.tested is not None and (self.received is None or self.received < self.tested)


async def put(db: Connection, new: Device) -> None:
    values = {
        "device": new.device,
        "person": new.person,
        "sealed": new.sealed,
        "seal": new.seal,
        "seen": new.seen,
        "quiet_until": new.quiet_until,
        "tested": new.tested,
        "received": new.received,
    }
    await db.execute(upsert(push_device, values, key=["device"]))


async def find(db: Connection, device: str) -> Device | None:
    query = locked(db, select(push_device).where(push_device.c.device == device))
    row = (await db.execute(query)).first()
    return None if row is None else _device(row)


async def of_person(db: Connection, person: PersonId) -> list[Device]:
    """A person's devices, the latest seen first."""
    query = (
        select(push_device)
        .where(push_device.c.person == person)
        .order_by(push_device.c.seen.desc(), push_device.c.device)
    )
    return [_device(row) for row in await db.execute(locked(db, query))]


async def drop(db: Connection, devices: Sequence[str]) -> None:
    await db.execute(delete(push_device).where(push_device.c.device.in_(devices)))


async def tested(db: Connection, device: str, at: datetime) -> None:
    await db.execute(update(push_device).where(push_device.c.device == device).values(tested=at))


async def received(db: Connection, device: str, at: datetime) -> None:
    await db.execute(update(push_device).where(push_device.c.device == device).values(received=at))


async def quiet(db: Connection, device: str, until: datetime) -> None:
    await db.execute(
        update(push_device).where(push_device.c.device == device).values(quiet_until=until)
    )


async def having_devices(
    db: Connection, people: Sequence[PersonId], *, since: datetime
) -> frozenset[PersonId]:
    """Which of these people have a device that was seen since."""
    rows = await _HAVING.rows(db, {"people": people, "since": since})
    return frozenset(PersonId(it.person) for it in rows)


async def unseen(db: Connection, before: datetime, *, limit: int) -> list[Device]:
    query = select(push_device).where(push_device.c.seen < before).limit(limit)
    return [_device(row) for row in await db.execute(query)]


async def count(db: Connection) -> int:
    return int((await db.execute(select(func.count()).select_from(push_device))).scalar_one())


async def last_test(db: Connection) -> datetime | None:
    newest: datetime | None = (
        await db.execute(
            select(push_device.c.received)
            .where(push_device.c.received.is_not(None))
            .order_by(push_device.c.received.desc())
            .limit(1)
        )
    ).scalar()
    return newest


async def add_results(db: Connection, rows: Iterable[tuple[str, str]], at: datetime) -> None:
    """Results, each with an id of its own."""
    values = [{"id": name, "at": at, "result": result} for name, result in rows]
    if values:
        await db.execute(push_result.insert(), values)


async def count_results(db: Connection, since: datetime) -> list[tuple[str, int]]:
    query = (
        select(push_result.c.result, func.count().label("many"))
        .where(push_result.c.at >= since)
        .group_by(push_result.c.result)
        .order_by(push_result.c.result)
    )
    return [(row.result, row.many) for row in await db.execute(query)]


async def drop_results(db: Connection, before: datetime, *, limit: int) -> int:
    """Forget what became of pushes before a moment; how many there were."""
    old = (
        select(push_result.c.id)
        .where(push_result.c.at < before)
        .order_by(push_result.c.at)
        .limit(limit)
    )
    gone = await db.execute(delete(push_result).where(push_result.c.id.in_(old)))
    return gone.rowcount


def _device(row: Row[tuple[object, ...]]) -> Device:
    return Device(
        device=row.device,
        person=PersonId(row.person),
        sealed=bytes(row.sealed),
        seal=row.seal,
        seen=row.seen,
        quiet_until=row.quiet_until,
        tested=row.tested,
        received=row.received,
    )
