"""What is said in a room, and what its members may know of each other: seats, never people."""

from datetime import datetime

from msgspec import Struct

from realtime.kernel.ids import Channel


class Message(Struct, omit_defaults=True):
    """A publication on ``room:<id>``; ``offset`` is given where the message is read back."""

    id: str
    text: str
    seat: str
    at: datetime
    offset: int = 0


class Member(Struct, omit_defaults=True):
    seat: str
    role: str
    #: Whether they are in the room still.
    here: bool


class RoomState(Struct, omit_defaults=True):
    """The snapshot of ``room:<id>``: messages up to ``offset``, the newest page."""

    room: str
    subject: str
    seat: str
    open: bool
    members: list[Member]
    messages: list[Message]
    epoch: str
    offset: int


def channel_of(room: str) -> Channel:
    return Channel(f"room:{room}")
