"""Whereabouts of one process, in memory: the default, and as good as its process lives.

After a restart it knows nobody: whoever is on duty is enlisted again from the store, and phones
send their cells again when they connect.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from geo.cells import Cell, Index, index_of, to_cell
from geo.errors import WhereaboutsFull
from geo.point import Point
from geo.whereabouts.nearest import layers
from geo.whereabouts.occupied import COUNTED, Occupied
from geo.whereabouts.order import mark, mixer, near_index, standing, zone_layers
from geo.whereabouts.ports import FRESH, LEAST_COUNTED, Found
from realtime.kernel.errors import Malformed
from realtime.kernel.ids import PersonId

#: People on duty at once: about a gigabyte when all are live.
MOST_ENLISTED = 2_000_000
#: Forgotten at most with each move or question; each move adds one, so the backlog shrinks.
SWEPT_AT_ONCE = 64

_FRESH_S = FRESH.total_seconds()

#: What is at one distance: live cells, and declared zones.
_Layer = tuple[int, list[Index], list[Cell]]


@dataclass(slots=True, eq=False)
class _Live:
    person: PersonId
    tags: int
    cell: Index
    at: float
    #: Its part of the order inside a layer.
    mark: int
    #: Where it stands among those of its cell and tags, so that leaving a crowd costs no search.
    slot: int


class MemoryWhereabouts:
    def __init__(self, *, most: int = MOST_ENLISTED) -> None:
        self._most = most
        self._tags: dict[PersonId, int] = {}
        #: By last move, the oldest first: what has expired is in front.
        self._live: OrderedDict[PersonId, _Live] = OrderedDict()
        #: Who is in each cell, by tags: a question passes over those who lack one together.
        self._cells: dict[Index, dict[int, list[_Live]]] = {}
        self._occupied = Occupied()

    async def enlist(self, person: PersonId, tags: int) -> None:
        if person not in self._tags and len(self._tags) >= self._most:
            raise WhereaboutsFull
        self._tags[person] = tags
        known = self._live.get(person)
        if known is not None and known.tags != tags:
            self._exit(known)
            known.tags = tags
            self._enter(known)

    async def discharge(self, person: PersonId) -> None:
        self._tags.pop(person, None)
        self._forget(person)

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        leaf = near_index(cell)
        self._sweep(now.timestamp() - _FRESH_S, SWEPT_AT_ONCE)
        if person not in self._tags:
            return False
        self._move(person, leaf, now.timestamp())
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
        here, expired = near_index(origin), now.timestamp() - _FRESH_S
        self._sweep(expired, SWEPT_AT_ONCE)
        zones, mixed = declared or {}, mixer(salt)
        found: list[Found] = []
        if want <= 0:
            return found
        placed: set[PersonId] = set()
        for at, leaves, areas in _merged(
            layers(self._occupied, here, ring), zone_layers(zones, here, ring)
        ):
            layer = [
                (standing(it.mark, mixed), Found(it.person, cell, at, live=True))
                for leaf, cell in zip(leaves, map(to_cell, leaves), strict=True)
                for tags, alike in self._cells[leaf].items()
                if tags & tags_all == tags_all
                for it in alike
                if it.at > expired
            ]
            for area in areas:
                layer += [
                    (standing(mark(it.person), mixed), it)
                    for it in self._declared(area, at, zones[area], placed, expired)
                ]
            layer.sort(key=itemgetter(0))
            found += [it for _, it in layer]
            if len(found) >= want:
                break
        return found

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        if res not in COUNTED:
            raise Malformed
        # All of it: what has expired must not be counted, and nobody is swept twice.
        self._sweep(now.timestamp() - _FRESH_S, len(self._live))
        people = self._occupied.people(res)
        return {to_cell(cell): many for cell, many in people.items() if many >= at_least}

    def _declared(
        self,
        zone: Cell,
        at: int,
        people: Collection[PersonId],
        placed: set[PersonId],
        expired: float,
    ) -> Iterator[Found]:
        for person in people:
            live = self._live.get(person)
            if person in placed or (live is not None and live.at > expired):
                continue
            placed.add(person)
            yield Found(person, zone, at, live=False)

    def _move(self, person: PersonId, leaf: Index, at: float) -> None:
        known = self._live.get(person)
        if known is None:
            known = _Live(person, self._tags[person], leaf, at, mark(person), 0)
            self._live[person] = known
            self._enter(known)
        elif at >= known.at:
            if known.cell != leaf:
                self._go(known, leaf)
            known.at = at
            self._live.move_to_end(person)

    def _enter(self, person: _Live) -> None:
        self._occupied.arrive(person.cell, first=self._put(person))

    def _exit(self, person: _Live) -> None:
        self._occupied.leave(person.cell, last=self._take(person))

    def _go(self, person: _Live, leaf: Index) -> None:
        left, last = person.cell, self._take(person)
        person.cell = leaf
        self._occupied.go(left, leaf, last=last, first=self._put(person))

    def _put(self, person: _Live) -> bool:
        """Whether the cell was empty."""
        there = self._cells.get(person.cell)
        first = there is None
        if there is None:
            there = self._cells[person.cell] = {}
        alike = there.setdefault(person.tags, [])
        person.slot = len(alike)
        alike.append(person)
        return first

    def _take(self, person: _Live) -> bool:
        """Whether the cell is now empty."""
        there = self._cells[person.cell]
        alike = there[person.tags]
        final = alike.pop()
        if final is not person:
            alike[person.slot] = final
            final.slot = person.slot
        if not alike:
            del there[person.tags]
            if not there:
                del self._cells[person.cell]
        return not there

    def _forget(self, person: PersonId) -> None:
        known = self._live.pop(person, None)
        if known is not None:
            self._exit(known)

    def _sweep(self, expired: float, most: int) -> None:
        for _ in range(min(most, len(self._live))):
            oldest = next(iter(self._live.values()))
            if oldest.at > expired:
                return
            self._forget(oldest.person)


def _merged(
    live: Iterator[tuple[int, list[Index]]], zones: dict[int, list[Cell]]
) -> Iterator[_Layer]:
    """Both kinds of place, by distance, still lazily."""
    declared = sorted(zones, reverse=True)
    for at, leaves in live:
        while declared and declared[-1] < at:
            nearer = declared.pop()
            yield nearer, [], zones[nearer]
        if declared and declared[-1] == at:
            yield at, leaves, zones[declared.pop()]
        else:
            yield at, leaves, []
    for at in reversed(declared):
        yield at, [], zones[at]
