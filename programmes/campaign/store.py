"""Campaigns, their places and their links: tables, and every statement on them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, Select, String, Table, func, select, update

from programmes.campaign.values import (
    Campaign,
    CampaignId,
    Code,
    Design,
    Language,
    Link,
    Place,
)
from realtime.sql import Connection, Instant, by_bytes, locked, metadata

campaign = Table(
    "campaign",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("name", String, nullable=False),
    #: Their names, with commas between.
    Column("designs", String, nullable=False),
    Column("languages", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("ended", Instant),
)

place = Table(
    "campaign_place",
    metadata,
    Column("campaign", String, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("line", String),
    Column("direction", Integer),
    Column("stop", String),
    Column("venue", String, nullable=False),
    Column("line_name", String, nullable=False),
    Column("stop_name", String, nullable=False),
)

link = Table(
    "campaign_link",
    metadata,
    Column("code", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("design", String, nullable=False),
    Column("language", String, nullable=False),
    Index("campaign_link_campaign", "campaign", "place"),
)


async def put(
    db: Connection,
    new: Campaign,
    places: Sequence[Place],
    links: Sequence[tuple[Code, int, Design, Language]],
) -> None:
    """A whole campaign. A link: its code, its place's number, design, language."""
    await db.execute(
        campaign.insert().values(
            campaign=new.campaign,
            name=new.name,
            designs=",".join(new.designs),
            languages=",".join(new.languages),
            by=new.by,
            at=new.at,
        )
    )
    await db.execute(
        place.insert(),
        [
            {
                "campaign": new.campaign,
                "place": number,
                "line": it.line,
                "direction": it.direction,
                "stop": it.stop,
                "venue": it.venue,
                "line_name": it.line_name,
                "stop_name": it.stop_name,
            }
            for number, it in enumerate(places)
        ],
    )
    await db.execute(
        link.insert(),
        [
            {
                "code": code,
                "campaign": new.campaign,
                "place": number,
                "design": design,
                "language": language,
            }
            for code, number, design, language in links
        ],
    )


async def find(db: Connection, name: CampaignId) -> Campaign | None:
    """Locked in a transaction."""
    query = locked(db, select(campaign).where(campaign.c.campaign == name))
    row = (await db.execute(query)).first()
    return None if row is None else _campaign(row)


async def campaigns(db: Connection) -> list[tuple[Campaign, int]]:
    """All of them, the newest first, each with how many places it has."""
    many = (
        select(place.c.campaign, func.count().label("many")).group_by(place.c.campaign).subquery()
    )
    query = (
        select(campaign, many.c.many)
        .join(many, many.c.campaign == campaign.c.campaign)
        .order_by(campaign.c.at.desc(), by_bytes(db, campaign.c.campaign))
    )
    return [(_campaign(row), row.many) for row in await db.execute(query)]


async def end(db: Connection, name: CampaignId, now: datetime) -> None:
    await db.execute(update(campaign).where(campaign.c.campaign == name).values(ended=now))


async def places(db: Connection, name: CampaignId) -> list[Place]:
    query = select(place).where(place.c.campaign == name).order_by(place.c.place)
    return [_place(row) for row in await db.execute(query)]


async def links(db: Connection, name: CampaignId) -> list[Link]:
    """In the order of their places, designs and languages."""
    return [_link(row) for row in await db.execute(_links().where(link.c.campaign == name))]


async def find_link(db: Connection, code: Code) -> Link | None:
    row = (await db.execute(_links().where(link.c.code == code))).first()
    return None if row is None else _link(row)


async def taken(db: Connection, codes: Collection[Code]) -> set[Code]:
    """Which of these codes are printed already."""
    found = await db.execute(select(link.c.code).where(link.c.code.in_(codes)))
    return {Code(code) for code in found.scalars()}


async def hung_on(db: Connection, name: CampaignId) -> set[tuple[Design, str]]:
    """On which lines each design of a campaign hangs."""
    query = (
        select(link.c.design, place.c.line)
        .join(place, (place.c.campaign == link.c.campaign) & (place.c.place == link.c.place))
        .where(link.c.campaign == name, place.c.line.is_not(None))
        .distinct()
    )
    return {(Design(row.design), row.line) for row in await db.execute(query)}


# Any: the columns of two tables.
def _links() -> Select[Any]:
    return (
        select(
            link,
            place.c.line,
            place.c.direction,
            place.c.stop,
            place.c.venue,
            place.c.line_name,
            place.c.stop_name,
        )
        .join(place, (place.c.campaign == link.c.campaign) & (place.c.place == link.c.place))
        .order_by(link.c.place, link.c.design, link.c.language)
    )


def _campaign(row: Row[tuple[object, ...]]) -> Campaign:
    return Campaign(
        campaign=CampaignId(row.campaign),
        name=row.name,
        designs=tuple(Design(it) for it in row.designs.split(",")),
        languages=tuple(Language(it) for it in row.languages.split(",")),
        by=row.by,
        at=row.at,
        ended=row.ended,
    )


def _place(row: Row[tuple[object, ...]]) -> Place:
    return Place(
        line=row.line,
        direction=row.direction,
        stop=row.stop,
        venue=row.venue,
        line_name=row.line_name,
        stop_name=row.stop_name,
    )


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        code=Code(row.code),
        campaign=CampaignId(row.campaign),
        number=row.place,
        place=_place(row),
        design=Design(row.design),
        language=Language(row.language),
    )
