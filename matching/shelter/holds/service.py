"""Rooms kept for households: load, let the machine decide, move the nights, save and tell the desk.

It calls nobody who follows holds (needs, funds): every use case answers what the hold was and what
it has become, in the transaction it is given, and whoever joins them goes on from there.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random, SystemRandom

import msgspec

from matching.shelter.alias import arrival_code, invent
from matching.shelter.errors import AlreadyHeld, CodeLocked, CodeNotLocked, WrongCode
from matching.shelter.holds import machine, messages, store
from matching.shelter.holds.machine import Event
from matching.shelter.holds.messages import DeskHold, Sealed
from matching.shelter.inventory.service import Inventory
from matching.shelter.rules import NIGHTS_MOST, SHRED_AFTER, TRIES
from matching.shelter.values import (
    BudgetId,
    Hold,
    HoldId,
    HoldState,
    HotelId,
    Household,
    KindId,
    NeedId,
    Night,
    Shape,
)
from realtime.kernel.errors import AppError, Gone, Malformed, NotFound
from realtime.kernel.ids import Channel
from realtime.ledger import Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: What time does to a hold; the key of each is the hold.
EXPIRE, NO_SHOW, LEAVE = "shelter.expire", "shelter.noshow", "shelter.leave"
#: When what is personal of it goes.
FORGET = "shelter.forget"
_TIMERS = {HoldState.HELD: EXPIRE, HoldState.CONFIRMED: NO_SHOW, HoldState.ARRIVED: LEAVE}
#: In whose name time acts.
TIME = "shelter"
_SEALED = "hold"


@dataclass(frozen=True, slots=True)
class Change:
    """What a hold was and what it has become; ``before`` is None when it is new."""

    before: Hold | None
    after: Hold
    actor: str
    #: To be raised once this is committed: a wrong code must be counted, so it cannot be undone.
    refused: AppError | None = None

    @property
    def moved(self) -> bool:
        """Whether its state is another."""
        return self.before is None or self.before.state is not self.after.state


Followed = Callable[[Transaction, Change], Awaitable[None]]


def desk_channel(hotel: HotelId) -> Channel:
    return Channel(f"desk:{hotel}")


class Holds:
    def __init__(self, inventory: Inventory, *, chance: Random | None = None) -> None:
        self._inventory = inventory
        self._chance = chance or SystemRandom()

    def register(self, tasks: Tasks, followed: Followed) -> None:
        """Take its tasks; ``followed`` is told, in their transaction, of what they changed."""

        async def by_time(tx: Transaction, task: Task, prepared: None) -> None:
            change = await self.timely(tx, HoldId(task.key))
            if change is not None:
                await followed(tx, change)

        async def forget(tx: Transaction, task: Task, prepared: None) -> None:
            await self.forget(tx, HoldId(task.key))

        for kind in (EXPIRE, NO_SHOW, LEAVE):
            tasks.handle(kind, by_time)
        tasks.handle(FORGET, forget)

    # Taking.

    async def hold(
        self,
        tx: Transaction,
        *,
        need: NeedId,
        household: Household,
        hotel: HotelId,
        kind: KindId,
        first: Night,
        nights: int,
        minutes: int,
        budget: BudgetId | None,
        price_cents: int,
        by: str,
        approved: bool,
    ) -> Change:
        """Keep a room, or ``RoomTaken``; one at a time for a need."""
        if not 1 <= nights <= NIGHTS_MOST:
            raise Malformed
        if await store.alive_of(tx.db, need) is not None:
            raise AlreadyHeld
        new = Hold(
            hold=HoldId(tx.ids()),
            need=need,
            hotel=hotel,
            kind=kind,
            first=first,
            nights=nights,
            state=HoldState.HELD,
            alias="",
            word="",
            held_at=tx.now,
            expires_at=tx.now + timedelta(minutes=minutes),
            extended=False,
            price_cents=price_cents,
            budget=budget,
            approved=approved,
            by=by,
        )
        # The hotel is ours from here on: nobody else invents an alias there.
        await self._inventory.take(tx, new)
        alias = invent(await store.aliases(tx.db, hotel), self._chance)
        new = replace(new, alias=alias.name, word=alias.word)
        inside = Sealed(arrival_code(self._chance), household.shape)
        clear = msgspec.json.encode(inside)
        await store.put(
            tx.db, new, sealed=await tx.seal(hold_key(new.hold), clear, context=_SEALED)
        )
        return self._said(tx, Change(None, new, by), household.shape)

    async def more(self, tx: Transaction, hold: HoldId, nights: int, *, actor: str) -> Change:
        """More nights in the same room, or ``RoomTaken``."""
        before = await self._found(tx, hold)
        after = machine.more(before, nights, actor)
        await self._inventory.take(tx, after)
        return await self._save(tx, Change(before, after, actor))

    # What happens to it.

    async def confirm(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        return await self._happen(tx, hold, Event.CONFIRM, actor)

    async def decline(self, tx: Transaction, hold: HoldId, *, reason: str, actor: str) -> Change:
        return await self._happen(tx, hold, Event.DECLINE, actor, reason=reason)

    async def extend(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        return await self._happen(tx, hold, Event.EXTEND, actor)

    async def cancel(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        return await self._happen(tx, hold, Event.CANCEL, actor)

    async def leave(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        return await self._happen(tx, hold, Event.LEAVE, actor)

    async def arrive(
        self, tx: Transaction, hold: HoldId, code: str | None, *, actor: str
    ) -> Change:
        """She is at the desk and says her code; None: it is known who she is.

        A wrong code is counted: the answer's ``refused`` is to be raised after the commit.
        """
        before = await self._found(tx, hold)
        machine.state_after(before.state, Event.ARRIVE)
        if code is not None and not await self._is_hers(tx, before, code):
            return await self._mistaken(tx, before, actor)
        return await self._become(tx, before, Event.ARRIVE, actor)

    async def admit(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        """Her code is locked, and the helpline says who she is; said again, she is there."""
        before = await self._found(tx, hold)
        if before.state is HoldState.CONFIRMED and not before.locked:
            raise CodeNotLocked
        change = await self.arrive(tx, hold, None, actor=actor)
        if change.moved:
            tx.record(actor, "hold.admitted", hold)
        return change

    async def approve(self, tx: Transaction, hold: HoldId, *, actor: str) -> Change:
        """A second person agrees to a long stay."""
        before = await self._found(tx, hold)
        after = machine.approved(before, actor)
        if after == before:
            return Change(before, before, actor)
        return await self._save(tx, Change(before, after, actor))

    async def pay_from(
        self, tx: Transaction, hold: HoldId, budget: BudgetId | None, *, actor: str
    ) -> Change:
        """Another budget pays, or none."""
        before = await self._found(tx, hold)
        return await self._save(tx, Change(before, replace(before, budget=budget), actor))

    async def expire(self, tx: Transaction, hold: HoldId) -> Change | None:
        return await self.timely(tx, hold)

    async def no_show(self, tx: Transaction, hold: HoldId) -> Change | None:
        return await self.timely(tx, hold)

    async def timely(self, tx: Transaction, hold: HoldId) -> Change | None:
        """What time has to say of a hold now; None: nothing (any more, or yet)."""
        before = await self._found(tx, hold)
        event, due = machine.timely(before), machine.due(before)
        if event is None or due is None or tx.now < due:
            return None
        return await self._become(tx, before, event, TIME)

    async def forget(self, tx: Transaction, hold: HoldId) -> None:
        """Shred what is personal of a hold that has ended."""
        await store.forget(tx.db, hold)
        await tx.shred(hold_key(hold))
        tx.record("retention", "hold.shred", hold)

    # Looking.

    async def find(self, reading: Reading, hold: HoldId) -> Hold | None:
        return await store.find(reading.db, hold)

    async def alive_of(self, reading: Reading, need: NeedId) -> Hold | None:
        """The room that is held for a need now."""
        return await store.alive_of(reading.db, need)

    async def of_need(self, reading: Reading, need: NeedId) -> list[Hold]:
        return await store.of_need(reading.db, need)

    async def at_desk(self, reading: Reading, hotel: HotelId) -> list[DeskHold]:
        """What a hotel has to look after, as it sees it."""
        found = await store.at_desk(reading.db, hotel)
        await reading.fetch_keys([hold_key(it.hold) for it, _ in found])
        shapes = [(it, await self._opened(reading, it.hold, sealed)) for it, sealed in found]
        return [messages.desk_hold(it, _shape(inside)) for it, inside in shapes]

    async def there(self, reading: Reading, hotel: HotelId) -> list[Hold]:
        """Who is expected in a hotel, or stays there; the first nights first."""
        found = await store.at_desk(reading.db, hotel)
        return [it for it, _ in found if it.state is not HoldState.HELD]

    async def code(self, reading: Reading, hold: HoldId) -> str | None:
        """The six figures she says at the desk: for her, or her worker."""
        inside = await self._inside(reading, hold)
        return None if inside is None else inside.code

    # How.

    async def _happen(
        self,
        tx: Transaction,
        hold: HoldId,
        event: Event,
        actor: str,
        *,
        reason: str | None = None,
    ) -> Change:
        return await self._become(tx, await self._found(tx, hold), event, actor, reason=reason)

    async def _become(
        self,
        tx: Transaction,
        before: Hold,
        event: Event,
        actor: str,
        *,
        reason: str | None = None,
    ) -> Change:
        change = Change(before, machine.after(before, event, tx.now), actor)
        if change.after == before:
            return change
        if before.alive and not change.after.alive:
            await self._inventory.give_back(tx, change.after)
        await self._count_answer(tx, change)
        return await self._save(tx, change, reason=reason)

    async def _count_answer(self, tx: Transaction, change: Change) -> None:
        if not change.moved:
            return
        match change.after.state:
            case HoldState.CONFIRMED:
                await self._inventory.answered(tx, change.after.hotel, accepted=1)
            case HoldState.DECLINED | HoldState.EXPIRED:
                await self._inventory.answered(tx, change.after.hotel, refused=1)
            case _:
                return

    async def _save(self, tx: Transaction, change: Change, *, reason: str | None = None) -> Change:
        await store.save(tx.db, change.after, reason=reason)
        await self._inventory.check(tx, change.after)
        inside = await self._inside(tx, change.after.hold)
        return self._said(tx, change, _shape(inside))

    def _said(self, tx: Transaction, change: Change, shape: Shape) -> Change:
        hold = change.after
        tx.publish(desk_channel(hold.hotel), messages.told(hold, shape))
        tx.record(change.actor, f"hold.{hold.state}", hold.hold)
        for kind in _TIMERS.values():
            tx.unschedule(kind, hold.hold)
        due = machine.due(hold)
        if due is not None:
            tx.schedule(_TIMERS[hold.state], hold.hold, due=due)
        elif hold.ended_at is not None:
            tx.schedule(FORGET, hold.hold, due=hold.ended_at + SHRED_AFTER)
        return change

    async def _is_hers(self, tx: Transaction, hold: Hold, code: str) -> bool:
        if hold.tries >= TRIES:
            raise CodeLocked
        inside = await self._inside(tx, hold.hold)
        return inside is not None and hmac.compare_digest(inside.code.encode(), code.encode())

    async def _mistaken(self, tx: Transaction, before: Hold, actor: str) -> Change:
        """One wrong code more; the last one that is heard is told to the hotel's tablets."""
        after = replace(before, tries=before.tries + 1)
        await store.add_try(tx.db, after.hold)
        if after.locked:
            inside = await self._inside(tx, after.hold)
            tx.publish(desk_channel(after.hotel), messages.told(after, _shape(inside)))
            tx.record(actor, "hold.locked", after.hold)
        return Change(before, after, actor, WrongCode())

    async def _found(self, tx: Transaction, hold: HoldId) -> Hold:
        found = await store.find(tx.db, hold)
        if found is None:
            raise NotFound
        return found

    async def _inside(self, reading: Reading, hold: HoldId) -> Sealed | None:
        return await self._opened(reading, hold, await store.sealed(reading.db, hold))

    async def _opened(self, reading: Reading, hold: HoldId, sealed: bytes | None) -> Sealed | None:
        if sealed is None:
            return None
        try:
            clear = await reading.open(hold_key(hold), sealed, context=_SEALED)
        except Gone:
            return None
        return msgspec.json.decode(clear, type=Sealed)


def hold_key(hold: HoldId) -> str:
    """The name of the key that seals what is personal of a hold."""
    return f"hold:{hold}"


def _shape(inside: Sealed | None) -> Shape:
    return messages.NO_SHAPE if inside is None else inside.shape
