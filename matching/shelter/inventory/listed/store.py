"""Statements on hotels of the public list that are there already."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, insert, select, text, update

from matching.shelter.inventory.store import hotel, kind, lift, stand, standing
from matching.shelter.values import Hotel, HotelId, RoomKind
from realtime.ledger import Reading, Transaction
from realtime.sql import by_bytes

#: Tables that an import fills.
_FILLED = (hotel, kind)


async def moved(tx: Transaction, now: Sequence[tuple[Hotel, bytes]]) -> None:
    """Write where hotels are according to a newer list, and nothing else of them."""
    old = select(hotel.c.hotel, hotel.c.cell).where(hotel.c.hotel.in_([it.hotel for it, _ in now]))
    cells = {row.hotel: row.cell for row in await tx.db.execute(old)}
    for it, sealed in now:
        await tx.db.execute(
            update(hotel)
            .where(hotel.c.hotel == it.hotel)
            .values(
                commune=it.commune,
                commune_name=it.commune_name,
                area=it.area,
                lat=it.lat,
                lon=it.lon,
                margin_m=it.margin_m,
                sealed=sealed,
                **standing(it.cell),
            )
        )
    elsewhere = [(it.hotel, it.cell) for it, _ in now if cells[it.hotel] != it.cell]
    await lift(tx, [of for of, _ in elsewhere])
    await stand(tx, elsewhere)


async def join(tx: Transaction, name: HotelId, rooms: Sequence[RoomKind]) -> None:
    """From the commit on it gives these rooms too."""
    await tx.db.execute(update(hotel).where(hotel.c.hotel == name).values(active=True))
    if rooms:
        rows = [{it.name: getattr(of, it.name) for it in kind.c} for of in rooms]
        await tx.db.execute(insert(kind), rows)


async def without_rooms(reading: Reading, names: Collection[HotelId]) -> set[HotelId]:
    """Those of these hotels that have no room of any kind."""
    have = select(kind.c.hotel).where(kind.c.hotel.in_(names))
    return set(names) - {HotelId(it) for it in (await reading.db.execute(have)).scalars()}


async def never_joined(reading: Reading) -> Mapping[str, HotelId]:
    """By their numbers in the list, those of it that give no rooms."""
    query = select(hotel.c.source, hotel.c.hotel).where(
        hotel.c.source.is_not(None), ~hotel.c.active
    )
    ordered = query.order_by(by_bytes(reading.db, hotel.c.source))
    return {row.source: HotelId(row.hotel) for row in await reading.db.execute(ordered)}


async def forget(tx: Transaction, names: Collection[HotelId]) -> list[HotelId]:
    """Delete those of these hotels that still give no rooms; answers which they were."""
    query = delete(hotel).where(hotel.c.hotel.in_(names), ~hotel.c.active).returning(hotel.c.hotel)
    gone = [HotelId(it) for it in (await tx.db.execute(query)).scalars()]
    await lift(tx, gone)
    return gone


async def look_over(tx: Transaction) -> None:
    """Let PostgreSQL count what has come, or it reads whole tables for a while."""
    if tx.db.dialect.name == "postgresql":
        for table in _FILLED:
            await tx.db.execute(text(f"ANALYZE {table.name}"))
