"""Beside a room, for its staff only: notes and whispers, who looks, who writes the answer."""

from realtime.rooms.errors import NotAMember, OnlyListening, RoomClosed
from realtime.rooms.messages import Whisper
from web.commands.fields import Done
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.room_fields import (
    DraftHolder,
    DraftView,
    NoteAdd,
    NoteLineView,
    NoteView,
    RoomAsked,
    RoomDraft,
    RoomLooking,
)
from web.commands.rooms import about


async def add(call: Writing, asked: NoteAdd) -> Done:
    await call.services.rooms.note(
        call.tx,
        asked.room,
        call.caller.person,
        id=asked.id,
        kind=asked.kind,
        text=asked.text,
        to=asked.to,
    )
    return Done()


async def listed(call: Looking, asked: RoomAsked) -> NoteView:
    found = await call.services.rooms.notes(call.reading, asked.room, call.caller.person)
    return NoteView(
        room=found.room,
        seat=found.seat,
        notes=[
            NoteLineView(
                type="whisper" if isinstance(it, Whisper) else "note",
                id=it.id,
                text=it.text,
                seat=it.seat,
                at=it.at,
                offset=it.offset,
                to=it.to,
            )
            for it in found.notes
        ],
        epoch=found.epoch,
        offset=found.offset,
        draft=None
        if found.draft is None
        else DraftHolder(seat=found.draft.seat, until=found.draft.until),
    )


async def draft(call: Writing, asked: RoomDraft) -> DraftView:
    holder = await call.services.rooms.draft(call.tx, asked.room, call.caller.person, on=asked.on)
    return DraftView(holder=holder)


async def look(call: Writing, asked: RoomLooking) -> Done:
    await call.services.rooms.look(call.tx, asked.room, call.caller.person, asked.state)
    return Done()


COMMANDS = (
    Writes(
        method="note.add",
        title="Write a note or a whisper for staff; publishing on staff:<room> is the same.",
        takes=NoteAdd,
        gives=Done,
        about=about,
        errors=(NotAMember, RoomClosed),
        run=add,
    ),
    Reads(
        method="note.list",
        title="The newest notes, whispers, who holds the draft: the snapshot of staff:<room>.",
        takes=RoomAsked,
        gives=NoteView,
        about=about,
        errors=(NotAMember,),
        run=listed,
    ),
    Writes(
        method="room.draft",
        title="Take, keep or let go of the draft: for 15 s nobody else of the staff may answer.",
        takes=RoomDraft,
        gives=DraftView,
        about=about,
        errors=(NotAMember, OnlyListening),
        run=draft,
    ),
    Writes(
        method="looking.say",
        title="Tell the room's staff that one looks; publishing on looking:<room> is the same.",
        takes=RoomLooking,
        gives=Done,
        about=about,
        errors=(NotAMember,),
        run=look,
    ),
)
