"""She asks, waits, leaves, goes by the exit, and returns with three words."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random, SystemRandom

from matching.helpline import store, words
from matching.helpline.ending import Closing
from matching.helpline.errors import (
    ChatAlreadyOpen,
    LineClosed,
    WordAsked,
    WrongWords,
)
from matching.helpline.machine import passed
from matching.helpline.messages import queue_of, queued
from matching.helpline.opening import is_line_open
from matching.helpline.order import rank
from matching.helpline.queue import Sealed, chat_of, held, keep, seal, settle, waits
from matching.helpline.rules import EXIT_KEPT, ORANGE, ORANGE_WITHIN, WAITING_MOST, WRONG_MOST
from matching.helpline.triage import triage
from matching.helpline.values import UNANSWERED, Chat, ChatId, ChatState, Ending, LineId
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms

#: She is not back since her exit; code orange is not answered. The key of each is the chat.
EXIT, ORANGE_LATE = "chat.exit", "chat.orange"
#: Her seat, and that of whoever returns with her words: it is the same.
HER = "elle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What she is asked before she writes."""

    #: The client's id, under which the answer is kept.
    asked_as: str
    language: str
    answers: Collection[str]
    seen: str | None = None
    #: A département.
    area: str | None = None
    #: A word of her own, asked for when she returns.
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new chat, and the words that lead back to it: shown once."""

    chat: Chat
    words: str


class Asking:
    def __init__(
        self, rooms: Rooms, closing: Closing, *, key: bytes, chance: Random | None = None
    ) -> None:
        """``key`` is this deployment's, for the words."""
        self._rooms = rooms
        self._closing = closing
        self._key = key
        self._chance = chance or SystemRandom()

    async def ask(self, tx: Transaction, visitor: PersonId, line: LineId, asked: Asked) -> Opened:
        """Wait for somebody; ``LineClosed`` when nobody will come."""
        if not is_line_open(await held(tx, line), tx.now):
            raise LineClosed
        if await store.open_of(tx.db, visitor) is not None:
            raise ChatAlreadyOpen
        if await store.waiting(tx.db, line) >= WAITING_MOST:
            raise LineClosed
        how = triage(asked.answers, asked.seen)
        new = Chat(
            chat=ChatId(tx.ids()),
            line=line,
            visitor=visitor,
            room=tx.ids(),
            state=ChatState.WAITING,
            level=how.level,
            language=asked.language,
            asked_at=tx.now,
            rank=rank(tx.now, how.level),
            since=tx.now,
            has_word=asked.word is not None,
        )
        said, mark = await self._words(tx)
        word = None if asked.word is None else words.mark_word(self._key, new.chat, asked.word)
        await self._rooms.open(tx, new.room, new.chat)
        await self._rooms.join(tx, new.room, visitor, HER, alone=True)
        inside = Sealed(how.reasons, asked.area, asked.seen)
        await store.put(
            tx.db,
            new,
            asked_as=asked.asked_as,
            words=mark,
            word=word,
            sealed=await seal(tx, new.chat, inside),
        )
        waits(tx, new.chat)
        tx.publish(queue_of(line), queued(new))
        if how.level >= ORANGE:
            tx.schedule(ORANGE_LATE, new.chat, due=tx.now + ORANGE_WITHIN)
        await settle(tx, line)
        return Opened(new, said)

    async def leave(self, tx: Transaction, name: ChatId) -> Chat:
        """She has said enough, or waits no longer."""
        chat = await chat_of(tx, name)
        unanswered = chat.state in UNANSWERED
        ending = Ending.ABANDONED if unanswered else Ending.LEFT
        after = await self._closing.end(tx, chat, ending)
        await settle(tx, chat.line)
        return after

    async def exit(self, tx: Transaction, visitor: PersonId) -> None:
        """Her session has ended with a conversation open: she may have had to leave at once.

        Her right to the room ends; operators are told; her words bring her back for a while.
        """
        found = await store.open_of(tx.db, visitor)
        if found is None:
            return
        chat = await chat_of(tx, found.chat)
        if chat.over or chat.visitor != visitor or chat.exited_at is not None:
            return
        gone = replace(chat, exited_at=tx.now)
        if chat.state is ChatState.OFFERED:
            # Nobody should answer an empty room.
            gone = passed(gone, tx.now)
        await keep(tx, chat, gone)
        await self._rooms.event(tx, chat.room, "left", HER, exited=True)
        await self._rooms.leave(tx, chat.room, visitor)
        tx.schedule(EXIT, chat.chat, due=tx.now + EXIT_KEPT)
        tx.record("visitor", "chat.exit", chat.chat)
        await settle(tx, chat.line)

    async def gone(self, tx: Transaction, name: ChatId) -> None:
        """She did not come back in time."""
        chat = await chat_of(tx, name)
        if chat.exited_at is not None and tx.now >= chat.exited_at + EXIT_KEPT:
            await self._closing.end(tx, chat, Ending.EXITED)
            await settle(tx, chat.line)

    async def waited(self, tx: Transaction, name: ChatId) -> None:
        """Nobody has come for hours: she is told so, and nobody is sent to an empty room."""
        chat = await chat_of(tx, name)
        if chat.state in UNANSWERED and chat.exited_at is None:
            await self._closing.end(tx, chat, Ending.ABANDONED)
            await settle(tx, chat.line)

    async def resume(
        self, tx: Transaction, visitor: PersonId, said: str, word: str | None
    ) -> Chat | AppError:
        """Her conversation again, perhaps on another device.

        A wrong word of her own is counted, so that refusal is answered, not raised.
        """
        found = await store.with_words(tx.db, words.mark(self._key, said))
        if found is None:
            raise WrongWords
        chat = await chat_of(tx, found)
        if chat.over:
            raise WrongWords
        refused = await self._wrong(tx, chat, word)
        if refused is not None:
            return refused
        mine = await store.open_of(tx.db, visitor)
        if mine is not None and mine.chat != chat.chat:
            raise ChatAlreadyOpen
        await self._back(tx, chat, visitor)
        after = await keep(tx, chat, replace(chat, visitor=visitor, exited_at=None, wrong=0))
        tx.unschedule(EXIT, chat.chat)
        if after.state in UNANSWERED:
            waits(tx, after.chat)
        tx.record("visitor", "chat.resume", chat.chat)
        await settle(tx, chat.line)
        return after

    async def _back(self, tx: Transaction, chat: Chat, visitor: PersonId) -> None:
        if chat.visitor == visitor:
            await self._rooms.join(tx, chat.room, visitor, HER, alone=True)
        else:
            await self._rooms.replace(tx, chat.room, chat.visitor, visitor)
        if chat.exited_at is not None:
            await self._rooms.event(tx, chat.room, "back", HER)
        elif chat.visitor != visitor:
            # She had not left: it may be somebody else, who knows her words.
            await self._rooms.event(tx, chat.room, "back", HER, elsewhere=True)

    async def _wrong(self, tx: Transaction, chat: Chat, word: str | None) -> AppError | None:
        """What to answer when the word of her own is missing or wrong; None: it is right."""
        kept = await store.word(tx.db, chat.chat)
        if kept is None:
            return None
        if word is None:
            return WordAsked()
        if words.is_same(kept, words.mark_word(self._key, chat.chat, word)):
            return None
        tried = await keep(tx, chat, replace(chat, wrong=chat.wrong + 1))
        if tried.wrong >= WRONG_MOST:
            await self._closing.end(tx, tried, Ending.LOCKED)
            await settle(tx, chat.line)
        return WrongWords()

    async def _words(self, tx: Transaction) -> tuple[str, bytes]:
        """Three words that lead nowhere yet."""
        while True:
            said = words.invent(self._chance)
            mark = words.mark(self._key, said)
            if await store.with_words(tx.db, mark) is None:
                return said, mark
