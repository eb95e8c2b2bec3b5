"""Whereabouts that all nodes share, in a Redis that keeps nothing on disk.

Each cell of res 5 has a list of the people in it, those of like tags together and sorted by where
they are (``stems.py``), so that those around an origin who may are read in one question: whoever
stands in a list, and spoke within ten minutes, is live there. Beside the lists each person has a
record in one of sixteen drawers, chosen by the id: on duty with these tags, when she spoke last,
and in which lists she may stand. A word is written into the record first, into the list then;
somebody who goes from one list to another is marked in the first before she enters the second
(DECISIONS 13).
All names of one drawer, and of one list, carry the same hash tag: a cluster has them in one slot.
"""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from geo.cells import Cell, Index, to_cell
from geo.errors import WhereaboutsFull
from geo.point import Point
from geo.servers import Redis
from geo.whereabouts.adapters import scripts
from geo.whereabouts.adapters.lists import CELLS, FRESH_MS, Lists, milliseconds
from geo.whereabouts.adapters.memory import MOST_ENLISTED
from geo.whereabouts.adapters.reading import Reading
from geo.whereabouts.adapters.together import Together
from geo.whereabouts.adapters.walking import Walking
from geo.whereabouts.asking import Asking
from geo.whereabouts.asks import Ask, Check, Directory, Look, Question
from geo.whereabouts.occupied import COUNTED
from geo.whereabouts.order import near_index
from geo.whereabouts.ports import LEAST_COUNTED, Found, Walk
from geo.whereabouts.reached import Reached
from geo.whereabouts.stems import (
    Entry,
    entry_of,
    index_of,
    read_entry,
    share_of,
    stem_of,
    within,
)
from realtime.kernel.clock import Clock
from realtime.kernel.errors import Malformed, Unavailable
from realtime.kernel.ids import PersonId

#: For a whole question; beyond it a dispatch goes on with the declared people.
PATIENCE_S = 3.0
#: Lists are swept that often where nobody moves, by one node.
TIDY_S = 30.0
#: Entries swept from one list in one step: Redis is held for a few milliseconds.
SWEPT_MOST = 500
#: Records or entries read in one command, and lists read in one round trip.
AT_ONCE, LISTS_AT_ONCE = 500, 50
DRAWERS = 16


class RedisWhereabouts:
    """Keeps ``geo.whereabouts.ports.Whereabouts``'s promises on all nodes together."""

    def __init__(
        self, redis: Redis, *, most: int = MOST_ENLISTED, patience_s: float = PATIENCE_S
    ) -> None:
        self._redis = redis
        self._together = Together(redis)
        self._lists = Lists(redis)
        self._most = most
        self._patience_s = patience_s
        self._reached = Reached()

    @asynccontextmanager
    async def tidying(self, clock: Clock) -> AsyncGenerator[None]:
        """Forget what has expired where nobody moves any more; of all nodes, one at a time does."""
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(self._tidy_on(clock), name="whereabouts.tidy")
            try:
                yield
            finally:
                task.cancel()

    async def enlist(self, person: PersonId, tags: int) -> None:
        # While no drawer is full nothing has to be counted: together they hold no more than most.
        record = await self._enlist(person, tags, self._most // DRAWERS)
        if record is None:
            drawers = [("HLEN", self._drawer(it, "duty")) for it in range(DRAWERS)]
            if sum(await self._redis.ask(drawers)) >= self._most:
                raise WhereaboutsFull
            record = await self._enlist(person, tags, -1)
        if record:
            _, *shares = record.decode().split()
            await self._redis.ask([self._lists.retag(it, person, tags) for it in shares])

    async def discharge(self, person: PersonId) -> None:
        # Off the lists first: should we die in between, the task that told us tells again.
        (kept,) = await self._redis.ask([("GET", self._record(person))])
        await self._leave(person, kept)
        # Whoever moved meanwhile: no word is taken any more, and her record stays until it is done.
        while (kept := await self._discharge(person, kept)) is not None:
            await self._leave(person, kept)

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        stem, at = stem_of(near_index(cell)), milliseconds(now)
        limits = (FRESH_MS, scripts.MOST_LEFT)
        move = ("EVAL", scripts.MOVE, 2, *self._keys(person), person, at, share_of(stem), *limits)
        try:
            (told,) = await self._together.ask([move])
            if told is None:
                return False
            if told:
                await self._place(person, stem, at, *told)
        except Unavailable:
            # W14: the phone sends its cell again.
            return True
        return True

    def at_hand(self, person: PersonId) -> bool:
        return False

    def move_at_once(self, person: PersonId, point: Point, now: datetime) -> None:
        raise LookupError("nobody is at hand")

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
        question = Question(
            origin=near_index(origin),
            ring=ring,
            want=0,
            tags_all=tags_all,
            zones=declared or {},
            salt=salt,
        )
        expired = milliseconds(now) - FRESH_MS
        find_out = partial(self._find_out, question, expired)
        return Walking(question, self._reached, find_out, patience_s=self._patience_s)

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        if res not in COUNTED:
            raise Malformed
        try:
            places = await self._everybody(milliseconds(now) - FRESH_MS)
        except Unavailable:
            return {}
        people: dict[str, int] = {}
        for stem in places.values():
            cell = stem[: 3 + res]
            people[cell] = people.get(cell, 0) + 1
        return {to_cell(index_of(cell)): many for cell, many in people.items() if many >= at_least}

    async def tidy(self, now: datetime) -> None:
        """Forget what has expired, everywhere."""
        expired = milliseconds(now) - FRESH_MS
        lists = [CELLS, *await self._shares()]
        while lists:
            swept = await self._redis.ask(
                [self._lists.sweep(it, expired, SWEPT_MOST) for it in lists]
            )
            # A stadium whose network fell silent: whoever asks near it would read it all again.
            lists = [it for it, many in zip(lists, swept, strict=True) if many == SWEPT_MOST]

    async def _tidy_on(self, clock: Clock) -> None:
        mine = ("SET", self._redis.key("live", "tidy"), "", "NX", "PX", int(TIDY_S * 900))
        while True:
            await asyncio.sleep(TIDY_S)
            with suppress(Unavailable):
                if (await self._redis.ask([mine]))[0]:
                    await self.tidy(clock.now())

    async def _find_out(self, question: Question, expired: int, asking: Asking, ask: Ask) -> None:
        match ask:
            case Look():
                found = await Reading(self._redis, self._lists, question, expired).look(ask)
                if found is None:
                    asking.crowded()
                else:
                    asking.looked(*found)
            case Directory(inside):
                asking.listed(await self._shares(inside))
            case Check(people):
                asking.checked(await self._live(people, expired), people)

    async def _place(
        self, person: PersonId, stem: str, at: int, tags: bytes, left: list[bytes], anew: int
    ) -> None:
        share, others = share_of(stem), [it.decode() for it in left]
        if others:
            await self._together.ask([self._lists.mark(it, person, share) for it in others])
        entry = entry_of(stem, person, int(tags))
        # The list is listed first: should we die in between, nobody stands where nobody looks.
        *_, done = await self._together.ask(
            [
                self._lists.note(share, at),
                self._lists.place(share, person, entry, at, anew=bool(anew)),
            ]
        )
        # No list of her first word has heard of her: the record knows whether it still holds.
        if (others or anew) and done != scripts.LATER:
            if others:
                await self._together.ask([self._lists.leave(it, person, at) for it in others])
            moved = ("EVAL", scripts.MOVED, 2, *self._keys(person), at, share)
            (latest,) = await self._together.ask([moved])
            if not latest:
                await self._together.ask([self._lists.leave(share, person, at)])

    async def _leave(self, person: PersonId, record: bytes | None) -> None:
        if record is not None:
            at, *shares = record.decode().split()
            await self._redis.ask(
                [self._lists.leave(it, person, int(at), for_good=True) for it in shares]
            )

    async def _live(self, people: Iterable[PersonId], expired: int) -> set[PersonId]:
        """Those who are live."""
        drawers: dict[int, list[PersonId]] = {}
        for person in people:
            drawers.setdefault(_drawer_of(person), []).append(person)
        parts = [
            them[start : start + AT_ONCE]
            for them in drawers.values()
            for start in range(0, len(them), AT_ONCE)
        ]
        answers = await self._redis.ask([("MGET", *map(self._record, part)) for part in parts])
        return {
            person
            for part, records in zip(parts, answers, strict=True)
            for person, record in zip(part, records, strict=True)
            if record is not None and int(record.partition(b" ")[0]) > expired
        }

    async def _everybody(self, expired: int) -> dict[PersonId, str]:
        """The cell of everybody who is live, as a stem."""
        shares = await self._shares()
        places: dict[PersonId, str] = {}
        #: Who may be elsewhere is here if she is nowhere else.
        left: dict[PersonId, str] = {}
        # Some lists at a time: others have their turn between.
        for start in range(0, len(shares), LISTS_AT_ONCE):
            for entry in await self._fresh(shares[start : start + LISTS_AT_ONCE], expired):
                (left if entry.towards else places)[entry.person] = entry.stem
        return left | places

    async def _fresh(self, shares: Sequence[str], expired: int) -> list[Entry]:
        """Everybody listed there who has spoken within ten minutes."""
        parts = {it: self._lists.parts(it) for it in shares}
        silent = await self._redis.ask(
            [("ZRANGE", by_time, "-inf", expired, "BYSCORE") for _, by_time, _ in parts.values()]
        )
        names = {
            it: {name.decode() for name in each} for it, each in zip(parts, silent, strict=True)
        }
        entries: list[Entry] = []
        left = dict.fromkeys(shares, "-")
        # A stadium a page at a time: Redis has others to answer.
        while left:
            pages = await self._redis.ask(
                [
                    ("ZRANGEBYLEX", parts[it][0], low, "+", "LIMIT", 0, AT_ONCE)
                    for it, low in left.items()
                ]
            )
            read, left = list(left), {}
            for share, page in zip(read, pages, strict=True):
                listed = (read_entry(share, it.decode()) for it in page)
                entries += [it for it in listed if it.person not in names[share]]
                if len(page) == AT_ONCE:
                    left[share] = f"({page[-1].decode()}"
        return entries

    async def _shares(self, inside: Sequence[Index] = ()) -> list[str]:
        """The lists that there are, inside some coarse cells or everywhere."""
        directory, *_ = self._lists.parts(CELLS)
        between = [within(stem_of(cell)) for cell in inside] or [("-", "+")]
        found = await self._redis.ask([("ZRANGEBYLEX", directory, *each) for each in between])
        return [it.decode() for some in found for it in some]

    async def _enlist(self, person: PersonId, tags: int, most: int) -> bytes | None:
        record: bytes | None
        (record,) = await self._redis.ask(
            [("EVAL", scripts.ENLIST, 2, *self._keys(person), person, tags, most)]
        )
        return record

    async def _discharge(self, person: PersonId, left: bytes | None) -> bytes | None:
        record: bytes | None
        (record,) = await self._redis.ask(
            [("EVAL", scripts.DISCHARGE, 2, *self._keys(person), person, left or b"")]
        )
        return record

    def _keys(self, person: PersonId) -> tuple[str, str]:
        return self._drawer(_drawer_of(person), "duty"), self._record(person)

    def _record(self, person: PersonId) -> str:
        return self._drawer(_drawer_of(person), f"at:{person}")

    def _drawer(self, number: int, what: str) -> str:
        return self._redis.key("live", f"{{drawer-{number}}}", what)


def _drawer_of(person: PersonId) -> int:
    return zlib.crc32(person.encode()) % DRAWERS
