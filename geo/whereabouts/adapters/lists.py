"""How the lists that Redis keeps are named, and what is said to one of them."""

from datetime import UTC, datetime, timedelta

from geo.servers import Command, Redis
from geo.whereabouts.adapters import scripts
from geo.whereabouts.ports import FRESH
from realtime.kernel.ids import PersonId

FRESH_MS = FRESH // timedelta(milliseconds=1)
#: The list of all lists.
CELLS = "cells"
#: Whoever was off duty may be on again in the same millisecond; half of one tells them apart.
_HALF_MS = 0.5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Lists:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def parts(self, share: str) -> tuple[str, str, str]:
        """Entries by text, names by moment, the entry of each name."""
        key = self._redis.key("live", f"{{{share}}}")
        return f"{key}:by-tags", f"{key}:by-time", f"{key}:people"

    def place(self, share: str, name: str, entry: str, at: int, *, anew: bool = False) -> Command:
        """``anew``: she is on duty again, and this is her first word."""
        expiry = (at - FRESH_MS, scripts.SWEPT_AT_ONCE)
        slack = _HALF_MS if anew else 0
        keys = self._keys(share, name)
        return ("EVAL", scripts.PLACE, 4, *keys, *expiry, name, entry, at, FRESH_MS, slack)

    def note(self, share: str, at: int) -> Command:
        """The list itself is listed."""
        return self.place(CELLS, share, share, at)

    def mark(self, share: str, person: PersonId, towards: str) -> Command:
        return ("EVAL", scripts.MARK, 3, *self.parts(share), person, towards)

    def retag(self, share: str, person: PersonId, tags: int) -> Command:
        return ("EVAL", scripts.RETAG, 3, *self.parts(share), person, tags)

    def leave(self, share: str, person: PersonId, at: int, *, for_good: bool = False) -> Command:
        """``for_good``: she is off duty, and what she said until now is not heard any more."""
        moment = at + _HALF_MS if for_good else at
        keys = self._keys(share, person)
        return ("EVAL", scripts.LEAVE, 4, *keys, person, moment, scripts.GONE_MS)

    def sweep(self, share: str, expired: int, most: int) -> Command:
        return ("EVAL", scripts.SWEEP, 3, *self.parts(share), expired, most)

    def _keys(self, share: str, name: str) -> tuple[str, ...]:
        gone = self._redis.key("live", f"{{{share}}}", f"gone:{name}")
        return (*self.parts(share), gone)


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
