"""Hotels, their kinds of rooms, and what a desk has said of a night: tables and statements."""

from collections.abc import Collection, Sequence

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
    String,
    Table,
    delete,
    event,
    insert,
)

from geo.cells import Cell, centre
from geo.places.near.solid import solid
from realtime.ledger import Transaction
from realtime.sql import Instant, metadata
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
