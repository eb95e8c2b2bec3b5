"""The tables as they were before there were migrations: those of the embedded server.

A database made before is told to be here, and goes on from here (``running.py``).
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)

revision, down_revision = "pre_0001", None

_OPEN = text("ended IS NULL")


def upgrade() -> None:
    op.create_table(
        "alert",
        Column("alert", String, primary_key=True),
        Column("raiser", String, nullable=False),
        Column("mode", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("state", String, nullable=False),
        Column("raised", BigInteger, nullable=False),
        Column("ended", BigInteger),
        Column("room", String, nullable=False),
        Column("shown", String, nullable=False),
        Column("delivered", Integer, nullable=False),
        Column("seen", Integer, nullable=False),
        Column("accepted", Integer, nullable=False),
        Column("on_scene", Integer, nullable=False),
        Column("escalation", String),
        Column("place", LargeBinary),
        Column("note", LargeBinary),
    )
    op.create_index(
        "alert_open", "alert", ["raiser"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("alert_raised", "alert", ["ended", "raised"])
    op.create_index("alert_raiser", "alert", ["raiser", "raised"])
    op.create_table(
        "alert_companion",
        Column("alert", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("seat", String, nullable=False),
        Column("released", Boolean, nullable=False),
    )
    op.create_table(
        "answered",
        Column("person", String, primary_key=True),
        Column("command", String, primary_key=True),
        Column("id", String, primary_key=True),
        Column("answer", LargeBinary, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("ix_answered_at", "answered", ["at"])
    op.create_table(
        "audit",
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", String, nullable=False),
        Column("action", String, nullable=False),
        Column("thing", String, nullable=False),
        Column("link", LargeBinary, nullable=False),
    )
    op.create_index("audit_thing", "audit", ["thing"])
    op.create_table(
        "audit_end",
        Column("chain", String, primary_key=True),
        Column("number", BigInteger, nullable=False),
        Column("link", LargeBinary, nullable=False),
        Column("proof", LargeBinary, nullable=False),
    )
    op.create_table(
        "commune",
        Column("import_id", String, primary_key=True),
        Column("row", Integer, primary_key=True, autoincrement=False),
        Column("insee", String, nullable=False),
        Column("name", String, nullable=False),
        Column("population", Integer, nullable=False),
        Column("lat", Float, nullable=False),
        Column("lon", Float, nullable=False),
        Column("cell", String, nullable=False),
    )
    op.create_index("commune_by_cell", "commune", ["import_id", "cell"])
    op.create_table(
        "current_import",
        Column("kind", String, primary_key=True),
        Column("import_id", String, nullable=False),
        Column("loaded", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "exclusion",
        Column("owner", String, primary_key=True),
        Column("kind", String, primary_key=True),
        Column("target", String, primary_key=True),
    )
    op.create_table(
        "helper",
        Column("person", String, primary_key=True),
        Column("status", String, nullable=False),
        Column("tier", Integer, nullable=False),
        Column("skills", String, nullable=False),
        Column("languages", String, nullable=False),
        Column("name", LargeBinary, nullable=False),
        Column("phone_tag", String),
        Column("applied", BigInteger, nullable=False),
        Column("budget", Integer, nullable=False),
        Column("quiet_start", String),
        Column("quiet_end", String),
        Column("on_duty", Boolean, nullable=False),
        Column("zone", LargeBinary),
        Column("zone_key", String),
    )
    op.create_index("helper_duty", "helper", ["on_duty"])
    op.create_index("helper_status", "helper", ["status", "applied"])
    op.create_table(
        "hotel",
        Column("import_id", String, primary_key=True),
        Column("row", Integer, primary_key=True, autoincrement=False),
        Column("id", String, nullable=False),
        Column("name", String, nullable=False),
        Column("stars", Integer, nullable=False),
        Column("address", String, nullable=False),
        Column("postcode", String, nullable=False),
        Column("city", String, nullable=False),
        Column("rooms", Integer, nullable=False),
        Column("capacity", Integer, nullable=False),
        Column("lat", Float, nullable=False),
        Column("lon", Float, nullable=False),
        Column("cell", String, nullable=False),
        Column("precision", String, nullable=False),
    )
    op.create_table(
        "incident",
        Column("alert", String, primary_key=True),
        Column("raiser", String, nullable=False),
        Column("mode", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("cell", String, nullable=False),
        Column("shown", String, nullable=False),
        Column("room", String, nullable=False),
        Column("opened", BigInteger, nullable=False),
        Column("ring", Integer, nullable=False),
        Column("widen", BigInteger, nullable=False),
        Column("ended", Boolean, nullable=False),
    )
    op.create_index("incident_raiser", "incident", ["raiser", "ended"])
    op.create_table(
        "lineage",
        Column("epoch", String, primary_key=True),
    )
    op.create_table(
        "offer",
        Column("offer", String, primary_key=True),
        Column("alert", String, nullable=False),
        Column("helper", String, nullable=False),
        Column("ring", String, nullable=False),
        Column("state", String, nullable=False),
        Column("asked", BigInteger, nullable=False),
        Column("told", BigInteger),
        Column("barred", Boolean, nullable=False),
        Column("received", Boolean, nullable=False),
        Column("seen", Boolean, nullable=False),
        UniqueConstraint("alert", "helper"),
    )
    op.create_index("offer_helper", "offer", ["helper", "asked"])
    op.create_table(
        "outline",
        Column("name", String, primary_key=True),
        Column("body", LargeBinary, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "publication",
        Column("channel", String, primary_key=True),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("body", LargeBinary, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("ix_publication_at", "publication", ["at"])
    op.create_table(
        "room",
        Column("room", String, primary_key=True),
        Column("subject", String, nullable=False),
        Column("opened", BigInteger, nullable=False),
        Column("closed", BigInteger),
    )
    op.create_table(
        "room_member",
        Column("room", String, primary_key=True),
        Column("person", String, primary_key=True),
        Column("seat", String, nullable=False),
        Column("role", String, nullable=False),
        Column("left", BigInteger),
        UniqueConstraint("room", "seat"),
    )
    op.create_index("room_member_person", "room_member", ["person"])
    op.create_table(
        "seal_key",
        Column("name", String, primary_key=True),
        Column("wrapped", LargeBinary, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "session",
        Column("token_hash", LargeBinary, primary_key=True),
        Column("id", String, nullable=False),
        Column("person", String, nullable=False),
        Column("role", String, nullable=False),
        Column("until", BigInteger, nullable=False),
        UniqueConstraint("id"),
    )
    op.create_index("ix_session_person", "session", ["person"])
    op.create_index("ix_session_until", "session", ["until"])
    op.create_table(
        "station",
        Column("import_id", String, primary_key=True),
        Column("row", Integer, primary_key=True, autoincrement=False),
        Column("stop", String, nullable=False),
        Column("line", String, nullable=False),
        Column("name", String, nullable=False),
        Column("line_name", String, nullable=False),
        Column("mode", String, nullable=False),
        Column("lat", Float, nullable=False),
        Column("lon", Float, nullable=False),
        Column("cell", String, nullable=False),
    )
    op.create_table(
        "stream",
        Column("channel", String, primary_key=True),
        Column("top", BigInteger, nullable=False),
    )
    op.create_table(
        "task",
        Column("kind", String, primary_key=True),
        Column("key", String, primary_key=True),
        Column("due", BigInteger, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("lease", BigInteger),
        Column("fence", String, nullable=False),
    )
    op.create_index("ix_task_due", "task", ["due"])


def downgrade() -> None:
    """There is no way further down: who wants no tables at all deletes the database."""
    raise NotImplementedError
