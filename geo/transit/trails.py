"""The last 90 seconds of people who are on the move: in memory, and gone by themselves."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from geo.point import Point
from geo.transit.rules import MATCH_EVERY, MOST_FIXES, MOST_PEOPLE, TRAIL
from geo.transit.values import Fix
from realtime.kernel.ids import PersonId


@dataclass(slots=True)
class _Trail:
    fixes: deque[Fix] = field(default_factory=lambda: deque(maxlen=MOST_FIXES))
    matched: datetime | None = None


class Trails:
    def __init__(self, *, most: int = MOST_PEOPLE) -> None:
        self._most = most
        #: By last fix, the oldest first.
        self._trails: OrderedDict[PersonId, _Trail] = OrderedDict()

    def __len__(self) -> int:
        return len(self._trails)

    def moved(self, person: PersonId, point: Point, now: datetime) -> Sequence[Fix] | None:
        """Her trail with this place in it; None when it was looked at a moment ago."""
        self.sweep(now)
        trail = self._trails.setdefault(person, _Trail())
        self._trails.move_to_end(person)
        if len(self._trails) > self._most:
            self._trails.popitem(last=False)
        place = point.rounded(3)
        trail.fixes.append(Fix(lat=place.lat, lon=place.lon, at=now))
        while trail.fixes[0].at < now - TRAIL:
            trail.fixes.popleft()
        if trail.matched is not None and now - trail.matched < MATCH_EVERY:
            return None
        trail.matched = now
        return tuple(trail.fixes)

    def forget(self, person: PersonId) -> None:
        self._trails.pop(person, None)

    def sweep(self, now: datetime) -> None:
        """Forget whoever has told nothing for as long as a trail lasts."""
        while self._trails:
            oldest, trail = next(iter(self._trails.items()))
            if trail.fixes[-1].at > now - TRAIL:
                return
            del self._trails[oldest]
