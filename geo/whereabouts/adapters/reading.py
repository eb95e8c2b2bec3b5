"""Who is live in some cells, read from the lists that Redis keeps.

One script for all lists, in a cluster one for each. Neither Redis nor the loop here is held by a
crowd: a script reads at most so many entries, else the lists are read piece by piece; and what came
is taken apart in pieces.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from geo.cells import Index, up
from geo.servers import Command, Redis
from geo.whereabouts.adapters import scripts
from geo.whereabouts.adapters.lists import Lists
from geo.whereabouts.asks import Look, Question
from geo.whereabouts.stems import SHARE_RES, TOWARDS, index_of, inside, read_entry, stem_of
from realtime.kernel.ids import PersonId

#: People by cell.
People = dict[Index, list[PersonId]]
#: Of a list: group by group, the beginnings of its cells.
Cells = Sequence[Sequence[str]]

#: Entries taken apart in one turn of the loop.
AT_ONCE = 500
#: Pieces of a crowded list read in one round trip.
RANGES_AT_ONCE = 8
_TOWARDS = TOWARDS.encode()


class Reading:
    """One ``Look``: what came of each list so far."""

    def __init__(self, redis: Redis, lists: Lists, question: Question, expired: int) -> None:
        self._redis = redis
        self._lists = lists
        self._question = question
        self._expired = expired
        self._people: People = {}
        #: By list: in whose entry it says that she may be there by now.
        self._marked: dict[str, list[tuple[Index, PersonId]]] = {}

    async def look(self, look: Look) -> tuple[People, int] | None:
        """The people, and how many groups were read; None: too many for a guess."""
        wanted = _by_share(look.groups)
        parts = [[share] for share in wanted] if self._redis.divided else [list(wanted)]
        answers = await self._redis.ask([self._find(part, wanted, look.enough) for part in parts])
        if look.guess and any(answer[1] for answer in answers):
            return None
        groups = len(look.groups)
        for part, (read, too_much, stale, kinds, found) in zip(parts, answers, strict=True):
            if too_much:
                for share, tags in zip(part, kinds, strict=True):
                    read = await self._crowd(share, wanted[share], tags, look.enough)
                    groups = min(groups, read)
            else:
                groups = min(groups, read)
                listed = {
                    share: list(chain.from_iterable(some))
                    for share, some in zip(part, found, strict=True)
                }
                some_are_silent = [it for it, some in zip(part, stale, strict=True) if some]
                for share, entries in (await self._fresh(listed, some_are_silent)).items():
                    await self._take(share, entries)
        await self._resolve()
        return self._people, groups

    def _find(self, shares: Sequence[str], wanted: Mapping[str, Cells], enough: int) -> Command:
        asked = self._question
        keys = [key for share in shares for key in self._lists.parts(share)]
        expiry = (self._expired, scripts.SWEPT_AT_ONCE)
        limits = (asked.tags_all, enough, scripts.READ_AT_ONCE, scripts.SWEPT_IN_A_STEP)
        cells = (
            " ".join([it for group in wanted[share] for it in (*group, scripts.END_OF_GROUP)])
            for share in shares
        )
        return ("EVAL", scripts.FIND, len(keys), *keys, *expiry, *limits, *cells)

    async def _crowd(self, share: str, cells: Cells, kinds: Sequence[bytes], enough: int) -> int:
        """Read a list piece by piece; how many groups, until there are enough."""
        many, by_cell = 0, self._lists.parts(share)[0]
        for number, group in enumerate(cells, 1):
            starts = [
                f"{tags.decode()}/{'' if cell == scripts.WHOLE else cell}"
                for cell in group
                for tags in kinds
            ]
            left = [(f"[{it}", f"({it}7") for it in starts]
            while left:
                asked, left = left[:RANGES_AT_ONCE], left[RANGES_AT_ONCE:]
                pages = await self._redis.ask(
                    [("ZRANGEBYLEX", by_cell, *it, "LIMIT", 0, AT_ONCE) for it in asked]
                )
                for (_, high), page in zip(asked, pages, strict=True):
                    fresh = await self._fresh({share: page}, [share])
                    many += await self._take(share, fresh[share])
                    if len(page) == AT_ONCE:
                        left.append((f"({page[-1].decode()}", high))
            if many >= enough:
                return number
        return len(cells)

    async def _take(self, share: str, entries: Sequence[bytes]) -> int:
        """Note where they are; how many there were."""
        by_digits: dict[bytes, list[PersonId]] = {}
        for start in range(0, len(entries), AT_ONCE):
            if start:
                await asyncio.sleep(0)
            for entry in entries[start : start + AT_ONCE]:
                if _TOWARDS in entry:
                    self._mark(share, entry.decode())
                    continue
                _, digits, name = entry.split(b"/", 2)
                people = by_digits.get(digits)
                if people is None:
                    leaf = index_of(share + digits.decode())
                    by_digits[digits] = people = self._people.setdefault(leaf, [])
                people.append(PersonId(name.decode()))
        return len(entries)

    async def _fresh(
        self, listed: Mapping[str, Sequence[bytes]], stale: Collection[str]
    ) -> Mapping[str, Sequence[bytes]]:
        """Those who have spoken within ten minutes, of lists in which others may stand too."""
        asked = [it for it in stale if listed[it]]
        if not asked:
            return listed
        answers = await self._redis.ask(
            [
                (
                    "ZMSCORE",
                    self._lists.parts(share)[1],
                    *(read_entry(share, entry.decode()).person for entry in listed[share]),
                )
                for share in asked
            ]
        )
        fresh = {
            share: [
                entry
                for entry, at in zip(listed[share], moments, strict=True)
                if at is not None and float(at) > self._expired
            ]
            for share, moments in zip(asked, answers, strict=True)
        }
        return {**listed, **fresh}

    def _mark(self, share: str, entry: str) -> None:
        stem, person, towards = read_entry(share, entry)
        self._marked.setdefault(towards, []).append((index_of(stem), person))

    async def _resolve(self) -> None:
        """Whoever was on her way is where she was, unless she has arrived."""
        if not self._marked:
            return
        asked = [
            ("HMGET", self._lists.parts(share)[2], *(person for _, person in them))
            for share, them in self._marked.items()
        ]
        for them, arrived in zip(self._marked.values(), await self._redis.ask(asked), strict=True):
            for (leaf, person), entry in zip(them, arrived, strict=True):
                if entry is None:
                    self._people.setdefault(leaf, []).append(person)


def _by_share(groups: Sequence[Iterable[Index]]) -> Mapping[str, Cells]:
    """What to read of each list, of each all groups."""
    wanted: dict[Index, list[list[str]]] = {}
    for number, group in enumerate(groups):
        for cell in group:
            share = up(cell, SHARE_RES)
            if share not in wanted:
                wanted[share] = [[] for _ in groups]
            wanted[share][number].append(inside(cell) or scripts.WHOLE)
    return {stem_of(share): cells for share, cells in wanted.items()}
