"""Keeps this node's roster right when a post changes on another one.

A change is told to all nodes by name only: each reads the row again, a few hundred at once, and
opens the zone itself. Told twice, late, or in disorder, it ends as the table says.
"""

import asyncio
from collections.abc import Iterable
from itertools import islice

import structlog

from matching.helpers.posts import Posts
from matching.helpers.store import AT_ONCE
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger

log = structlog.get_logger(__name__)

#: Between two attempts, while the database is away.
RETRY_S = 0.5
#: People to read again; beyond it everybody is, as at the start.
MOST_TOLD = 50_000


class Told:
    def __init__(self, posts: Posts, ledger: Ledger) -> None:
        self._posts = posts
        self._ledger = ledger
        self._people: dict[PersonId, None] = {}
        self._everybody = False
        self._some = asyncio.Event()

    def tell(self, people: Iterable[PersonId]) -> None:
        self._people.update(dict.fromkeys(people))
        if len(self._people) > MOST_TOLD:
            self.tell_all()
        self._some.set()

    def tell_all(self) -> None:
        """Nothing that the roster says is certain any more."""
        self._people.clear()
        self._everybody = True
        self._some.set()

    async def run(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            while self._people or self._everybody:
                try:
                    await self._read()
                except AppError as error:
                    log.warning("roster.not_read", error=error.name)
                    await asyncio.sleep(RETRY_S)

    async def _read(self) -> None:
        if self._everybody:
            async with self._ledger.reading() as reading:
                on_duty = await self._posts.on_duty(reading)
            # From here on they are read like any others.
            self._people.update(dict.fromkeys((*self._posts.roster, *on_duty)))
            self._everybody = False
        part = list(islice(self._people, AT_ONCE))
        for person in part:
            # Before, not after: whoever is told of meanwhile must be read again.
            del self._people[person]
        try:
            await self._posts.follow(part)
        except BaseException:
            self._people.update(dict.fromkeys(part))
            raise
