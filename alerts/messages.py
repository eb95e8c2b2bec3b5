"""What is answered and said about requests for help, field for field as it travels.

No publication holds a place or a note: ``help.state`` answers them to whom may see them then.
"""

from datetime import datetime

from msgspec import Struct

from alerts.escalation import Rung
from alerts.help.machine import AlertState
from geo.cells import Cell
from matching.dispatch.incident import Kind, Mode, OfferState, Ring


class Raised(Struct, frozen=True):
    """Answered after the commit: this request is kept, whatever happens to the machine."""

    alert: str
    state: str
    at: datetime
    room: str


class Ended(Struct, frozen=True):
    alert: str
    state: AlertState


class Released(Struct, frozen=True):
    alert: str
    helper: str


class Entered(Struct, frozen=True):
    room: str
    seat: str


class Place(Struct, frozen=True):
    lat: float
    lon: float
    accuracy_m: float


class ComingHelper(Struct, frozen=True):
    """Somebody who accepted, as she and the operators see them."""

    helper: str
    name: str
    seat: str
    state: OfferState
    released: bool
    #: Somebody ``remote`` calls or writes, and is shown no place.
    ring: Ring


class HelpState(Struct, frozen=True, omit_defaults=True):
    alert: str
    state: AlertState
    mode: Mode
    kind: Kind
    at: datetime
    delivered: int
    seen: int
    accepted: int
    on_scene: int
    mine: bool
    epoch: str
    offset: int
    room: str | None = None
    seat: str | None = None
    place: Place | None = None
    note: str | None = None
    helpers: list[ComingHelper] | None = None


class AlertLine(Struct, frozen=True):
    alert: str
    state: AlertState
    mode: Mode
    kind: Kind
    at: datetime
    delivered: int
    seen: int
    accepted: int
    on_scene: int
    room: str
    mine: bool


class BoardLine(AlertLine, frozen=True):
    cell: Cell
    escalation: Rung | None
    #: The corners of ``cell``, so that pages need no grid of their own.
    area: list[tuple[float, float]]


class HelperCounts(Struct, frozen=True):
    on_duty: int
    live: int


class CellCount(Struct, frozen=True):
    cell: Cell
    count: int
    area: list[tuple[float, float]]


class BoardState(Struct, frozen=True):
    alerts: list[BoardLine]
    helpers: HelperCounts
    cells: list[CellCount]
    epoch: str
    offset: int


class StateChanged(Struct, frozen=True, tag="state", tag_field="type"):
    """On ``alert:<id>``."""

    alert: str
    state: AlertState
    delivered: int
    seen: int
    accepted: int
    on_scene: int
    at: datetime


class OwnAlert(Struct, frozen=True, omit_defaults=True, tag="alert", tag_field="type"):
    """On her ``me:#``."""

    alert: str
    state: AlertState
    room: str | None = None


class PlaceOpened(Struct, frozen=True, tag="place_open", tag_field="type"):
    """On a helper's ``me:#``: ``help.state`` now answers the exact place to this person."""

    alert: str


class QueueAlert(Struct, frozen=True, tag="alert", tag_field="type"):
    """On ``queue:help``: a request as the operators' board lists it."""

    alert: str
    state: AlertState
    mode: Mode
    kind: Kind
    at: datetime
    delivered: int
    seen: int
    accepted: int
    on_scene: int
    cell: Cell
    escalation: Rung | None
    area: list[tuple[float, float]]


class BoardCounts(Struct, frozen=True, tag="counts", tag_field="type"):
    """On ``board:help``: only the newest matters."""

    on_duty: int
    live: int
    open: int
