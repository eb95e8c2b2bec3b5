"""What members say to each other: messages, changes of one's last one, events, marks."""

from realtime.kernel.errors import Malformed
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.rooms import rules, store
from realtime.rooms.errors import DraftHeld, NoSuchAttachment, NotLast, OnlyListening, RoomFull
from realtime.rooms.membership import member, says, speaker
from realtime.rooms.messages import (
    Attachment,
    Edit,
    Looking,
    Message,
    ReadMark,
    Typing,
    channel_of,
    event_of,
    looking_channel,
    typing_channel,
)
from realtime.rooms.pictures import Picture
from realtime.rooms.store import MemberRow


class Talk:
    """What is on ``room:`` and ``typing:``, and so what everyone in the room learns."""

    async def say(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        *,
        id: str,  # noqa: A002 - the word of the wire
        text: str,
        attachment: str | None = None,
    ) -> None:
        """Say something; a picture without words is something too.

        ``DraftHeld`` when somebody else of the staff is writing, ``OnlyListening`` for a silent
        member, ``NoSuchAttachment`` for a picture that is not one's own.
        """
        if not text and attachment is None:
            raise Malformed
        who = await says(tx, room, person, id)
        await self._with_the_draft(tx, room, who)
        if attachment is not None:
            await _own_picture(tx, room, person, attachment)
        tx.publish(
            channel_of(room),
            Message(id=id, text=text, seat=who.seat, at=tx.now, attachment=attachment or ""),
        )

    async def edit(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        *,
        id: str,  # noqa: A002 - the word of the wire
        of: str,
        text: str,
    ) -> None:
        """Change one's own last message, for a few minutes; ``NotLast`` for any other."""
        who = await speaker(tx, room, person)
        if not rules.may_edit(of, last=who.said, last_at=who.said_at, now=tx.now):
            raise NotLast
        tx.publish(channel_of(room), Edit(id=id, of=of, text=text, seat=who.seat, at=tx.now))

    async def event(
        self, tx: Transaction, room: str, what: str, seat: str | None = None, **facts: object
    ) -> None:
        """Tell everyone in the room that something happened.

        Nothing is told of a silent member: who is not seen neither comes nor goes.
        """
        if seat is not None:
            for it in await store.members(tx.db, room):
                if it.seat == seat and it.silent:
                    return
        tx.publish(channel_of(room), event_of(what, tx.now, seat, facts))

    async def read(self, tx: Transaction, room: str, person: PersonId, offset: int) -> None:
        """Note how far somebody has read, and tell it; a silent member leaves no mark."""
        who = await member(tx, room, person)
        if who.silent:
            return
        # Nobody has read what is not said yet.
        read = min(offset, (await tx.place(channel_of(room))).offset)
        if read and await store.move_read(tx.db, room, person, read):
            tx.publish(typing_channel(room), ReadMark(f"read:{who.seat}", who.seat, read))

    async def typing(self, tx: Transaction, room: str, person: PersonId, *, on: bool) -> None:
        """Tell everyone in the room that somebody writes; nothing of it is kept."""
        who = await member(tx, room, person)
        if who.silent:
            raise OnlyListening
        tx.publish(typing_channel(room), Typing(f"typing:{who.seat}", who.seat, on))

    async def attach(
        self, tx: Transaction, room: str, person: PersonId, picture: Picture
    ) -> Attachment:
        """Keep a picture, sealed under the room's key; it is shown once a message names it."""
        # Two at once must not both be the last that may be.
        await store.hold_room(tx.db, room)
        await speaker(tx, room, person)
        count, size = await store.count_pictures(tx.db, room)
        new = store.PictureRow(tx.ids(), person, picture.width, picture.height, len(picture.body))
        if count >= rules.MOST_PICTURES or size + new.bytes > rules.MOST_PICTURE_BYTES:
            raise RoomFull
        sealed = await tx.seal(channel_of(room), picture.body, context=_context(new.picture))
        await store.put_picture(tx.db, room, new, sealed)
        return attachment_of(new)

    async def attachment(self, reading: Reading, room: str, person: PersonId, name: str) -> bytes:
        """A picture that was shown in the room, for its members; one's own also before that."""
        await member(reading, room, person)
        sealed = await store.sealed_picture(reading.db, room, name)
        if sealed is None:
            raise NoSuchAttachment
        return await reading.open(channel_of(room), sealed, context=_context(name))

    async def _with_the_draft(self, tx: Transaction, room: str, who: MemberRow) -> None:
        """Among staff one writes at a time; what is said ends one's own draft."""
        if not who.staff:
            return
        held = await store.find_draft(tx.db, room)
        if held is None or held.until <= tx.now:
            return
        if held.person != who.person:
            raise DraftHeld
        await store.drop_draft(tx.db, room)
        tx.publish(looking_channel(room), Looking(who.seat, who.seat, "looking"))


def attachment_of(it: store.PictureRow) -> Attachment:
    return Attachment(it.picture, it.width, it.height, it.bytes)


async def _own_picture(tx: Transaction, room: str, person: PersonId, name: str) -> None:
    found = await store.pictures(tx.db, room, [name])
    if not found or found[0].person != person:
        raise NoSuchAttachment


def _context(picture: str) -> str:
    return f"picture {picture}"
