"""A supervisor listens, joins, takes over, opens or closes the line; an interpreter is called in.

To listen without being seen is on the record each time, and seen by the colleagues in the room.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from matching.helpline import machine, store
from matching.helpline.answering import Answering, newcomer
from matching.helpline.choosing import has_room, load
from matching.helpline.errors import ChatOver, OverCapacity
from matching.helpline.hours import Office
from matching.helpline.messages import ChatBeside, ChatGone, QueueLine, queue_of
from matching.helpline.opening import is_line_open
from matching.helpline.queue import (
    as_operator,
    chat_of,
    held,
    settle,
    watch,
)
from matching.helpline.staffing import store as staffing
from matching.helpline.staffing.store import OperatorRow
from matching.helpline.values import OVER, Chat, ChatId, LineId
from realtime.channels import own_channel
from realtime.kernel.errors import NotAvailable, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.service import Rooms

#: Their seats, with a number.
SUPERVISING, INTERPRETING = "superviseure", "interprete"
#: As what somebody is beside a chat's operator.
WATCH, JOIN, INTERPRET = "watch", "join", "interpret"


class Supervising:
    def __init__(self, rooms: Rooms, answering: Answering) -> None:
        self._rooms = rooms
        self._answering = answering

    # One chat.

    async def watch(self, tx: Transaction, person: PersonId, name: ChatId, *, on: bool) -> Chat:
        """Read along without being seen by her; or stop."""
        if not on:
            return await self.part(tx, person, name)
        chat = await self._live(tx, name)
        beside = await staffing.beside_of(tx.db, name)
        if person == chat.operator or beside.get(person) == JOIN:
            return chat
        await self._rooms.join(tx, chat.room, person, SUPERVISING, staff=True, silent=True)
        await staffing.put_beside(tx.db, name, person, WATCH)
        tx.record(person, "chat.watch", name)
        return chat

    async def part(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """Leave again; whoever answers goes by handing on, or by saying goodbye."""
        chat = await chat_of(tx, name)
        handed = chat.handing is not None and chat.handing.to == person
        if person in await staffing.beside_of(tx.db, name) and not handed:
            await self._answering.depart(tx, chat, person, "left")
        return chat

    async def join(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """Be in the room, seen by everybody."""
        chat = await self._live(tx, name)
        if person == chat.operator:
            return chat
        seat = await self._rooms.join(tx, chat.room, person, SUPERVISING, staff=True)
        await self._rooms.event(tx, chat.room, "joined", seat)
        await staffing.put_beside(tx.db, name, person, JOIN)
        tx.record(person, "chat.join", name)
        return chat

    async def take(self, tx: Transaction, person: PersonId, name: ChatId) -> Chat:
        """Have it oneself, whoever had it."""
        chat = await self._live(tx, name)
        if chat.operator == person:
            return chat
        await self._room_for(tx, chat.line, person, name)
        after = machine.taken(chat, person, tx.now)
        await staffing.drop_beside(tx.db, name, person)
        await self._answering.answered(tx, chat, after)
        asked = None if chat.handing is None else chat.handing.to
        others = {chat.operator, asked, chat.offered_to} - {person}
        for other in sorted(it for it in others if it is not None):
            await self._answering.depart(tx, chat, other, "left")
            tx.publish(own_channel(other), ChatGone(chat=name))
        tx.record(person, "chat.take", name)
        await watch(tx, chat.line)
        await settle(tx, chat.line)
        return after

    async def interpret(
        self, tx: Transaction, by: PersonId, name: ChatId, person: PersonId
    ) -> Chat:
        """Call in a colleague who interprets: seen by her, and not told what staff write."""
        chat = await self._live(tx, name)
        if chat.practice:
            raise NotAvailable
        known = await staffing.find_operator(tx.db, chat.line, person)
        there = {chat.operator, chat.visitor, *await staffing.beside_of(tx.db, name)}
        if known is None or person in there:
            raise NotFound
        seat = await self._rooms.join(tx, chat.room, person, INTERPRETING)
        await self._rooms.event(tx, chat.room, "joined", seat)
        await staffing.put_beside(tx.db, name, person, INTERPRET)
        told = ChatBeside(chat=name, room=chat.room, role=INTERPRET)
        tx.publish(own_channel(person), told)
        tx.record(by, "chat.interpret", name)
        tx.record(person, "chat.interprets", name)
        return chat

    async def _live(self, tx: Transaction, name: ChatId) -> Chat:
        chat = await chat_of(tx, name)
        if chat.state in OVER:
            raise ChatOver
        return chat

    async def _room_for(
        self, tx: Transaction, line: LineId, person: PersonId, name: ChatId
    ) -> None:
        """``OverCapacity`` for who has as many as she may, a supervisor too."""
        row = await staffing.find_operator(tx.db, line, person)
        if row is None:
            row = newcomer(tx, person)
            await staffing.put_operator(tx.db, line, row)
        loads = load([it for it in await store.taken(tx.db, line) if it.chat != name])
        if not has_room(as_operator(row, loads[person])):
            raise OverCapacity
        await staffing.set_seen(tx.db, line, [person], tx.now)

    # The line.

    async def set_line(
        self,
        tx: Transaction,
        person: PersonId,
        line: LineId,
        *,
        open_: bool | None,
        reason: str,
        until: datetime | None,
    ) -> bool:
        """Open or close it, or (None) leave it to its hours; whether it is open now."""
        await held(tx, line)
        await staffing.set_open(tx.db, line, open_=open_, reason=reason, until=until)
        now_open = is_line_open(await held(tx, line), tx.now)
        tx.publish(queue_of(line), QueueLine(line=line, open=now_open))
        tx.record(person, "line.set", line)
        return now_open

    async def offices(
        self, tx: Transaction, person: PersonId, line: LineId, offices: Sequence[Office] | None
    ) -> Sequence[Office]:
        """Where its people sit, and when; None: as they are."""
        found = await held(tx, line)
        if offices is None:
            return found.offices
        await staffing.set_offices(tx.db, line, offices)
        tx.record(person, "line.offices", line)
        return offices

    async def set_operator(
        self,
        tx: Transaction,
        by: PersonId,
        line: LineId,
        person: PersonId,
        *,
        trainee: bool,
        languages: Sequence[str],
        skills: Sequence[str],
    ) -> OperatorRow:
        """What somebody may do there, and speaks."""
        await held(tx, line)
        found = await staffing.find_operator(tx.db, line, person) or newcomer(tx, person)
        row = replace(found, trainee=trainee, languages=tuple(languages), skills=tuple(skills))
        await staffing.put_operator(tx.db, line, row)
        tx.record(by, "operator.set", person)
        await settle(tx, line)
        return row
