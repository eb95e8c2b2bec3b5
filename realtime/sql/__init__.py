"""The two engines, and what they must agree on. Statements live in stores."""

from realtime.sql.database import Database
from realtime.sql.often import Often
from realtime.sql.statements import (
    add_to,
    among,
    by_bytes,
    claim,
    lock_table,
    locked,
    locking,
    may_lock,
    upsert,
    upsert_all,
)
from realtime.sql.trouble import is_in_the_way, is_lost
from realtime.sql.types import Connection, Duplicate, Failed, Instant, Refused, metadata

__all__ = [
    "Connection",
    "Database",
    "Duplicate",
    "Failed",
    "Instant",
    "Often",
    "Refused",
    "add_to",
    "among",
    "by_bytes",
    "claim",
    "is_in_the_way",
    "is_lost",
    "lock_table",
    "locked",
    "locking",
    "may_lock",
    "metadata",
    "upsert",
    "upsert_all",
]
