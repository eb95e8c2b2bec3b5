"""Campaigns, their places and links, what is counted, exercises: tables, and their statements."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    Row,
    String,
    Table,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from programmes.campaign.values import (
    Campaign,
    CampaignId,
    Code,
    Design,
    Language,
    Link,
    Place,
    What,
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

#: All that is known of taps and reports: how many, of which link, on which day.
count = Table(
    "campaign_count",
    metadata,
    Column("code", String, primary_key=True),
    #: In Paris.
    Column("day", Date, primary_key=True),
    Column("what", String, primary_key=True),
    Column("many", Integer, nullable=False),
)

drill = Table(
    "campaign_drill",
    metadata,
    Column("drill", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("line_name", String, nullable=False),
    Column("by", String, nullable=False),
    #: When it begins, or has begun.
    Column("at", Instant, nullable=False, index=True),
    #: Another one is planned a month later.
    Column("monthly", Boolean, nullable=False),
    #: The report that is not one; none before it has begun.
    Column("alert", String),
    #: What became of it, once it is over.
    Column("delivered", Integer),
    Column("seen", Integer),
    Column("claimed", Integer),
    Column("first_claim_s", Float),
    Column("measured", Instant),
    Index("campaign_drill_line", "line", "direction", "at"),
)


class Sum(NamedTuple):
    """Taps, or reports, of everything that hangs at one place in one design and language."""

    place: int
    design: Design
    language: Language
    what: What
    many: int


# Campaigns.


async def put(db: Connection, new: Campaign, places: Sequence[Place], links: Sequence[Link]) -> None:
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
    known = {it: number for number, it in enumerate(places)}
    await db.execute(
        place.insert(), [_place_values(new.campaign, n, it) for n, it in enumerate(places)]
    )
    await db.execute(
        link.insert(),
        [
            {
                "code": it.code,
                "campaign": it.campaign,
                "place": known[it.place],
                "design": it.design,
                "language": it.language,
            }
            for it in links
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


# Links.


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


async def is_counted(db: Connection, code: Code) -> bool:
    """Whether this link is of a campaign that goes on."""
    query = (
        select(link.c.code)
        .join(campaign, campaign.c.campaign == link.c.campaign)
        .where(link.c.code == code, campaign.c.ended.is_(None))
    )
    return (await db.execute(query)).first() is not None


# What is counted.


async def add(db: Connection, code: Code, day: date, what: What) -> None:
    """One more."""
    statement = insert(count).values(code=code, day=day, what=what, many=1)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["code", "day", "what"], set_={"many": count.c.many + 1}
        )
    )


async def sums(db: Connection, name: CampaignId) -> list[Sum]:
    """All that was counted of a campaign."""
    many = func.sum(count.c.many)
    keys = (link.c.place, link.c.design, link.c.language, count.c.what)
    query = (
        select(*keys, many.label("many"))
        .join(count, count.c.code == link.c.code)
        .where(link.c.campaign == name)
        .group_by(*keys)
    )
    return [
        Sum(row.place, Design(row.design), Language(row.language), What(row.what), int(row.many))
        for row in await db.execute(query)
    ]


class Tapped(NamedTuple):
    place: int
    design: Design
    day: date
    many: int


async def taps_before(db: Connection, name: CampaignId, day: date) -> list[Tapped]:
    """Taps by place, design and day, of the days before this one."""
    keys = (link.c.place, link.c.design, count.c.day)
    query = (
        select(*keys, func.sum(count.c.many).label("many"))
        .join(count, count.c.code == link.c.code)
        .where(link.c.campaign == name, count.c.what == What.TAP, count.c.day < day)
        .group_by(*keys)
    )
    return [
        Tapped(row.place, Design(row.design), row.day, int(row.many))
        for row in await db.execute(query)
    ]


def _links():  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (
        select(link, place)
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


def _place_values(name: CampaignId, number: int, of: Place) -> dict[str, object]:
    return {
        "campaign": name,
        "place": number,
        "line": of.line,
        "direction": of.direction,
        "stop": of.stop,
        "venue": of.venue,
        "line_name": of.line_name,
        "stop_name": of.stop_name,
    }


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        code=Code(row.code),
        campaign=CampaignId(row.campaign),
        place=_place(row),
        design=Design(row.design),
        language=Language(row.language),
    )
