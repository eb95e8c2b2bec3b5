"""The tables of networks, and every statement on them.

As with places (``geo/places/store.py``): rows carry the number of the import that brought them, are
loaded beside those that everybody reads, and become the current ones in one short transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
)

from geo.errors import ImportOverlap
from geo.transit.values import Course, Line, LineId, NetworkId, Spot, Stop, StopId
from realtime.ledger import Ledger as Ledger
from realtime.ledger import Reading as Reading
from realtime.ledger import Transaction as Transaction
from realtime.sql import Instant, by_bytes, lock_table, metadata, upsert

#: Rows deleted in one transaction: what the writer can do without making a command wait.
DELETED_AT_ONCE = 1_000

#: Which import of each network is the current one.
transit_network = Table(
    "transit_network",
    metadata,
    Column("network", String, primary_key=True),
    Column("import_id", String, nullable=False),
    Column("stops", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("courses", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

transit_stop = Table(
    "transit_stop",
    metadata,
    Column("network", String, primary_key=True),
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("parent", String),
)

transit_line = Table(
    "transit_line",
    metadata,
    Column("network", String, primary_key=True),
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("colour", String, nullable=False),
)

transit_course = Table(
    "transit_course",
    metadata,
    Column("network", String, primary_key=True),
    Column("import_id", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("line", String, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("headsign", String, nullable=False),
    #: Its stops and its path: ``_Body``.
    Column("body", LargeBinary, nullable=False),
)

#: By the name of their count in ``transit_network``.
TABLES: Mapping[str, Table] = {
    "stops": transit_stop,
    "lines": transit_line,
    "courses": transit_course,
}


class _Body(msgspec.Struct, array_like=True):
    stops: list[str]
    at_m: list[int]
    path: list[tuple[float, float]]


async def add(
    tx: Transaction,
    kind: str,
    network: NetworkId,
    import_id: str,
    first: int,
    values: Sequence[object],
) -> None:
    """Write rows of an import that is not current yet, numbered from ``first``."""
    rows = [
        {"network": network, "import_id": import_id, "row": row, **_as_row(value)}
        for row, value in enumerate(values, first)
    ]
    await tx.db.execute(insert(TABLES[kind]), rows)


async def make_current(
    tx: Transaction, network: NetworkId, import_id: str, counts: Mapping[str, int]
) -> None:
    """From the commit on, this import is what everybody reads."""
    # Another import of this network may have cleared this one away, taking it for a dead one's.
    await lock_table(tx.db, transit_network)
    for kind, table in TABLES.items():
        counted = select(func.count()).select_from(table).where(_of(table, network, import_id))
        if (await tx.db.execute(counted)).scalar_one() != counts[kind]:
            raise ImportOverlap
    row = {"network": network, "import_id": import_id, **counts, "at": tx.now}
    await tx.db.execute(upsert(transit_network, row, key=["network"]))


async def clear_some(tx: Transaction, network: NetworkId) -> bool:
    """Delete some of a network's rows that its current import does not hold. False: none left."""
    await lock_table(tx.db, transit_network)
    kept = select(transit_network.c.import_id).where(transit_network.c.network == network)
    for table in TABLES.values():
        left = (
            select(table.c.import_id, table.c.row)
            .where(table.c.network == network, table.c.import_id.not_in(kept))
            .order_by(table.c.import_id, table.c.row)
            .limit(1)
        )
        first = (await tx.db.execute(left)).first()
        if first is not None:
            until = first.row + DELETED_AT_ONCE
            some = and_(_of(table, network, first.import_id), table.c.row < until)
            await tx.db.execute(delete(table).where(some))
            return True
    return False


async def versions(reading: Reading) -> dict[NetworkId, str]:
    """The current import of each network."""
    found = await reading.db.execute(select(transit_network.c.network, transit_network.c.import_id))
    return {NetworkId(row.network): row.import_id for row in found}


async def loaded(reading: Reading) -> dict[NetworkId, dict[str, int]]:
    """How many stops, lines and courses of each network are known."""
    found = await reading.db.execute(
        select(transit_network).order_by(by_bytes(reading.db, transit_network.c.network))
    )
    return {
        NetworkId(row.network): {kind: int(getattr(row, kind)) for kind in TABLES} for row in found
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """Every network's rows as they were read, not yet unpacked."""

    stops: Sequence[Row[Any]]
    lines: Sequence[Row[Any]]
    courses: Sequence[Row[Any]]


async def current(reading: Reading) -> Rows:
    """What the current imports hold."""
    return Rows(
        *[(await reading.db.execute(_current(table))).all() for table in TABLES.values()],
    )


def unpacked(rows: Rows) -> tuple[list[Line], list[Stop]]:
    """Lines with their courses, and stops: for a thread, since a region takes a second."""
    courses: dict[str, list[Course]] = {}
    for row in rows.courses:
        courses.setdefault(row.line, []).append(_course(row.direction, row.headsign, row.body))
    lines = [
        Line(
            id=LineId(row.id),
            network=NetworkId(row.network),
            name=row.name,
            mode=row.mode,
            colour=row.colour,
            courses=tuple(courses.get(row.id, ())),
        )
        for row in rows.lines
    ]
    return lines, [_stop(row) for row in rows.stops]


def _stop(row: Row[Any]) -> Stop:
    parent = None if row.parent is None else StopId(row.parent)
    return Stop(id=StopId(row.id), name=row.name, lat=row.lat, lon=row.lon, parent=parent)


def _course(direction: int, headsign: str, body: bytes) -> Course:
    held = msgspec.msgpack.decode(body, type=_Body)
    path: tuple[Spot, ...] = tuple(held.path)
    return Course(
        direction=direction,
        headsign=headsign,
        stops=tuple(StopId(it) for it in held.stops),
        at_m=tuple(held.at_m),
        path=path,
    )


def _as_row(value: object) -> dict[str, object]:
    match value:
        case Stop():
            return {
                "id": value.id,
                "name": value.name,
                "lat": value.lat,
                "lon": value.lon,
                "parent": value.parent,
            }
        case Line():
            return {
                "id": value.id,
                "name": value.name,
                "mode": value.mode,
                "colour": value.colour,
            }
        case (str(line), Course() as course):
            body = _Body(list(course.stops), list(course.at_m), list(course.path))
            return {
                "line": line,
                "direction": course.direction,
                "headsign": course.headsign,
                "body": msgspec.msgpack.encode(body),
            }
        case _:
            raise TypeError(type(value))


def _of(table: Table, network: NetworkId, import_id: str) -> ColumnElement[bool]:
    return and_(table.c.network == network, table.c.import_id == import_id)


def _current(table: Table) -> Select[Any]:
    """The rows of every network's current import, in their order."""
    joined = and_(
        transit_network.c.network == table.c.network,
        transit_network.c.import_id == table.c.import_id,
    )
    return select(table).join(transit_network, joined).order_by(table.c.network, table.c.row)
