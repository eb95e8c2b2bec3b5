"""The end of a chat: its room is closed, its words lead nowhere, and in time all of it is gone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from matching.helpline import machine, store
from matching.helpline.queue import chat_key, freed, keep
from matching.helpline.rules import WRAP_UP_FOR
from matching.helpline.staffing import store as staffing
from matching.helpline.values import Chat, ChatId, ChatState, Ending
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms

#: A form that nobody fills in; and when what is personal goes. The key of each is the chat.
WRAP, FORGET = "chat.wrap", "chat.forget"


class Closing:
    def __init__(self, rooms: Rooms, *, keep_days: int) -> None:
        """``keep_days``: how long a conversation is kept once it is closed; 0: not at all."""
        self._rooms = rooms
        self._kept = timedelta(days=keep_days)
        #: What else ends with a chat; set by whoever joins it (``web/tools.py``).
        self.ends_with: Callable[[Transaction, ChatId], Awaitable[None]] = _nothing

    async def end(self, tx: Transaction, chat: Chat, ending: Ending) -> Chat:
        """Over for her. Whoever has it has a form to fill in; unanswered, it is closed."""
        after = await keep(tx, chat, machine.ended(chat, ending, tx.now))
        if after is chat:
            return chat
        await store.close_words(tx.db, chat.chat)
        await self.ends_with(tx, chat.chat)
        await self._rooms.event(tx, chat.room, "closed", ending=ending.value)
        await self._rooms.close(tx, chat.room)
        if after.state is ChatState.CLOSED:
            await self._close(tx, after)
        else:
            tx.schedule(WRAP, chat.chat, due=tx.now + WRAP_UP_FOR)
        return after

    async def wrap(self, tx: Transaction, chat: Chat) -> Chat:
        """The form is filled in, or not waited for: its operator is free."""
        after = await keep(tx, chat, machine.moved(chat, machine.Event.WRAP, tx.now))
        if after is not chat:
            tx.unschedule(WRAP, chat.chat)
            if chat.operator is not None:
                await freed(tx, chat.line, chat.operator)
            await self._close(tx, after)
        return after

    async def forget(self, tx: Transaction, name: ChatId) -> None:
        """Shred what is personal of a chat that was closed long enough ago."""
        asked_as = await store.asked_as(tx.db, name)
        found = await store.look(tx.db, name)
        if found is not None:
            await self._rooms.disperse(tx, found.room)
        await store.forget(tx.db, name)
        await tx.shred(chat_key(name))
        await tx.shred(answer_key(asked_as))
        tx.record("retention", "chat.shred", name)

    async def _close(self, tx: Transaction, chat: Chat) -> None:
        """Colleagues leave the room; she may read it until it is shredded."""
        beside = await staffing.beside_of(tx.db, chat.chat)
        colleagues = {*beside, *({chat.operator} if chat.operator else ())}
        for person in sorted(colleagues):
            await self._rooms.leave(tx, chat.room, person)
        await staffing.drop_beside(tx.db, chat.chat)
        # What is said in an exercise is nobody's, and goes at once.
        until = tx.now if chat.practice else tx.now + self._kept
        await self._rooms.retain(tx, chat.room, until)
        tx.schedule(FORGET, chat.chat, due=until)


async def _nothing(tx: Transaction, name: ChatId) -> None:
    """Nothing does."""


def answer_key(asked_as: str) -> str:
    """What seals the answer that held her words, for who asks twice."""
    return f"asked:{asked_as}"
