"""Hotels with tonight's counts, those whose desks spoke last first. No name, no street."""

from collections import defaultdict

from sqlalchemy import and_, func, select

from matching.shelter.inventory.store import as_hotel, as_kind, hold_night, hotel, kind, night
from matching.shelter.values import Count, Hotel, HotelId, Night, RoomKind
from realtime.sql import Connection, by_bytes

Rooms = list[tuple[RoomKind, Count]]


async def shown(db: Connection, on: Night, limit: int) -> list[tuple[Hotel, Rooms]]:
    """At most ``limit`` hotels, each with its kinds of rooms, the smallest first."""
    query = (
        select(hotel)
        .where(hotel.c.active)
        .order_by(hotel.c.spoken.desc().nulls_last(), by_bytes(db, hotel.c.hotel))
        .limit(limit)
    )
    found = [as_hotel(row) for row in await db.execute(query)]
    rooms = await _rooms(db, on, [it.hotel for it in found])
    return [(it, rooms[it.hotel]) for it in found]


async def canaries(db: Connection, on: Night) -> list[tuple[Hotel, Rooms]]:
    """Hotels that do not exist."""
    query = select(hotel).where(hotel.c.active, hotel.c.canary).order_by(hotel.c.hotel)
    found = [as_hotel(row) for row in await db.execute(query)]
    rooms = await _rooms(db, on, [it.hotel for it in found])
    return [(it, rooms[it.hotel]) for it in found]


async def _rooms(db: Connection, on: Night, names: list[HotelId]) -> dict[HotelId, Rooms]:
    held_query = (
        select(hold_night.c.kind, func.count())
        .where(hold_night.c.hotel.in_(names), hold_night.c.night == on)
        .group_by(hold_night.c.kind)
    )
    held = {row[0]: int(row[1]) for row in await db.execute(held_query)}
    said = and_(night.c.kind == kind.c.kind, night.c.night == on)
    query = (
        select(kind, night.c.total, night.c.occupied)
        .outerjoin(night, said)
        .where(kind.c.hotel.in_(names))
        .order_by(kind.c.people, by_bytes(db, kind.c.kind))
    )
    found: dict[HotelId, Rooms] = defaultdict(list)
    for row in await db.execute(query):
        total = row.usual if row.total is None else row.total
        count = Count(total, row.occupied or 0, held.get(row.kind, 0))
        found[HotelId(row.hotel)].append((as_kind(row), count))
    return found
