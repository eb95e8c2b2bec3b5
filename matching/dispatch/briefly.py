"""What one step leaves for the next one on this node, for a moment. Pure: time comes in.

It spares a look at the tables and is never the truth: whoever finds nothing here looks.
"""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

#: Things kept at once; beyond it the oldest is forgotten.
MOST = 1_000


class Briefly(Generic[K, V]):
    def __init__(self, lasting: timedelta) -> None:
        self._lasting = lasting
        self._kept: dict[K, tuple[datetime, V]] = {}

    def put(self, key: K, value: V, now: datetime) -> None:
        """Keep something, in the place of what was kept before."""
        self._kept.pop(key, None)
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (now + self._lasting, value)

    def take(self, key: K, now: datetime) -> V | None:
        """What was kept, once, if it is not too old."""
        until, value = self._kept.pop(key, (now, None))
        return value if until >= now else None
