"""The table of networks, and every statement about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Table, func, select

from realtime.sql import Connection, Instant, metadata, upsert

network_table = Table(
    "network",
    metadata,
    Column("network", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("call", String, nullable=False),
    Column("sms", String, nullable=False),
    #: Modes, separated by spaces, and hours of Paris; none: nobody gets off between two stops.
    Column("alight_modes", String),
    Column("alight_from", Integer),
    Column("alight_until", Integer),
    #: Address and key, sealed under ``hook:<network>``.
    Column("hook", LargeBinary),
    Column("hook_host", String),
    Column("hook_at", Instant),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRow:
    network: str
    name: str
    call: str
    sms: str
    alight_modes: str | None = None
    alight_from: int | None = None
    alight_until: int | None = None
    hook: bytes | None = None
    hook_host: str | None = None
    hook_at: datetime | None = None


_FIELDS = tuple(column.name for column in network_table.columns)


async def find(db: Connection, network: str) -> NetworkRow | None:
    query = select(network_table).where(network_table.c.network == network)
    row = (await db.execute(query)).first()
    return None if row is None else NetworkRow(**row._mapping)


async def every(db: Connection) -> list[NetworkRow]:
    rows = await db.execute(select(network_table).order_by(network_table.c.network))
    return [NetworkRow(**row._mapping) for row in rows]


async def count(db: Connection) -> int:
    found: int = (await db.execute(select(func.count()).select_from(network_table))).scalar_one()
    return found


async def put(db: Connection, row: NetworkRow) -> None:
    values = {name: getattr(row, name) for name in _FIELDS}
    await db.execute(upsert(network_table, values, key=["network"]))
