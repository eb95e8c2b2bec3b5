"""The task ``feed.cap``: an authority's feed, fetched, read in a thread, mirrored."""

import asyncio
from dataclasses import dataclass, field

import structlog

from alerts.cap import atom
from alerts.cap.atom import Feed
from alerts.cap.reading import read
from alerts.cap.refusals import Refused
from alerts.cap.rules import MOST_BYTES
from alerts.cap.values import Message
from alerts.networks.warnings.service import Warnings
from realtime.ledger import Ledger, Transaction
from realtime.push.fetching import NONE, Fetched, Fetcher, Got
from realtime.store import Task
from realtime.tasks import Tasks
from web.feed_settings import Source
from web.feeds import store
from web.feeds.rules import (
    CAP_EVERY,
    LINKED_AT_ONCE,
    LINKED_MOST,
    LINKED_S,
    pause_after,
)
from web.feeds.store import State

log = structlog.get_logger("web.feeds")

CAP = "feed.cap"


@dataclass(slots=True)
class Taken:
    """What came of asking for a feed once."""

    fetched: Fetched
    failures: int
    #: Messages, each with the address where it is said.
    messages: list[tuple[Message, str]] = field(default_factory=list)
    #: Addresses that the feed names, and that could not be had this time.
    missed: list[str] = field(default_factory=list)
    refused: int = 0
    #: The feed itself could be read.
    whole: bool = False


class Authorities:
    def __init__(
        self, ledger: Ledger, fetcher: Fetcher, warnings: Warnings, sources: list[Source]
    ) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._warnings = warnings
        self._sources = {it.key: it for it in sources}

    def register(self, tasks: Tasks) -> None:
        tasks.handle(CAP, self._apply, self._ask)

    async def plan(self, tx: Transaction) -> None:
        for key in self._sources:
            tx.schedule(CAP, key)

    async def _ask(self, task: Task) -> Taken | None:
        source = self._sources.get(task.key)
        if source is None:
            return None
        async with self._ledger.reading() as reading:
            known = await store.state(reading.db, f"cap:{source.key}")
        version = NONE if known is None else known.version
        failures = 0 if known is None else known.failures
        fetched = await self._fetcher.get(source.url, version, most=MOST_BYTES)
        taken = Taken(fetched, failures)
        if fetched.got is Got.NEW:
            await self._understand(taken, source)
        return taken

    async def _understand(self, taken: Taken, source: Source) -> None:
        try:
            found = await asyncio.to_thread(atom.read_any, taken.fetched.body)
        except Refused as reason:
            log.warning("feed.refused", feed=source.key, reason=reason.reason)
            taken.refused += 1
            return
        taken.whole = True
        if not isinstance(found, Feed):
            taken.messages = [(it, source.url) for it in found]
            return
        taken.refused += len(found.refused)
        links = []
        for entry in found.entries:
            if entry.message is not None:
                taken.messages.append((entry.message, entry.link or source.url))
            else:
                links.append(entry.link)
        await self._follow(taken, links)

    async def _follow(self, taken: Taken, links: list[str]) -> None:
        """Fetch what the feed only names, a few at once, for a while."""
        places, missed = asyncio.Semaphore(LINKED_AT_ONCE), set(links)

        async def one(link: str) -> None:
            async with places:
                fetched = await self._fetcher.get(link, most=MOST_BYTES)
            if fetched.got is not Got.NEW:
                return
            missed.discard(link)
            try:
                taken.messages.append((await asyncio.to_thread(read, fetched.body), link))
            except Refused:
                taken.refused += 1

        wanted = list(dict.fromkeys(links))[:LINKED_MOST]
        _, late = (
            await asyncio.wait(
                [asyncio.create_task(one(link)) for link in wanted], timeout=LINKED_S
            )
            if wanted
            else (set(), set())
        )
        for each in late:
            each.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        taken.missed = [link for link in links if link in missed]

    async def _apply(self, tx: Transaction, task: Task, taken: Taken | None) -> None:
        feed = f"cap:{task.key}"
        if taken is None:
            await store.forget(tx.db, feed)
            return
        fetched = taken.fetched
        failed = fetched.got is not Got.SAME and not taken.whole
        shown = 0
        if taken.whole:
            made = await self._warnings.take(tx, task.key, taken.messages, missed=taken.missed)
            shown = len(made.shown)
        failures = taken.failures + 1 if failed else 0
        # What could not be had whole is asked for again, though the feed has not changed.
        kept = fetched.version if not failed and not taken.missed else NONE
        await store.put_state(
            tx.db,
            State(
                feed=feed,
                version=kept,
                failures=failures,
                at=tx.now,
                got=fetched.got,
                taken=shown,
                refused=taken.refused,
            ),
        )
        tx.schedule(CAP, task.key, due=tx.now + pause_after(failures, CAP_EVERY))
