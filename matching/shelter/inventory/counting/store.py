"""What is said of a night and what is held on it: every statement that counts rooms."""

from collections.abc import Sequence

from sqlalchemy import and_, delete, func, insert, select

from matching.shelter.inventory.store import as_kind, hold_night, kind, night
from matching.shelter.values import Count, Hold, HoldId, HotelId, KindId, Night, RoomKind
from realtime.sql import Connection, by_bytes, upsert


async def rooms(db: Connection, name: HotelId, on: Night) -> list[tuple[RoomKind, Count]]:
    """Every kind of a hotel with its count on a night, the smallest rooms first."""
    said = and_(night.c.kind == kind.c.kind, night.c.night == on)
    query = (
        select(kind, night.c.total, night.c.occupied)
        .outerjoin(night, said)
        .where(kind.c.hotel == name)
        .order_by(kind.c.people, by_bytes(db, kind.c.kind))
    )
    held_query = (
        select(hold_night.c.kind, func.count())
        .where(hold_night.c.hotel == name, hold_night.c.night == on)
        .group_by(hold_night.c.kind)
    )
    held = {row[0]: int(row[1]) for row in await db.execute(held_query)}
    return [
        (as_kind(row), _count(row.usual, row.total, row.occupied, held.get(row.kind, 0)))
        for row in await db.execute(query)
    ]


async def counts(db: Connection, of: RoomKind, on: Sequence[Night]) -> dict[Night, Count]:
    """The count of a kind on each of these nights."""
    said_query = select(night.c.night, night.c.total, night.c.occupied).where(
        night.c.kind == of.kind, night.c.night.in_(on)
    )
    held_query = (
        select(hold_night.c.night, func.count())
        .where(hold_night.c.kind == of.kind, hold_night.c.night.in_(on))
        .group_by(hold_night.c.night)
    )
    said = {row.night: (row.total, row.occupied) for row in await db.execute(said_query)}
    held = {row[0]: int(row[1]) for row in await db.execute(held_query)}
    return {it: _count(of.usual, *said.get(it, (None, None)), held.get(it, 0)) for it in on}


async def say(db: Connection, of: RoomKind, on: Night, now: Count) -> None:
    """What a desk says of a night."""
    row = {
        "kind": of.kind,
        "night": on,
        "hotel": of.hotel,
        "total": now.total,
        "occupied": now.occupied,
    }
    await db.execute(upsert(night, row, key=["kind", "night"]))


async def nights_of(db: Connection, name: HoldId) -> list[tuple[Night, KindId]]:
    """The nights that a hold has a room on, and of which kind."""
    query = (
        select(hold_night.c.night, hold_night.c.kind)
        .where(hold_night.c.hold == name)
        .order_by(hold_night.c.night)
    )
    return [(row.night, KindId(row.kind)) for row in await db.execute(query)]


async def take(db: Connection, it: Hold, on: Sequence[Night]) -> None:
    rows = [{"hold": it.hold, "night": day, "kind": it.kind, "hotel": it.hotel} for day in on]
    await db.execute(insert(hold_night), rows)


async def give_back(db: Connection, name: HoldId, since: Night | None) -> None:
    query = delete(hold_night).where(hold_night.c.hold == name)
    if since is not None:
        query = query.where(hold_night.c.night >= since)
    await db.execute(query)


def _count(usual: int, total: int | None, occupied: int | None, held: int) -> Count:
    """Without a word from the desk, as usual."""
    return Count(usual if total is None else total, occupied or 0, held)
