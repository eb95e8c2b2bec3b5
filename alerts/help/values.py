"""A request for help as the table keeps it; where she is and what she wrote are sealed."""

from dataclasses import dataclass
from datetime import datetime

from alerts.escalation import Rung
from alerts.help.machine import ENDED, AlertState
from geo.cells import Cell
from matching.dispatch.incident import AlertId, Counts, Kind, Mode
from realtime.kernel.ids import Channel, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    alert: AlertId
    raiser: PersonId
    mode: Mode
    kind: Kind
    state: AlertState
    raised_at: datetime
    room: str
    #: The coarse cell that near helpers and the board are shown.
    shown: Cell
    counts: Counts
    escalation: Rung | None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def channel(self) -> Channel:
        return Channel(f"alert:{self.alert}")

    @property
    def place_key(self) -> str:
        """The name of the key that seals her place and her note."""
        return f"place:{self.alert}"


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who has accepted: their seat, and whether the place was opened to them."""

    person: PersonId
    seat: str
    released: bool
