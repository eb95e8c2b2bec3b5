"""What time does on a line: offers lapse, lines die, places are told, what is over is forgotten."""

from collections.abc import Callable, Collection

from matching.helpline import machine, store
from matching.helpline.answering import Answering
from matching.helpline.asking import EXIT, ORANGE_LATE, Asking
from matching.helpline.ending import FORGET, WRAP, Closing
from matching.helpline.handing import HANDING, Handover
from matching.helpline.looking import Looking
from matching.helpline.messages import QueueOrange, queue_of
from matching.helpline.queue import (
    AGAIN,
    OFFER,
    PULSE,
    TELL,
    WAITED,
    chat_of,
    freed,
    held,
    keep,
    line_of_task,
    settle,
    watch,
)
from matching.helpline.rules import DEAD_AFTER, MISSED_MOST, PULSE_EVERY
from matching.helpline.staffing import store as staffing
from matching.helpline.values import UNANSWERED, ChatId, ChatState, LineId
from realtime.haste import Haste
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Transaction
from realtime.ports import Presence
from realtime.store import Task
from realtime.tasks import Tasks

#: Looked at this many times in vain, and nobody says that a line is dead: we were away ourselves.
SILENCES = 3


class Clockwork:
    def __init__(
        self,
        ledger: Ledger,
        presence: Presence,
        asking: Asking,
        answering: Answering,
        handover: Handover,
        closing: Closing,
        looking: Looking,
        *,
        away: Callable[[], bool],
    ) -> None:
        """``away``: who is here cannot be known now, as nodes do not hear each other."""
        self._ledger = ledger
        self._presence = presence
        self._asking = asking
        self._answering = answering
        self._handover = handover
        self._closing = closing
        self._looking = looking
        self._away = away

    def register(self, tasks: Tasks) -> None:
        tasks.handle(OFFER, self._lapse, haste=Haste.URGENT)
        tasks.handle(HANDING, self._late, haste=Haste.URGENT)
        tasks.handle(ORANGE_LATE, self._orange, haste=Haste.URGENT)
        tasks.handle(PULSE, self._pulse, self._present, unable=self._away)
        tasks.handle(AGAIN, self._again)
        tasks.handle(TELL, self._tell)
        tasks.handle(EXIT, self._gone)
        tasks.handle(WAITED, self._waited)
        tasks.handle(WRAP, self._wrap)
        tasks.handle(FORGET, self._forget)

    async def plan(self, tx: Transaction) -> None:
        """At every start, lines are looked at again."""
        for line in await staffing.lines(tx.db):
            await watch(tx, line)

    async def _lapse(self, tx: Transaction, task: Task, prepared: None) -> None:
        """An offer that nobody answered: back to the head; twice in a row, she is off duty."""
        chat = await chat_of(tx, ChatId(task.key))
        person, until = chat.offered_to, chat.offer_until
        if person is None or until is None or tx.now < until:
            return
        await store.let_pass(tx.db, chat.chat, person, tx.now, refused=False)
        await keep(tx, chat, machine.passed(chat, tx.now))
        row = await staffing.find_operator(tx.db, chat.line, person)
        missed = (row.missed if row else 0) + 1
        await freed(tx, chat.line, person, missed=missed)
        if missed >= MISSED_MOST:
            await self._answering.off(tx, person, chat.line, "missed")
        await settle(tx, chat.line)

    async def _late(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._handover.late(tx, ChatId(task.key))

    async def _orange(self, tx: Transaction, task: Task, prepared: None) -> None:
        chat = await store.look(tx.db, ChatId(task.key))
        if chat is not None and chat.state in UNANSWERED and chat.exited_at is None:
            tx.publish(queue_of(chat.line), QueueOrange(chat=chat.chat))
            tx.record("line", "chat.orange", chat.chat)

    async def _present(self, task: Task) -> frozenset[PersonId]:
        """Who of those that are watched has a live line, on any node."""
        async with self._ledger.reading() as reading:
            people = await staffing.watched(reading.db, LineId(task.key))
        return await self._presence.present(people)

    async def _pulse(self, tx: Transaction, task: Task, present: frozenset[PersonId]) -> None:
        line = LineId(task.key)
        before = await held(tx, line)
        await staffing.set_pulsed(tx.db, line, tx.now)
        people = await staffing.watched(tx.db, line)
        if before.pulsed is None or tx.now - before.pulsed > SILENCES * PULSE_EVERY:
            # Nobody looked for a while: those who are not back yet are given their time.
            await staffing.set_seen(tx.db, line, people, tx.now)
        else:
            await staffing.set_seen(tx.db, line, [it for it in people if it in present], tx.now)
            await self._bury(tx, line, people, present)
        if people:
            await watch(tx, line)

    async def _bury(
        self,
        tx: Transaction,
        line: LineId,
        people: Collection[PersonId],
        present: Collection[PersonId],
    ) -> None:
        for row in await staffing.operators(tx.db, line):
            watched = row.person in people and row.person not in present
            if watched and tx.now - row.seen >= DEAD_AFTER:
                await self._answering.vanish(tx, row.person, line)

    async def _again(self, tx: Transaction, task: Task, prepared: None) -> None:
        line = line_of_task(task.key)
        await held(tx, line)
        await settle(tx, line)

    async def _tell(self, tx: Transaction, task: Task, prepared: None) -> None:
        line = line_of_task(task.key)
        await held(tx, line)
        await self._looking.tell(tx, line)

    async def _gone(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._asking.gone(tx, ChatId(task.key))

    async def _waited(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._asking.waited(tx, ChatId(task.key))

    async def _wrap(self, tx: Transaction, task: Task, prepared: None) -> None:
        chat = await chat_of(tx, ChatId(task.key))
        if chat.state is ChatState.WRAP_UP:
            await self._closing.wrap(tx, chat)
            await settle(tx, chat.line)

    async def _forget(self, tx: Transaction, task: Task, prepared: None) -> None:
        await self._closing.forget(tx, ChatId(task.key))
