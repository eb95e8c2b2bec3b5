"""One question for the nearest, where whoever is live is kept somewhere else: what to ask for next.

It never waits. ``next`` says what it wants to know, the method for it is told the answer, and so on
until ``next`` says None; then ``answer`` is what memory would have answered.

People are listed by cell, and each has one spot. The list is a hint: somebody who is moving, or
whose server died between two writes, may stand in two cells or in the wrong one. The spot is the
truth, so whoever is found in a list is looked up before being answered, and stands where the spot
says. Distances to look at grow as in ``nearest.py``: seven cells around the origin, ever coarser,
beyond which nothing is nearer; then place by place, the nearest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import h3.api.basic_int as grid

from geo.cells import Cell, Index, index_steps, to_cell, up
from geo.whereabouts.asks import Ask, Check, Directory, Look, Question, Spot, Tally
from geo.whereabouts.nearest import REACH, is_flat, least_steps
from geo.whereabouts.order import mark, mixer, standing, zone_layers
from geo.whereabouts.ports import Found
from geo.whereabouts.stems import GROUP_RES, SHARE_RES, group_of, index_of, stem_of
from realtime.kernel.ids import PersonId

#: The cells looked at around the origin, finest first.
LEVELS = (8, 7, 6, SHARE_RES)
#: What is read first where it is known how far a question may go: cells of a resolution, so many
#: rings of them, and up to how many steps nothing is outside (``tests/unit/test_asking.py``).
DISKS = (
    (9, 2, 2),
    (9, 3, 3),
    (8, 2, 4),
    (8, 3, 7),
    (7, 2, 12),
    (7, 3, 19),
    (6, 2, 26),
    (6, 3, 47),
    (SHARE_RES, 2, 82),
    (SHARE_RES, 3, 131),
)
#: Beyond those, places are looked for in these seven first.
CHART_RES = 3
#: People looked up at once at least, and places read at once at first and at most.
LEAST_CHECKED = 64
FIRST_PLACES, MOST_PLACES = 16, 64

_EVERYWHERE = 1 << 59


@dataclass(slots=True)
class _Layer:
    """What the lists and the zones have at one distance, not yet looked up."""

    listed: list[PersonId] = field(default_factory=list)
    zones: Sequence[Cell] = ()


class Asking:
    def __init__(self, question: Question, reach: int | None = None) -> None:
        """``reach``: steps that a question like this one needed before (``reached.py``)."""
        self._asked = question
        self._limit = _EVERYWHERE if question.ring is None else question.ring
        self._mixed = mixer(question.salt)
        self._layers: dict[int, _Layer] = {
            at: _Layer(zones=zones)
            for at, zones in zone_layers(question.zones, question.origin, question.ring).items()
        }
        self._levels = _levels(question.origin, self._limit)
        #: Still to be read at once, and looked up at once.
        self._hoped = -1 if reach is None or not self._levels else min(reach, self._limit)
        self._tallied = len(self._levels) < 2 or self._hoped >= 0
        #: Who is listed where, among all that has been read.
        self._listed: set[tuple[Index, PersonId]] = set()
        self._spots: dict[PersonId, Spot | None] = {}
        #: Those answered at a declared zone.
        self._declared: set[PersonId] = set()
        self._found: dict[int, list[tuple[int, Found]]] = {}
        #: All that is this near has been read; and of it, up to there, looked up.
        self._horizon = self._settled = -1
        self._settling: list[int] = []
        self._chunk = max(LEAST_CHECKED, 2 * question.want)
        #: Places and groups of them not yet read, by the least steps at which they hold anybody.
        self._places: list[tuple[int, str]] = []
        self._groups: dict[str, list[str]] = {}
        self._known: set[str] = set()
        #: No place this near is unknown.
        self._charted = -1
        self._at_once = FIRST_PLACES

    def next(self) -> Ask | None:
        """What to find out next; None: nothing more is needed."""
        while not self._enough():
            everything = self._horizon >= self._limit
            if self._settled < min(self._horizon, self._limit) and (everything or self._may_do()):
                people = self._unchecked()
                if people:
                    return Check(people)
                self.checked({})
            elif everything:
                return None
            else:
                return self._wider()
        return None

    def tallied(self, listed: Sequence[int]) -> None:
        """Begin with the finest level that may do; with the last one if none does."""
        self._tallied = True
        while len(self._levels) > 1 and listed[-len(self._levels)] < self._asked.want:
            self._levels.pop(0)

    def looked(self, listed: Iterable[tuple[Index, PersonId]]) -> None:
        origin, known = self._asked.origin, dict[Index, int]()
        for entry in listed:
            if entry in self._listed:
                continue
            self._listed.add(entry)
            leaf, person = entry
            at = known.get(leaf)
            if at is None:
                known[leaf] = at = index_steps(origin, leaf)
            if self._settled < at <= self._limit:
                self._layers.setdefault(at, _Layer()).listed.append(person)

    def listed(self, shares: Iterable[str]) -> None:
        """The places there are. On the whole Earth by group: most are never looked into."""
        new = [share for share in shares if share not in self._known]
        self._known.update(new)
        if self._charted < _EVERYWHERE:
            for share in new:
                self._push(share, SHARE_RES)
        else:
            for share in new:
                self._groups.setdefault(group_of(share), []).append(share)
            for group in self._groups:
                self._push(group, GROUP_RES)
        self._read_on()

    def checked(self, spots: Mapping[PersonId, Spot]) -> None:
        """The spots of those asked about who have one: whoever has none is not live."""
        self._spots.update(spots)
        for person in spots:
            self._place_live(person)
        for at in self._settling:
            for zone in self._layers.pop(at, _Layer()).zones:
                self._place_declared(zone, at)
            self._settled = at
        self._settling = []

    def answer(self) -> list[Found]:
        """Whole layers, the nearest first, up to the first that makes enough (W5)."""
        found: list[Found] = []
        for at in sorted(self._found):
            if at > self._limit or len(found) >= self._asked.want:
                break
            found += [it for _, it in sorted(self._found[at], key=lambda each: each[0])]
        return found

    def _enough(self) -> bool:
        return self._have() >= self._asked.want

    def _have(self) -> int:
        return sum(len(them) for at, them in self._found.items() if at <= self._settled)

    def _may_do(self) -> bool:
        """Whether those read may be enough: looking up fewer would be a round trip for nothing."""
        many = self._have()
        for at, layer in self._layers.items():
            if at <= self._horizon:
                many += len(layer.listed)
                many += sum(len(self._asked.zones[zone]) for zone in layer.zones)
        return many >= self._asked.want

    def _unchecked(self) -> list[PersonId]:
        """People of the next whole layers, those not looked up yet."""
        people: dict[PersonId, None] = {}
        reach = min(self._horizon, self._limit)
        for at in sorted(at for at in self._layers if at <= reach):
            layer = self._layers[at]
            self._settling.append(at)
            people.update(dict.fromkeys(it for it in layer.listed if it not in self._spots))
            for zone in layer.zones:
                declared = self._asked.zones[zone]
                people.update(dict.fromkeys(it for it in declared if it not in self._spots))
            if len(people) >= self._chunk and at >= self._hoped:
                break
        else:
            self._settling.append(reach)
        self._spots.update(dict.fromkeys(people))
        self._chunk *= 2
        return list(people)

    def _wider(self) -> Ask:
        if self._horizon < 0 <= self._hoped:
            return self._first()
        if not self._tallied:
            return Tally([grid.grid_disk(up(self._asked.origin, it), 1) for it in self._levels])
        if self._levels:
            res = self._levels.pop(0)
            around = grid.grid_disk(up(self._asked.origin, res), 1)
            # Outside these seven nothing is nearer, as in nearest.py.
            self._horizon = REACH[res] + 1
            if res == SHARE_RES:
                self._known.update(map(stem_of, around))
            return Look(around)
        if self._places and self._horizon < self._charted:
            return self._further()
        return self._chart()

    def _first(self) -> Look:
        """As much as may be enough, instead of counting first."""
        res, rings, self._horizon = next((it for it in DISKS if it[2] >= self._hoped), DISKS[-1])
        self._levels = [it for it in self._levels if REACH[it] + 1 > self._horizon]
        cells = grid.grid_disk(up(self._asked.origin, res), rings)
        if res == SHARE_RES:
            self._known.update(map(stem_of, cells))
        return Look(cells)

    def _chart(self) -> Directory:
        if self._charted < 0 and is_flat(self._asked.origin):
            self._charted = REACH[CHART_RES] + 1
            return Directory(grid.grid_disk(up(self._asked.origin, CHART_RES), 1))
        self._charted = _EVERYWHERE
        return Directory()

    def _further(self) -> Look:
        """Some of the nearest places not yet read."""
        cells: list[Index] = []
        while self._places and len(cells) < self._at_once:
            _, place = heappop(self._places)
            cells.append(index_of(place))
            self._read_on()
        self._at_once = min(2 * self._at_once, MOST_PLACES)
        return Look(cells)

    def _read_on(self) -> None:
        """Open groups until a single place is the nearest: nothing unread is nearer than that."""
        while self._places and self._places[0][1] in self._groups:
            _, group = heappop(self._places)
            for share in self._groups.pop(group):
                self._push(share, SHARE_RES)
        nearest = self._places[0][0] - 1 if self._places else _EVERYWHERE
        self._horizon = max(self._horizon, min(nearest, self._charted))

    def _push(self, stem: str, res: int) -> None:
        least = least_steps(self._asked.origin, index_of(stem), res)
        if least <= self._limit:
            heappush(self._places, (least, stem))

    def _place_live(self, person: PersonId) -> None:
        spot = self._spots[person]
        if spot is None or spot.tags & self._asked.tags_all != self._asked.tags_all:
            return
        at = index_steps(self._asked.origin, spot.cell)
        self._put(at, Found(person, to_cell(spot.cell), at, live=True))

    def _place_declared(self, zone: Cell, at: int) -> None:
        for person in self._asked.zones[zone]:
            if person in self._declared or self._spots.get(person) is not None:
                continue
            self._declared.add(person)
            self._put(at, Found(person, zone, at, live=False))

    def _put(self, at: int, found: Found) -> None:
        place = standing(mark(found.person), self._mixed)
        self._found.setdefault(at, []).append((place, found))


def _levels(origin: Index, limit: int) -> list[int]:
    """What to look at before all there is; near a pentagon steps do not add up, so nothing."""
    if not is_flat(origin):
        return []
    enough = next((n for n, res in enumerate(LEVELS) if REACH[res] + 1 >= limit), len(LEVELS))
    return list(LEVELS[: enough + 1])


def with_nobody_live(question: Question) -> list[Found]:
    """The declared people only: what is answered while nobody can be asked who is live (W14)."""
    asking = Asking(question)
    while (ask := asking.next()) is not None:
        if isinstance(ask, Tally):
            asking.tallied([0] * len(ask.groups))
        elif isinstance(ask, Look):
            asking.looked(())
        elif isinstance(ask, Directory):
            asking.listed(())
        else:
            asking.checked({})
    return asking.answer()
