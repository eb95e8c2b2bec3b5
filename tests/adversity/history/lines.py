"""What a history is made of. Pure.

Each operation is written down before it is asked (``invoke``) and when something came back: ``ok``,
``fail`` (refused, so not done) or ``info`` (nothing came back, so nobody knows). Phones also write
down what they hear. All times are seconds since 1970 on one machine's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec


class Phase(StrEnum):
    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    INFO = "info"


class What(StrEnum):
    RAISE = "raise"
    SAY = "say"
    CANCEL = "cancel"
    #: A helper says that she comes.
    ACCEPT = "accept"
    #: ``about`` is never to be called for this person again.
    EXCLUDE = "exclude"
    #: ``who`` gives up what lets him hear ``channel``.
    LEAVE = "leave"


class Operation(msgspec.Struct, frozen=True, omit_defaults=True, tag="operation"):
    """One end of one try; a command asked again keeps its ``id``."""

    at: float
    who: str
    id: str
    what: What
    phase: Phase
    alert: str = ""
    room: str = ""
    about: str = ""
    channel: str = ""
    error: str = ""
    #: Hers, to ask with after the last restart.
    token: str = ""


class Joined(msgspec.Struct, frozen=True, omit_defaults=True, tag="joined"):
    """A phone listens from ``offset`` on. What it had missed follows, when it was recovered."""

    at: float
    who: str
    channel: str
    epoch: str
    offset: int
    #: Whether the server said that the phone would miss nothing since its last place.
    recovered: bool


class Heard(msgspec.Struct, frozen=True, omit_defaults=True, tag="heard"):
    """A publication, as the phone shows it."""

    at: float
    who: str
    channel: str
    offset: int
    #: The message's, or the offer's.
    id: str
    #: The alert it calls this person for, if it is an offer.
    alert: str = ""


class Rested(msgspec.Struct, frozen=True, tag="rested"):
    """A phone that still listened when all was quiet: it must have heard everything by then."""

    at: float
    who: str
    channel: str


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """We broke something then, and it was whole again at ``until``."""

    at: float
    until: float
    what: str


Line = Operation | Joined | Heard | Rested | Fault


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication as the log keeps it."""

    offset: int
    #: Empty when the body is sealed, and was not read.
    id: str
    at: float


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit chain."""

    number: int
    at: float
    actor: str
    action: str
    thing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the servers have, read after the last restart."""

    at: float
    #: State of each alert that was asked about; missing: unknown to the server.
    states: Mapping[str, str]
    #: Ids of the messages of each room, in order.
    rooms: Mapping[str, Sequence[str]]
    audit: Sequence[Noted]
    #: Each durable stream that was read. Empty when the log was not looked at.
    log: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    #: Whatever is in one table and not in the others that it was written with.
    halves: Sequence[str] = ()
    #: The first line of the audit chain that is not as it was written.
    audit_break: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept."""

    invariant: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.sentence}"


RAISED = "help.raise"
RUNGS = ("alert.board", "alert.duty")
ENDINGS = ("alert.cancelled", "alert.closed", "alert.expired")
ENDED = frozenset({"cancelled", "closed", "expired"})
