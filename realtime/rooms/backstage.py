"""What the association's members of a room tell each other, and nobody else ever hears.

Notes have a stream and a key of their own: nothing is filtered out of what she hears, as none of it
is ever in it.
"""

from typing import Literal

from realtime import store as ledger_store
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.rooms import rules, store
from realtime.rooms.errors import OnlyListening
from realtime.rooms.membership import one_of_staff, still_open
from realtime.rooms.messages import (
    Draft,
    Looking,
    Note,
    NoteState,
    Whisper,
    looking_channel,
    read_note,
    staff_channel,
)


class Backstage:
    """What is on ``staff:`` and ``looking:``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def note(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        *,
        id: str,  # noqa: A002 - the word of the wire
        text: str,
        kind: Literal["note", "whisper"] = "note",
        to: str | None = None,
    ) -> None:
        """Write something for the staff of the room; ``to`` is the seat it is meant for."""
        await still_open(tx, room)
        who = await one_of_staff(tx, room, person)
        made = Note if kind == "note" else Whisper
        tx.publish(
            staff_channel(room), made(id=id, text=text, seat=who.seat, at=tx.now, to=to or "")
        )

    async def notes(self, reading: Reading, room: str, person: PersonId) -> NoteState:
        """The snapshot of ``staff:<room>``: the newest notes, and who holds the draft."""
        who = await one_of_staff(reading, room, person)
        channel = staff_channel(room)
        place = await reading.place(channel)
        kept = await ledger_store.page(
            reading.db, channel, limit=rules.NOTES, since=None, reverse=True
        )
        found = [
            read_note(await self._ledger.opened(reading.db, it), it.offset) for it in reversed(kept)
        ]
        held = await store.find_draft(reading.db, room)
        writing = held is not None and held.until > reading.now
        return NoteState(
            room=room,
            seat=who.seat,
            notes=found,
            epoch=place.epoch,
            offset=place.offset,
            draft=Draft(held.seat, held.until) if held is not None and writing else None,
        )

    async def draft(self, tx: Transaction, room: str, person: PersonId, *, on: bool) -> str:
        """Begin, go on or stop writing the answer; the seat of who holds the draft now, or ``""``.

        Asked again at least every few seconds while one writes: a page that dies lets go.
        """
        # One at a time: of two who begin at once, one is told of the other.
        await store.hold_room(tx.db, room)
        who = await one_of_staff(tx, room, person)
        held = await store.find_draft(tx.db, room)
        if held is not None and held.until > tx.now and held.person != person:
            return held.seat
        if not on:
            if await store.drop_draft(tx.db, room, person):
                self._show(tx, room, Looking(who.seat, who.seat, "looking"))
            return ""
        if who.silent:
            raise OnlyListening
        until = tx.now + rules.DRAFT_FOR
        await store.put_draft(tx.db, room, store.DraftRow(person, who.seat, until))
        self._show(tx, room, Looking(who.seat, who.seat, "draft", until))
        return who.seat

    async def look(
        self, tx: Transaction, room: str, person: PersonId, state: Literal["looking", "typing"]
    ) -> None:
        """Tell the staff of the room that somebody looks at it, or writes a note."""
        who = await one_of_staff(tx, room, person)
        self._show(tx, room, Looking(who.seat, who.seat, state))

    def _show(self, tx: Transaction, room: str, mark: Looking) -> None:
        tx.publish(looking_channel(room), mark)
