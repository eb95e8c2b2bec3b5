"""Places on the globe, so that hotels, stations and communes can be asked what is nearest.

Programs of before go on writing rows without ``place``; ``post_0002`` fills theirs. And what many
nodes need: phones that are rung by web push, tickets when Redis is away.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, String

from realtime.sql_point import GeoPoint
from web.migrations.places import TABLES, drop_index, fill, make_index

revision, down_revision = "pre_0002", "post_0001"


def upgrade() -> None:
    db = op.get_bind()
    if db.dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    for table in TABLES:
        op.add_column(table, Column("place", GeoPoint))
        make_index(db, table)
        fill(db, table)
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "ticket",
        Column("ticket_hash", LargeBinary, primary_key=True),
        Column("person", String, nullable=False),
        Column("role", String, nullable=False),
        Column("session", String, nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_index("ix_ticket_until", "ticket", ["until"])
    op.create_table(
        "push_device",
        Column("device", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("seal", String, nullable=False),
        Column("seen", BigInteger, nullable=False),
        Column("quiet_until", BigInteger),
        Column("tested", BigInteger),
        Column("received", BigInteger),
    )
    op.create_index("ix_push_device_person", "push_device", ["person"])
    op.create_table(
        "push_result",
        Column("id", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("result", String, nullable=False),
    )
    op.create_index("ix_push_result_at", "push_result", ["at"])


def downgrade() -> None:
    db = op.get_bind()
    for table in TABLES:
        drop_index(db, table)
        op.drop_column(table, "place")
    for table in ("ticket", "push_device", "push_result"):
        op.drop_table(table)
