"""Rides of one process, in memory: the default, and as good as its process lives."""

from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import datetime

from geo.cells import Cell, around
from geo.transit.aboard.ports import Rider
from geo.transit.rules import ABOARD, FRESH, MOST_PEOPLE
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.ids import PersonId

#: By what people are looked up: a line and a direction, a stop, or a cell.
_Key = tuple[str, str]


class MemoryAboard:
    def __init__(self, *, most: int = MOST_PEOPLE) -> None:
        self._most = most
        #: By when they were told, the oldest first.
        self._rides: OrderedDict[PersonId, Ride] = OrderedDict()
        self._people: dict[_Key, set[PersonId]] = {}

    async def put(self, person: PersonId, ride: Ride) -> None:
        known = self._rides.get(person)
        if known is not None and known.at > ride.at:
            return
        self._drop(person)
        self._rides[person] = ride
        for key in _keys(ride):
            self._people.setdefault(key, set()).add(person)
        while len(self._rides) > self._most or self._oldest_is_gone(ride.at):
            self._drop(next(iter(self._rides)))

    async def forget(self, person: PersonId) -> None:
        self._drop(person)

    async def ride_of(self, person: PersonId, now: datetime) -> Ride | None:
        ride = self._rides.get(person)
        return None if ride is None or ride.at <= now - FRESH else ride

    async def on_line(self, line: LineId, direction: int, now: datetime) -> list[Rider]:
        return self._found([("line", f"{line} {direction}")], now)

    async def at_stops(self, stops: Collection[StopId], now: datetime) -> list[Rider]:
        return self._found([("stop", stop) for stop in stops], now)

    async def near(self, cell: Cell, now: datetime) -> list[Rider]:
        return self._found([("cell", it) for it in around(cell)], now)

    def _found(self, keys: Iterable[_Key], now: datetime) -> list[Rider]:
        people = {person for key in keys for person in self._people.get(key, ())}
        rides = ((person, self._rides[person]) for person in sorted(people))
        return [(person, ride) for person, ride in rides if ride.at > now - FRESH]

    def _oldest_is_gone(self, now: datetime) -> bool:
        return next(iter(self._rides.values())).at <= now - FRESH

    def _drop(self, person: PersonId) -> None:
        ride = self._rides.pop(person, None)
        if ride is None:
            return
        for key in _keys(ride):
            there = self._people[key]
            there.remove(person)
            if not there:
                del self._people[key]


def _keys(ride: Ride) -> list[_Key]:
    keys = [("cell", str(ride.cell))]
    if ride.stop is not None:
        keys.append(("stop", ride.stop))
    elif ride.confidence >= ABOARD:
        keys.append(("line", f"{ride.line} {ride.direction}"))
    return keys
