"""Rooms: their state, what members say, how far they have read; some of it is also published."""

from collections.abc import Mapping

from matching.helpline.practice.service import PREFIX as PRACTICE
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.rooms.errors import (
    DraftHeld,
    NoSuchAttachment,
    NotAMember,
    NotLast,
    OnlyListening,
    RoomClosed,
)
from realtime.rooms.messages import Happened, RoomState
from web.access.vocabulary import STAFF, Kind, Thing
from web.commands.fields import Done
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.room_fields import (
    Attachment,
    InRoom,
    RoomAsked,
    RoomEdit,
    RoomEvent,
    RoomMark,
    RoomMember,
    RoomMessage,
    RoomRead,
    RoomSay,
    RoomTyping,
    RoomView,
)

#: The role, in a room, of those who come: the only ones who have a name there.
HELPING = "aide"


def about(asked: InRoom) -> Thing:
    return Thing(Kind.ROOM, asked.room)


async def enter(call: Writing, asked: RoomAsked) -> None:
    """An operator who opens the room of an alert takes a seat in it: nobody reads over a shoulder.

    In other rooms only their own domain gives seats.
    """
    subject = await call.services.rooms.subject(call.tx, asked.room)
    if subject is None:
        raise NotFound
    if await call.services.alerts.exists(call.tx, subject):
        await call.services.alerts.enter(call.tx, call.caller.person, subject)


async def state(call: Looking, asked: RoomAsked) -> RoomView:
    services, reading = call.services, call.reading
    found = await services.rooms.state(reading, asked.room, call.caller.person)
    seats = await services.rooms.people(reading, asked.room)
    # She may have applied to help, too: the name she gave then is nobody's business here.
    coming = {it.seat: seats[it.seat] for it in found.members if it.role == HELPING}
    names = dict(await services.helpers.names(reading, coming.values()))
    beside = {it.seat: seats[it.seat] for it in found.members if it.staff and it.seat in seats}
    if found.seat in beside and len(beside) > 1:
        coming |= beside
        names |= await _colleagues(call)
    return RoomView(
        room=found.room,
        alert=found.subject,
        seat=found.seat,
        open=found.open,
        members=_members(found, names, coming),
        messages=[
            RoomMessage(
                id=it.id,
                text=it.text,
                seat=it.seat,
                at=it.at,
                offset=it.offset,
                attachment=it.attachment,
                edited=it.edited,
            )
            for it in found.messages
        ],
        events=[_event(it) for it in found.events],
        read=[RoomMark(seat=it.seat, read=it.read) for it in found.read],
        attachments=[
            Attachment(attachment=it.attachment, width=it.width, height=it.height, bytes=it.bytes)
            for it in found.attachments
        ],
        epoch=found.epoch,
        offset=found.offset,
    )


async def _colleagues(call: Looking) -> dict[PersonId, str]:
    """First names, among colleagues only: who answers, who looks. Others see seats."""
    staff, reading = call.services.staff, call.reading
    organisation = await staff.organisation_of(reading, call.caller.person)
    if organisation is None:
        return {}
    return {it.person: it.name for it in await staff.colleagues(reading, organisation.id)}


def _members(
    found: RoomState, names: Mapping[PersonId, str], coming: Mapping[str, PersonId]
) -> list[RoomMember]:
    return [
        RoomMember(
            seat=it.seat,
            name=_name(names, coming.get(it.seat)),
            role=it.role,
            staff=it.staff,
            silent=it.silent,
        )
        for it in found.members
        if it.here
    ]


def _event(it: Happened) -> RoomEvent:
    return RoomEvent(what=it.what, at=it.at, offset=it.offset, seat=it.seat, facts=it.facts)


def _name(names: Mapping[PersonId, str], person: PersonId | None) -> str:
    return "" if person is None else names.get(person, "")


async def say(call: Writing, asked: RoomSay) -> Done:
    await call.services.rooms.say(
        call.tx,
        asked.room,
        call.caller.person,
        id=asked.id,
        text=asked.text,
        attachment=asked.attachment,
    )
    if asked.room.startswith(PRACTICE):
        await call.services.tools.practice.heard(call.tx, asked.room, call.caller.person)
    return Done()


async def edit(call: Writing, asked: RoomEdit) -> Done:
    await call.services.rooms.edit(
        call.tx, asked.room, call.caller.person, id=asked.id, of=asked.of, text=asked.text
    )
    return Done()


async def read(call: Writing, asked: RoomRead) -> Done:
    await call.services.rooms.read(call.tx, asked.room, call.caller.person, asked.offset)
    return Done()


async def typing(call: Writing, asked: RoomTyping) -> Done:
    await call.services.rooms.typing(call.tx, asked.room, call.caller.person, on=asked.on)
    return Done()


COMMANDS = (
    Reads(
        method="room.state",
        title="A room's members by seat and its newest messages: the snapshot of room:<id>.",
        takes=RoomAsked,
        gives=RoomView,
        about=about,
        errors=(NotAMember, NotFound),
        note=enter,
        noted_for=STAFF,
        run=state,
    ),
    Writes(
        method="room.say",
        title="Say something in a room; publishing {id, text} on room:<id> is the same.",
        takes=RoomSay,
        gives=Done,
        about=about,
        errors=(NotAMember, RoomClosed, DraftHeld, OnlyListening, NoSuchAttachment),
        run=say,
    ),
    Writes(
        method="room.edit",
        title="Change one's own last message, for five minutes.",
        takes=RoomEdit,
        gives=Done,
        about=about,
        errors=(NotAMember, RoomClosed, NotLast, OnlyListening),
        run=edit,
    ),
    Writes(
        method="room.read",
        title="Say how far one has read; who listens silently leaves no mark.",
        takes=RoomRead,
        gives=Done,
        about=about,
        errors=(NotAMember,),
        run=read,
    ),
    Writes(
        method="typing.say",
        title="Tell the room that one is writing; publishing {on} on typing:<room> is the same.",
        takes=RoomTyping,
        gives=Done,
        about=about,
        errors=(NotAMember, OnlyListening),
        run=typing,
    ),
)
