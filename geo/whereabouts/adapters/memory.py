"""Whereabouts of one process, in memory: the default, and as good as its process lives.

After a restart it knows nobody: whoever is on duty is enlisted again from the store, and phones
send their cells again when they connect.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from geo.cells import Cell, Index, index_of, to_cell
from geo.errors import WhereaboutsFull
from geo.point import Point
from geo.whereabouts.nearest import EVERYWHERE, Layer, layers
from geo.whereabouts.occupied import COUNTED, Group, Live, Occupied
from geo.whereabouts.order import (
    MARKS,
    Zones,
    ZonesAround,
    mark,
    mixer,
    near_index,
    standing,
)
from geo.whereabouts.ports import FRESH, LEAST_COUNTED, Found, Walk
from realtime.kernel.errors import Malformed
from realtime.kernel.ids import PersonId

#: People on duty at once: about a gigabyte when all are live.
MOST_ENLISTED = 2_000_000
#: Forgotten at most with each move or question; each move adds one, so the backlog shrinks.
SWEPT_AT_ONCE = 64
#: Forgotten in one turn of the loop where all must be: about a millisecond.
SWEPT_IN_A_TURN = 256

_FRESH_S = FRESH.total_seconds()
_NEVER = float("inf")

#: What is at one distance: live people, and declared zones; neither is a pause.
_Layer = tuple[int, list[Group], list[Cell]]


class MemoryWhereabouts:
    def __init__(self, *, most: int = MOST_ENLISTED) -> None:
        self._most = most
        self._tags: dict[PersonId, int] = {}
        #: By last move, the oldest first: what has expired is in front.
        self._live: OrderedDict[PersonId, Live] = OrderedDict()
        #: Nobody has been silent for longer than since then.
        self._oldest = _NEVER
        self._occupied = Occupied()

    async def enlist(self, person: PersonId, tags: int) -> None:
        if person not in self._tags and len(self._tags) >= self._most:
            raise WhereaboutsFull
        self._tags[person] = tags
        known = self._live.get(person)
        if known is not None and known.group.tags != tags:
            self._occupied.go(known, known.group.leaf, tags)

    async def discharge(self, person: PersonId) -> None:
        self._tags.pop(person, None)
        self._forget(person)

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        at = now.timestamp()
        self._sweep(at - _FRESH_S, SWEPT_AT_ONCE)
        known = self._live.get(person)
        if known is not None and to_cell(known.group.leaf) == cell:
            # As most words: nothing has to be understood again.
            self._move(person, known.group.leaf, at)
            return True
        leaf = near_index(cell)
        if person not in self._tags:
            return False
        self._move(person, leaf, at)
        return True

    def at_hand(self, person: PersonId) -> bool:
        return person in self._tags

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        at = now.timestamp()
        self._sweep(at - _FRESH_S, SWEPT_AT_ONCE)
        self._move(person, index_of(point), at)

    async def near(
        self,
        origin: Cell,
        *,
        ring: int | None,
        want: int,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> list[Found]:
        walk = self.walk(
            origin, ring=ring, now=now, tags_all=tags_all, declared=declared, salt=salt
        )
        return await walk.on(want)

    def walk(
        self,
        origin: Cell,
        *,
        ring: int | None,
        now: datetime,
        tags_all: int = 0,
        declared: Mapping[Cell, Collection[PersonId]] | None = None,
        salt: str = "",
    ) -> Walk:
        here, expired = near_index(origin), now.timestamp() - _FRESH_S
        self._sweep(expired, SWEPT_AT_ONCE)
        zones = declared or {}
        around = _merged(
            layers(self._occupied, here, ring, tags_all), ZonesAround(zones, here, ring)
        )
        return _Around(around, zones, self._live, expired, mixer(salt))

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        if res not in COUNTED:
            raise Malformed
        expired = now.timestamp() - _FRESH_S
        # All of it: what has expired must not be counted, and nobody is swept twice.
        while not self._sweep(expired, SWEPT_IN_A_TURN):  # noqa: ASYNC110 - others have a turn
            await asyncio.sleep(0)
        people = self._occupied.people(res)
        return {to_cell(cell): many for cell, many in people.items() if many >= at_least}

    def _move(self, person: PersonId, leaf: Index, at: float) -> None:
        known = self._live.get(person)
        if known is None:
            tags, self._oldest = self._tags[person], min(self._oldest, at)
            self._live[person] = self._occupied.enter(person, at, mark(person), leaf, tags)
        elif at >= known.at:
            if known.group.leaf != leaf:
                self._occupied.go(known, leaf, known.group.tags)
            known.at = at
            self._live.move_to_end(person)

    def _forget(self, person: PersonId) -> None:
        known = self._live.pop(person, None)
        if known is not None:
            self._occupied.leave(known)

    def _sweep(self, expired: float, most: int) -> bool:
        """Forget some of those who have expired; whether they were all."""
        # Whoever was the oldest may have spoken since: what is noted is never too late.
        if self._oldest > expired:
            return True
        for _ in range(most):
            oldest = next(iter(self._live.values()), None)
            self._oldest = _NEVER if oldest is None else oldest.at
            if oldest is None or oldest.at > expired:
                return True
            self._forget(oldest.person)
        return False


class _Around:
    """One walk, over a map on which people move meanwhile: whoever was met stands there."""

    def __init__(
        self,
        around: Iterator[_Layer],
        zones: Zones,
        live: Mapping[PersonId, Live],
        expired: float,
        mixed: int,
    ) -> None:
        self._around = around
        self._zones = zones
        self._live = live
        self._expired = expired
        self._mixed = mixed
        #: Answered before others had a turn.
        self._told: set[PersonId] = set()

    async def on(self, want: int) -> list[Found]:
        found: list[Found] = []
        noted = 0
        while len(found) < want and (layer := next(self._around, None)) is not None:
            at, groups, zones = layer
            if groups or zones:
                found += self._in_order(at, groups, zones)
            else:
                # So much has been passed over that others want their turn, and may move in it.
                self._note(found[noted:])
                noted = len(found)
                await asyncio.sleep(0)
        self._note(found[noted:])
        return found

    def _in_order(self, at: int, groups: list[Group], zones: list[Cell]) -> list[Found]:
        mixed, expired, told = self._mixed, self._expired, self._told
        layer = [
            (it.mark * mixed & MARKS, Found(it.person, cell, at, True))
            for group in groups
            for cell in (to_cell(group.leaf),)
            for it in group.people
            if it.at > expired and it.person not in told
        ]
        for zone in zones:
            layer += [(standing(mark(it.person), mixed), it) for it in self._declared(zone, at)]
        layer.sort()
        return [it for _, it in layer]

    def _declared(self, zone: Cell, at: int) -> Iterator[Found]:
        # Since the last pause somebody may have left, and her zone be nobody's.
        for person in self._zones.get(zone, ()):
            live = self._live.get(person)
            if person in self._told or (live is not None and live.at > self._expired):
                continue
            # At once: she may have declared another zone at this distance.
            self._told.add(person)
            yield Found(person, zone, at, live=False)

    def _note(self, found: list[Found]) -> None:
        self._told.update([it.person for it in found])


def _merged(live: Iterator[Layer], zones: ZonesAround) -> Iterator[_Layer]:
    """Both kinds of place, by distance, still lazily."""
    for at, groups in live:
        here: list[Cell] = []
        for nearer, there in zones.take(at):
            if nearer < at:
                yield nearer, [], there
            else:
                here = there
        yield at, groups, here
    for further, there in zones.take(EVERYWHERE):
        yield further, [], there
