"""What is said in a room, and what its members may know of each other: seats, never people."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct, field

from realtime.kernel.ids import Channel


class Message(Struct, omit_defaults=True, tag="say", tag_field="type"):
    """Somebody says something on ``room:<id>``; ``offset`` is given where it is read back."""

    id: str
    text: str
    seat: str
    at: datetime
    #: The name of a picture of this room; empty: none.
    attachment: str = ""
    offset: int = 0
    #: What was said first has been changed since.
    edited: bool = False


class Edit(Struct, omit_defaults=True, tag="edit", tag_field="type"):
    """Somebody changes their last message, ``of``."""

    id: str
    of: str
    text: str
    seat: str
    at: datetime
    offset: int = 0


class Event(Struct, omit_defaults=True, tag="event", tag_field="type"):
    """Something happens in the room: joined, left, away, back, held, resumed, closed, others.

    What else the domain says of it stands beside these fields.
    """

    what: str
    at: datetime
    seat: str = ""
    offset: int = 0


class Happened(Event, omit_defaults=True, tag="event", tag_field="type"):
    """An event where it is read back, with what else was said of it."""

    facts: dict[str, object] = field(default_factory=dict)


class Note(Struct, omit_defaults=True, tag="note", tag_field="type"):
    """On ``staff:<room>``, for the association's members of that room only."""

    id: str
    text: str
    seat: str
    at: datetime
    #: The seat it is for; empty: all of them.
    to: str = ""
    offset: int = 0


class Whisper(Note, omit_defaults=True, tag="whisper", tag_field="type"):
    """The same, said to somebody who is talking with her just now."""


class Typing(Struct):
    """On ``typing:<room>``, the newest of each key: somebody writes, or does no more."""

    key: str
    seat: str
    on: bool


class ReadMark(Struct):
    """On ``typing:<room>``: how far a member has read."""

    key: str
    seat: str
    read: int


class Looking(Struct, omit_defaults=True):
    """On ``looking:<room>``, for staff: who looks, who writes, who holds the draft until when."""

    key: str
    seat: str
    #: ``looking``, ``typing`` or ``draft``.
    state: str
    until: datetime | None = None


class Member(Struct, omit_defaults=True):
    seat: str
    role: str
    #: Whether they are in the room still.
    here: bool
    staff: bool = False
    #: Seen by staff only.
    silent: bool = False


class Mark(Struct):
    """How far a seat has read."""

    seat: str
    read: int


class Attachment(Struct):
    """A picture of a room, as it is shown."""

    attachment: str
    width: int
    height: int
    bytes: int


class Draft(Struct):
    """Who is writing the answer, and until when nobody else of the staff may."""

    seat: str
    until: datetime


class RoomState(Struct, omit_defaults=True):
    """The snapshot of ``room:<id>``: what was said up to ``offset``, the newest page."""

    room: str
    subject: str
    seat: str
    open: bool
    members: list[Member]
    messages: list[Message]
    epoch: str
    offset: int
    events: list[Happened] = field(default_factory=list)
    read: list[Mark] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


class NoteState(Struct, omit_defaults=True):
    """The snapshot of ``staff:<room>``, oldest first."""

    room: str
    seat: str
    notes: list[Note]
    epoch: str
    offset: int
    draft: Draft | None = None


#: What an event says itself; the facts of a domain have other names.
EVENT_FIELDS = frozenset({"type", "what", "seat", "at", "offset", "facts"})


class _Kind(Struct):
    # What was said before there were other kinds has none.
    type: str = "say"


def channel_of(room: str) -> Channel:
    return Channel(f"room:{room}")


def staff_channel(room: str) -> Channel:
    return Channel(f"staff:{room}")


def typing_channel(room: str) -> Channel:
    return Channel(f"typing:{room}")


def looking_channel(room: str) -> Channel:
    return Channel(f"looking:{room}")


def event_of(
    what: str, at: datetime, seat: str | None, facts: Mapping[str, object]
) -> Mapping[str, object]:
    """What is published of an event; ``ValueError`` when a fact takes the name of a field."""
    if wrong := EVENT_FIELDS & facts.keys():
        raise ValueError(f"an event says itself: {sorted(wrong)}")
    who = {} if seat is None else {"seat": seat}
    return {"type": "event", "what": what, **who, "at": at, **facts}


def read_back(body: bytes, offset: int) -> Message | Edit | Happened:
    """A publication of ``room:<id>`` as the ledger gives it."""
    kind = msgspec.json.decode(body, type=_Kind).type
    found: Message | Edit | Happened
    match kind:
        case "edit":
            found = msgspec.json.decode(body, type=Edit)
        case "event":
            found = msgspec.json.decode(body, type=Happened)
            said = msgspec.json.decode(body, type=dict[str, object])
            found.facts = {name: it for name, it in said.items() if name not in EVENT_FIELDS}
        case _:
            found = msgspec.json.decode(body, type=Message)
    found.offset = offset
    return found


def read_note(body: bytes, offset: int) -> Note:
    """A publication of ``staff:<room>`` as the ledger gives it."""
    found: Note = msgspec.json.decode(body, type=Note | Whisper)
    found.offset = offset
    return found


def told(page: list[Message | Edit | Happened]) -> tuple[list[Message], list[Happened]]:
    """What was said, as it reads now, and what happened; ``page`` is oldest first."""
    messages = [it for it in page if isinstance(it, Message)]
    by_name = {(it.seat, it.id): it for it in messages}
    for it in page:
        if isinstance(it, Edit) and (changed := by_name.get((it.seat, it.of))) is not None:
            changed.text, changed.edited = it.text, True
    return messages, [it for it in page if isinstance(it, Happened)]
