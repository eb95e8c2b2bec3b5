"""Alerts of witnesses and those who come: their part of the pair 5. Frozen with it."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)

_TABLES = (
    "witness_event",
    "witness_report",
    "witness_spent",
    "witness_held",
    "witness_call",
    "witness_part",
    "witness_watcher",
    "witness_mute",
    "witness_mark",
    "witness_spot",
)


def make_witness() -> None:
    """Only new tables: programs of before know none of them."""
    _make_events()
    _make_people()


def _make_events() -> None:
    op.create_table(
        "witness_event",
        Column("event", String, primary_key=True),
        Column("network", String, nullable=False),
        Column("line", String),
        Column("direction", Integer),
        Column("ground", String, nullable=False),
        Column("stop", String),
        Column("ahead", String),
        Column("car", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("state", String, nullable=False),
        Column("opened", BigInteger, nullable=False),
        Column("last", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("standing", String, nullable=False),
        Column("confirmed", Boolean, nullable=False),
        Column("placed", Boolean, nullable=False),
        Column("drill", Boolean, nullable=False),
        Column("withheld", Boolean, nullable=False),
        Column("wave", Integer, nullable=False),
        Column("asked", Integer, nullable=False),
        Column("delivered", Integer, nullable=False),
        Column("seen", Integer, nullable=False),
        Column("came", Integer, nullable=False),
        Column("unseen", Integer, nullable=False),
        Column("reports", Integer, nullable=False),
        Column("victims", Integer, nullable=False),
        Column("first_claim", BigInteger),
        Column("outcome", String),
        Column("ended", BigInteger),
        Column("place", LargeBinary),
    )
    op.create_index("witness_event_ground", "witness_event", ["ground", "state"])
    op.create_index("witness_event_state", "witness_event", ["state", "opened"])
    op.create_table(
        "witness_report",
        Column("report", String, primary_key=True),
        Column("event", String, nullable=False),
        Column("person", String, nullable=False),
        Column("role", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("standing", String, nullable=False),
        Column("origin", String, nullable=False),
        Column("car", String, nullable=False),
        Column("line", String),
        Column("direction", Integer),
        Column("stop", String),
        Column("ahead", String),
        Column("until", BigInteger),
        Column("placed", Boolean, nullable=False),
        Column("withdrawn", Boolean, nullable=False),
        Column("note", LargeBinary),
        Column("place", LargeBinary),
        UniqueConstraint("event", "person"),
    )
    op.create_index("witness_report_person", "witness_report", ["person", "at"])
    op.create_table(
        "witness_spent",
        Column("name", String, primary_key=True),
        Column("event", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("witness_spent_event", "witness_spent", ["event"])
    op.create_table(
        "witness_held",
        Column("name", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
    )


def _make_people() -> None:
    op.create_table(
        "witness_call",
        Column("event", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("ring", String, nullable=False),
        Column("state", String, nullable=False),
        Column("asked", BigInteger, nullable=False),
        Column("received", Boolean, nullable=False),
        Column("seen", Boolean, nullable=False),
        Column("eyes", Boolean),
    )
    op.create_index("witness_call_person", "witness_call", ["person", "asked"])
    op.create_table(
        "witness_part",
        Column("event", String, primary_key=True),
        Column("role", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("done", Boolean, nullable=False),
        UniqueConstraint("event", "person"),
    )
    op.create_table(
        "witness_watcher",
        Column("person", String, primary_key=True),
        Column("on", Boolean, nullable=False),
        Column("agent", String),
    )
    op.create_table(
        "witness_mute",
        Column("person", String, primary_key=True),
        Column("line", String, primary_key=True),
        Column("until", BigInteger, nullable=False),
    )
    op.create_table(
        "witness_mark",
        Column("person", String, primary_key=True),
        Column("event", String, primary_key=True),
        Column("good", Boolean, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("witness_mark_at", "witness_mark", ["at"])
    op.create_table(
        "witness_spot",
        Column("spot", String, primary_key=True),
        Column("day", BigInteger, nullable=False),
        Column("stop", String, nullable=False),
        Column("hour", Integer, nullable=False),
    )
    op.create_index("witness_spot_day", "witness_spot", ["day"])


def drop_witness() -> None:
    """Everything that they hold is lost: events, reports, who watches, marks, counts."""
    for table in _TABLES:
        op.drop_table(table)
