"""The tables of places, and every statement on them.

Rows carry the number of the import that brought them. A new import is loaded beside the current
one, a thousand rows a transaction, and then becomes the current one in a single short transaction:
nobody ever reads half a file, and no alert waits for one to be written (DECISIONS 1).
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    ScalarSelect,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from geo.cells import Cell
from geo.errors import ImportOverlap
from geo.places.stations import Station
from realtime.ledger import Ledger as Ledger
from realtime.ledger import Reading as Reading
from realtime.ledger import Transaction as Transaction
from realtime.sql import Instant, metadata, upsert

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


async def add(
    tx: Transaction, kind: str, import_id: str, first: int, values: Sequence[Mapping[str, object]]
) -> None:
    """Write rows of an import that is not current yet, numbered from ``first``."""
    rows = [
        {**value, "import_id": import_id, "row": row} for row, value in enumerate(values, first)
    ]
    await tx.db.execute(insert(TABLES[kind]), rows)


async def make_current(
    tx: Transaction, kind: str, import_id: str, *, loaded: int, refused: int
) -> None:
    """From the commit on, this import is what everybody reads."""
    table = TABLES[kind]
    counted = select(func.count()).select_from(table).where(table.c.import_id == import_id)
    # Another import of the same kind may have cleared this one away, taking it for a dead one's.
    if (await tx.db.execute(counted)).scalar_one() != loaded:
        raise ImportOverlap
    row = {"kind": kind, "import_id": import_id, "loaded": loaded, "refused": refused, "at": tx.now}
    await tx.db.execute(upsert(current_import, row, key=["kind"]))


async def clear_some(tx: Transaction, kind: str) -> bool:
    """Delete some of the rows that no current import holds. False: there were none."""
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
    return True


async def put_outline(tx: Transaction, name: str, body: bytes) -> None:
    row = {"name": name, "body": body, "at": tx.now}
    await tx.db.execute(upsert(outline, row, key=["name"]))


async def get_outline(reading: Reading, name: str) -> bytes | None:
    found = await reading.db.execute(select(outline.c.body).where(outline.c.name == name))
    body: bytes | None = found.scalar()
    return body


async def outline_names(reading: Reading) -> list[str]:
    found = await reading.db.execute(select(outline.c.name).order_by(outline.c.name))
    return list(found.scalars())


async def loaded(reading: Reading) -> dict[str, int]:
    """How many rows of each kind are current."""
    found = await reading.db.execute(select(current_import.c.kind, current_import.c.loaded))
    return {row.kind: row.loaded for row in found}


async def populations(reading: Reading, cells: Collection[Cell] | None = None) -> dict[Cell, int]:
    """People by res-6 cell: in these, or in all that have a commune."""
    people = (
        select(commune.c.cell, func.sum(commune.c.population).label("people"))
        .where(commune.c.import_id == _current("communes"))
        .group_by(commune.c.cell)
    )
    if cells is not None:
        people = people.where(commune.c.cell.in_(cells))
    return {Cell(row.cell): int(row.people) for row in await reading.db.execute(people)}


async def stations(reading: Reading) -> list[Station]:
    found = await reading.db.execute(
        select(station).where(station.c.import_id == _current("stations")).order_by(station.c.row)
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


def _current(kind: str) -> ScalarSelect[str]:
    return select(current_import.c.import_id).where(current_import.c.kind == kind).scalar_subquery()
