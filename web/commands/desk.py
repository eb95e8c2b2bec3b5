"""A hotel's desk: its rooms, who is expected, what is asked of it, and the alarm."""

from typing import Literal

from web.commands.fields import Asked, ClientId, PublicId
from web.commands.shelter_fields import ArrivalCode, Change, DeclineReason


class DeskRoomsAsked(Asked, frozen=True):
    id: ClientId
    kind: PublicId
    #: Rooms more or fewer tonight.
    by: Change


class DeskFresh(Asked, frozen=True):
    id: ClientId


class DeskHoldNamed(Asked, frozen=True):
    hold: PublicId


class HoldDecline(Asked, frozen=True):
    hold: PublicId
    reason: DeclineReason


class HoldArrive(Asked, frozen=True):
    hold: PublicId
    code: ArrivalCode


class AskAccept(Asked, frozen=True):
    ask: PublicId
    #: Which rooms; none: those that fit best.
    kind: PublicId | None = None


class AskNamed(Asked, frozen=True):
    ask: PublicId


class DeskIncident(Asked, frozen=True):
    id: ClientId
    #: He is here; he calls; something else.
    kind: Literal["here", "calls", "other"]
