"""The helpline: its parts, joined. Commands use these; nothing else of it is used from outside."""

from collections.abc import Callable
from random import Random

from matching.helpline import store
from matching.helpline.answering import Answering
from matching.helpline.asking import Asking
from matching.helpline.ending import Closing
from matching.helpline.handing import Handover
from matching.helpline.looking import Looking
from matching.helpline.staffing import store as staffing
from matching.helpline.supervising import Supervising
from matching.helpline.tasks import Clockwork
from matching.helpline.values import TALKING, Chat, ChatId, LineId
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Presence
from realtime.rooms.service import Rooms
from realtime.tasks import Tasks


class Helpline:
    def __init__(
        self,
        ledger: Ledger,
        rooms: Rooms,
        presence: Presence,
        *,
        key: bytes,
        keep_days: int,
        away: Callable[[], bool] = lambda: False,
        chance: Random | None = None,
    ) -> None:
        """``key``: this deployment's, for words; ``keep_days``: of what is said, once closed."""
        self.closing = Closing(rooms, keep_days=keep_days)
        self.looking = Looking(ledger, rooms)
        self.asking = Asking(rooms, self.closing, key=key, chance=chance)
        self.answering = Answering(rooms, self.closing)
        self.handover = Handover(rooms, self.answering)
        self.supervising = Supervising(rooms, self.answering)
        self._clockwork = Clockwork(
            ledger,
            presence,
            self.asking,
            self.answering,
            self.handover,
            self.closing,
            self.looking,
            away=away,
        )

    def register(self, tasks: Tasks) -> None:
        self._clockwork.register(tasks)

    async def plan(self, tx: Transaction) -> None:
        """What begins at every start and goes on by itself."""
        await self._clockwork.plan(tx)

    async def found_line(self, tx: Transaction, line: LineId) -> None:
        """There is a line from now on, closed until a supervisor opens it."""
        await staffing.add_line(tx.db, line)

    async def open_line(self, tx: Transaction, line: LineId) -> None:
        """Open by its hours, unless somebody has said otherwise since it was founded."""
        found = await staffing.hold_line(tx.db, line)
        if found is not None and found.reason is None:
            await staffing.set_open(tx.db, line, open_=None, reason="", until=None)

    async def depart(self, tx: Transaction, person: PersonId) -> None:
        """A session has ended: hers is an exit; who answers sits in no room any more."""
        await self.asking.exit(tx, person)
        for line in await staffing.lines_of(tx.db, person):
            await self.answering.vanish(tx, person, line)
        for chat in await staffing.chats_beside(tx.db, person):
            await self.supervising.part(tx, person, chat)

    # What somebody is to a chat, for the access tables.

    async def find(self, reading: Reading, chat: str) -> Chat | None:
        """One chat as it is, for domains that join theirs to it."""
        return await store.look(reading.db, ChatId(chat))

    async def is_visitor(self, reading: Reading, person: PersonId, chat: str) -> bool:
        """Her own; not any more once she has left by the exit, until her words are said."""
        found = await self.find(reading, chat)
        return found is not None and found.visitor == person and found.exited_at is None

    async def is_operator(self, reading: Reading, person: PersonId, chat: str) -> bool:
        """It is this operator's."""
        found = await self.find(reading, chat)
        return found is not None and found.operator == person

    async def is_asked(self, reading: Reading, person: PersonId, chat: str) -> bool:
        """It is offered or handed to this person, or was handed and joined."""
        found = await self.find(reading, chat)
        if found is None:
            return False
        handed = found.handing is not None and found.handing.to == person
        return found.offered_to == person or (found.state in TALKING and handed)

    async def is_beside(self, reading: Reading, person: PersonId, chat: str) -> bool:
        """Has a seat in its room beside its operator."""
        return person in await staffing.beside_of(reading.db, ChatId(chat))
