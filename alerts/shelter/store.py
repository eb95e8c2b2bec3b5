"""Needs and follow-ups: their tables, and every statement on them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from alerts.shelter.escalation import Rung
from alerts.shelter.machine import NeedPhase
from alerts.shelter.values import By, FollowUp, Need
from matching.shelter.holds.store import as_hold, hold
from matching.shelter.values import Hold, HoldId, NeedId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, claim, locked, metadata

#: A need, and what is sealed of it; None once shredded.
Sealed = tuple[Need, bytes | None]
#: One at a time for whoever asks for herself, whoever else is writing at the same moment.
_OWN_AND_OPEN = text("ended IS NULL AND \"by\" = 'self'")

need = Table(
    "shelter_need",
    metadata,
    Column("need", String, primary_key=True),
    #: Whoever asked; empty once shredded.
    Column("asker", String, nullable=False),
    Column("by", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("first", Date, nullable=False),
    Column("nights", Integer, nullable=False),
    #: Département.
    Column("area", String),
    #: Hotels are being asked in waves.
    Column("asking", Boolean, nullable=False),
    Column("escalation", String),
    Column("ended", Instant),
    #: Household, cell, zones, reach: sealed under ``need:<need>``; NULL once shredded.
    Column("sealed", LargeBinary),
    Index(
        "shelter_need_own",
        "asker",
        unique=True,
        sqlite_where=_OWN_AND_OPEN,
        postgresql_where=_OWN_AND_OPEN,
    ),
    Index("shelter_need_asked", "ended", "asked"),
    Index("shelter_need_asker", "asker", "asked"),
)

followup = Table(
    "shelter_followup",
    metadata,
    Column("hold", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("need", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("done", Instant),
    Index("shelter_followup_at", "done", "at"),
)


# Needs.


async def put(db: Connection, new: Need, *, sealed: bytes) -> None:
    fixed = {
        "need": new.need,
        "asker": new.asker,
        "by": new.by,
        "asked": new.asked_at,
        "area": new.area,
        "sealed": sealed,
    }
    await db.execute(need.insert().values(**fixed, **_changing(new)))


async def save(db: Connection, changed: Need) -> None:
    await db.execute(update(need).where(need.c.need == changed.need).values(**_changing(changed)))


async def find(db: Connection, name: NeedId) -> Need | None:
    """One need; in a transaction, nobody else changes it until the commit."""
    row = (await db.execute(locked(db, select(need).where(need.c.need == name)))).first()
    return None if row is None else _need(row)


async def asker_of(db: Connection, name: NeedId) -> PersonId | None:
    """Who asked, without locking anything."""
    found = (await db.execute(select(need.c.asker).where(need.c.need == name))).scalar()
    return PersonId(found) if found else None


async def exists(db: Connection, name: NeedId) -> bool:
    return (await db.execute(select(need.c.need).where(need.c.need == name))).first() is not None


async def open_of(db: Connection, asker: PersonId) -> Need | None:
    """The open need that somebody asked for herself."""
    mine = select(need).where(
        need.c.asker == asker, need.c.by == By.SELF.value, need.c.ended.is_(None)
    )
    row = (await db.execute(mine)).first()
    return None if row is None else _need(row)


async def asked_by(db: Connection, asker: PersonId, since: datetime, limit: int) -> list[Sealed]:
    """What somebody asked for others: open, then ended since; the newest first."""
    ended = need.c.ended
    query = (
        select(need)
        .where(
            need.c.asker == asker,
            need.c.by != By.SELF.value,
            or_(ended.is_(None), ended >= since),
        )
        .order_by(ended.is_not(None), need.c.asked.desc(), need.c.need)
        .limit(limit)
    )
    return [_with_sealed(row) for row in await db.execute(query)]


async def count_asked(db: Connection, asker: PersonId, since: datetime) -> int:
    counted = select(func.count()).where(need.c.asker == asker, need.c.asked >= since)
    found: int = (await db.execute(counted)).scalar_one()
    return found


async def open_needs(db: Connection, limit: int) -> list[Sealed]:
    """The needs nobody has ended, the oldest first, each with what is sealed of it."""
    query = (
        select(need).where(need.c.ended.is_(None)).order_by(need.c.asked, need.c.need).limit(limit)
    )
    return [_with_sealed(row) for row in await db.execute(query)]


async def last_holds(db: Connection, names: Collection[NeedId]) -> dict[NeedId, Hold]:
    """The last room held for each of these needs."""
    query = select(hold).where(hold.c.need.in_(names)).order_by(hold.c.held)
    return {NeedId(row.need): as_hold(row) for row in await db.execute(query)}


async def sealed(db: Connection, name: NeedId) -> bytes | None:
    found = (await db.execute(select(need.c.sealed).where(need.c.need == name))).scalar()
    return None if found is None else bytes(found)


async def forget(db: Connection, name: NeedId) -> None:
    """What is left of a need that is over: nights, a département, how it ended."""
    await db.execute(update(need).where(need.c.need == name).values(sealed=None, asker=""))
    await db.execute(delete(followup).where(followup.c.need == name))


# Follow-ups.


async def put_followup(db: Connection, new: FollowUp) -> bool:
    """False: it was told already."""
    row = {"hold": new.hold, "day": new.day, "need": new.need, "at": new.at, "done": None}
    return (await db.execute(claim(followup, row))).rowcount == 1


async def mark_followup(db: Connection, of: HoldId, day: int, done: datetime | None) -> bool:
    query = update(followup).where(followup.c.hold == of, followup.c.day == day).values(done=done)
    return (await db.execute(query)).rowcount == 1


async def followups(db: Connection, limit: int) -> list[FollowUp]:
    """What nobody has done yet, the oldest first."""
    return await _to_do(db, select(followup), limit)


async def followups_of(db: Connection, asker: PersonId, limit: int) -> list[FollowUp]:
    """The same, for whoever asked for these rooms."""
    hers = select(followup).join(need, need.c.need == followup.c.need)
    return await _to_do(db, hers.where(need.c.asker == asker), limit)


async def _to_do(db: Connection, of: Select[tuple[object, ...]], limit: int) -> list[FollowUp]:
    query = (
        of.where(followup.c.done.is_(None))
        .order_by(followup.c.at, followup.c.hold, followup.c.day)
        .limit(limit)
    )
    return [
        FollowUp(hold=HoldId(row.hold), day=row.day, need=NeedId(row.need), at=row.at)
        for row in await db.execute(query)
    ]


def _changing(of: Need) -> dict[str, object]:
    return {
        "phase": of.phase,
        "first": of.first,
        "nights": of.nights,
        "asking": of.asking,
        "escalation": of.escalation,
        "ended": of.ended_at,
    }


def _need(row: Row[tuple[object, ...]]) -> Need:
    return Need(
        need=NeedId(row.need),
        asker=PersonId(row.asker),
        by=By(row.by),
        phase=NeedPhase(row.phase),
        asked_at=row.asked,
        first=row.first,
        nights=row.nights,
        area=row.area,
        asking=row.asking,
        escalation=None if row.escalation is None else Rung(row.escalation),
        ended_at=row.ended,
    )


def _with_sealed(row: Row[tuple[object, ...]]) -> Sealed:
    return _need(row), row.sealed and bytes(row.sealed)
