"""The tools' part of the pair 4: replies, directory, counts, blocks, bridges, exercises. Frozen."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text

_TABLES = (
    "helpline_reply",
    "helpline_service",
    "helpline_service_area",
    "helpline_edition",
    "helpline_count",
    "helpline_block",
    "helpline_mark",
    "helpline_bridge",
    "helpline_practice",
)


def make_tools() -> None:
    _make_at_hand()
    _make_blocks()
    _make_bridges()
    _make_practice()


def _make_at_hand() -> None:
    op.create_table(
        "helpline_reply",
        Column("line", String, primary_key=True),
        Column("name", String, primary_key=True),
        Column("language", String, primary_key=True),
        Column("title", String),
        Column("text", Text),
        Column("uses", Integer, nullable=False),
        Column("set_at", BigInteger),
    )
    op.create_table(
        "helpline_service",
        Column("edition", String, primary_key=True),
        Column("service", String, primary_key=True),
        Column("rank", Integer, nullable=False),
        Column("folded", Text, nullable=False),
        Column("kinds", String, nullable=False),
        Column("languages", String, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )
    op.create_table(
        "helpline_service_area",
        Column("edition", String, primary_key=True),
        Column("service", String, primary_key=True),
        Column("area", String, primary_key=True),
    )
    op.create_index("helpline_service_area_area", "helpline_service_area", ["edition", "area"])
    op.create_table(
        "helpline_edition",
        Column("name", String, primary_key=True),
        Column("edition", String, nullable=False),
        Column("loaded", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "helpline_count",
        Column("line", String, primary_key=True),
        Column("month", String, primary_key=True),
        Column("area", String, primary_key=True),
        Column("question", String, primary_key=True),
        Column("answer", String, primary_key=True),
        Column("many", Integer, nullable=False),
    )


def _make_blocks() -> None:
    op.create_table(
        "helpline_block",
        Column("block", String, primary_key=True),
        Column("line", String, nullable=False),
        Column("person", String, nullable=False),
        Column("reason", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("by", String, nullable=False),
        Column("until", BigInteger),
    )
    op.create_index("helpline_block_person", "helpline_block", ["line", "person"])
    op.create_index("helpline_block_until", "helpline_block", ["until"])
    op.create_table(
        "helpline_mark",
        Column("kind", String, primary_key=True),
        Column("of", String, primary_key=True),
        Column("line", String, nullable=False),
        Column("mark", LargeBinary, nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_index("helpline_mark_mark", "helpline_mark", ["kind", "mark"])
    op.create_index("helpline_mark_until", "helpline_mark", ["until"])


def _make_bridges() -> None:
    op.create_table(
        "helpline_bridge",
        Column("bridge", String, primary_key=True),
        Column("chat", String, nullable=False),
        Column("room", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("state", String, nullable=False),
        Column("by", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("answered", BigInteger),
        Column("subject", String),
        Column("sealed", LargeBinary),
    )
    op.create_index("helpline_bridge_chat", "helpline_bridge", ["chat", "at"])


def _make_practice() -> None:
    op.create_table(
        "helpline_practice",
        Column("chat", String, primary_key=True),
        Column("room", String, nullable=False, unique=True),
        Column("script", String, nullable=False),
        Column("step", Integer, nullable=False),
    )


def drop_tools() -> None:
    """Lost: replies as they were changed, the directory, every count, every block and bridge."""
    for table in _TABLES:
        op.drop_table(table)
