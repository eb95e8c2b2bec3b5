"""One question for the nearest, where whoever is live is kept somewhere else: what to ask for next.

It never waits. ``next`` says what it wants to know, the method for it is told the answer, and so on
until ``next`` says None; then ``answer`` is what memory would have answered. ``go_on`` wants more,
of those further away, and it begins again where it is.

Ever wider disks of ever coarser cells around the origin are looked at, outside of which nothing is
nearer than so many steps; then place by place, the nearest first. Of who has declared a zone it is
found out whether she is live, when it matters.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import heappop, heappush

import h3.api.basic_int as grid

from geo.cells import NEAR_RES, Cell, Index, to_cell, up
from geo.lattice import steps_between
from geo.whereabouts.asks import Ask, Check, Directory, Look, Question
from geo.whereabouts.nearest import EVERYWHERE, REACH, is_flat, least_steps
from geo.whereabouts.order import MARKS, ZonesAround, mark, mixer
from geo.whereabouts.ports import Found
from geo.whereabouts.stems import GROUP_RES, SHARE_RES, group_of, index_of, stem_of
from realtime.kernel.ids import PersonId

#: What is looked at around the origin: cells of a resolution, so many rings of them, and up to how
#: many steps nothing is outside (``tests/unit/test_asking.py``).
DISKS = (
    (9, 3, 3),
    (8, 2, 4),
    (8, 3, 7),
    (7, 2, 12),
    (7, 3, 19),
    (6, 2, 26),
    (6, 3, 47),
    (6, 4, 61),
    (SHARE_RES, 2, 82),
    (SHARE_RES, 3, 131),
)
#: Who knows nothing of a place goes on with a disk that reaches so many times as far.
WIDER = 1.5
#: Beyond those, places are looked for in these seven first.
CHART_RES = 3
#: Places read at once at first and at most.
FIRST_PLACES, MOST_PLACES = 16, 64

#: Those around are asked for again and again: a mark is a hash, and never another.
_mark = lru_cache(maxsize=1 << 16)(mark)


class Asking:
    def __init__(self, question: Question, reach: int | None = None) -> None:
        """``reach``: steps that a question like this one needed before (``reached.py``)."""
        self._asked = question
        self._want = question.want
        #: Who has been answered, and that all this near have been.
        self._told = set[PersonId]()
        self._behind = -1
        self._is_alone = False
        self._limit = EVERYWHERE if question.ring is None else question.ring
        #: Who is live, by steps and cell; those further than the horizon may not be all.
        self._live: dict[int, list[tuple[Index, Collection[PersonId]]]] = {}
        self._around = ZonesAround(question.zones, question.origin, question.ring)
        #: Those found so far, by steps.
        self._zones: dict[int, list[Cell]] = {}
        #: Of who has declared a zone, whether she is live.
        self._checked: dict[PersonId, bool] = {}
        #: All that is this near has been read.
        self._horizon = -1
        #: Disks not looked at, while steps can be counted all around.
        self._disks = list(DISKS) if is_flat(question.origin) else []
        self._hoped = -1 if reach is None else reach
        self._looking: tuple[int, ...] = ()
        #: Places and groups of them not yet read, by the least steps at which they hold anybody.
        self._places: list[tuple[int, str]] = []
        self._groups: dict[str, list[str]] = {}
        self._known: set[str] = set()
        #: No place this near is unknown.
        self._charted = -1
        self._at_once = FIRST_PLACES

    @property
    def is_over(self) -> bool:
        """Whether everybody in reach has been answered."""
        return self._horizon >= self._limit and not self._layers()

    def go_on(self, want: int) -> None:
        """So many more are wanted, beyond those answered."""
        self._want = want

    def next(self) -> Ask | None:
        """What to find out next; None: nothing more is needed."""
        if self._is_alone:
            return None
        have, unsure = self._so_far()
        everything = self._horizon >= self._limit
        if have < self._want and not everything:
            return self._wider()
        return Check(list(unsure)) if unsure else None

    def looked(self, people: Mapping[Index, Collection[PersonId]], groups: int) -> None:
        """Who was found in the first so many groups."""
        before, origin = self._horizon, self._asked.origin
        if self._looking:
            # A wider disk tells again of whoever was seen beyond the horizon.
            for at in [at for at in self._live if at > before]:
                del self._live[at]
        for leaf, them in people.items():
            at = steps_between(origin, leaf)
            if before < at <= self._limit:
                self._live.setdefault(at, []).append((leaf, them))
        if self._looking:
            self._horizon = max(before, self._looking[groups - 1])
        else:
            self._read_on()

    def crowded(self) -> None:
        """There are too many for a guess: begin with the nearest."""
        self._hoped, self._disks, self._known = -1, list(DISKS), set()

    def listed(self, shares: Iterable[str]) -> None:
        """The places there are. On the whole Earth by group: most are never looked into."""
        new = [share for share in shares if share not in self._known]
        self._known.update(new)
        if self._charted < EVERYWHERE:
            for share in new:
                self._push(share, SHARE_RES)
        else:
            for share in new:
                self._groups.setdefault(group_of(share), []).append(share)
            for group in self._groups:
                self._push(group, GROUP_RES)
        self._read_on()

    def checked(self, live: Collection[PersonId], people: Iterable[PersonId]) -> None:
        """Who of these people is live."""
        self._checked.update((person, person in live) for person in people)

    def nobody_live(self) -> None:
        """It cannot be found out who is live: only who has declared a zone is left (W14)."""
        self._live.clear()
        self._checked.clear()
        self._horizon = EVERYWHERE
        self._is_alone = True

    def answer(self) -> list[Found]:
        """Whole layers, the nearest first, up to the first that makes enough (W5)."""
        found: list[Found] = []
        mixed = mixer(self._asked.salt)
        for at in self._layers():
            if len(found) >= self._want:
                break
            layer = [
                (_mark(person) * mixed & MARKS, Found(person, cell, at, live))
                for cell, people, live in self._at(at)
                for person in people
            ]
            layer.sort()
            found += [it for _, it in layer if not self._is_told(it.person)]
            self._live.pop(at, None)
            self._behind = at
        return found

    def _is_told(self, person: PersonId) -> bool:
        """Nobody twice: who declared two zones, or is between two lists, is at the nearer."""
        before = len(self._told)
        self._told.add(person)
        return len(self._told) == before

    def _at(self, at: int) -> Iterator[tuple[Cell, Iterable[PersonId], bool]]:
        """Those at that distance: who is live first, who has declared a zone and is not then."""
        for leaf, people in self._live.get(at, ()):
            yield to_cell(leaf), people, True
        for zone in self._zones.get(at, ()):
            yield zone, [it for it in self._declared([zone]) if not self._checked.get(it)], False

    def _layers(self) -> list[int]:
        """The steps at which all are known and nobody has been answered, with somebody there."""
        reach = min(self._horizon, self._limit)
        self._zones.update(self._around.take(reach))
        all_ = self._live.keys() | self._zones.keys()
        return sorted(at for at in all_ if self._behind < at <= reach)

    def _so_far(self) -> tuple[int, dict[PersonId, None]]:
        """How many there may be, and of whom among them it is not known whether they are live."""
        have, unsure, declared = 0, dict[PersonId, None](), set[PersonId]()
        for at in self._layers():
            if have + len(declared) >= self._want:
                break
            have += sum(len(people) for _, people in self._live.get(at, ()))
            for person in self._declared(self._zones.get(at, ())):
                live = self._checked.get(person)
                if not live:
                    declared.add(person)
                if live is None:
                    unsure[person] = None
        return have + len(declared), unsure

    def _wider(self) -> Ask:
        if self._disks:
            return self._disk()
        self._looking = ()
        if self._places and self._horizon < self._charted:
            return self._further()
        return self._chart()

    def _disk(self) -> Look:
        """A disk that reaches as far as was needed before; else a little further than the last."""
        guess = self._horizon < 0 <= self._hoped
        far = self._hoped if guess else int(WIDER * self._horizon) + 1
        chosen = next((it for it in self._disks if it[2] >= min(far, self._limit)), self._disks[-1])
        self._disks = [it for it in self._disks if it[2] > chosen[2]]
        res, rings, horizon = chosen
        if res == NEAR_RES:
            rings = min(rings, self._limit, max(self._hoped, 1) if guess else rings)
            self._looking = tuple(range(rings + 1))
            groups = [grid.grid_ring(self._asked.origin, ring) for ring in self._looking]
            return Look(groups, self._want)
        cells = grid.grid_disk(up(self._asked.origin, res), rings)
        if res == SHARE_RES:
            self._known.update(map(stem_of, cells))
        self._looking = (horizon,)
        return Look([cells], self._want, guess=guess)

    def _chart(self) -> Directory:
        if self._charted < 0 and is_flat(self._asked.origin):
            self._charted = REACH[CHART_RES] + 1
            return Directory(grid.grid_disk(up(self._asked.origin, CHART_RES), 1))
        self._charted = EVERYWHERE
        return Directory()

    def _further(self) -> Look:
        """Some of the nearest places not yet read."""
        cells: list[Index] = []
        while self._places and len(cells) < self._at_once:
            _, place = heappop(self._places)
            cells.append(index_of(place))
            self._open()
        self._at_once = min(2 * self._at_once, MOST_PLACES)
        return Look([cells], self._want)

    def _read_on(self) -> None:
        """Nothing unread is nearer than the nearest place that is not read."""
        self._open()
        nearest = self._places[0][0] - 1 if self._places else EVERYWHERE
        self._horizon = max(self._horizon, min(nearest, self._charted))

    def _open(self) -> None:
        """Open groups until a single place is the nearest."""
        while self._places and self._places[0][1] in self._groups:
            _, group = heappop(self._places)
            for share in self._groups.pop(group):
                self._push(share, SHARE_RES)

    def _push(self, stem: str, res: int) -> None:
        least = least_steps(self._asked.origin, index_of(stem), res)
        if least <= self._limit:
            heappush(self._places, (least, stem))

    def _declared(self, zones: Iterable[Cell]) -> Iterable[PersonId]:
        # While others were asked somebody may have left, and her zone be nobody's.
        return (person for zone in zones for person in self._asked.zones.get(zone, ()))
