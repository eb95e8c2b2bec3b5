"""An exercise: a chat marked as practice, for one operator, whose visitor is a script.

It goes the way of every chat (held, finished, wrapped up) and is in no queue, no figure and no
count: whoever reads chats leaves out what is marked (``matching/helpline/store.py``). Nobody can
sign in as its visitor, so that nothing can be asked for in her name: no bridge is ever answered.
"""

from collections.abc import Iterable
from datetime import timedelta

from matching.helpline import store as chats
from matching.helpline.answering import ANSWERING
from matching.helpline.asking import HER
from matching.helpline.ending import Closing
from matching.helpline.errors import OverCapacity
from matching.helpline.practice import store
from matching.helpline.practice.messages import PracticeBegun, Scripts, ScriptView
from matching.helpline.practice.script import Script, Turn, turn_at
from matching.helpline.queue import Sealed, chat_of, seal
from matching.helpline.triage import triage
from matching.helpline.values import OVER, Chat, ChatId, ChatState, Ending, LineId
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms
from realtime.store import Task
from realtime.tasks import Tasks

#: Her next words; the key is the chat.
TURN = "practice.turn"
#: Rooms of exercises are known by their names: everybody's messages need not ask the database.
PREFIX = "practice-"
_OPENS_AFTER = timedelta(seconds=2)
_ENDINGS = {"leave": Ending.LEFT, "exit": Ending.EXITED}


class Practice:
    def __init__(self, rooms: Rooms, closing: Closing, scripts: Iterable[Script]) -> None:
        self._rooms = rooms
        self._closing = closing
        self._scripts = {it.script: it for it in scripts}

    def register(self, tasks: Tasks) -> None:
        tasks.handle(TURN, self._turn)

    def all(self) -> Scripts:
        return Scripts(
            [
                ScriptView(
                    script=it.script,
                    title=it.title,
                    about=it.about,
                    points=it.points,
                    language=it.language,
                    turns=len(it.turns),
                )
                for it in self._scripts.values()
            ]
        )

    async def begin(
        self, tx: Transaction, operator: PersonId, line: LineId, name: str
    ) -> PracticeBegun:
        """Begin an exercise; one at a time."""
        script = self._scripts.get(name)
        if script is None:
            raise NotFound
        mine = await chats.of_operator(tx.db, operator)
        if any(it.practice and it.state not in OVER for it in mine):
            raise OverCapacity
        chat = await self._open(tx, operator, line, script)
        await store.put(tx.db, store.Exercise(chat.chat, chat.room, name, 0))
        tx.schedule(TURN, chat.chat, due=tx.now + _OPENS_AFTER)
        tx.record(operator, "practice.begin", chat.chat)
        return PracticeBegun(chat=chat.chat, room=chat.room, script=name)

    async def heard(self, tx: Transaction, room: str, person: PersonId) -> None:
        """Somebody has spoken in a room of an exercise: she answers when they have stopped."""
        found = await store.in_room(tx.db, room)
        if found is None or person == _visitor(found.chat):
            return
        turn = self._next(found)
        if turn is not None:
            await self._rooms.typing(tx, room, _visitor(found.chat), on=True)
            # Another word of the operator's replaces the task: she is not interrupted.
            tx.schedule(TURN, found.chat, due=tx.now + timedelta(seconds=turn.after_s))

    async def ended(self, tx: Transaction, chat: str) -> None:
        """It is over, whoever ended it."""
        await store.drop(tx.db, chat)
        tx.unschedule(TURN, chat)

    async def _open(
        self, tx: Transaction, operator: PersonId, line: LineId, script: Script
    ) -> Chat:
        how = triage(script.answers, script.seen)
        name = ChatId(tx.ids())
        new = Chat(
            chat=name,
            line=line,
            visitor=_visitor(name),
            room=PREFIX + tx.ids(),
            state=ChatState.ACTIVE,
            level=how.level,
            language=script.language,
            asked_at=tx.now,
            rank=tx.now,
            since=tx.now,
            operator=operator,
            answered_at=tx.now,
            practice=True,
        )
        await self._rooms.open(tx, new.room, name)
        await self._rooms.join(tx, new.room, new.visitor, HER, alone=True)
        await self._rooms.join(tx, new.room, operator, ANSWERING, staff=True)
        inside = Sealed(how.reasons, None, script.seen)
        await chats.put(
            tx.db,
            new,
            asked_as=f"practice {name}",
            words=None,
            word=None,
            sealed=await seal(tx, name, inside),
        )
        return new

    async def _turn(self, tx: Transaction, task: Task, prepared: None) -> None:
        """Say her next words, and do what she does after them."""
        found = await store.find(tx.db, task.key)
        if found is None:
            return
        chat = await chat_of(tx, ChatId(found.chat))
        turn = self._next(found)
        if turn is None:
            return
        for text in turn.say:
            await self._rooms.say(tx, chat.room, chat.visitor, id=tx.ids(), text=text)
        await self._rooms.typing(tx, chat.room, chat.visitor, on=False)
        await store.move(tx.db, found.chat, found.step + 1)
        if turn.then != "stay":
            await self._closing.end(tx, chat, _ENDINGS[turn.then])

    def _next(self, found: store.Exercise) -> Turn | None:
        script = self._scripts.get(found.script)
        return None if script is None else turn_at(script, found.step)


def _visitor(chat: str) -> PersonId:
    """Nobody: a session is never opened for a name like this."""
    return PersonId(f"practice:{chat}")
