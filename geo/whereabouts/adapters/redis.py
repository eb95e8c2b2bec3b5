"""Whereabouts that all nodes share, in a Redis that keeps nothing on disk.

Each person has a record in one of sixteen drawers, chosen by the id: on duty with these tags, and
where and when she was live last, which Redis forgets after ten minutes. That is the truth. Beside
it, each cell of res 5 has a list of the people in it, sorted by where they are (``stems.py``), so
that those around an origin are read in a question or two; a list is only a hint (``asking.py``).
All names of one drawer, and of one list, carry the same hash tag: a cluster has them in one slot.
"""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from geo.cells import Cell, Index, to_cell
from geo.errors import WhereaboutsFull
from geo.point import Point
from geo.servers import Command, Redis
from geo.whereabouts.adapters import scripts
from geo.whereabouts.adapters.memory import MOST_ENLISTED
from geo.whereabouts.asking import Asking, with_nobody_live
from geo.whereabouts.asks import Ask, Check, Directory, Look, Question, Spot, Tally
from geo.whereabouts.occupied import COUNTED
from geo.whereabouts.order import near_index
from geo.whereabouts.ports import FRESH, LEAST_COUNTED, Found
from geo.whereabouts.reached import Reached
from geo.whereabouts.stems import (
    bounds,
    index_of,
    member_of,
    read_member,
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
#: Entries swept from one list in one sweep.
SWEPT_MOST = 5_000
#: Records read in one command, and lists read in one round trip.
AT_ONCE, LISTS_AT_ONCE = 500, 50
DRAWERS = 16

_FRESH_MS = FRESH // timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RedisWhereabouts:
    """Keeps ``geo.whereabouts.ports.Whereabouts``'s promises on all nodes together."""

    def __init__(
        self, redis: Redis, *, most: int = MOST_ENLISTED, patience_s: float = PATIENCE_S
    ) -> None:
        self._redis = redis
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
        if not await self._enlist(person, tags, self._most // DRAWERS):
            drawers = [("HLEN", self._drawer(it, "duty")) for it in range(DRAWERS)]
            if sum(await self._redis.ask(drawers)) >= self._most:
                raise WhereaboutsFull
            await self._enlist(person, tags, -1)

    async def discharge(self, person: PersonId) -> None:
        # Off the list first: should we die in between, the task that told us tells again.
        (kept,) = await self._redis.ask([("GET", self._record(person))])
        await self._forget_entry(person, kept)
        (left,) = await self._redis.ask(
            [("EVAL", scripts.DISCHARGE, 2, *self._keys(person), person)]
        )
        if left != kept:
            await self._forget_entry(person, left)

    async def move(self, person: PersonId, cell: Cell, now: datetime) -> bool:
        stem, at = stem_of(near_index(cell)), _ms(now)
        share, member = share_of(stem), member_of(stem, person)
        try:
            # On the list first: should we die in between, the record does not point to nowhere.
            *_, was = await self._redis.ask(
                [
                    self._note(self._directory(), share, at),
                    self._note(self._list(share), member, at),
                    ("EVAL", scripts.MOVE, 2, *self._keys(person), person, at, stem, _FRESH_MS),
                ]
            )
            if was is None:
                await self._redis.ask([self._drop(stem, person, at)])
                return False
            left = was[1].decode() if was[0] else stem
            stays = stem if was[0] else was[1].decode()
            if left and left != stays:
                await self._redis.ask([self._drop(left, person, at)])
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
        question = Question(
            origin=near_index(origin),
            ring=ring,
            want=want,
            tags_all=tags_all,
            zones=declared or {},
            salt=salt,
        )
        asking = Asking(question, self._reached.before(question))
        expired = _ms(now) - _FRESH_MS
        try:
            async with asyncio.timeout(self._patience_s):
                while (ask := asking.next()) is not None:
                    await self._find_out(asking, ask, expired)
        except (Unavailable, TimeoutError):
            return with_nobody_live(question)
        found = asking.answer()
        self._reached.note(question, found)
        return found

    async def counts(
        self, res: int, now: datetime, *, at_least: int = LEAST_COUNTED
    ) -> dict[Cell, int]:
        if res not in COUNTED:
            raise Malformed
        try:
            places = await self._everybody(_ms(now) - _FRESH_MS)
        except Unavailable:
            return {}
        people: dict[str, int] = {}
        for stem in places.values():
            cell = stem[: 3 + res]
            people[cell] = people.get(cell, 0) + 1
        return {to_cell(index_of(cell)): many for cell, many in people.items() if many >= at_least}

    async def tidy(self, now: datetime) -> None:
        """Forget what has expired, everywhere."""
        expired = _ms(now) - _FRESH_MS
        lists = [self._directory(), *map(self._list, await self._shares())]
        await self._redis.ask(
            [("EVAL", scripts.SWEEP, 2, *each, expired, SWEPT_MOST) for each in lists]
        )

    async def _tidy_on(self, clock: Clock) -> None:
        mine = ("SET", self._redis.key("live", "tidy"), "", "NX", "PX", int(TIDY_S * 900))
        while True:
            await asyncio.sleep(TIDY_S)
            with suppress(Unavailable):
                if (await self._redis.ask([mine]))[0]:
                    await self.tidy(clock.now())

    async def _find_out(self, asking: Asking, ask: Ask, expired: int) -> None:
        match ask:
            case Tally(groups):
                cells = [self._between("ZLEXCOUNT", cell) for group in groups for cell in group]
                counts = iter(await self._redis.ask(cells))
                asking.tallied([sum(next(counts) for _ in group) for group in groups])
            case Look(cells):
                asking.looked(await self._listed(cells))
            case Directory(inside):
                asking.listed(await self._shares(inside))
            case Check(people):
                asking.checked(await self._spots(people, expired))

    async def _listed(self, cells: Sequence[Index]) -> list[tuple[Index, PersonId]]:
        answers = await self._redis.ask([self._between("ZRANGEBYLEX", cell) for cell in cells])
        found: list[tuple[Index, PersonId]] = []
        leaves: dict[str, Index] = {}
        for cell, members in zip(cells, answers, strict=True):
            share = share_of(stem_of(cell))
            for member in members:
                stem, person = read_member(share, member.decode())
                leaf = leaves.get(stem)
                if leaf is None:
                    leaves[stem] = leaf = index_of(stem)
                found.append((leaf, PersonId(person)))
        return found

    async def _spots(self, people: Iterable[PersonId], expired: int) -> dict[PersonId, Spot]:
        """Where they are, those who are live."""
        drawers: dict[int, list[PersonId]] = {}
        for person in people:
            drawers.setdefault(_drawer_of(person), []).append(person)
        parts = [
            them[start : start + AT_ONCE]
            for them in drawers.values()
            for start in range(0, len(them), AT_ONCE)
        ]
        answers = await self._redis.ask([("MGET", *map(self._record, part)) for part in parts])
        spots: dict[PersonId, Spot] = {}
        for part, records in zip(parts, answers, strict=True):
            for person, record in zip(part, records, strict=True):
                if record is not None:
                    at, stem, tags = record.decode().split()
                    if int(at) > expired:
                        spots[person] = Spot(index_of(stem), int(tags))
        return spots

    async def _everybody(self, expired: int) -> dict[PersonId, str]:
        """The cell of everybody who is live, as a stem."""
        shares = await self._shares()
        places: dict[PersonId, str] = {}
        twice: set[PersonId] = set()
        # Some lists at a time: others have their turn between.
        for start in range(0, len(shares), LISTS_AT_ONCE):
            for person, stem in await self._fresh(shares[start : start + LISTS_AT_ONCE], expired):
                if places.setdefault(person, stem) != stem:
                    twice.add(person)
        # Whoever is listed in two cells is moving, or was when a server died: the record knows.
        spots = await self._spots(twice, expired)
        for person in twice:
            del places[person]
        return places | {person: stem_of(spot.cell) for person, spot in spots.items()}

    async def _fresh(self, shares: Sequence[str], expired: int) -> list[tuple[PersonId, str]]:
        """Everybody listed there whose entry is fresh, and in which cell."""
        fresh = (f"({expired}", "+inf", "BYSCORE")
        answers = await self._redis.ask([("ZRANGE", self._list(it)[1], *fresh) for it in shares])
        return [
            (PersonId(person), stem)
            for share, members in zip(shares, answers, strict=True)
            for stem, person in (read_member(share, member.decode()) for member in members)
        ]

    async def _shares(self, inside: Sequence[Index] = ()) -> list[str]:
        """The lists that there are, inside some coarse cells or everywhere."""
        directory, _ = self._directory()
        between = [within(stem_of(cell)) for cell in inside] or [("-", "+")]
        found = await self._redis.ask([("ZRANGEBYLEX", directory, *each) for each in between])
        return [it.decode() for some in found for it in some]

    async def _enlist(self, person: PersonId, tags: int, most: int) -> bool:
        (done,) = await self._redis.ask(
            [("EVAL", scripts.ENLIST, 2, *self._keys(person), person, tags, most)]
        )
        return bool(done)

    async def _forget_entry(self, person: PersonId, record: bytes | None) -> None:
        if record is not None:
            at, stem, _ = record.decode().split()
            await self._redis.ask([self._drop(stem, person, int(at))])

    def _note(self, lists: tuple[str, str], entry: str, at: int) -> Command:
        expiry = (at - _FRESH_MS, scripts.SWEPT_AT_ONCE)
        return ("EVAL", scripts.NOTE, 2, *lists, *expiry, entry, at, _FRESH_MS)

    def _drop(self, stem: str, person: PersonId, at: int) -> Command:
        lists = self._list(share_of(stem))
        return ("EVAL", scripts.DROP, 2, *lists, member_of(stem, person), at)

    def _between(self, command: str, cell: Index) -> Command:
        stem = stem_of(cell)
        return (command, self._list(share_of(stem))[0], *bounds(stem))

    def _directory(self) -> tuple[str, str]:
        return self._list("cells")

    def _list(self, share: str) -> tuple[str, str]:
        key = self._redis.key("live", f"{{{share}}}")
        return f"{key}:by-cell", f"{key}:by-time"

    def _keys(self, person: PersonId) -> tuple[str, str]:
        return self._drawer(_drawer_of(person), "duty"), self._record(person)

    def _record(self, person: PersonId) -> str:
        return self._drawer(_drawer_of(person), f"at:{person}")

    def _drawer(self, number: int, what: str) -> str:
        return self._redis.key("live", f"{{drawer-{number}}}", what)


def _drawer_of(person: PersonId) -> int:
    return zlib.crc32(person.encode()) % DRAWERS


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
