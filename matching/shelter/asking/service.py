"""Scarce nights: hotels are asked in waves, and the first that says yes has her.

Whom to ask is looked up outside the transaction; whom not to ask again is read inside it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from matching.shelter.asking import machine, messages, store
from matching.shelter.asking.machine import AskState, Fit, Phase, Round
from matching.shelter.asking.messages import DeskAsk
from matching.shelter.asking.ports import Search
from matching.shelter.asking.store import Kept
from matching.shelter.errors import AskCovered, RoomDoesNotFit
from matching.shelter.holds.service import Change, Holds, desk_channel
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import nights
from matching.shelter.rules import HOLD_MINUTES, WAVE, WAVES_MOST
from matching.shelter.search.score import fits
from matching.shelter.values import AskId, BudgetId, HotelId, KindId, NeedId, Wanted
from realtime.kernel.errors import Gone, NotFound
from realtime.ledger import Ledger, Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: The task that asks the next hotels; its key is the need.
STEP = "shelter.wave"
_SEALED = "wanted"

Over = Callable[[Transaction, NeedId], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a hotel is asked for, in which kind of room, and who asks."""

    need: NeedId
    kind: KindId
    by: str
    wanted: Wanted


class Asking:
    def __init__(self, ledger: Ledger, inventory: Inventory, holds: Holds, search: Search) -> None:
        self._ledger = ledger
        self._inventory = inventory
        self._holds = holds
        self._search = search

    def register(self, tasks: Tasks, over: Over) -> None:
        """Take its task; ``over`` is told, in its transaction, when nobody has said yes."""

        async def step(tx: Transaction, task: Task, fitting: Sequence[Fit]) -> None:
            need = NeedId(task.key)
            if await self.step(tx, need, fitting):
                await over(tx, need)

        tasks.handle(STEP, step, self._look)

    async def begin(self, tx: Transaction, need: NeedId, wanted: Wanted, *, by: str) -> None:
        """Ask hotels for her, from now on; once is enough."""
        before = await store.find(tx.db, need)
        after = machine.begun(None if before is None else before.round, need, tx.now)
        if before is not None and after == before.round:
            return
        clear = msgspec.json.encode(messages.to_seal(wanted))
        sealed = await tx.seal(_key(need), clear, context=_SEALED)
        await store.save(tx.db, Kept(after, by, sealed))
        tx.record(by, "shelter.ask", need)
        tx.schedule(STEP, need)

    async def step(self, tx: Transaction, need: NeedId, fitting: Sequence[Fit]) -> bool:
        """Ask the next ones. True: nobody has said yes, and now it is over."""
        kept = await self._found(tx, need)
        after = machine.looked(kept.round, fitting, tx.now, tx.ids)
        await self._save(tx, kept, after)
        return after.phase is not kept.round.phase

    async def accept(
        self,
        tx: Transaction,
        ask: AskId,
        hotel: HotelId,
        kind: KindId | None = None,
        *,
        actor: str,
        budget: BudgetId | None = None,
        approved: bool = True,
    ) -> Change:
        """A hotel says yes: it has her, unless another was first (``AskCovered``).

        ``kind``: which of its own rooms; one in which they all fit, or ``RoomDoesNotFit``.

        The room is confirmed at once, or only held when a long stay still needs a second word.
        """
        kept = await self._found(tx, await self._need_of(tx, ask, hotel))
        found = kept.round.ask(ask)
        after = machine.accepted(kept.round, ask)
        wanted = await self._wanted(tx, kept)
        held = await self._holds.alive_of(tx, kept.round.need)
        if held is not None and after == kept.round and held.hotel == hotel:
            # Said twice.
            return Change(held, held, actor)
        if wanted is None or held is not None:
            # She has a room by now, or needs none any more.
            raise AskCovered
        room = await self._inventory.kind(tx, kind or found.kind)
        if room is None or room.hotel != hotel:
            raise NotFound
        if not fits(room, wanted):
            # It has others, or none for her.
            raise RoomDoesNotFit
        # What it said before was less than what it has.
        stay = nights(wanted.first, wanted.nights)
        await self._inventory.make_room(tx, hotel, room.kind, stay, actor=actor)
        change = await self._holds.hold(
            tx,
            need=kept.round.need,
            household=wanted.household,
            hotel=hotel,
            kind=room.kind,
            first=wanted.first,
            nights=wanted.nights,
            minutes=HOLD_MINUTES,
            budget=budget,
            price_cents=room.price_cents,
            by=kept.by,
            approved=approved,
        )
        await self._save(tx, kept, after)
        if not approved:
            return change
        confirmed = await self._holds.confirm(tx, change.after.hold, actor=actor)
        return replace(confirmed, before=None)

    async def decline(self, tx: Transaction, ask: AskId, hotel: HotelId, *, actor: str) -> None:
        kept = await self._found(tx, await self._need_of(tx, ask, hotel))
        await self._save(tx, kept, machine.declined(kept.round, ask))
        tx.record(actor, "ask.declined", ask)

    async def stop(self, tx: Transaction, need: NeedId) -> None:
        """She has a room, or needs none any more."""
        kept = await store.find(tx.db, need)
        if kept is not None:
            await self._save(tx, kept, machine.stopped(kept.round))

    # Looking.

    async def asked(self, reading: Reading, ask: AskId, hotel: HotelId) -> Asked | None:
        """What a hotel is asked, while it may answer: for whoever finds who pays."""
        for need, it, _ in await store.open_at(reading.db, hotel):
            if it.ask == ask:
                kept = await store.find(reading.db, need)
                wanted = None if kept is None else await self._wanted(reading, kept)
                if kept is not None and wanted is not None:
                    return Asked(need, it.kind, kept.by, wanted)
        return None

    async def at_desk(self, reading: Reading, hotel: HotelId) -> list[DeskAsk]:
        """What a hotel is asked now, as it sees it."""
        found = await store.open_at(reading.db, hotel)
        await reading.fetch_keys([_key(need) for need, _, _ in found])
        opened = [(it, await self._opened(reading, need, body)) for need, it, body in found]
        return [messages.desk_ask(it, wanted) for it, wanted in opened if wanted is not None]

    async def is_asked(self, reading: Reading, ask: AskId, hotel: HotelId) -> bool:
        return await store.need_of(reading.db, ask, hotel) is not None

    async def round(self, reading: Reading, need: NeedId) -> Round | None:
        kept = await store.find(reading.db, need)
        return None if kept is None else kept.round

    # How.

    async def _look(self, task: Task) -> Sequence[Fit]:
        """Who could take her in, whether they said so or not: outside the transaction."""
        async with self._ledger.reading() as reading:
            kept = await store.find(reading.db, NeedId(task.key))
            wanted = None if kept is None else await self._wanted(reading, kept)
            if kept is None or wanted is None:
                return []
            most = WAVE * WAVES_MOST + len(kept.round.asks)
            found = await self._search.fitting(reading, wanted, limit=most)
            # One that does not exist cannot take her in.
            return [Fit(it.hotel.hotel, it.kind.kind) for it in found if not it.hotel.canary]

    async def _save(self, tx: Transaction, kept: Kept, after: Round) -> None:
        """Keep what has become of a round, tell the desks, and look again when it is time."""
        before = {it.ask: it for it in kept.round.asks}
        changed = [it for it in after.asks if before.get(it.ask) != it]
        over = after.phase is not Phase.ASKING
        await store.save_asks(tx.db, after.need, changed)
        await store.save(tx.db, Kept(after, kept.by, None if over else kept.sealed))
        wanted = await self._wanted(tx, kept)
        for it in changed:
            if wanted is not None:
                tx.publish(desk_channel(it.hotel), messages.told(it, wanted))
            if it.state is AskState.OPEN:
                tx.record(kept.by, "ask.open", it.ask)
        due = machine.next_look(after)
        if due is None:
            tx.unschedule(STEP, after.need)
        else:
            tx.schedule(STEP, after.need, due=due)

    async def _need_of(self, tx: Transaction, ask: AskId, hotel: HotelId) -> NeedId:
        found = await store.need_of(tx.db, ask, hotel)
        if found is None:
            raise NotFound
        return found

    async def _found(self, tx: Transaction, need: NeedId) -> Kept:
        kept = await store.find(tx.db, need)
        if kept is None:
            raise NotFound
        return kept

    async def _wanted(self, reading: Reading, kept: Kept) -> Wanted | None:
        return await self._opened(reading, kept.round.need, kept.sealed)

    async def _opened(self, reading: Reading, need: NeedId, sealed: bytes | None) -> Wanted | None:
        if sealed is None:
            return None
        try:
            clear = await reading.open(_key(need), sealed, context=_SEALED)
        except Gone:
            return None
        return messages.opened(msgspec.json.decode(clear, type=messages.Sealed))


def _key(need: NeedId) -> str:
    """The need's own: all that is known of her goes with it."""
    return f"need:{need}"
