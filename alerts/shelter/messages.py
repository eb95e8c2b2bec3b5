"""What is answered about a room for tonight, field for field as it travels.

No answer that lists hotels holds anything by which one is found: a handle, a commune and its point.
"""

from datetime import date, datetime

from msgspec import Struct

from alerts.shelter.escalation import Rung
from alerts.shelter.machine import NeedPhase
from alerts.shelter.values import AlarmKind
from matching.shelter.asking.messages import DeskAsk
from matching.shelter.holds.messages import DeskHold
from matching.shelter.values import HoldState


class Answer(Struct, frozen=True, omit_defaults=True):
    """A field with a default is left out when there is nothing to say."""


class NeedAsked(Answer, frozen=True):
    """Answered after the commit: this need is kept, whatever happens to the machine."""

    need: str
    state: NeedPhase
    #: The evening of the first night.
    first: date
    nights: int
    at: datetime


class HouseholdView(Answer, frozen=True):
    adults: int
    children: list[int]
    pets: int
    wheelchair: bool


class ReachView(Answer, frozen=True):
    """How she may be reached: by default never."""

    how: str
    detail: str | None = None
    when: str | None = None


class HoldView(Answer, frozen=True):
    """A room held for her, as she, her worker and operators see it."""

    hold: str
    state: HoldState
    #: What the hotel calls her, and the word by which they know each other.
    alias: str
    word: str
    #: Until when the hotel may answer; once confirmed, until when she may arrive.
    expires_at: datetime
    extended: bool
    first: date
    nights: int
    #: A stay of this length has the second person's word that it needs.
    approved: bool
    #: Six figures, said at the desk: once the hotel has confirmed.
    code: str | None = None
    arrives_until: datetime | None = None
    #: Too many wrong codes were typed at the desk: only the helpline lets her in now.
    locked: bool = False


class NeedState(Answer, frozen=True):
    """One need as the caller may see it now."""

    need: str
    state: NeedPhase
    first: date
    nights: int
    at: datetime
    mine: bool
    #: Hotels are being asked in waves.
    asking: bool
    epoch: str
    offset: int
    household: HouseholdView | None = None
    reach: ReachView | None = None
    hold: HoldView | None = None
    #: The stay waits for a second person's word, and the caller is one: operators.
    may_agree: bool = False
    escalation: Rung | None = None


class OwnNeed(Answer, frozen=True):
    """In ``me.state``: the room she has asked for, and is still open."""

    need: str
    state: NeedPhase


class ReasonView(Answer, frozen=True):
    """A sentence of the catalogues, ``why.…``, and what goes into it."""

    key: str
    values: dict[str, str | int]


class Option(Answer, frozen=True):
    """A room she could have, in no way by which its hotel is found."""

    option: str
    #: The commune's name.
    area: str
    people: int
    cots: int
    accessible: bool
    pets: bool
    ground_floor: bool
    desk_24h: bool
    #: How many rooms like it: ``1``, ``2`` or ``3+``.
    free: str
    #: Whole kilometres, between the middles of two cells.
    km: int
    freshness: str
    why: list[ReasonView]
    said_at: datetime | None = None
    #: A night, at cost: for those who spend a budget.
    price_cents: int | None = None


class Options(Answer, frozen=True):
    options: list[Option]


class Waving(Answer, frozen=True):
    """Hotels are asked, the best first, a few at a time."""

    need: str
    state: NeedPhase
    asking: bool


class Closed(Answer, frozen=True):
    need: str
    state: NeedPhase


class HotelAddress(Answer, frozen=True):
    """Where she goes: answered once the hotel has confirmed, and to nobody else."""

    hold: str
    name: str
    street: str
    postcode: str
    city: str
    phone: str | None = None
    #: How many more the caller may open within the hour, where they are counted.
    left: int | None = None


class FollowedUp(Answer, frozen=True):
    hold: str
    day: int
    done: bool


class Unlocked(Answer, frozen=True):
    operator: str


class AlarmSeen(Answer, frozen=True):
    alarm: str


class AlarmStay(Answer, frozen=True):
    """Somebody who is expected at the desk that calls, or stays there."""

    need: str
    alias: str
    state: HoldState


class AlarmDesk(Answer, frozen=True):
    """Whom to call about an alarm, and about whom it may be: counted like an address."""

    alarm: str
    name: str
    stays: list[AlarmStay]
    #: How many more addresses the caller may open within the hour.
    left: int
    phone: str | None = None


# The operators' board.


class BoardNeed(Answer, frozen=True):
    """A need on the board: its shape, never who or where."""

    need: str
    state: NeedPhase
    first: date
    nights: int
    at: datetime
    #: ``self``, ``association`` or ``staff``: who asked.
    by: str
    asking: bool
    people: int
    cots: int
    pets: int
    wheelchair: bool
    #: Département: what budgets and statistics know.
    area: str | None = None
    escalation: Rung | None = None
    hold: str | None = None
    hold_state: HoldState | None = None


class KindRooms(Answer, frozen=True):
    people: int
    cots: int
    accessible: bool
    pets: bool
    ground_floor: bool
    total: int
    occupied: int
    held: int
    free: int


class BoardRooms(Answer, frozen=True):
    """A hotel on the board: its handle leads nowhere, its point is its commune's."""

    handle: str
    area: str
    lat: float
    lon: float
    kinds: list[KindRooms]
    freshness: str
    #: When this was counted: of two, the later is right.
    at: datetime
    said_at: datetime | None = None


class BoardAlarm(Answer, frozen=True):
    alarm: str
    kind: AlarmKind
    at: datetime
    #: Whose session: for addresses opened too fast, or a canary's.
    operator: str | None = None
    #: The hotel's handle on the board: for what its desk reports.
    handle: str | None = None
    #: Locked out of addresses until a supervisor unlocks.
    locked: bool = False


class BoardFollowUp(Answer, frozen=True):
    """Somebody is to ask how she is."""

    hold: str
    need: str
    day: int
    at: datetime


class ShelterBoard(Answer, frozen=True):
    """The snapshot of ``queue:shelter`` and ``board:shelter``."""

    needs: list[BoardNeed]
    rooms: list[BoardRooms]
    alarms: list[BoardAlarm]
    followups: list[BoardFollowUp]
    nights_given: int
    epoch: str
    offset: int


class AskedNeeds(Answer, frozen=True):
    """What a worker has asked for others: open, or over since yesterday. Snapshot of ``me:#``."""

    needs: list[BoardNeed]
    followups: list[BoardFollowUp]
    epoch: str
    offset: int


# What a hotel sees.


class DeskKind(KindRooms, frozen=True):
    """One row of the desk's page: what − and + change."""

    kind: str


class DeskState(Answer, frozen=True):
    """The snapshot of ``desk:<hotel>``."""

    #: Also the name of its channel.
    hotel: str
    name: str
    #: Which night is counted.
    night: date
    kinds: list[DeskKind]
    freshness: str
    #: The desk is to be asked whether its rooms are still right.
    ask_now: bool
    holds: list[DeskHold]
    asks: list[DeskAsk]
    epoch: str
    offset: int
    said_at: datetime | None = None


class Incident(Answer, frozen=True):
    incident: str


class DeskSaid(Answer, frozen=True):
    """The desk has said that its rooms are still right."""

    freshness: str
    said_at: datetime


class HoldAnswered(Answer, frozen=True):
    """What the hotel's answer has made of a hold."""

    hold: str
    state: HoldState


class AskAnswered(Answer, frozen=True):
    ask: str
    state: str
    hold: str | None = None
