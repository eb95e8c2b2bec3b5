"""A chat is handed on: to a colleague, to a skill, to the queue; warmly, or for advice."""

from dataclasses import dataclass

from matching.helpline import machine, store, transfer
from matching.helpline.answering import ANSWERING, Answering
from matching.helpline.errors import ChatOver, NotYours, OfferOver
from matching.helpline.messages import ChatGone, ChatOffered, HandingChanged, HandingState
from matching.helpline.queue import chat_of, freed, keep, settle, staff, waits
from matching.helpline.rules import OFFER_FOR
from matching.helpline.staffing import store as staffing
from matching.helpline.values import TALKING, Chat, ChatId, Way
from realtime.channels import own_channel
from realtime.kernel.errors import NotAvailable
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms

#: A colleague has not said yes in time; the key is the chat.
HANDING = "chat.handing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """To whom, and what they should know. Neither a person nor a skill: whoever is next."""

    way: Way
    person: PersonId | None = None
    skill: str | None = None
    #: Under which the note is written; empty text: none.
    note_id: str = ""
    note: str = ""


class Handover:
    def __init__(self, rooms: Rooms, answering: Answering) -> None:
        self._rooms = rooms
        self._answering = answering

    async def transfer(self, tx: Transaction, person: PersonId, name: ChatId, wish: Wish) -> Chat:
        """Ask a colleague; ``TargetOff`` and ``TargetFull`` at once when there is no point."""
        chat = await self._answering.mine(tx, person, name)
        if chat.state not in TALKING:
            raise ChatOver
        if chat.practice:
            raise NotAvailable
        if wish.note:
            await self._rooms.note(tx, chat.room, person, id=wish.note_id, text=wish.note)
        if wish.way is Way.COLD and wish.person is None and wish.skill is None:
            return await self._to_queue(tx, chat, person)
        to = transfer.target(
            await staff(tx, chat.line), person, wish.way, person=wish.person, skill=wish.skill
        )
        chat = await self._let_go(tx, chat, to)
        after = await keep(tx, chat, transfer.proposed(chat, wish.way, to, tx.now))
        if chat.handing is not None:
            # Who advised is in the room already, and takes it over.
            return await self._join(tx, after, to)
        until = tx.now + OFFER_FOR
        tx.publish(own_channel(to), ChatOffered(chat=chat.chat, expires_at=until, way=wish.way))
        tx.schedule(HANDING, chat.chat, due=until)
        tx.record(person, f"chat.transfer.{wish.way}", chat.chat)
        return after

    async def accept(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        return await self._join(tx, await chat_of(tx, name), person)

    async def refuse(self, tx: Transaction, person: PersonId, name: ChatId) -> None:
        """No; or, for who is in the room already, goodbye."""
        chat = await chat_of(tx, name)
        handing = chat.handing
        await keep(tx, chat, transfer.refused(chat, person))
        if handing is not None and handing.joined:
            await self._part(tx, chat, person, handing.way)
        self._tell(tx, chat.operator, chat, "refused")
        await settle(tx, chat.line)

    async def finish(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """Who handed it on says goodbye; after advice, who advised does."""
        chat = await chat_of(tx, name)
        handing = chat.handing
        if handing is None:
            raise OfferOver
        if person not in {chat.operator, handing.to}:
            raise NotYours
        after = await keep(tx, chat, transfer.finished(chat, tx.now))
        if handing.way is Way.CONSULT:
            await self._part(tx, chat, handing.to, handing.way)
        else:
            await self._answering.handed(tx, chat, handing)
        self._tell(tx, chat.operator, chat, "finished")
        self._tell(tx, handing.to, chat, "finished")
        await settle(tx, chat.line)
        return after

    async def late(self, tx: Transaction, name: ChatId) -> None:
        """Nobody has answered in time: nothing has changed for her."""
        chat = await chat_of(tx, name)
        handing = chat.handing
        if handing is None or handing.until is None or tx.now < handing.until:
            return
        await keep(tx, chat, transfer.refused(chat, handing.to))
        for person in (chat.operator, handing.to):
            self._tell(tx, person, chat, "over")
        await settle(tx, chat.line)

    async def _join(self, tx: Transaction, chat: Chat, person: PersonId) -> Chat:
        handing = chat.handing
        after = transfer.agreed(chat, person, tx.now)
        if handing is None or after is chat:
            return chat
        await keep(tx, chat, after)
        tx.unschedule(HANDING, chat.chat)
        await staffing.put_beside(tx.db, chat.chat, person, handing.way)
        if handing.way is Way.CONSULT:
            await self._rooms.join(tx, chat.room, person, ANSWERING, staff=True, silent=True)
        else:
            await self._answering.seat(tx, after, person)
        if handing.way is Way.COLD:
            await self._answering.handed(tx, chat, handing)
        self._tell(tx, chat.operator, chat, "accepted")
        await settle(tx, chat.line)
        return after

    async def _to_queue(self, tx: Transaction, chat: Chat, person: PersonId) -> Chat:
        chat = await self._let_go(tx, chat, None)
        await store.let_pass(tx.db, chat.chat, person, tx.now, refused=True)
        after = await keep(tx, chat, machine.returned(chat, tx.now, lost=False))
        waits(tx, chat.chat)
        await self._rooms.event(tx, chat.room, "transferred")
        await self._answering.depart(tx, chat, person, "left")
        await freed(tx, chat.line, person)
        tx.record(person, "chat.transfer.queue", chat.chat)
        await settle(tx, chat.line)
        return after

    async def _let_go(self, tx: Transaction, chat: Chat, to: PersonId | None) -> Chat:
        """Whoever was asked, or in the room for it, is not any more, unless it is the same."""
        handing = chat.handing
        if handing is None or (handing.to == to and handing.joined):
            return chat
        after = await keep(tx, chat, transfer.refused(chat, handing.to))
        if handing.joined:
            await self._part(tx, chat, handing.to, handing.way)
        self._tell(tx, handing.to, chat, "over")
        return after

    async def _part(self, tx: Transaction, chat: Chat, person: PersonId, way: Way) -> None:
        """A colleague leaves the room; one who only read along was never told of."""
        await self._answering.depart(tx, chat, person, "left")
        tx.publish(own_channel(person), ChatGone(chat=chat.chat))

    def _tell(
        self, tx: Transaction, person: PersonId | None, chat: Chat, state: HandingState
    ) -> None:
        if person is not None:
            tx.publish(own_channel(person), HandingChanged(chat=chat.chat, state=state))
