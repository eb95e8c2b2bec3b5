"""The tables of places, and every statement on them.

Rows carry the number of the import that brought them. A new import is loaded beside the current
one, a thousand rows a transaction, and then becomes the current one in a single short transaction:
nobody ever reads half a file, and no alert waits for one to be written (DECISIONS 1).

Each place is also in an index that ``near/`` asks what is nearest: on PostgreSQL the column's own,
on SQLite an R*Tree beside the table, written here with it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from sqlalchemy import (
    DDL,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    ScalarSelect,
    String,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    text,
)

from geo.cells import Cell
from geo.errors import ImportOverlap
from geo.places.near.solid import solid
from geo.places.stations import Station
from realtime.ledger import Ledger as Ledger
from realtime.ledger import Reading as Reading
from realtime.ledger import Transaction as Transaction
from realtime.sql import Instant, Often, among, by_bytes, lock_table, metadata, upsert
from realtime.sql_point import GeoPoint, Spot

#: Rows deleted in one transaction: what the writer can do without making a command wait.
DELETED_AT_ONCE = 1_000

#: Which import of each kind is the current one.
current_import = Table(
    "current_import",
    metadata,
    Column("kind", String, primary_key=True),
    Column("import_id", String, nullable=False),
    Column("loaded", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

commune = Table(
    "commune",
    metadata,
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("insee", String, nullable=False),
    Column("name", String, nullable=False),
    Column("population", Integer, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("place", GeoPoint, nullable=False),
    #: Res 6.
    Column("cell", String, nullable=False),
    Index("commune_by_cell", "import_id", "cell"),
)

hotel = Table(
    "hotel",
    metadata,
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("stars", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("postcode", String, nullable=False),
    Column("city", String, nullable=False),
    Column("rooms", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("place", GeoPoint, nullable=False),
    Column("cell", String, nullable=False),
    Column("precision", String, nullable=False),
)

station = Table(
    "station",
    metadata,
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("stop", String, nullable=False),
    Column("line", String, nullable=False),
    Column("name", String, nullable=False),
    Column("line_name", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("place", GeoPoint, nullable=False),
    Column("cell", String, nullable=False),
)

outline = Table(
    "outline",
    metadata,
    Column("name", String, primary_key=True),
    #: Compact JSON, as ``geo/places/outlines.py`` makes it.
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

TABLES: Mapping[str, Table] = {"communes": commune, "hotels": hotel, "stations": station}


def _indexed(table: Table) -> Table:
    """Index a table's places; answers the R*Tree that SQLite has for it.

    What the R*Tree finds are the rows of an import by their numbers. Their own ``rowid`` would not
    do: VACUUM changes it.
    """
    Index(f"{table.name}_place", table.c.place, postgresql_using="gist").ddl_if("postgresql")
    name = f"{table.name}_spot"
    axes = "x, x_end, y, y_end, z, z_end"
    rtree = f"USING rtree(spot, {axes}, +of_import TEXT, +of_row INTEGER)"
    for moment, statement in (
        ("after_create", f"CREATE VIRTUAL TABLE {name} {rtree}"),
        ("before_drop", f"DROP TABLE {name}"),
    ):
        ddl = DDL(statement)  # type: ignore[no-untyped-call]  # it does not say its types
        event.listen(table, moment, ddl.execute_if(dialect="sqlite"))
    # Not of ``metadata``: PostgreSQL has no such table.
    return Table(
        name,
        MetaData(),
        *(Column(axis, Float) for axis in axes.split(", ")),
        Column("of_import", String),
        Column("of_row", Integer),
    )


SPOTS: Mapping[str, Table] = {kind: _indexed(table) for kind, table in TABLES.items()}


async def add(
    tx: Transaction, kind: str, import_id: str, first: int, values: Sequence[Mapping[str, object]]
) -> None:
    """Write rows of an import that is not current yet, numbered from ``first``."""
    places = [
        Spot(lat=cast(float, value["lat"]), lon=cast(float, value["lon"])) for value in values
    ]
    rows = [
        {**value, "import_id": import_id, "row": row, "place": place}
        for row, (value, place) in enumerate(zip(values, places, strict=True), first)
    ]
    await tx.db.execute(insert(TABLES[kind]), rows)
    if tx.db.dialect.name == "sqlite":
        spots = [_as_spot(import_id, row, place) for row, place in enumerate(places, first)]
        await tx.db.execute(insert(SPOTS[kind]), spots)


async def make_current(
    tx: Transaction, kind: str, import_id: str, *, loaded: int, refused: int
) -> None:
    """From the commit on, this import is what everybody reads."""
    table = TABLES[kind]
    counted = select(func.count()).select_from(table).where(table.c.import_id == import_id)
    # Another import of the same kind may have cleared this one away, taking it for a dead one's;
    # from here on it waits.
    await lock_table(tx.db, current_import)
    if (await tx.db.execute(counted)).scalar_one() != loaded:
        raise ImportOverlap
    row = {"kind": kind, "import_id": import_id, "loaded": loaded, "refused": refused, "at": tx.now}
    await tx.db.execute(upsert(current_import, row, key=["kind"]))


async def clear_some(tx: Transaction, kind: str) -> bool:
    """Delete some of the rows that no current import holds. False: there were none."""
    await lock_table(tx.db, current_import)
    table = TABLES[kind]
    kept = select(current_import.c.import_id).where(current_import.c.kind == kind)
    left = select(table.c.import_id, table.c.row).where(table.c.import_id.not_in(kept))
    first = (await tx.db.execute(left.order_by(table.c.import_id, table.c.row).limit(1))).first()
    if first is None:
        return False
    until = first.row + DELETED_AT_ONCE
    await tx.db.execute(
        delete(table).where(table.c.import_id == first.import_id, table.c.row < until)
    )
    if tx.db.dialect.name == "sqlite":
        spots = SPOTS[kind]
        await tx.db.execute(
            delete(spots).where(spots.c.of_import == first.import_id, spots.c.of_row < until)
        )
    return True


def _as_spot(import_id: str, row: int, spot: Spot) -> dict[str, object]:
    lengths = solid(lat=spot.lat, lon=spot.lon)._asdict()
    ends = {f"{axis}_end": length for axis, length in lengths.items()}
    return {**lengths, **ends, "of_import": import_id, "of_row": row}


async def look_over(tx: Transaction, kind: str) -> None:
    """Let PostgreSQL count what has come, or it reads whole tables for a while: 7 ms, not 0.2."""
    if tx.db.dialect.name == "postgresql":
        await tx.db.execute(text(f"ANALYZE {TABLES[kind].name}"))


async def put_outline(tx: Transaction, name: str, body: bytes) -> None:
    row = {"name": name, "body": body, "at": tx.now}
    await tx.db.execute(upsert(outline, row, key=["name"]))


async def get_outline(reading: Reading, name: str) -> bytes | None:
    found = await reading.db.execute(select(outline.c.body).where(outline.c.name == name))
    body: bytes | None = found.scalar()
    return body


async def outline_names(reading: Reading) -> list[str]:
    found = await reading.db.execute(
        select(outline.c.name).order_by(by_bytes(reading.db, outline.c.name))
    )
    return list(found.scalars())


async def loaded(reading: Reading) -> dict[str, int]:
    """How many rows of each kind are current."""
    found = await reading.db.execute(select(current_import.c.kind, current_import.c.loaded))
    return {row.kind: row.loaded for row in found}


async def populations(reading: Reading, cells: Collection[Cell] | None = None) -> dict[Cell, int]:
    """People by res-6 cell: in these, or in all that have a commune."""
    if cells is None:
        rows = (await reading.db.execute(_PEOPLE)).all()
    else:
        rows = await _PEOPLE_IN.rows(reading.db, {"cells": cells})
    return {Cell(row.cell): int(row.people) for row in rows}


async def stations(reading: Reading) -> list[Station]:
    columns = (it for it in station.c if it is not station.c.place)
    found = await reading.db.execute(
        select(*columns).where(station.c.import_id == current("stations")).order_by(station.c.row)
    )
    return [
        Station(
            name=row.name,
            stop=row.stop,
            line=row.line,
            line_name=row.line_name,
            mode=row.mode,
            lat=row.lat,
            lon=row.lon,
            cell=Cell(row.cell),
        )
        for row in found
    ]


def current(kind: str) -> ScalarSelect[str]:
    """The import that everybody reads, as a part of a statement."""
    return select(current_import.c.import_id).where(current_import.c.kind == kind).scalar_subquery()


_PEOPLE = (
    select(commune.c.cell, func.sum(commune.c.population).label("people"))
    .where(commune.c.import_id == current("communes"))
    .group_by(commune.c.cell)
)
# Said at each request for help: built once.
_PEOPLE_IN = Often(_PEOPLE.where(among(commune.c.cell, "cells")))
