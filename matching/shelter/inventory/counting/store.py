"""What is said of a night and what is held on it: every statement that counts rooms."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, func, insert, or_, select

from matching.shelter.holds.store import hold
from matching.shelter.inventory.store import as_kind, hold_night, kind, night
from matching.shelter.night import nights
from matching.shelter.values import ALIVE, Count, Hold, HoldId, HotelId, KindId, Night, RoomKind
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


async def give_back(db: Connection, name: HoldId) -> None:
    await db.execute(delete(hold_night).where(hold_night.c.hold == name))


def _count(usual: int, total: int | None, occupied: int | None, held: int) -> Count:
    """Without a word from the desk, as usual."""
    return Count(usual if total is None else total, occupied or 0, held)


# Whether it adds up.


async def overfull(db: Connection, since: Night) -> list[tuple[KindId, Night]]:
    """Kinds and nights with more rooms occupied or held than there are."""
    held = func.count(hold_night.c.hold)
    total = func.coalesce(func.max(night.c.total), func.max(kind.c.usual))
    occupied = func.coalesce(func.max(night.c.occupied), 0)
    said = and_(night.c.kind == hold_night.c.kind, night.c.night == hold_night.c.night)
    promised = (
        select(hold_night.c.kind, hold_night.c.night)
        .join(kind, kind.c.kind == hold_night.c.kind)
        .outerjoin(night, said)
        .group_by(hold_night.c.kind, hold_night.c.night)
        .having(total - occupied - held < 0)
    )
    impossible = select(night.c.kind, night.c.night).where(
        night.c.night >= since,
        or_(night.c.occupied < 0, night.c.total < night.c.occupied),
    )
    found = {
        (KindId(row.kind), row.night)
        for query in (promised, impossible)
        for row in await db.execute(query)
    }
    return sorted(found)


async def astray(db: Connection) -> list[HoldId]:
    """Holds that are alive without exactly their nights, and dead ones that have some."""
    rows = {
        row.hold: (row.count, row.first, row.last, row.least, row.most)
        for row in await db.execute(
            select(
                hold_night.c.hold,
                func.count().label("count"),
                func.min(hold_night.c.night).label("first"),
                func.max(hold_night.c.night).label("last"),
                func.min(hold_night.c.kind).label("least"),
                func.max(hold_night.c.kind).label("most"),
            ).group_by(hold_night.c.hold)
        )
    }
    alive = select(hold.c.hold, hold.c.kind, hold.c.first, hold.c.nights).where(
        hold.c.state.in_(sorted(ALIVE))
    )
    wanted = {
        row.hold: (
            row.nights,
            row.first,
            row.first + timedelta(days=row.nights - 1),
            row.kind,
            row.kind,
        )
        for row in await db.execute(alive)
    }
    names = rows.keys() | wanted.keys()
    return sorted(HoldId(it) for it in names if rows.get(it) != wanted.get(it))


async def hotel_of(db: Connection, name: HoldId) -> HotelId | None:
    """Where a hold has a room, whatever has become of it."""
    query = select(hold_night.c.hotel).where(hold_night.c.hold == name).limit(1)
    found = (await db.execute(query)).scalar()
    return None if found is None else HotelId(found)


async def drop_others(db: Connection, it: Hold) -> None:
    """Free what a hold that is alive should not have: other nights, or rooms of another kind."""
    wanted = nights(it.first, it.nights)
    await db.execute(
        delete(hold_night).where(
            hold_night.c.hold == it.hold,
            or_(hold_night.c.night.not_in(wanted), hold_night.c.kind != it.kind),
        )
    )
