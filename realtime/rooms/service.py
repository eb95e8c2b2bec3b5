"""Rooms: opened by a domain for a subject, joined under a seat, left, closed, and in time shredded.

A seat (``elle``, ``aide-2``) is all that members learn of each other. Who returns has the same seat
as before. Nothing here knows what a room is about.
"""

from dataclasses import replace
from datetime import datetime

from realtime import store as ledger_store
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.rooms import rules, store
from realtime.rooms.backstage import Backstage
from realtime.rooms.errors import NotAMember, SeatTaken
from realtime.rooms.membership import member
from realtime.rooms.messages import (
    Mark,
    Member,
    RoomState,
    channel_of,
    looking_channel,
    read_back,
    staff_channel,
    told,
    typing_channel,
)
from realtime.rooms.store import MemberRow
from realtime.rooms.talk import Talk, attachment_of
from realtime.store import Task
from realtime.tasks import Tasks

#: The kind of task that deletes what was said in a room, by its name.
SHRED = "room.shred"
PAGE = rules.PAGE


class Rooms(Talk, Backstage):
    """Rooms and their members; what is said is in ``talk.py``, what staff say ``backstage.py``."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)

    def register(self, tasks: Tasks) -> None:
        """Carry out what ``retain`` leaves to do."""
        tasks.handle(SHRED, self._over)

    async def open(self, tx: Transaction, room: str, subject: str) -> None:
        await store.put_room(tx.db, room, subject, tx.now)

    async def join(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        role: str,
        *,
        alone: bool = False,
        staff: bool = False,
        silent: bool = False,
    ) -> str:
        """Give a person a seat named after its role, or the one it had; answer the seat.

        One who is silent is numbered apart: the numbers of those who are seen have no gap.

        ``alone``: the only one of that role. ``staff``: of the association, hears what staff say
        among themselves. ``silent``: seen by staff only, and speaks to nobody else; joining again
        without it makes them seen, and nobody who is seen becomes silent without leaving first.
        """
        await store.hold_room(tx.db, room)
        members = await store.members(tx.db, room)
        for it in members:
            if it.person == person:
                return await self._again(tx, room, it, members, staff=staff, silent=silent)
        seat = rules.seat_for(role, [it.seat for it in members], alone=alone, silent=silent)
        new = MemberRow(person, seat, role, None, staff=staff, silent=silent)
        await store.put_member(tx.db, room, new)
        return seat

    async def leave(self, tx: Transaction, room: str, person: PersonId) -> None:
        """End a person's right to the room, on every node."""
        await store.hold_room(tx.db, room)
        members = await store.members(tx.db, room)
        await store.set_left(tx.db, room, person, tx.now)
        await store.drop_draft(tx.db, room, person)
        staff = any(it.person == person and it.staff for it in members)
        self._end_right(tx, room, person, staff=staff)

    async def replace(self, tx: Transaction, room: str, old: PersonId, new: PersonId) -> None:
        """The same seat for another person; the old one's right ends.

        ``NotAMember`` when the old one has no seat, ``SeatTaken`` when the new one has.
        """
        await store.hold_room(tx.db, room)
        people = {it.person: it for it in await store.members(tx.db, room)}
        if old not in people:
            raise NotAMember
        if new in people:
            raise SeatTaken
        await store.set_person(tx.db, room, old, new)
        await store.drop_draft(tx.db, room, old)
        self._end_right(tx, room, old, staff=people[old].staff)

    async def close(self, tx: Transaction, room: str) -> None:
        """Nothing more can be said; what was said can still be read by the members."""
        await store.close_room(tx.db, room, tx.now)

    async def retain(self, tx: Transaction, room: str, until: datetime) -> None:
        """Delete what was said at that moment, and not before; a later word replaces this one."""
        tx.schedule(SHRED, room, due=until)

    async def shred(self, tx: Transaction, room: str) -> None:
        """Delete what was said, to each other and among staff: the keys, and what they sealed."""
        for channel in (channel_of(room), staff_channel(room)):
            await tx.shred(channel)
            await ledger_store.drop_stream(tx.db, channel)
        await store.forget_words(tx.db, room)

    async def disperse(self, tx: Transaction, room: str) -> None:
        """Forget who sat in a room whose time is over: nothing leads from it to anybody."""
        await store.hold_room(tx.db, room)
        for it in await store.members(tx.db, room):
            if it.left is None:
                self._end_right(tx, room, it.person, staff=it.staff)
        await store.drop_members(tx.db, room)

    async def seat(self, reading: Reading, room: str, person: PersonId) -> str:
        """The seat of a present member, or ``NotAMember``: also when there is no such room."""
        return (await member(reading, room, person)).seat

    async def member(self, reading: Reading, room: str, person: PersonId) -> MemberRow:
        """What a present member is in a room, or ``NotAMember``."""
        return await member(reading, room, person)

    async def of(self, reading: Reading, person: PersonId) -> list[tuple[str, str, str]]:
        """The open rooms of a person: room, subject, seat."""
        return await store.rooms_of(reading.db, person)

    async def subject(self, reading: Reading, room: str) -> str | None:
        """What a room is about, or None when there is no such room."""
        found = await store.look_at_room(reading.db, room)
        return None if found is None else found.subject

    async def people(self, reading: Reading, room: str) -> dict[str, PersonId]:
        """Who has each seat: for the domain that opened the room, never for its members."""
        return {it.seat: it.person for it in await store.members(reading.db, room)}

    async def state(self, reading: Reading, room: str, person: PersonId) -> RoomState:
        """The snapshot of ``room:<id>`` as this member may see it: silent members, staff only."""
        who = await member(reading, room, person)
        found = await store.look_at_room(reading.db, room)
        if found is None:
            raise NotFound
        channel = channel_of(room)
        place = await reading.place(channel)
        kept = await ledger_store.page(reading.db, channel, limit=PAGE, since=None, reverse=True)
        messages, events = told(
            [
                read_back(await self._ledger.opened(reading.db, it), it.offset)
                for it in reversed(kept)
            ]
        )
        members = await store.members(reading.db, room)
        seen = [it for it in members if who.staff or not it.silent]
        shown = {it.attachment for it in messages if it.attachment}
        pictures = await store.pictures(reading.db, room, shown) if shown else []
        return RoomState(
            room=room,
            subject=found.subject,
            seat=who.seat,
            open=found.closed is None,
            members=[Member(it.seat, it.role, it.left is None, it.staff, it.silent) for it in seen],
            messages=messages,
            epoch=place.epoch,
            offset=place.offset,
            events=events,
            # Who is silent leaves none, and keeps what she left while she was seen.
            read=[Mark(it.seat, it.read) for it in members if it.read],
            attachments=[attachment_of(it) for it in pictures],
        )

    async def _again(
        self,
        tx: Transaction,
        room: str,
        it: MemberRow,
        members: list[MemberRow],
        *,
        staff: bool,
        silent: bool,
    ) -> str:
        """Who is here already is seen more, and hears more, never less; answer the seat.

        Who returns is what they return as, under the same name; unless it was never shown.
        """
        here = it.left is None
        quiet = silent and (it.silent or not here)
        seat = it.seat
        if not quiet and rules.is_unseen(seat):
            seat = rules.seat_for(it.role, [one.seat for one in members], alone=False)
        seen = replace(it, seat=seat, left=None, staff=staff or (here and it.staff), silent=quiet)
        if seen != it:
            await store.set_seen(tx.db, room, seen)
        return seat

    def _end_right(self, tx: Transaction, room: str, person: PersonId, *, staff: bool) -> None:
        for channel in (channel_of, typing_channel):
            tx.revoke(person, channel(room))
        if staff:
            for channel in (staff_channel, looking_channel):
                tx.revoke(person, channel(room))

    async def _over(self, tx: Transaction, task: Task, prepared: None) -> None:
        """The time for which a room is kept is over."""
        await self.close(tx, task.key)
        await self.shred(tx, task.key)
        tx.record("retention", SHRED, task.key)
