"""What an alert of witnesses is made of. Values only.

An *event* is what happens, and is carried; a *report* is one person's word about it; a *call* is
what one vetted person was told of it; a *part* is what one of those who came does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from geo.cells import Cell
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.ids import Channel, PersonId

EventId = NewType("EventId", str)
ReportId = NewType("ReportId", str)


class As(StrEnum):
    VICTIM = "victim"
    WITNESS = "witness"


class Kind(StrEnum):
    VERBAL = "verbal"
    PHYSICAL = "physical"
    SEXUAL = "sexual"
    FOLLOWED = "followed"
    OTHER = "other"


class Ring(StrEnum):
    """Why somebody is told: the nearest first."""

    TRIP = "trip"
    PLATFORM = "platform"
    NEXT = "next"
    #: Within about three hundred metres; or somewhere on the line, when that is all that is known.
    NEAR = "near"


class Role(StrEnum):
    """The five parts (Stand Up's five D, and the network's number), each done by one person."""

    #: Talk to her as if one knew her.
    DISTRACT = "distract"
    SIT = "sit"
    CALL = "call"
    DRIVER = "driver"
    #: Note time, place, words; never her face.
    DOCUMENT = "document"


class RoleState(StrEnum):
    FREE = "free"
    TAKEN = "taken"
    DONE = "done"


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What happened next, as it is told to who reported."""

    HELPED = "helped"
    AGENTS = "agents"
    GONE = "gone"
    NOTHING_SEEN = "nothing_seen"
    FALSE_ALARM = "false_alarm"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Standing(StrEnum):
    """What is known of an account that reports."""

    #: Vetted, or has reported before what was then confirmed.
    KNOWN = "known"
    #: Nobody knows it: nearly everybody who scans a poster.
    NEW = "new"
    #: False alarms of late: carried to nobody until an operator confirms.
    DOUBTED = "doubted"


class CallState(StrEnum):
    ASKED = "asked"
    CAME = "came"
    DECLINED = "declined"
    #: Has come, and gone again.
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where an event was last known to be. Sealed; a cell and a course, never a point."""

    at: datetime
    cell: Cell | None = None
    #: On the line; of confidence 0 where only a stop was said.
    ride: Ride | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    report: ReportId
    event: EventId
    person: PersonId
    role: As
    kind: Kind
    at: datetime
    standing: Standing
    #: An HMAC of the network it came from, another one each day; empty where that is not known.
    origin: str = ""
    car: str = ""
    #: As it was said or found by this phone: that is all its owner is told of it.
    line: LineId | None = None
    direction: int | None = None
    stop: StopId | None = None
    ahead: StopId | None = None
    #: When it would be over by this report alone.
    until: datetime | None = None
    #: The phone's own places fit the line.
    placed: bool = False
    withdrawn: bool = False

    @property
    def trusted(self) -> bool:
        """Speaks for the account, if it turns out to be true."""
        return self.placed and not self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    event: EventId
    network: str
    #: None: at a stop, or near one, and no line is known.
    line: LineId | None
    direction: int | None
    #: Where it was said to be, or where the phone stood.
    stop: StopId | None
    #: The next stop when it was reported: where boards draw it, and where it is counted.
    ahead: StopId | None = None
    car: str
    kind: Kind
    state: State
    opened_at: datetime
    #: When it was last reported.
    last_at: datetime
    until: datetime
    #: What reports about it are looked for by: a line, a stop or a neighbourhood.
    ground: str
    #: The best standing of those who reported it: decides how far it is carried.
    standing: Standing
    #: Somebody of the association, vetted eyes there, or a second independent witness.
    confirmed: bool = False
    placed: bool = False
    drill: bool = False
    #: More of this account's than are carried to people.
    withheld: bool = False
    #: Tiers asked so far: an index in ``WAVES`` of ``alerts/audience``; -1 before the first.
    wave: int = -1
    asked: int = 0
    delivered: int = 0
    seen: int = 0
    came: int = 0
    #: Vetted people there who see nothing.
    unseen: int = 0
    reports: int = 0
    victims: int = 0
    first_claim_at: datetime | None = None
    outcome: Outcome | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.state is not State.OPEN

    @property
    def at_stop(self) -> StopId | None:
        """The stop by which it is drawn and counted."""
        return self.stop or self.ahead

    @property
    def contained(self) -> bool:
        """Nobody has confirmed it and nobody is known: it reaches operators and a few people."""
        return not (self.confirmed or self.drill or self.standing is Standing.KNOWN)

    @property
    def channel(self) -> Channel:
        return Channel(f"alert:{self.event}")

    @property
    def key(self) -> str:
        """The name of the key that seals the place and the notes."""
        return f"witness:{self.event}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What one vetted person was told of an event, once."""

    event: EventId
    person: PersonId
    ring: Ring
    state: CallState
    asked_at: datetime
    received: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """How an exercise went."""

    asked: int
    delivered: int
    seen: int
    claimed: int
    #: From the first word to the first who took a part.
    first_claim_s: float | None
