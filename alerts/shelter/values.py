"""A need as the table keeps it, and what is sealed of it. Pure.

In the clear: who asked, when, for which nights, and the département, which budgets and statistics
count. The household, where she comes from, where she must not be sent and how she is reached are
sealed under ``need:<id>``; her exact place is not kept at all, distances are counted from its cell.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from alerts.shelter.escalation import Rung
from alerts.shelter.machine import ENDED, NeedPhase
from geo.cells import Cell
from matching.shelter.values import (
    HoldId,
    HotelId,
    Household,
    Inside,
    Near,
    NeedId,
    Night,
    Wanted,
    Zone,
)
from realtime.kernel.ids import Channel, PersonId

#: Where needs, alarms and follow-ups wait for operators, and where rooms are shown to them.
QUEUE, BOARD = Channel("queue:shelter"), Channel("board:shelter")


class By(StrEnum):
    """Who asked."""

    #: The person herself.
    SELF = "self"
    #: A worker of an association, for somebody.
    ASSOCIATION = "association"
    #: An operator, for somebody.
    STAFF = "staff"


class How(StrEnum):
    """How she may be reached."""

    NEVER = "never"
    CALL = "call"
    SMS = "sms"


class AlarmKind(StrEnum):
    #: One operator opens too many addresses.
    REVEALS = "reveals"
    #: The address of a hotel that does not exist has been opened.
    CANARY = "canary"
    #: A desk says: he is here…
    HERE = "here"
    #: …he calls, asking for her…
    CALLS = "calls"
    #: …or something else is wrong.
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    need: NeedId
    #: Whoever asked: the person herself, or her worker.
    asker: PersonId
    by: By
    phase: NeedPhase
    asked_at: datetime
    first: Night
    nights: int
    #: Département; None: nobody knows where she is from.
    area: str | None
    asking: bool
    escalation: Rung | None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.phase in ENDED

    @property
    def key(self) -> str:
        """The name of the key that seals her household and all that goes with it."""
        return need_key(self.need)


def need_key(need: NeedId) -> str:
    return f"need:{need}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that operators must know at once."""

    alarm: str
    kind: AlarmKind
    at: datetime
    operator: PersonId | None = None
    hotel: HotelId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Somebody is to ask how she is, on that day of her stay."""

    hold: HoldId
    day: int
    need: NeedId
    at: datetime


class SealedNear(Struct, frozen=True, tag="near"):
    lat: float
    lon: float
    radius_m: float


class SealedInside(Struct, frozen=True, tag="inside"):
    corners: list[tuple[float, float]]


class Details(Struct, frozen=True, omit_defaults=True):
    """What is sealed, as it is written before it is."""

    cell: Cell
    adults: int
    children: list[int] = []
    pets: int = 0
    wheelchair: bool = False
    zones: list[SealedNear | SealedInside] = []
    bearing: float | None = None
    how: How = How.NEVER
    detail: str | None = None
    when: str | None = None

    @property
    def household(self) -> Household:
        return Household(
            adults=self.adults,
            children=tuple(self.children),
            pets=self.pets,
            wheelchair=self.wheelchair,
        )


def sealed_zone(zone: Zone) -> SealedNear | SealedInside:
    if isinstance(zone, Near):
        return SealedNear(zone.lat, zone.lon, zone.radius_m)
    return SealedInside(list(zone.corners))


def zone_of(kept: SealedNear | SealedInside) -> Zone:
    if isinstance(kept, SealedNear):
        return Near(lat=kept.lat, lon=kept.lon, radius_m=kept.radius_m)
    return Inside(tuple(kept.corners))


def wanted_by(
    need: Need, details: Details, *, first: Night, most_cents: int | None = None
) -> Wanted:
    """What is looked for, from that night on."""
    return Wanted(
        household=details.household,
        first=first,
        nights=need.nights,
        cell=details.cell,
        zones=tuple(zone_of(it) for it in details.zones),
        bearing=details.bearing,
        most_cents=most_cents,
    )
