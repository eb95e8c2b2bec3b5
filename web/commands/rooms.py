"""Rooms: their state, and saying something, by command or by publication alike."""

from collections.abc import Mapping

from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.rooms.errors import NotAMember, RoomClosed
from web.access.vocabulary import STAFF, Kind, Thing
from web.commands.fields import Answer, Asked, ClientId, Done, Instant, Message, Offset, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing

#: The role, in a room, of those who come: the only ones who have a name there.
HELPING = "aide"


class RoomAsked(Asked, frozen=True):
    room: PublicId


class RoomLine(Asked, frozen=True):
    """What a client publishes on ``room:<id>``."""

    id: ClientId
    text: Message


class RoomSay(Asked, frozen=True):
    """The same as a command."""

    room: PublicId
    id: ClientId
    text: Message


class RoomMember(Answer, frozen=True):
    seat: str
    #: A helper's first name; nobody else has one here.
    name: str
    role: str


class RoomMessage(Answer, frozen=True):
    id: str
    text: str
    seat: str
    at: Instant
    offset: Offset


class RoomView(Answer, frozen=True):
    """A conversation as one of its members sees it: the snapshot of ``room:<id>``."""

    room: str
    alert: str
    seat: str
    open: bool
    members: list[RoomMember]
    messages: list[RoomMessage]
    epoch: str
    offset: Offset


def _room(asked: RoomAsked | RoomSay) -> Thing:
    return Thing(Kind.ROOM, asked.room)


async def enter(call: Writing, asked: RoomAsked) -> None:
    """An operator who opens a room takes a seat in it: nobody reads over a shoulder."""
    alert = await call.services.rooms.subject(call.tx, asked.room)
    if alert is None:
        raise NotFound
    await call.services.alerts.enter(call.tx, call.caller.person, alert)


async def state(call: Looking, asked: RoomAsked) -> RoomView:
    services, reading = call.services, call.reading
    found = await services.rooms.state(reading, asked.room, call.caller.person)
    seats = await services.rooms.people(reading, asked.room)
    # She may have applied to help, too: the name she gave then is nobody's business here.
    coming = {it.seat: seats[it.seat] for it in found.members if it.role == HELPING}
    names = await services.helpers.names(reading, coming.values())
    return RoomView(
        room=found.room,
        alert=found.subject,
        seat=found.seat,
        open=found.open,
        members=[
            RoomMember(seat=it.seat, name=_name(names, coming.get(it.seat)), role=it.role)
            for it in found.members
            if it.here
        ],
        messages=[
            RoomMessage(id=it.id, text=it.text, seat=it.seat, at=it.at, offset=it.offset)
            for it in found.messages
        ],
        epoch=found.epoch,
        offset=found.offset,
    )


def _name(names: Mapping[PersonId, str], person: PersonId | None) -> str:
    return "" if person is None else names.get(person, "")


async def say(call: Writing, asked: RoomSay) -> Done:
    await call.services.rooms.say(
        call.tx, asked.room, call.caller.person, id=asked.id, text=asked.text
    )
    return Done()


COMMANDS = (
    Reads(
        method="room.state",
        title="A room's members by seat and its newest messages: the snapshot of room:<id>.",
        takes=RoomAsked,
        gives=RoomView,
        about=_room,
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
        about=_room,
        errors=(NotAMember, RoomClosed),
        run=say,
    ),
)
