"""What a refusal of the database means for whoever asked: try again alone, the line is gone, or no.

By the SQLSTATE, which SQLite does not have: there nobody else writes while we do.
"""

from realtime.sql.types import Duplicate, Refused

#: Lock not available within ``lock_timeout``, deadlock, serialization: another transaction was in
#: the way, and this one did nothing.
_IN_THE_WAY = frozenset({"55P03", "40P01", "40001"})
#: A prepared statement from before a migration; the driver forgets them all when it sees one.
_OUTDATED_PLAN = "InvalidCachedStatementError"
#: The server is leaving, has crashed, or is not ready yet.
_LEAVING = frozenset({"57P01", "57P02", "57P03"})


def is_in_the_way(error: Exception) -> bool:
    """Whether the same command, alone and a moment later, may well succeed."""
    if isinstance(error, Duplicate):
        # Perhaps of a row that came after this command had looked.
        return True
    return _state(error) in _IN_THE_WAY or type(_cause(error)).__name__ == _OUTDATED_PLAN


def is_lost(error: Exception) -> bool:
    """Whether the connection is of no more use."""
    if isinstance(error, Refused) and error.connection_invalidated:
        return True
    if isinstance(error, OSError):
        # A time-out too: what is on its way cannot be told from what is not.
        return True
    state = _state(error) or ""
    return state in _LEAVING or state.startswith("08")


def _cause(error: Exception) -> object:
    return error.orig if isinstance(error, Refused) else None


def _state(error: Exception) -> str | None:
    state = getattr(_cause(error), "sqlstate", None)
    return state if isinstance(state, str) else None
