"""Counters that hold nobody: nights not found, and nights given. Tables and statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    String,
    Table,
    and_,
    case,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from matching.shelter.inventory.store import hold_night, hotel, kind
from matching.shelter.inventory.store import night as said
from matching.shelter.public.feed import Missed
from matching.shelter.public.places import Kind, Place
from matching.shelter.values import Count, HotelId, Night
from realtime.sql import Connection, by_bytes, metadata

Number = ColumnElement[int]
#: Hotels read in one statement.
AT_ONCE = 400

#: How many needs of a shape found no room that night, in a département, and why.
unmet = Table(
    "shelter_unmet",
    metadata,
    Column("night", Date, primary_key=True),
    Column("area", String, primary_key=True),
    Column("shape", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

#: Nights that somebody slept in a hotel, by département.
given = Table(
    "shelter_given",
    metadata,
    Column("night", Date, primary_key=True),
    Column("area", String, primary_key=True),
    Column("count", Integer, nullable=False),
)


class AreaRooms(NamedTuple):
    """A département tonight."""

    area: str
    hotels: int
    #: Rooms free in hotels that have spoken lately.
    free: int


async def count(db: Connection, table: Table, key: Mapping[str, object]) -> None:
    """One more of these."""
    statement = insert(table).values(**key, count=1)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_={"count": table.c["count"] + 1}
        )
    )


async def unmet_between(db: Connection, first: Night, last: Night) -> list[Missed]:
    query = select(
        unmet.c.night, unmet.c.area, unmet.c.shape, unmet.c.reason, unmet.c["count"].label("many")
    ).where(unmet.c.night.between(first, last))
    return [
        Missed(row.night, row.area, row.shape, row.reason, row.many)
        for row in await db.execute(query)
    ]


async def given_between(db: Connection, first: Night, last: Night) -> list[tuple[Night, int]]:
    """How many nights were slept, night by night, everywhere."""
    query = (
        select(given.c.night, func.sum(given.c["count"]))
        .where(given.c.night.between(first, last))
        .group_by(given.c.night)
        .order_by(given.c.night)
    )
    return [(day, int(many)) for day, many in await db.execute(query)]


def _rooms_on(
    night: Night, page: Sequence[str] | None = None
) -> tuple[FromClause, Number, Number, Number]:
    """Kinds of room with what was said of a night, and what is held."""
    counted = (
        select(hold_night.c.kind, func.count().label("held"))
        .where(hold_night.c.night == night)
        .group_by(hold_night.c.kind)
    )
    if page is not None:
        counted = counted.where(hold_night.c.hotel.in_(page))
    held = counted.subquery()
    joined = (
        kind.join(hotel, hotel.c.hotel == kind.c.hotel)
        .outerjoin(said, and_(said.c.kind == kind.c.kind, said.c.night == night))
        .outerjoin(held, held.c.kind == kind.c.kind)
    )
    return (
        joined,
        func.coalesce(said.c.total, kind.c.usual),
        func.coalesce(said.c.occupied, 0),
        func.coalesce(held.c.held, 0),
    )


async def areas(db: Connection, night: Night, since: datetime) -> list[AreaRooms]:
    """Every département with hotels; those that do not exist (canaries) are not counted."""
    joined, total, occupied, held = _rooms_on(night)
    free = case((hotel.c.spoken >= since, total - occupied - held), else_=0)
    query = (
        select(hotel.c.area, func.count(hotel.c.hotel.distinct()), func.sum(free))
        .select_from(joined)
        .where(hotel.c.active, hotel.c.canary.is_(False))
        .group_by(hotel.c.area)
        .order_by(by_bytes(db, hotel.c.area))
    )
    return [AreaRooms(area, hotels, int(rooms)) for area, hotels, rooms in await db.execute(query)]


async def rooms(db: Connection, night: Night) -> list[Place]:
    """Every hotel that gives rooms, with its kinds. What is at an address is not among it.

    Some hundreds at a time: others have their turn in between.
    """
    found: list[Place] = []
    order, last = by_bytes(db, hotel.c.hotel), ""
    while True:
        query = select(hotel.c.hotel).where(hotel.c.active, order > last).order_by(order)
        page = list((await db.execute(query.limit(AT_ONCE))).scalars())
        if not page:
            return found
        found += await _rooms_of(db, night, page)
        # Not the last that was found: some give no room.
        last = page[-1]


async def _rooms_of(db: Connection, night: Night, page: Sequence[str]) -> list[Place]:
    joined, total, occupied, held = _rooms_on(night, page)
    query = (
        select(
            hotel.c.hotel,
            hotel.c.commune,
            hotel.c.commune_name,
            hotel.c.area,
            hotel.c.lat,
            hotel.c.lon,
            hotel.c.desk_24h,
            hotel.c.spoken,
            kind.c.people,
            kind.c.cots,
            kind.c.accessible,
            kind.c.pets,
            kind.c.ground_floor,
            total.label("total"),
            occupied.label("occupied"),
            held.label("held"),
        )
        .select_from(joined)
        .where(hotel.c.hotel.in_(page))
        .order_by(by_bytes(db, hotel.c.hotel), by_bytes(db, kind.c.kind))
    )
    found: dict[str, Place] = {}
    for row in await db.execute(query):
        place = found.get(row.hotel)
        if place is None:
            place = found[row.hotel] = Place(
                hotel=HotelId(row.hotel),
                commune=row.commune,
                commune_name=row.commune_name,
                area=row.area,
                lat=row.lat,
                lon=row.lon,
                desk_24h=row.desk_24h,
                spoken_at=row.spoken,
                kinds=[],
            )
        place.kinds.append(
            Kind(
                people=row.people,
                cots=row.cots,
                accessible=row.accessible,
                pets=row.pets,
                ground_floor=row.ground_floor,
                count=Count(total=row.total, occupied=row.occupied, held=row.held),
            )
        )
    return list(found.values())
