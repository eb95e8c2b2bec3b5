"""Keeping somebody from writing for a while: by who they are, and for a day by where they are.

Addresses are not kept: an HMAC of the network, under a key of this deployment, is, for a day. Who
is blocked is told so, with the numbers that answer by telephone (``ChatBlocked``).
"""

import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta

from matching.helpline.blocks import store
from matching.helpline.blocks.messages import Blocks, BlockView, Dropped
from matching.helpline.blocks.rules import ADDRESS_KEPT, Reason, address_until, ends, stops
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: Blocks in an answer.
PAGE = 200
PRUNE_EVERY = timedelta(minutes=10)
_KIND = "block.prune"


class BlockList:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def register(self, tasks: Tasks) -> None:
        tasks.handle(_KIND, self._prune)

    async def plan(self, tx: Transaction) -> None:
        tx.schedule(_KIND, "all", due=tx.now + PRUNE_EVERY)

    async def admit(
        self,
        reading: Reading,
        *,
        line: str,
        person: PersonId,
        network: str,
        dangers: Collection[str],
    ) -> bool:
        """Whether this person may write to the line now. ``network``: where from, "" unknown."""
        db, now = reading.db, reading.now
        own = await store.has_person(db, line, person, now)
        near = bool(network) and await store.has_mark(db, line, self._mark(network), now)
        return not stops(person=own, address=near, dangers=dangers)

    async def remember(self, tx: Transaction, *, line: str, chat: str, network: str) -> None:
        """Where a chat comes from, for a day, so that it may be blocked by it."""
        if network:
            until = tx.now + ADDRESS_KEPT
            await store.put_mark(tx.db, store.CHAT, chat, line, self._mark(network), until)

    async def set(
        self,
        tx: Transaction,
        actor: PersonId,
        *,
        line: str,
        chat: str,
        person: PersonId,
        reason: Reason,
        days: int | None,
        supervisor: bool,
    ) -> BlockView:
        """Block the person of a chat, and for a day at most where she wrote from."""
        until = ends(tx.now, days, supervisor=supervisor)
        new = store.Block(
            block=tx.ids(),
            line=line,
            person=person,
            reason=reason,
            at=tx.now,
            by=actor,
            until=until,
        )
        await store.put(tx.db, new)
        value = await store.mark_of(tx.db, chat, tx.now)
        if value is not None:
            here = address_until(tx.now, until)
            await store.put_mark(tx.db, store.BLOCK, new.block, line, value, here)
        tx.record(actor, "block.set", new.block)
        return BlockView(block=new.block, reason=reason, at=tx.now, by=actor, until=until)

    async def drop(self, tx: Transaction, actor: PersonId, line: str, block: str) -> Dropped:
        if not await store.drop(tx.db, line, block):
            raise NotFound
        tx.record(actor, "block.drop", block)
        return Dropped(block)

    async def all_of(self, reading: Reading, line: str) -> Blocks:
        return Blocks(await store.listed(reading.db, line, reading.now, limit=PAGE))

    async def _prune(self, tx: Transaction, task: Task, prepared: None) -> None:
        await store.prune(tx.db, tx.now)
        await self.plan(tx)

    def _mark(self, network: str) -> bytes:
        return hmac.digest(self._key, network.encode(), hashlib.sha256)
