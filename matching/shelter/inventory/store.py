"""Hotels, their kinds of rooms, and what a desk has said of a night: tables and statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    event,
    insert,
    select,
    update,
)

from geo.cells import Cell, centre
from geo.places.near.solid import solid
from matching.shelter.values import Hotel, HotelId, KindId, RoomKind
from realtime.kernel.errors import NotFound
from realtime.ledger import Transaction
from realtime.sql import Connection, Instant, locked, metadata
from realtime.sql_point import GeoPoint, Spot

hotel = Table(
    "shelter_hotel",
    metadata,
    Column("hotel", String, primary_key=True),
    #: Its number in the public list, for imports only: it leads to a name.
    Column("source", String, unique=True),
    Column("commune", String, nullable=False),
    Column("commune_name", String, nullable=False),
    #: Département, for budgets and statistics.
    Column("area", String, nullable=False, index=True),
    #: The commune's own point: what maps and exports show.
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    #: The middle of ``cell``: what distances are counted from.
    Column("place", GeoPoint, nullable=False),
    #: The same middle in metres from the Earth's: ranking adds and multiplies, and no more.
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("z", Float, nullable=False),
    Column("cell", String, nullable=False),
    Column("margin_m", Float, nullable=False),
    Column("desk_24h", Boolean, nullable=False),
    Column("canary", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("spoken", Instant),
    Column("accepted", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    #: Name, street, telephone, sealed under ``hotel:<hotel>``.
    Column("sealed", LargeBinary, nullable=False),
    Index("shelter_hotel_commune", "commune"),
)

# Where hotels stand is indexed: on PostgreSQL by the column's own index, on SQLite by an R*Tree
# beside the table. Its entries name hotels, never rowids, which VACUUM changes.
Index("shelter_hotel_place", hotel.c.place, postgresql_using="gist").ddl_if("postgresql")
_AXES = ("x", "x_end", "y", "y_end", "z", "z_end")
for _moment, _statement in (
    (
        "after_create",
        f"CREATE VIRTUAL TABLE shelter_hotel_spot USING rtree(spot, {', '.join(_AXES)}, +of TEXT)",
    ),
    ("before_drop", "DROP TABLE shelter_hotel_spot"),
):
    _ddl = DDL(_statement)  # type: ignore[no-untyped-call]  # it does not say its types
    event.listen(hotel, _moment, _ddl.execute_if(dialect="sqlite"))
#: Not of ``metadata``: PostgreSQL has no such table.
spot = Table(
    "shelter_hotel_spot",
    MetaData(),
    *(Column(axis, Float) for axis in _AXES),
    Column("of", String),
)

kind = Table(
    "shelter_kind",
    metadata,
    Column("kind", String, primary_key=True),
    Column("hotel", String, nullable=False, index=True),
    Column("people", Integer, nullable=False),
    Column("cots", Integer, nullable=False),
    Column("accessible", Boolean, nullable=False),
    Column("pets", Boolean, nullable=False),
    Column("ground_floor", Boolean, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("usual", Integer, nullable=False),
)

#: What a desk has said of a night; without a row, ``usual`` rooms and none occupied.
night = Table(
    "shelter_night",
    metadata,
    Column("kind", String, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("hotel", String, nullable=False),
    Column("total", Integer, nullable=False),
    Column("occupied", Integer, nullable=False),
    Index("shelter_night_hotel", "hotel", "night"),
    Index("shelter_night_night", "night"),
)

#: One row for each night of each hold that is alive; its count is what is held.
hold_night = Table(
    "shelter_hold_night",
    metadata,
    Column("hold", String, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("kind", String, nullable=False),
    Column("hotel", String, nullable=False),
    Index("shelter_hold_night_kind", "kind", "night"),
    Index("shelter_hold_night_hotel", "hotel", "night"),
)


def standing(cell: Cell) -> dict[str, object]:
    """The columns that say where a hotel stands: the middle of its cell, never the place itself."""
    middle = centre(cell)
    where = solid(lat=middle.lat, lon=middle.lon)
    return {"cell": cell, "place": Spot(lat=middle.lat, lon=middle.lon), **where._asdict()}


async def stand(tx: Transaction, hotels: Sequence[tuple[str, Cell]]) -> None:
    """Index where these hotels, just inserted, stand; whoever changes a cell lifts it before."""
    if tx.db.dialect.name != "sqlite" or not hotels:
        return
    rows = []
    for number, cell in hotels:
        middle = centre(cell)
        where = solid(lat=middle.lat, lon=middle.lon)._asdict()
        ends = {f"{axis}_end": length for axis, length in where.items()}
        rows.append({**where, **ends, "of": number})
    await tx.db.execute(insert(spot), rows)


async def lift(tx: Transaction, hotels: Collection[str]) -> None:
    """Take hotels that are deleted, or moved, out of that index."""
    if tx.db.dialect.name == "sqlite":
        await tx.db.execute(delete(spot).where(spot.c.of.in_(hotels)))


#: What matching may know of a hotel.
_UNSEEN = {"source", "place", "x", "y", "z", "sealed"}
SEEN = tuple(it for it in hotel.c if it.name not in _UNSEEN)


@dataclass(frozen=True, slots=True)
class NewHotel:
    """A hotel about to be written down, with what is sealed of it."""

    hotel: Hotel
    source: str | None
    sealed: bytes
    #: Whether it gives rooms; else it is only on the public list.
    active: bool = True


async def add(tx: Transaction, new: Sequence[NewHotel], kinds: Sequence[RoomKind]) -> None:
    rows = [
        {
            "hotel": it.hotel.hotel,
            "source": it.source,
            "commune": it.hotel.commune,
            "commune_name": it.hotel.commune_name,
            "area": it.hotel.area,
            "lat": it.hotel.lat,
            "lon": it.hotel.lon,
            **standing(it.hotel.cell),
            "margin_m": it.hotel.margin_m,
            "desk_24h": it.hotel.desk_24h,
            "canary": it.hotel.canary,
            "active": it.active,
            "spoken": it.hotel.spoken_at,
            "accepted": it.hotel.accepted,
            "refused": it.hotel.refused,
            "sealed": it.sealed,
        }
        for it in new
    ]
    if rows:
        await tx.db.execute(insert(hotel), rows)
        await stand(tx, [(it.hotel.hotel, it.hotel.cell) for it in new])
    if kinds:
        await tx.db.execute(insert(kind), [_of_kind(it) for it in kinds])


async def known(db: Connection, sources: Collection[str]) -> dict[str, HotelId]:
    """Those of these numbers of the public list that are there already."""
    query = select(hotel.c.source, hotel.c.hotel).where(hotel.c.source.in_(sources))
    return {row.source: HotelId(row.hotel) for row in await db.execute(query)}


async def lock(db: Connection, name: HotelId) -> None:
    """From here to the commit, nobody else changes the rooms of this hotel."""
    query = select(hotel.c.hotel).where(hotel.c.hotel == name, hotel.c.active)
    if (await db.execute(locked(db, query))).first() is None:
        raise NotFound


async def find(db: Connection, name: HotelId) -> Hotel | None:
    row = (await db.execute(select(*SEEN).where(hotel.c.hotel == name))).first()
    return None if row is None else as_hotel(row)


async def find_all(db: Connection, names: Collection[HotelId]) -> dict[HotelId, Hotel]:
    query = select(*SEEN).where(hotel.c.hotel.in_(names))
    return {HotelId(row.hotel): as_hotel(row) for row in await db.execute(query)}


async def find_kind(db: Connection, name: KindId) -> RoomKind | None:
    row = (await db.execute(select(kind).where(kind.c.kind == name))).first()
    return None if row is None else as_kind(row)


async def sealed(db: Connection, name: HotelId) -> bytes | None:
    found = (await db.execute(select(hotel.c.sealed).where(hotel.c.hotel == name))).scalar()
    return None if found is None else bytes(found)


async def spoke(db: Connection, name: HotelId, at: datetime) -> None:
    await db.execute(update(hotel).where(hotel.c.hotel == name).values(spoken=at))


async def answered(db: Connection, name: HotelId, *, accepted: int, refused: int) -> None:
    """Add to what a hotel has answered so far."""
    added = {"accepted": hotel.c.accepted + accepted, "refused": hotel.c.refused + refused}
    await db.execute(update(hotel).where(hotel.c.hotel == name).values(**added))


def as_hotel(row: Row[tuple[object, ...]]) -> Hotel:
    return Hotel(
        hotel=HotelId(row.hotel),
        commune=row.commune,
        commune_name=row.commune_name,
        lat=row.lat,
        lon=row.lon,
        cell=Cell(row.cell),
        margin_m=row.margin_m,
        desk_24h=row.desk_24h,
        canary=row.canary,
        spoken_at=row.spoken,
        accepted=row.accepted,
        refused=row.refused,
    )


def as_kind(row: Row[tuple[object, ...]]) -> RoomKind:
    return RoomKind(
        kind=KindId(row.kind),
        hotel=HotelId(row.hotel),
        people=row.people,
        cots=row.cots,
        accessible=row.accessible,
        pets=row.pets,
        ground_floor=row.ground_floor,
        price_cents=row.price_cents,
        usual=row.usual,
    )


def _of_kind(it: RoomKind) -> dict[str, object]:
    return {field.name: getattr(it, field.name) for field in fields(it)}
