"""What is answered and said about alerts of witnesses, field for field as it travels.

No publication holds a person, a place or a word that somebody wrote: a line, a stop, a car.
"""

from datetime import datetime

from msgspec import Struct

from alerts.witness.values import As, Kind, Outcome, Ring, Role, RoleState, Standing, State


class Answer(Struct, frozen=True, omit_defaults=True):
    """A field with a default is left out when there is nothing to say."""


class CallView(Answer, frozen=True):
    """Whom to call from there, and a text message ready to be sent: in French, it is for them."""

    number: str
    sms: str
    text: str


class StopView(Answer, frozen=True):
    """A stop, where everybody knows that it is."""

    id: str
    name: str
    lat: float | None = None
    lon: float | None = None


class LineView(Answer, frozen=True):
    id: str
    name: str
    #: Where it goes; empty where the direction is not known.
    headsign: str = ""
    direction: int | None = None
    mode: str = ""
    #: Six figures, or nothing.
    colour: str = ""


class Reported(Answer, frozen=True):
    """Answered after the commit: this is kept, whatever happens to the machine."""

    alert: str
    report: str
    #: ``recorded``.
    state: str
    at: datetime
    until: datetime
    call: CallView


class WitnessState(Answer, frozen=True):
    """One event as the caller may see it now: the snapshot of ``alert:<id>``."""

    alert: str
    state: State
    kind: Kind
    at: datetime
    expires_at: datetime
    confirmed: bool
    drill: bool
    #: The caller has reported it.
    mine: bool
    came: int
    #: How many were told, and have looked.
    told: int
    seen: int
    network: str
    roles: list["RoleView"]
    call: CallView
    #: The stops ahead, as far as that is known.
    next: list[StopView]
    #: Night on the wall clock: one may ask to be let off between two stops.
    night: bool
    epoch: str
    offset: int
    line: LineView | None = None
    stop: StopView | None = None
    car: str | None = None
    outcome: Outcome | None = None
    #: What those who come may do, the best first: for them.
    card: list["Advice"] | None = None
    #: For operators.
    standing: Standing | None = None
    contained: bool | None = None
    delivered: int | None = None
    unseen: int | None = None
    reports: list["ReportView"] | None = None
    #: The corners of the cell where it was last known to be.
    area: list[tuple[float, float]] | None = None


class ReportView(Answer, frozen=True, rename={"as_": "as"}):
    """One person's word, for operators: nothing says whose."""

    report: str
    as_: As
    kind: Kind
    at: datetime
    standing: Standing
    car: str | None = None
    note: str | None = None


class RoleView(Answer, frozen=True):
    role: Role
    taken: bool
    mine: bool = False
    done: bool = False


class Advice(Answer, frozen=True):
    """A part that is advised here, and the sentence that says how: ``card.…``."""

    role: Role
    words: str


class EventEnded(Answer, frozen=True):
    alert: str
    state: State
    outcome: Outcome | None = None


class Updated(Answer, frozen=True):
    alert: str
    kind: Kind
    car: str | None = None
    stop: StopView | None = None


class CallAnswer(Answer, frozen=True):
    """The answer to ``witness.received``, ``.seen``, ``.decline``, ``.claim``, ``.release``."""

    alert: str
    #: ``asked``, ``came``, ``declined`` or ``left``.
    state: str
    role: Role | None = None


class Confirmed(Answer, frozen=True):
    alert: str
    confirmed: bool


class WitnessOwn(Answer, frozen=True, rename={"as_": "as"}):
    """In ``me.state``: what one has reported, until a day after its end."""

    alert: str
    report: str
    as_: As
    kind: Kind
    state: State
    at: datetime
    expires_at: datetime
    confirmed: bool
    came: int
    line: LineView | None = None
    stop: StopView | None = None
    car: str | None = None
    outcome: Outcome | None = None


class WitnessOffer(Answer, frozen=True):
    """In ``me.state``: what one is told of."""

    alert: str
    kind: Kind
    ring: Ring
    state: str
    expires_at: datetime
    drill: bool
    roles_free: list[Role]
    card: list[Advice]
    line: str | None = None
    line_name: str = ""
    headsign: str = ""
    stop_name: str | None = None
    car: str | None = None
    #: The part one has taken.
    role: Role | None = None


class WitnessMine(Answer, frozen=True):
    reports: list[WitnessOwn]
    calls: list[WitnessOffer]


class WitnessOffered(WitnessOffer, frozen=True, tag="witness", tag_field="type"):
    """On ``me:#``: something happens on the way of a vetted person."""


class WitnessOver(Answer, frozen=True, tag="witness_end", tag_field="type"):
    """On ``me:#`` of whoever was told: it is over."""

    alert: str
    outcome: Outcome


class OwnReport(Answer, frozen=True, tag="witness_own", tag_field="type"):
    """On ``me:#`` of who reported: how it goes, and what happened next."""

    alert: str
    state: State
    confirmed: bool
    came: int
    outcome: Outcome | None = None


class StateSaid(Answer, frozen=True, tag="witness_state", tag_field="type"):
    """On ``alert:<id>``."""

    alert: str
    state: State
    kind: Kind
    roles: dict[Role, RoleState]
    came: int
    reports: int
    confirmed: bool
    at: datetime
    expires_at: datetime
    car: str | None = None
    stop: StopView | None = None
    outcome: Outcome | None = None


class BoardEvent(Answer, frozen=True):
    """An event as the operators' board lists it."""

    alert: str
    state: State
    kind: Kind
    at: datetime
    expires_at: datetime
    network: str
    standing: Standing
    #: It reaches operators and at most five people, until somebody confirms.
    contained: bool
    confirmed: bool
    drill: bool
    reports: int
    victims: int
    witnesses: int
    told: int
    delivered: int
    seen: int
    came: int
    unseen: int
    roles: dict[Role, RoleState]
    line: LineView | None = None
    stop: StopView | None = None
    #: Where to draw it: the stop, or the next one when it was reported.
    near: StopView | None = None
    car: str | None = None
    outcome: Outcome | None = None


class WitnessBoard(Answer, frozen=True):
    """The snapshot of ``queue:witness``: what is open, the confirmed and the known first."""

    events: list[BoardEvent]
    watching: int
    epoch: str
    offset: int


class QueueEvent(BoardEvent, frozen=True, tag="witness", tag_field="type"):
    """On ``queue:witness``: an event as it is now."""


class WitnessCounts(Answer, frozen=True, tag="witness_counts", tag_field="type"):
    """On ``board:witness``: only the newest matters."""

    open: int
    contained: int
    watching: int


class HotSpot(Answer, frozen=True):
    """A stop and an hour of the day in Paris; ``events`` in steps of five: 5 is five to nine."""

    stop: StopView
    hour: int
    events: int


class HotSpots(Answer, frozen=True):
    days: int
    spots: list[HotSpot]


class MuteView(Answer, frozen=True):
    line: str
    name: str
    until: datetime


class Watch(Answer, frozen=True):
    """Whether one is told of events on one's way, and the lines of which one is not for now."""

    on: bool
    muted: list[MuteView]
    #: One works for a network: ``""`` for all of them.
    agent: str | None = None


class AgentSet(Answer, frozen=True):
    helper: str
    network: str | None = None
