"""Designs, short links, what is counted: their part of the pair 5. Frozen with it."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, String

_TABLES = ("campaign", "campaign_place", "campaign_link", "campaign_count", "campaign_drill")


def make_campaign() -> None:
    """Only new tables: programs of before know none of them."""
    op.create_table(
        "campaign",
        Column("campaign", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("designs", String, nullable=False),
        Column("languages", String, nullable=False),
        Column("by", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("ended", BigInteger),
    )
    op.create_table(
        "campaign_place",
        Column("campaign", String, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("line", String),
        Column("direction", Integer),
        Column("stop", String),
        Column("venue", String, nullable=False),
        Column("line_name", String, nullable=False),
        Column("stop_name", String, nullable=False),
    )
    _make_links()
    _make_drills()


def _make_links() -> None:
    op.create_table(
        "campaign_link",
        Column("code", String, primary_key=True),
        Column("campaign", String, nullable=False),
        Column("place", Integer, nullable=False),
        Column("design", String, nullable=False),
        Column("language", String, nullable=False),
    )
    op.create_index("campaign_link_campaign", "campaign_link", ["campaign", "place"])
    op.create_table(
        "campaign_count",
        Column("code", String, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("what", String, primary_key=True),
        Column("many", Integer, nullable=False),
    )


def _make_drills() -> None:
    op.create_table(
        "campaign_drill",
        Column("drill", String, primary_key=True),
        Column("line", String, nullable=False),
        Column("direction", Integer, nullable=False),
        Column("line_name", String, nullable=False),
        Column("by", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("monthly", Boolean, nullable=False),
        Column("alert", String),
        Column("delivered", Integer),
        Column("seen", Integer),
        Column("claimed", Integer),
        Column("first_claim_s", Float),
        Column("measured", BigInteger),
    )
    op.create_index("ix_campaign_drill_at", "campaign_drill", ["at"])
    op.create_index("campaign_drill_line", "campaign_drill", ["line", "direction", "at"])


def drop_campaign() -> None:
    """Everything that they hold is lost."""
    for name in reversed(_TABLES):
        op.drop_table(name)
