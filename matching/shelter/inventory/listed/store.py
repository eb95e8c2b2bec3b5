"""Statements on hotels of the public list that are there already."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, delete, insert, select, text, update

from matching.shelter.inventory.store import hotel, kind, lift, stand, standing
from matching.shelter.values import Hotel, HotelId, RoomKind
from realtime.ledger import Reading, Transaction
from realtime.sql import by_bytes, locked

#: Tables that an import fills.
_FILLED = (hotel, kind)


async def moved(tx: Transaction, now: Sequence[tuple[Hotel, bytes]]) -> None:
    """Write what a newer list says of hotels that have not joined."""
    rows = [{f"new_{name}": it for name, it in _said(of, sealed).items()} for of, sealed in now]
    if not rows:
        return
    change = update(hotel).where(hotel.c.hotel == bindparam("new_hotel"), ~hotel.c.active)
    names = [name.removeprefix("new_") for name in rows[0]]
    filled: dict[str, BindParameter[object]] = {
        name: bindparam(f"new_{name}") for name in names if name != "hotel"
    }
    await tx.db.execute(change.values(**filled), rows)
    await lift(tx, [of.hotel for of, _ in now])
    await stand(tx, [(of.hotel, of.cell) for of, _ in now])


def _said(of: Hotel, sealed: bytes) -> dict[str, object]:
    return {
        "hotel": of.hotel,
        "commune": of.commune,
        "commune_name": of.commune_name,
        "area": of.area,
        "lat": of.lat,
        "lon": of.lon,
        "margin_m": of.margin_m,
        "desk_24h": of.desk_24h,
        "sealed": sealed,
        **standing(of.cell),
    }


async def join(tx: Transaction, name: HotelId, rooms: Sequence[RoomKind]) -> None:
    """From the commit on it gives these rooms too."""
    await tx.db.execute(update(hotel).where(hotel.c.hotel == name).values(active=True))
    if rooms:
        rows = [{it.name: getattr(of, it.name) for it in kind.c} for of in rooms]
        await tx.db.execute(insert(kind), rows)


async def idle(tx: Transaction, names: Collection[HotelId]) -> set[HotelId]:
    """Those of these hotels that have not joined."""
    query = select(hotel.c.hotel).where(hotel.c.hotel.in_(names), ~hotel.c.active)
    return {HotelId(it) for it in (await tx.db.execute(locked(tx.db, query))).scalars()}


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
