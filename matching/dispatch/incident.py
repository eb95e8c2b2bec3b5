"""One search for helpers: what is asked of whom, and what they have answered. Values only.

It knows where help is needed as a cell, never more: nothing decided here can depend on the place.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from geo.cells import Cell
from matching.dispatch.rules import OPEN_FOR, REMOTE_WANTED, SILENCE, WANTED
from realtime.kernel.ids import PersonId

AlertId = NewType("AlertId", str)
OfferId = NewType("OfferId", str)


class Mode(StrEnum):
    PUBLIC = "public"
    HOME = "home"


class Kind(StrEnum):
    FOLLOWED = "followed"
    HARASSED = "harassed"
    VIOLENCE = "violence"
    AFRAID = "afraid"
    OTHER = "other"


class Ring(StrEnum):
    #: To come. Asked by cell, nearest first.
    NEAR = "near"
    #: To call or write, from anywhere; told no cell.
    REMOTE = "remote"


class OfferState(StrEnum):
    OFFERED = "offered"
    RECEIVED = "received"
    SEEN = "seen"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COVERED = "covered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"


#: Waiting for an answer.
OPEN = frozenset({OfferState.OFFERED, OfferState.RECEIVED, OfferState.SEEN})
#: Said yes, and has not turned back.
GOING = frozenset({OfferState.ACCEPTED, OfferState.ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one helper was asked, once: each helper has at most one offer for each alert."""

    id: OfferId
    helper: PersonId
    ring: Ring
    state: OfferState
    asked_at: datetime
    #: When she was told that enough others come.
    told_at: datetime | None = None
    #: Excluded since she was asked: sees "covered", and can never come back.
    barred: bool = False
    #: Her phone has it; she has looked at it. These stay true whatever follows.
    received: bool = False
    seen: bool = False

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def going(self) -> bool:
        return self.state in GOING

    def hopeful(self, now: datetime) -> bool:
        """Has said yes, or was asked so recently that she still may."""
        return self.going or (self.open and now - self.asked_at < SILENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    alert: AlertId
    raiser: PersonId
    mode: Mode
    kind: Kind
    #: Where help is needed, at res 9; and the coarser cell that near helpers are shown.
    cell: Cell
    shown: Cell
    #: Where those who accept meet to talk.
    room: str
    opened_at: datetime
    #: Index in ``RINGS``, and when the next one is added.
    ring: int
    widen_at: datetime
    ended: bool = False
    offers: tuple[Offer, ...] = ()

    @property
    def expires_at(self) -> datetime:
        return self.opened_at + OPEN_FOR

    def offer(self, offer: OfferId) -> Offer | None:
        return next((it for it in self.offers if it.id == offer), None)

    def offer_to(self, helper: PersonId) -> Offer | None:
        return next((it for it in self.offers if it.helper == helper), None)

    def going(self, ring: Ring) -> int:
        """How many of a ring have accepted and not turned back."""
        return sum(it.going for it in self.offers if it.ring is ring)

    @property
    def covered(self) -> bool:
        """Enough people come. Whoever calls or writes does not count."""
        return self.going(Ring.NEAR) >= WANTED

    @property
    def remote_covered(self) -> bool:
        return self.going(Ring.REMOTE) >= REMOTE_WANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the person who asked for help is shown of the search."""

    delivered: int = 0
    seen: int = 0
    #: Of the near ring only: "two are coming" must be true.
    accepted: int = 0
    on_scene: int = 0


def counts(incident: Incident) -> Counts:
    return Counts(
        delivered=sum(it.received for it in incident.offers),
        seen=sum(it.seen for it in incident.offers),
        accepted=incident.going(Ring.NEAR),
        on_scene=sum(it.state is OfferState.ARRIVED for it in incident.offers),
    )
