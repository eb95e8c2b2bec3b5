"""Lines, stops and shapes of networks: their part of the pair 5. Frozen with it."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, String

_TABLES = ("transit_network", "transit_stop", "transit_line", "transit_course")


def make_transit() -> None:
    """Only new tables: programs of before know none of them."""
    op.create_table(
        "transit_network",
        Column("network", String, primary_key=True),
        Column("import_id", String, nullable=False),
        Column("stops", Integer, nullable=False),
        Column("lines", Integer, nullable=False),
        Column("courses", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "transit_stop",
        *_row(),
        Column("id", String, nullable=False),
        Column("name", String, nullable=False),
        Column("lat", Float, nullable=False),
        Column("lon", Float, nullable=False),
        Column("parent", String),
    )
    op.create_table(
        "transit_line",
        *_row(),
        Column("id", String, nullable=False),
        Column("name", String, nullable=False),
        Column("mode", String, nullable=False),
        Column("colour", String, nullable=False),
    )
    op.create_table(
        "transit_course",
        *_row(),
        Column("line", String, nullable=False),
        Column("direction", Integer, nullable=False),
        Column("headsign", String, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )


def _row() -> tuple[Column[str], Column[str], Column[int]]:
    return (
        Column("network", String, primary_key=True),
        Column("import_id", String, primary_key=True),
        Column("row", Integer, primary_key=True),
    )


def drop_transit() -> None:
    """Lost: every network; they are imported again."""
    for table in _TABLES:
        op.drop_table(table)
