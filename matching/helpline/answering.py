"""An operator comes on duty, accepts, puts on hold, says goodbye and fills in her form."""

from dataclasses import replace
from typing import Literal

from matching.helpline import machine, store, transfer
from matching.helpline.choosing import able_for, has_room
from matching.helpline.ending import Closing
from matching.helpline.errors import ChatOver, NotYours, OffDuty, OverCapacity
from matching.helpline.machine import Event
from matching.helpline.messages import DutyEnded, HandingChanged, QueueColleague, queue_of
from matching.helpline.queue import chat_of, freed, held, keep, settle, staff, watch
from matching.helpline.staffing import store as staffing
from matching.helpline.staffing.store import OperatorRow
from matching.helpline.values import (
    TALKING,
    UNANSWERED,
    Chat,
    ChatId,
    ChatState,
    Ending,
    Handing,
    LineId,
    Operator,
)
from realtime.channels import own_channel
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms

#: The seat of whoever answers, with its number.
ANSWERING = "ecoutante"
#: Why somebody is taken off duty.
Why = Literal["missed", "silent"]
#: What somebody new on a line speaks, until a supervisor has said more.
FIRST_LANGUAGES = ("fr",)


class Answering:
    def __init__(self, rooms: Rooms, closing: Closing) -> None:
        self._rooms = rooms
        self._closing = closing

    # Duty.

    async def duty(self, tx: Transaction, person: PersonId, line: LineId, *, on: bool) -> None:
        """Come on duty, or be offered nothing more: what one has, one keeps."""
        await held(tx, line)
        before = await staffing.find_operator(tx.db, line, person)
        row = replace(before or newcomer(tx, person), on=on, seen=tx.now, missed=0)
        if before is None or before.on is not on:
            row = replace(row, idle=tx.now)
            tx.publish(queue_of(line), QueueColleague(person=person, on=on))
            tx.record(person, "line.on" if on else "line.off", line)
        await staffing.put_operator(tx.db, line, row)
        if not on:
            await self._drop_offers(tx, line, person, joined=False)
        await watch(tx, line)
        await settle(tx, line)

    async def off(self, tx: Transaction, person: PersonId, line: LineId, why: Why) -> None:
        """The same, by the clock: she has let offers pass, or her line has died."""
        row = await staffing.find_operator(tx.db, line, person)
        if row is not None and row.on:
            await staffing.put_operator(tx.db, line, replace(row, on=False, missed=0))
            tx.publish(queue_of(line), QueueColleague(person=person, on=False))
            tx.publish(own_channel(person), DutyEnded(line=line, on=False, reason=why))
            tx.record("line", "line.off", person)
        await self._drop_offers(tx, line, person, joined=why == "silent")

    async def vanish(self, tx: Transaction, person: PersonId, line: LineId) -> None:
        """Her line has died, or she has signed out: her rooms go back to the head of the queue."""
        await held(tx, line)
        await self.off(tx, person, line, "silent")
        for chat in await store.of_operator(tx.db, person):
            if chat.line == line and chat.operator == person and not chat.practice:
                await self._lost(tx, chat, person)
        await settle(tx, line)

    async def _lost(self, tx: Transaction, chat: Chat, person: PersonId) -> None:
        if chat.state is ChatState.WRAP_UP:
            await self._closing.wrap(tx, chat)
        elif chat.handing is not None and chat.handing.joined and chat.next_operator:
            # Both were in the room: the other has it.
            await keep(tx, chat, transfer.finished(chat, tx.now))
            await self.handed(tx, chat, chat.handing)
        elif chat.state in TALKING:
            await keep(tx, chat, machine.returned(chat, tx.now, lost=True))
            await self.depart(tx, chat, person, "away")
            tx.record("line", "chat.back", chat.chat)

    async def handed(self, tx: Transaction, chat: Chat, handing: Handing) -> None:
        """The colleague has it, and whoever had it leaves the room."""
        seats = await self._rooms.people(tx, chat.room)
        seat = next((seat for seat, it in seats.items() if it == handing.to), None)
        await self._rooms.event(tx, chat.room, "transferred", seat)
        await staffing.drop_beside(tx.db, chat.chat, handing.to)
        await freed(tx, chat.line, handing.to)
        if chat.operator is not None:
            await self.depart(tx, chat, chat.operator, "left")
            await freed(tx, chat.line, chat.operator)

    async def _drop_offers(
        self, tx: Transaction, line: LineId, person: PersonId, *, joined: bool
    ) -> None:
        """What is offered or handed to her goes elsewhere; ``joined``: what she has joined, too."""
        for chat in await store.of_operator(tx.db, person):
            handing = chat.handing
            if chat.line != line:
                continue
            if chat.state is ChatState.OFFERED and chat.offered_to == person:
                await store.let_pass(tx.db, chat.chat, person, tx.now, refused=False)
                await keep(tx, chat, machine.passed(chat, tx.now))
            elif handing is not None and handing.to == person and (joined or not handing.joined):
                await keep(tx, chat, transfer.refused(chat, person))
                told = HandingChanged(chat=chat.chat, state="refused")
                tx.publish(own_channel(chat.operator or person), told)
                if handing.joined:
                    await self.depart(tx, chat, person, "left")

    # Offers.

    async def accept(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """She is hers; ``OfferOver`` when the offer is somebody else's by now."""
        chat = await chat_of(tx, name)
        after = machine.accepted(chat, person, tx.now)
        if after is chat:
            return chat
        await self.answered(tx, chat, after)
        await settle(tx, chat.line)
        return after

    async def refuse(self, tx: Transaction, person: PersonId, name: ChatId) -> None:
        chat = await chat_of(tx, name)
        if chat.state is ChatState.OFFERED and chat.offered_to == person:
            await store.let_pass(tx.db, name, person, tx.now, refused=True)
            await keep(tx, chat, machine.passed(chat, tx.now))
            await freed(tx, chat.line, person)
            await settle(tx, chat.line)

    async def next(self, tx: Transaction, person: PersonId, line: LineId) -> Chat | None:
        """The first who waits and whom she may have, without waiting to be offered her."""
        await held(tx, line)
        me = await self._me(tx, person, line)
        if not has_room(me):
            raise OverCapacity
        everyone = await staff(tx, line)
        for chat in await store.unanswered(tx.db, line):
            free = chat.state is ChatState.WAITING and chat.exited_at is None
            if free and me in able_for(chat, everyone):
                after = machine.taken(chat, person, tx.now)
                await self.answered(tx, chat, after)
                await settle(tx, line)
                return after
        return None

    async def _me(self, tx: Transaction, person: PersonId, line: LineId) -> Operator:
        for it in await staff(tx, line):
            if it.person == person:
                return it
        raise OffDuty

    async def answered(self, tx: Transaction, before: Chat, after: Chat) -> None:
        """Somebody has a chat from now on: a seat, and she is told."""
        if after.operator is None:
            return
        await keep(tx, before, after)
        # Whoever read along before is its operator now.
        await staffing.drop_beside(tx.db, after.chat, after.operator)
        await self.seat(tx, after, after.operator)
        await freed(tx, after.line, after.operator)

    async def seat(self, tx: Transaction, chat: Chat, person: PersonId) -> None:
        seat = await self._rooms.join(tx, chat.room, person, ANSWERING, staff=True)
        await self._rooms.event(tx, chat.room, "joined", seat)

    async def depart(self, tx: Transaction, chat: Chat, person: PersonId, what: str) -> None:
        """Somebody is not in the room any more, and those who stay are told."""
        seats = await self._rooms.people(tx, chat.room)
        seat = next((seat for seat, it in seats.items() if it == person), None)
        if seat is not None:
            await self._rooms.event(tx, chat.room, what, seat)
        await self._rooms.leave(tx, chat.room, person)
        await staffing.drop_beside(tx.db, chat.chat, person)

    # The conversation.

    async def hold(self, tx: Transaction, person: PersonId, name: ChatId, *, on: bool) -> Chat:
        chat = await self.mine(tx, person, name)
        if chat.state not in TALKING:
            raise ChatOver
        after = await keep(
            tx, chat, machine.moved(chat, Event.HOLD if on else Event.RESUME, tx.now)
        )
        if after is not chat:
            await self._rooms.event(tx, chat.room, "held" if on else "resumed")
        return after

    async def finish(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """Goodbye is said."""
        chat = await self.mine(tx, person, name)
        return await self._closing.end(tx, chat, Ending.FINISHED)

    async def wrap(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """The form is filled in: there is room for another."""
        chat = await self.mine(tx, person, name)
        if chat.state in TALKING:
            chat = await self._closing.end(tx, chat, Ending.FINISHED)
        after = await self._closing.wrap(tx, chat)
        await settle(tx, chat.line)
        return after

    async def mine(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """A chat that is this operator's; ``NotYours`` when it is another's."""
        chat = await chat_of(tx, name)
        if chat.state in UNANSWERED or chat.operator != person:
            raise NotYours
        return chat


def newcomer(tx: Transaction, person: PersonId) -> OperatorRow:
    return OperatorRow(
        person=person,
        on=False,
        trainee=False,
        languages=FIRST_LANGUAGES,
        skills=(),
        seen=tx.now,
        idle=tx.now,
        missed=0,
    )
