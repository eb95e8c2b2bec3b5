"""The helpline's part of the pair 4: lines, who answers on them, chats and their steps.

Frozen with it. Only new tables: programs of before know none of them.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)

_OPEN = text("ended IS NULL AND NOT practice")
_TABLES = ("line", "line_operator", "line_beside", "line_chat", "line_step", "line_passed")


def make_line() -> None:
    op.create_table(
        "line",
        Column("line", String, primary_key=True),
        Column("open", Boolean),
        Column("reason", String),
        Column("until", BigInteger),
        Column("offices", LargeBinary, nullable=False),
        Column("pulsed", BigInteger),
    )
    op.create_table(
        "line_operator",
        Column("line", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("on", Boolean, nullable=False),
        Column("trainee", Boolean, nullable=False),
        Column("languages", String, nullable=False),
        Column("skills", String, nullable=False),
        Column("seen", BigInteger, nullable=False),
        Column("idle", BigInteger, nullable=False),
        Column("missed", Integer, nullable=False),
    )
    op.create_table(
        "line_beside",
        Column("chat", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("role", String, nullable=False),
    )
    op.create_index("ix_line_beside_person", "line_beside", ["person"])
    _make_chats()


def _make_chats() -> None:
    op.create_table(
        "line_chat",
        Column("chat", String, primary_key=True),
        Column("line", String, nullable=False),
        Column("visitor", String, nullable=False),
        Column("asked_as", String, nullable=False),
        Column("room", String, nullable=False),
        Column("state", String, nullable=False),
        Column("level", Integer, nullable=False),
        Column("language", String, nullable=False),
        Column("asked", BigInteger, nullable=False),
        Column("rank", BigInteger, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("offered_to", String),
        Column("offer_until", BigInteger),
        Column("operator", String),
        Column("answered", BigInteger),
        Column("skill", String),
        Column("way", String),
        Column("handed_to", String),
        Column("handing_until", BigInteger),
        Column("ending", String),
        Column("ended", BigInteger),
        Column("exited", BigInteger),
        Column("words", LargeBinary),
        Column("word", LargeBinary),
        Column("wrong", Integer, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("told", Integer),
        Column("sealed", LargeBinary),
        UniqueConstraint("words"),
    )
    op.create_index("line_chat_state", "line_chat", ["line", "state", "rank"])
    op.create_index("line_chat_asked", "line_chat", ["line", "asked"])
    op.create_index(
        "line_chat_open",
        "line_chat",
        ["visitor"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "line_step",
        Column("chat", String, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("state", String, nullable=False),
        Column("operator", String),
    )
    op.create_table(
        "line_passed",
        Column("chat", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("refused", Boolean, nullable=False),
    )


def drop_line() -> None:
    """Lost: every chat and who answers; what was said stays sealed in rooms nobody finds."""
    for table in _TABLES:
        op.drop_table(table)
