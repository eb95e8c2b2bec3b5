"""Service alerts as they were decided: their table, and every statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, String, Table, delete, func, select, update

from alerts.networks.services.values import ServiceAlert
from realtime.sql import Connection, Instant, locked, metadata

service_alert = Table(
    "service_alert",
    metadata,
    Column("service", String, primary_key=True),
    Column("network", String, nullable=False, index=True),
    Column("network_name", String, nullable=False),
    Column("effect", String, nullable=False),
    Column("text", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    Column("line", String),
    Column("line_name", String, nullable=False),
    Column("stop", String),
    Column("stop_name", String, nullable=False),
    Column("alert", String),
    Column("ended", Instant),
)
_FIELDS = tuple(column.name for column in service_alert.columns)


async def add(db: Connection, new: ServiceAlert) -> None:
    values = {name: getattr(new, name) for name in _FIELDS}
    await db.execute(service_alert.insert().values(values))


async def find(db: Connection, service: str) -> ServiceAlert | None:
    query = locked(db, select(service_alert).where(service_alert.c.service == service))
    row = (await db.execute(query)).first()
    return None if row is None else ServiceAlert(**row._mapping)


async def standing(db: Connection, now: datetime, network: str | None = None) -> list[ServiceAlert]:
    """Those that have neither ended nor expired, the newest first."""
    query = select(service_alert).where(
        service_alert.c.until > now, service_alert.c.ended.is_(None)
    )
    return await _found(db, query, network)


async def told(db: Connection, now: datetime, ended_after: datetime) -> list[ServiceAlert]:
    """Those that stand, and those that have ended a moment ago."""
    still = service_alert.c.ended.is_(None) & (service_alert.c.until > now)
    query = select(service_alert).where(still | (service_alert.c.ended > ended_after))
    return await _found(db, query, None)


async def _found(db: Connection, query: Select[Any], network: str | None) -> list[ServiceAlert]:
    if network is not None:
        query = query.where(service_alert.c.network == network)
    order = query.order_by(service_alert.c.at.desc(), service_alert.c.service)
    return [ServiceAlert(**row._mapping) for row in await db.execute(order)]


async def count(db: Connection, now: datetime, network: str) -> int:
    query = select(func.count()).where(
        service_alert.c.network == network,
        service_alert.c.until > now,
        service_alert.c.ended.is_(None),
    )
    found: int = (await db.execute(query)).scalar_one()
    return found


async def end(db: Connection, service: str, at: datetime) -> None:
    await db.execute(
        update(service_alert).where(service_alert.c.service == service).values(ended=at)
    )


async def forget(db: Connection, before: datetime) -> None:
    """What expired or ended before that."""
    await db.execute(delete(service_alert).where(service_alert.c.until < before))
