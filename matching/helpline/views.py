"""What commands answer about chats and lines, field for field as it travels."""

from datetime import datetime

from msgspec import Struct

from matching.helpline.figures import Figures
from matching.helpline.messages import Shown
from matching.helpline.values import ChatState, Ending, Way


class ChatView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Her own conversation: the snapshot of her ``me:#``."""

    chat: str
    line: str
    state: Shown
    room: str
    since: datetime
    epoch: str
    offset: int
    #: Three words that bring her back: in the answer to ``chat.ask`` only.
    words: str | None = None
    place: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    ending: Ending | None = None


class OwnChat(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In ``me.state``: the conversation she has open."""

    chat: str
    line: str
    room: str
    state: Shown


class LineHours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether somebody would answer now."""

    line: str
    open: bool
    languages: list[str]
    opens_at: datetime | None = None
    #: How long somebody would wait who came now; missing when nobody can say.
    low_s: int | None = None
    high_s: int | None = None


class QueueEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who waits, with the reasons for her place."""

    chat: str
    state: ChatState
    place: int
    since: datetime
    level: int
    reasons: list[str]
    language: str
    area: str | None = None
    exited: bool = False
    #: A skill she was handed on for.
    skill: str | None = None


class TransferView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chat on its way to a colleague."""

    way: Way
    to: str
    by: str | None
    joined: bool
    until: datetime | None = None


class MineEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chat that the caller has, is offered, is handed, or is beside."""

    chat: str
    room: str
    state: ChatState
    since: datetime
    level: int
    reasons: list[str]
    language: str
    area: str | None = None
    #: The caller's name in the room; missing while not in it.
    seat: str | None = None
    #: ``operator``, ``offer``, ``warm``, ``cold``, ``consult``, ``watch``, ``join``, ``interpret``.
    role: str
    #: Until when an offer is the caller's.
    expires_at: datetime | None = None
    exited: bool = False
    #: For learning: nobody is there.
    practice: bool = False
    transfer: TransferView | None = None


class Colleague(Struct, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    name: str
    on: bool
    load: int
    capacity: int
    languages: list[str]
    skills: list[str]
    trainee: bool


class TalkEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conversation under way, for supervisors: who has it and since when, nothing said in it."""

    chat: str
    operator: str
    state: ChatState
    since: datetime
    level: int
    language: str
    exited: bool = False


class LineState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line as somebody who answers on it sees it: the snapshot of ``queue:<line>``."""

    line: str
    open: bool
    on: bool
    queue: list[QueueEntry]
    mine: list[MineEntry]
    colleagues: list[Colleague]
    figures: Figures
    epoch: str
    offset: int
    #: Supervisors only.
    talks: list[TalkEntry] | None = None
