"""A room for tonight: ask, choose, hold, go there; and what operators do about it."""

from typing import Annotated, Literal

from msgspec import Meta, field

from web.commands.fields import Asked, ClientId, PublicId
from web.commands.shelter_fields import (
    Bearing,
    Day,
    DaysAhead,
    HouseholdAsked,
    Nights,
    PlaceAsked,
    ReachAsked,
    Token,
    ZoneAsked,
)


class ShelterAsk(Asked, frozen=True):
    id: ClientId
    household: HouseholdAsked
    #: 0: tonight.
    days_ahead: DaysAhead
    nights: Nights
    place: PlaceAsked
    zones: Annotated[list[ZoneAsked], Meta(max_length=10)] = field(default_factory=list)
    #: Degrees from north towards which she is safer.
    bearing: Bearing | None = None
    reach: ReachAsked = ReachAsked()


class NeedNamed(Asked, frozen=True):
    need: PublicId


class HoldNamed(Asked, frozen=True):
    hold: PublicId


class ShelterHold(Asked, frozen=True):
    id: ClientId
    need: PublicId
    option: Token
    #: Who pays; none: whichever budget may.
    budget: PublicId | None = None


class ShelterClose(Asked, frozen=True):
    need: PublicId
    outcome: Literal["safe", "declined", "unmet"]
    reason: Literal["full", "too_near", "too_far", "no_fit", "cost", "other"] | None = None


class HoldMore(Asked, frozen=True):
    id: ClientId
    hold: PublicId
    #: So many nights after those there are.
    nights: Nights


class FollowUp(Asked, frozen=True):
    hold: PublicId
    day: Day
    done: bool


class RevealUnlock(Asked, frozen=True):
    operator: PublicId


class AlarmNamed(Asked, frozen=True):
    alarm: PublicId
