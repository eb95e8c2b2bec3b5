"""What commands about rooms take and give, and what clients publish on a room's channels."""

from typing import Annotated, Literal

from msgspec import Meta, field

from web.commands.fields import (
    PRINTABLE,
    Answer,
    Asked,
    ClientId,
    Instant,
    Message,
    Offset,
    PublicId,
)

#: With a picture, words may be missing.
Words = Annotated[str, Meta(max_length=2000, pattern=PRINTABLE)]
Seat = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z]+(-[0-9]{1,6})?\Z")]
#: What a domain says of an event: any JSON.
Fact = Annotated[object, Meta(extra_json_schema={"description": "Any JSON."})]
NoteKind = Literal["note", "whisper"]
Watching = Literal["looking", "typing"]


class InRoom(Asked, frozen=True):
    room: PublicId


class RoomAsked(InRoom, frozen=True):
    """Whatever is asked of a room as it is."""


class RoomLine(Asked, frozen=True):
    """What a client publishes on ``room:<id>``."""

    id: ClientId
    text: Words
    attachment: PublicId | None = None


class RoomSay(InRoom, frozen=True):
    """The same as a command."""

    id: ClientId
    text: Words
    attachment: PublicId | None = None


class RoomEdit(InRoom, frozen=True):
    id: ClientId
    #: The id of one's own last message.
    of: ClientId
    text: Message


class RoomRead(InRoom, frozen=True):
    offset: Offset


class TypingLine(Asked, frozen=True):
    """What a client publishes on ``typing:<room>``."""

    on: bool


class RoomTyping(InRoom, frozen=True):
    on: bool


class LookingLine(Asked, frozen=True):
    """What the staff's pages publish on ``looking:<room>``."""

    state: Watching


class RoomLooking(InRoom, frozen=True):
    state: Watching


class RoomDraft(InRoom, frozen=True):
    #: Begin, or go on; false: let go.
    on: bool


class NoteLine(Asked, frozen=True):
    """What the staff's pages publish on ``staff:<room>``."""

    id: ClientId
    kind: NoteKind
    text: Message
    #: The seat it is for; nobody: all of the staff.
    to: Seat | None = None


class NoteAdd(InRoom, frozen=True):
    id: ClientId
    kind: NoteKind
    text: Message
    to: Seat | None = None


class RoomMember(Answer, frozen=True):
    seat: str
    #: A helper's first name; a colleague's, for the staff of the room. Nobody else has one here.
    name: str
    role: str
    staff: bool = False
    #: Listens without being seen: told to staff only.
    silent: bool = False


class RoomMessage(Answer, frozen=True):
    id: str
    text: str
    seat: str
    at: Instant
    offset: Offset
    #: The picture it shows, if any.
    attachment: str = ""
    edited: bool = False


class RoomEvent(Answer, frozen=True):
    what: str
    at: Instant
    offset: Offset
    seat: str = ""
    #: What else was said of it, by name.
    facts: dict[str, Fact] = field(default_factory=dict)


class RoomMark(Answer, frozen=True):
    seat: str
    #: The offset of the last message read.
    read: Offset


class Attachment(Answer, frozen=True):
    """A picture of the room, as it is shown."""

    attachment: str
    width: int
    height: int
    bytes: int


class RoomView(Answer, frozen=True):
    """A conversation as one of its members sees it: the snapshot of ``room:<id>``."""

    room: str
    #: What the room is about: an alert, a chat.
    alert: str
    seat: str
    open: bool
    members: list[RoomMember]
    messages: list[RoomMessage]
    epoch: str
    offset: Offset
    events: list[RoomEvent] = field(default_factory=list)
    read: list[RoomMark] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


class DraftView(Answer, frozen=True):
    #: Who holds the draft now; empty: nobody.
    holder: str


class DraftHolder(Answer, frozen=True):
    seat: str
    until: Instant


class NoteLineView(Answer, frozen=True):
    type: NoteKind
    id: str
    text: str
    seat: str
    at: Instant
    offset: Offset
    to: str = ""


class NoteView(Answer, frozen=True):
    """What staff have told each other beside a room: the snapshot of ``staff:<room>``."""

    room: str
    seat: str
    notes: list[NoteLineView]
    epoch: str
    offset: Offset
    draft: DraftHolder | None = None
