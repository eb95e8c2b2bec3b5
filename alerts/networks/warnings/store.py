"""Warnings that are mirrored: their table, and every statement."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Column, String, Table, Text, delete, select

from alerts.networks.rules import LISTED_MOST
from alerts.networks.warnings.mirror import Said, Shown
from realtime.sql import Connection, Instant, metadata, upsert

mirrored_warning = Table(
    "mirrored_warning",
    metadata,
    Column("id", String, primary_key=True),
    Column("feed", String, nullable=False, index=True),
    Column("sender", String, nullable=False),
    Column("identifier", String, nullable=False),
    Column("sent", Instant, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
    Column("source_url", String, nullable=False),
    #: What it says, by language, in JSON.
    Column("said", Text, nullable=False),
)


async def put(db: Connection, feed: str, warnings: Sequence[Shown]) -> None:
    for it in warnings:
        values = {
            "id": it.id,
            "feed": feed,
            "sender": it.sender,
            "identifier": it.identifier,
            "sent": it.sent,
            "expires": it.expires,
            "source_url": it.source_url,
            "said": msgspec.json.encode(it.said).decode(),
        }
        await db.execute(upsert(mirrored_warning, values, key=["id"]))


async def drop(db: Connection, feed: str, ids: Sequence[str]) -> None:
    """What a feed says is over: nobody ends another one's warnings."""
    await db.execute(
        delete(mirrored_warning).where(
            mirrored_warning.c.feed == feed, mirrored_warning.c.id.in_(ids)
        )
    )


async def drop_others(
    db: Connection, feed: str, *, ids: Sequence[str], urls: Sequence[str]
) -> None:
    """What a feed does not list any more."""
    await db.execute(
        delete(mirrored_warning).where(
            mirrored_warning.c.feed == feed,
            mirrored_warning.c.id.not_in(ids),
            mirrored_warning.c.source_url.not_in(urls),
        )
    )


async def drop_expired(db: Connection, now: datetime) -> None:
    await db.execute(delete(mirrored_warning).where(mirrored_warning.c.expires <= now))


async def standing(db: Connection, now: datetime) -> list[Shown]:
    """The newest first."""
    query = (
        select(mirrored_warning)
        .where(mirrored_warning.c.expires > now)
        .order_by(mirrored_warning.c.sent.desc(), mirrored_warning.c.id)
        .limit(LISTED_MOST)
    )
    return [
        Shown(
            id=row.id,
            sender=row.sender,
            identifier=row.identifier,
            sent=row.sent,
            expires=row.expires,
            source_url=row.source_url,
            said=tuple(msgspec.json.decode(row.said, type=list[Said])),
        )
        for row in await db.execute(query)
    ]
