"""Services of the directory, by edition: tables, and every statement on them.

An import writes a new edition beside the one in use, then makes it the one in use; readers see one
or the other, whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    Column,
    Exists,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
)

from matching.helpline.directory.values import EVERYWHERE, Entry, folded
from realtime.sql import Connection, Instant, by_bytes, locked, metadata, upsert

service = Table(
    "helpline_service",
    metadata,
    Column("edition", String, primary_key=True),
    Column("service", String, primary_key=True),
    #: In the order of the file: whoever made it put first what comes first.
    Column("rank", Integer, nullable=False),
    #: What words are looked for in.
    Column("folded", Text, nullable=False),
    #: ``,fr,en,``: asked with LIKE.
    Column("kinds", String, nullable=False),
    Column("languages", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

service_area = Table(
    "helpline_service_area",
    metadata,
    Column("edition", String, primary_key=True),
    Column("service", String, primary_key=True),
    Column("area", String, primary_key=True),
    Index("helpline_service_area_area", "edition", "area"),
)

#: One row, named ``directory``: which edition is in use.
edition = Table(
    "helpline_edition",
    metadata,
    Column("name", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("loaded", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
_NAME = "directory"


@dataclass(frozen=True, slots=True)
class Edition:
    edition: str
    loaded: int
    at: datetime


async def in_use(db: Connection) -> Edition | None:
    row = (await db.execute(locked(db, select(edition).where(edition.c.name == _NAME)))).first()
    return None if row is None else Edition(row.edition, row.loaded, row.at)


async def use(db: Connection, new: Edition) -> None:
    values = {"name": _NAME, "edition": new.edition, "loaded": new.loaded, "at": new.at}
    await db.execute(upsert(edition, values, key=["name"]))


async def add(db: Connection, new: str, first: int, entries: Sequence[Entry]) -> None:
    """Services of an edition, ranked from ``first`` on."""
    rows = [
        {
            "edition": new,
            "service": it.service,
            "rank": first + number,
            "folded": folded(f"{it.name} {it.organisation} {it.about} {it.city}"),
            "kinds": _listed(it.kinds),
            "languages": _listed(it.languages),
            "body": msgspec.json.encode(it),
        }
        for number, it in enumerate(entries)
    ]
    areas = [
        {"edition": new, "service": it.service, "area": area} for it in entries for area in it.areas
    ]
    await db.execute(service.insert(), rows)
    if areas:
        await db.execute(service_area.insert(), areas)


async def count(db: Connection, name: str) -> int:
    """Services of an edition."""
    query = select(func.count()).where(service.c.edition == name)
    return int((await db.execute(query)).scalar_one())


async def clear_some(db: Connection, *, limit: int) -> bool:
    """Delete some of what is in no edition in use; False when there is nothing left of it."""
    used = select(edition.c.edition).scalar_subquery()
    query = select(service.c.edition, service.c.service).where(service.c.edition != used)
    # Before the first import there is no edition in use, and nothing is unlike nothing.
    if await in_use(db) is None:
        query = select(service.c.edition, service.c.service)
    old = list(await db.execute(query.limit(limit)))
    for each in {row.edition for row in old}:
        names = [row.service for row in old if row.edition == each]
        for table in (service_area, service):
            await db.execute(
                delete(table).where(table.c.edition == each, table.c.service.in_(names))
            )
    return bool(old)


async def find(
    db: Connection,
    *,
    area: str | None,
    kind: str | None,
    words: Sequence[str],
    language: str | None,
    limit: int,
) -> list[Entry]:
    """Services in use that fit: those of the area first, then those for everyone."""
    query = select(service.c.body).join(
        edition, and_(edition.c.edition == service.c.edition, edition.c.name == _NAME)
    )
    if area is not None:
        query = query.where(or_(_in(area), _in(EVERYWHERE)))
    for column, value in ((service.c.kinds, kind), (service.c.languages, language)):
        if value is not None:
            query = query.where(column.contains(f",{value},", autoescape=True))
    for word in words:
        query = query.where(service.c.folded.contains(word, autoescape=True))
    local = () if area is None else (_in(area).desc(),)
    query = query.order_by(*local, service.c.rank, by_bytes(db, service.c.service)).limit(limit)
    return [msgspec.json.decode(it.body, type=Entry) for it in await db.execute(query)]


async def one(db: Connection, name: str) -> Entry | None:
    """A service in use, by its id."""
    query = (
        select(service.c.body)
        .join(edition, and_(edition.c.edition == service.c.edition, edition.c.name == _NAME))
        .where(service.c.service == name)
    )
    body = (await db.execute(query)).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=Entry)


def _in(area: str) -> Exists:
    return exists().where(
        service_area.c.edition == service.c.edition,
        service_area.c.service == service.c.service,
        service_area.c.area == area,
    )


def _listed(values: Sequence[str]) -> str:
    return f",{','.join(values)},"
