"""Asking her, in the room, whether another help should be asked for; and what she answered.

What would be asked for is sealed under a key of its own, shown to her as it stands, and shredded
with her answer. The other use case is run by ``web/commands/bridges.py``, in the same transaction:
this folder knows neither shelter's needs nor alerts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matching.helpline.bridges import store
from matching.helpline.bridges.errors import BridgeAsked
from matching.helpline.bridges.machine import Bridge, Kind, State, answered, asked, lapsed
from matching.helpline.bridges.messages import SheetName, SheetNames
from matching.helpline.bridges.rules import MOST, SUBJECT_KEPT
from matching.helpline.bridges.sheets import Sheet, Sheets
from realtime.kernel.errors import LimitExceeded, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.rooms.service import Rooms
from realtime.store import Task
from realtime.tasks import Tasks

_OVER, _FORGET = "bridge.over", "bridge.forget"
_CONTEXT = "bridge"


class Bridging:
    def __init__(self, rooms: Rooms, sheets: Sheets) -> None:
        self._rooms = rooms
        self._sheets = sheets

    def register(self, tasks: Tasks) -> None:
        tasks.handle(_OVER, self._over)
        tasks.handle(_FORGET, self._forget)

    async def ask(
        self,
        tx: Transaction,
        actor: PersonId,
        *,
        chat: str,
        room: str,
        kind: Kind,
        prepared: bytes,
        shown: Mapping[str, object],
    ) -> Bridge:
        """Put a question to her. ``shown`` is all that would be asked for: she sees it whole."""
        before = await store.of_chat(tx.db, chat)
        if any(it.kind is kind and it.state is State.ASKED for it in before):
            raise BridgeAsked
        if len(before) >= MOST:
            raise LimitExceeded
        seat = await self._rooms.seat(tx, room, actor)
        new = asked(tx.ids(), chat=chat, room=room, kind=kind, by=actor, now=tx.now)
        sealed = await tx.seal(key_of(new.bridge), prepared, context=_CONTEXT)
        await store.put(tx.db, new, sealed)
        await self._rooms.event(
            tx, room, "bridge", seat, bridge=new.bridge, kind=kind, until=new.until, **shown
        )
        tx.schedule(_OVER, new.bridge, due=new.until)
        return new

    async def answer(
        self, tx: Transaction, person: PersonId, *, chat: str, bridge: str, yes: bool
    ) -> tuple[Bridge, bytes]:
        """Her answer, and what she said yes to. The rest of a yes is ``carried``'s to say."""
        kept = await store.find(tx.db, bridge)
        if kept is None or kept.bridge.chat != chat:
            raise NotFound
        after = answered(kept.bridge, yes=yes, now=tx.now)
        prepared = await tx.open(key_of(bridge), kept.sealed or b"", context=_CONTEXT)
        if not yes:
            await self._settle(tx, after, await self._rooms.seat(tx, after.room, person))
        return after, prepared

    async def carried(
        self,
        tx: Transaction,
        person: PersonId,
        bridge: Bridge,
        subject: str | None,
        facts: Mapping[str, object] | None = None,
    ) -> Bridge:
        """She said yes, and what she said yes to has been asked for, in this transaction."""
        after = replace(bridge, subject=subject)
        seat = await self._rooms.seat(tx, after.room, person)
        await self._settle(tx, after, seat, facts)
        if subject is not None:
            tx.schedule(_FORGET, after.bridge, due=tx.now + SUBJECT_KEPT)
        # Who asked is in the line too: her yes is never an operator's doing alone.
        tx.record(after.by, f"bridge.{after.kind}", after.bridge)
        return after

    async def of_chat(self, reading: Reading, chat: str) -> Sequence[Bridge]:
        return await store.of_chat(reading.db, chat)

    async def end(self, tx: Transaction, chat: str) -> None:
        """The conversation is over: nothing is asked any more."""
        for it in await store.of_chat(tx.db, chat):
            if it.state is State.ASKED:
                await self._settle(tx, lapsed(it, tx.now), None)

    def sheet(self, name: str, language: str) -> Sheet:
        """A sheet in her language, in French where there is none, or ``NotFound``."""
        found = self._sheets.get(name)
        if found is None:
            raise NotFound
        return found.get(language) or found["fr"]

    def sheet_names(self) -> SheetNames:
        return SheetNames(
            [
                SheetName(name, {language: it.title for language, it in each.items()})
                for name, each in self._sheets.items()
            ]
        )

    async def _settle(
        self,
        tx: Transaction,
        after: Bridge,
        seat: str | None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        await store.settle(tx.db, after)
        await tx.shred(key_of(after.bridge))
        tx.unschedule(_OVER, after.bridge)
        await self._rooms.event(
            tx,
            after.room,
            "bridged",
            seat,
            bridge=after.bridge,
            kind=after.kind,
            state=after.state,
            **(facts or {}),
        )

    async def _over(self, tx: Transaction, task: Task, prepared: None) -> None:
        kept = await store.find(tx.db, task.key)
        if kept is not None and kept.bridge.state is State.ASKED:
            await self._settle(tx, lapsed(kept.bridge, tx.now), None)

    async def _forget(self, tx: Transaction, task: Task, prepared: None) -> None:
        await store.forget(tx.db, task.key)


def key_of(bridge: str) -> str:
    return f"bridge:{bridge}"
