"""How often each link was followed, by day: a table, and every statement on it."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, Date, Integer, String, Table, func, select
from sqlalchemy.dialects.postgresql import insert

from programmes.campaign.store import campaign, link
from programmes.campaign.values import CampaignId, Code, Design, Language, What
from realtime.sql import Connection, metadata

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


class Sum(NamedTuple):
    """Taps, or reports, of everything that hangs at one place in one design and language."""

    place: int
    design: Design
    language: Language
    what: What
    many: int


class Tapped(NamedTuple):
    place: int
    design: Design
    day: date
    many: int


async def is_counted(db: Connection, code: Code) -> bool:
    """Whether this link is of a campaign that goes on."""
    query = (
        select(link.c.code)
        .join(campaign, campaign.c.campaign == link.c.campaign)
        .where(link.c.code == code, campaign.c.ended.is_(None))
    )
    return (await db.execute(query)).first() is not None


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
    keys = (link.c.place, link.c.design, link.c.language, count.c.what)
    query = (
        select(*keys, func.sum(count.c.many).label("many"))
        .join(count, count.c.code == link.c.code)
        .where(link.c.campaign == name)
        .group_by(*keys)
    )
    return [
        Sum(row.place, Design(row.design), Language(row.language), What(row.what), int(row.many))
        for row in await db.execute(query)
    ]


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
