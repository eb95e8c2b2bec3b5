"""Networks, what they are told and what they say: their part of the pair 5. Frozen with it."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text

_TABLES = (
    "network",
    "hook_thread",
    "hook_message",
    "service_alert",
    "mirrored_warning",
    "feed_state",
    "transit_feed",
)


def make_networks() -> None:
    """Only new tables: programs of before know none of them."""
    op.create_table(
        "network",
        Column("network", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("call", String, nullable=False),
        Column("sms", String, nullable=False),
        Column("alight_modes", String),
        Column("alight_from", Integer),
        Column("alight_until", Integer),
        Column("hook", LargeBinary),
        Column("hook_host", String),
        Column("hook_at", BigInteger),
    )
    _make_hooks()
    _make_told()
    _make_feeds()


def _make_hooks() -> None:
    op.create_table(
        "hook_thread",
        Column("alert", String, primary_key=True),
        Column("network", String, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("sent", BigInteger, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("stuck", BigInteger),
        Column("last_at", BigInteger),
        Column("last_status", Integer),
    )
    op.create_index("hook_thread_network", "hook_thread", ["network"])
    op.create_index("ix_hook_thread_sent", "hook_thread", ["sent"])
    op.create_table(
        "hook_message",
        Column("alert", String, primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )


def _make_told() -> None:
    op.create_table(
        "service_alert",
        Column("service", String, primary_key=True),
        Column("network", String, nullable=False),
        Column("network_name", String, nullable=False),
        Column("effect", String, nullable=False),
        Column("text", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("line", String),
        Column("line_name", String, nullable=False),
        Column("stop", String),
        Column("stop_name", String, nullable=False),
        Column("alert", String),
        Column("ended", BigInteger),
    )
    op.create_index("ix_service_alert_network", "service_alert", ["network"])
    op.create_index("ix_service_alert_until", "service_alert", ["until"])
    op.create_table(
        "mirrored_warning",
        Column("id", String, primary_key=True),
        Column("feed", String, nullable=False),
        Column("sender", String, nullable=False),
        Column("identifier", String, nullable=False),
        Column("sent", BigInteger, nullable=False),
        Column("expires", BigInteger, nullable=False),
        Column("source_url", String, nullable=False),
        Column("said", Text, nullable=False),
    )
    op.create_index("ix_mirrored_warning_feed", "mirrored_warning", ["feed"])
    op.create_index("ix_mirrored_warning_expires", "mirrored_warning", ["expires"])


def _make_feeds() -> None:
    op.create_table(
        "feed_state",
        Column("feed", String, primary_key=True),
        Column("tag", String, nullable=False),
        Column("changed", String, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("got", String, nullable=False),
        Column("taken", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
    )
    op.create_table(
        "transit_feed",
        Column("feed", String, primary_key=True),
        Column("network", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("vehicles", LargeBinary, nullable=False),
        Column("notices", LargeBinary, nullable=False),
    )


def drop_networks() -> None:
    """Lost: hooks and their keys, whatever was not told yet, service alerts, mirrored warnings."""
    for table in _TABLES:
        op.drop_table(table)
