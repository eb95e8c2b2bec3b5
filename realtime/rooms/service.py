"""Rooms: opened by a domain for a subject, joined under a seat, left, closed, and in time shredded.

A seat (``elle``, ``aide-2``) is all that members learn of each other. Who returns has the same seat
as before. Nothing here knows what a room is about.
"""

import msgspec

from realtime import store as ledger_store
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.rooms import store
from realtime.rooms.errors import NotAMember, RoomClosed
from realtime.rooms.messages import Member, Message, RoomState, channel_of

#: Messages in a snapshot; older ones are read by pages of the channel's history.
PAGE = 50


class Rooms:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open(self, tx: Transaction, room: str, subject: str) -> None:
        await store.put_room(tx.db, room, subject, tx.now)

    async def join(self, tx: Transaction, room: str, person: PersonId, role: str) -> str:
        """Give a person a seat named after its role, or the one it had; answer the seat."""
        await store.hold_room(tx.db, room)
        members = await store.members(tx.db, room)
        for member in members:
            if member.person == person:
                if member.left is not None:
                    await store.set_left(tx.db, room, person, None)
                return member.seat
        taken = sum(member.role == role for member in members)
        # The one who asks is alone in her role: a number after it would say nothing.
        seat = role if role == "elle" else f"{role}-{taken + 1}"
        await store.put_member(tx.db, room, store.MemberRow(person, seat, role, None))
        return seat

    async def leave(self, tx: Transaction, room: str, person: PersonId) -> None:
        """End a person's right to the room, on every node."""
        await store.hold_room(tx.db, room)
        await store.set_left(tx.db, room, person, tx.now)
        tx.revoke(person, channel_of(room))

    async def close(self, tx: Transaction, room: str) -> None:
        """Nothing more can be said; what was said can still be read by the members."""
        await store.close_room(tx.db, room, tx.now)

    async def shred(self, tx: Transaction, room: str) -> None:
        """Delete what was said: the key, and what it sealed."""
        await tx.shred(channel_of(room))
        await ledger_store.drop_stream(tx.db, channel_of(room))

    async def say(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        *,
        id: str,  # noqa: A002 - the word of the wire
        text: str,
    ) -> None:
        # First: from here on nobody leaves, and it is not closed.
        found = await store.find_room(tx.db, room)
        seat = await self.seat(tx, room, person)
        if found is None or found.closed is not None:
            raise RoomClosed
        tx.publish(channel_of(room), Message(id=id, text=text, seat=seat, at=tx.now))

    async def seat(self, reading: Reading, room: str, person: PersonId) -> str:
        """The seat of a present member, or ``NotAMember``: also when there is no such room."""
        for member in await store.members(reading.db, room):
            if member.person == person and member.left is None:
                return member.seat
        raise NotAMember

    async def of(self, reading: Reading, person: PersonId) -> list[tuple[str, str, str]]:
        """The open rooms of a person: room, subject, seat."""
        return await store.rooms_of(reading.db, person)

    async def subject(self, reading: Reading, room: str) -> str | None:
        """What a room is about, or None when there is no such room."""
        found = await store.find_room(reading.db, room)
        return None if found is None else found.subject

    async def people(self, reading: Reading, room: str) -> dict[str, PersonId]:
        """Who has each seat: for the domain that opened the room, never for its members."""
        return {it.seat: it.person for it in await store.members(reading.db, room)}

    async def state(self, reading: Reading, room: str, person: PersonId) -> RoomState:
        seat = await self.seat(reading, room, person)
        found = await store.find_room(reading.db, room)
        if found is None:
            raise NotFound
        channel = channel_of(room)
        place = await reading.place(channel)
        kept = await ledger_store.page(reading.db, channel, limit=PAGE, since=None, reverse=True)
        messages = []
        for it in reversed(kept):
            message = msgspec.json.decode(await self._ledger.opened(reading.db, it), type=Message)
            message.offset = it.offset
            messages.append(message)
        return RoomState(
            room=room,
            subject=found.subject,
            seat=seat,
            open=found.closed is None,
            members=[
                Member(it.seat, it.role, it.left is None)
                for it in await store.members(reading.db, room)
            ],
            messages=messages,
            epoch=place.epoch,
            offset=place.offset,
        )
