"""What is said, unasked, about a room for tonight, field for field as it travels.

No publication holds who she is, where she is, how she is reached, a code or an address: channels
are kept for days in the clear, and what is personal is not.
"""

from datetime import date, datetime

from alerts.shelter.escalation import Rung
from alerts.shelter.machine import NeedPhase
from alerts.shelter.messages import Answer, BoardAlarm, BoardFollowUp, BoardRooms, DeskKind
from alerts.shelter.values import AlarmKind
from matching.shelter.values import HoldState


class ShelterChanged(Answer, frozen=True, tag="shelter", tag_field="type"):
    """On the ``me:#`` of whoever asked: ``shelter.state`` answers the rest, the code too."""

    need: str
    state: NeedPhase
    asking: bool
    hold: str | None = None
    hold_state: HoldState | None = None


class QueueNeed(Answer, frozen=True, tag="need", tag_field="type"):
    """On ``queue:shelter``: a need as the board lists it, without its household (sealed)."""

    need: str
    state: NeedPhase
    first: date
    nights: int
    at: datetime
    by: str
    asking: bool
    area: str | None = None
    escalation: Rung | None = None
    hold: str | None = None
    hold_state: HoldState | None = None
    #: The ladder was climbed just now: whoever looks away is to be called.
    climbed: bool = False


class QueueAlarm(BoardAlarm, frozen=True, tag="alarm", tag_field="type"):
    """On ``queue:shelter``, at once."""


class AlarmOver(Answer, frozen=True, tag="alarm_over", tag_field="type"):
    """On ``queue:shelter``: somebody has it in hand."""

    alarm: str


class QueueFollowUp(BoardFollowUp, frozen=True, tag="followup", tag_field="type"):
    """On ``queue:shelter``, and on her worker's ``me:#``."""


class FollowUpDone(Answer, frozen=True, tag="followup_done", tag_field="type"):
    """On ``queue:shelter``."""

    hold: str
    day: int


class RoomsChanged(BoardRooms, frozen=True, tag="rooms", tag_field="type"):
    """On ``board:shelter``: only the newest of each handle matters."""


class DeskRooms(Answer, frozen=True, tag="rooms", tag_field="type"):
    """On ``desk:<hotel>``: the hotel's other tablet has changed a count."""

    kinds: list[DeskKind]
    freshness: str
    said_at: datetime | None = None


class DeskAlarm(Answer, frozen=True, tag="incident", tag_field="type"):
    """On ``desk:<hotel>``: the alarm has been heard."""

    incident: str
    kind: AlarmKind
