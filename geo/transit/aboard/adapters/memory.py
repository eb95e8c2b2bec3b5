"""Rides of one process, in memory: the default, and as good as its process lives."""

from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import datetime

from geo.cells import Cell, around
from geo.transit.aboard.index import Key, by_cell, by_line, by_stop, names_of
from geo.transit.aboard.ports import Rider
from geo.transit.rules import FRESH, MOST_PEOPLE
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.ids import PersonId


class MemoryAboard:
    def __init__(self, *, most: int = MOST_PEOPLE) -> None:
        self._most = most
        #: By when they were told, the oldest first.
        self._rides: OrderedDict[PersonId, Ride] = OrderedDict()
        self._people: dict[Key, set[PersonId]] = {}

    async def put(self, person: PersonId, ride: Ride) -> None:
        known = self._rides.get(person)
        if known is not None and known.at > ride.at:
            return
        self._drop(person)
        self._rides[person] = ride
        for key in names_of(ride):
            self._people.setdefault(key, set()).add(person)
        while len(self._rides) > self._most or self._oldest_is_gone(ride.at):
            self._drop(next(iter(self._rides)))

    async def forget(self, person: PersonId) -> None:
        self._drop(person)

    async def ride_of(self, person: PersonId, now: datetime) -> Ride | None:
        ride = self._rides.get(person)
        return None if ride is None or ride.at <= now - FRESH else ride

    async def on_line(self, line: LineId, direction: int, now: datetime) -> list[Rider]:
        return self._found([by_line(line, direction)], now)

    async def at_stops(self, stops: Collection[StopId], now: datetime) -> list[Rider]:
        return self._found(map(by_stop, stops), now)

    async def near(self, cell: Cell, now: datetime) -> list[Rider]:
        return self._found(map(by_cell, around(cell)), now)

    def _found(self, keys: Iterable[Key], now: datetime) -> list[Rider]:
        people = {person for key in keys for person in self._people.get(key, ())}
        rides = ((person, self._rides[person]) for person in sorted(people))
        return [(person, ride) for person, ride in rides if ride.at > now - FRESH]

    def _oldest_is_gone(self, now: datetime) -> bool:
        return next(iter(self._rides.values())).at <= now - FRESH

    def _drop(self, person: PersonId) -> None:
        ride = self._rides.pop(person, None)
        if ride is None:
            return
        for key in names_of(ride):
            there = self._people[key]
            there.remove(person)
            if not there:
                del self._people[key]
