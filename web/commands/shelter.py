"""A room for tonight: ask, choose, hold, go there; and what operators do about it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from alerts.shelter.errors import (
    NeedAlreadyOpen,
    NeedEnded,
    RevealsLocked,
    TooManyNeeds,
)
from alerts.shelter.machine import Outcome, Reason
from alerts.shelter.messages import (
    AlarmDesk,
    AlarmSeen,
    AskedNeeds,
    Closed,
    FollowedUp,
    HoldView,
    NeedAsked,
    NeedState,
    Options,
    ShelterBoard,
    Unlocked,
    Waving,
)
from alerts.shelter.values import By, Details, How, need_key, sealed_zone
from geo.cells import cell_of
from geo.point import Point
from matching.shelter.errors import (
    AlreadyHeld,
    OptionGone,
    RoomTaken,
)
from matching.shelter.funds.errors import BudgetEmpty
from matching.shelter.search.fences import measured
from matching.shelter.values import BudgetId, HoldId, Inside, Near, NeedId, Zone, area_of
from realtime.kernel.errors import AppError, Malformed, NotFound
from realtime.kernel.ids import PersonId
from web.access.tables import role_of
from web.access.vocabulary import STAFF, Kind, Role, Thing
from web.auth.staff.errors import StepUpNeeded
from web.commands.fields import Asked, ClientId, Nothing, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing
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


class FollowUp(Asked, frozen=True):
    hold: PublicId
    day: Day
    done: bool


class RevealUnlock(Asked, frozen=True):
    operator: PublicId


class AlarmNamed(Asked, frozen=True):
    alarm: PublicId


#: Fields of an answer that not everyone who gets one may see.
FIELDS = {"household": "need.household", "reach": "need.reach", "escalation": "need.escalation"}
#: A place this far from every commune we know is nowhere.
NOWHERE_M = 50_000.0


def _need(asked: NeedNamed | ShelterHold | ShelterClose) -> Thing:
    return Thing(Kind.NEED, asked.need)


async def ask(call: Writing, asked: ShelterAsk) -> NeedAsked:
    return await call.services.shelter.ask(
        call.tx,
        call.caller.person,
        by=_by(role_of(call.caller.role)),
        days_ahead=asked.days_ahead,
        how_many_nights=asked.nights,
        area=await _area(call, asked.place),
        details=Details(
            cell=cell_of(Point(lat=asked.place.lat, lon=asked.place.lon)),
            adults=asked.household.adults,
            children=asked.household.children,
            pets=asked.household.pets,
            wheelchair=asked.household.wheelchair,
            zones=[sealed_zone(_zone(it)) for it in asked.zones],
            bearing=asked.bearing,
            how=How(asked.reach.how),
            detail=asked.reach.detail,
            when=asked.reach.when,
        ),
    )


def _by(role: Role) -> By:
    if role is Role.ASSOCIATION:
        return By.ASSOCIATION
    return By.STAFF if role in STAFF else By.SELF


async def _area(call: Writing, place: PlaceAsked) -> str | None:
    """The département of the nearest commune: what budgets and statistics know."""
    point = Point(lat=place.lat, lon=place.lon)
    for near in await call.services.places.nearest(call.tx, "communes", point, 1):
        if near.metres <= NOWHERE_M:
            return area_of(near.key)
    return None


def _zone(asked: ZoneAsked) -> Zone:
    """A point with its radius, or an outline: half of one, or both, is a mistake.

    So is one that ranking could not measure: she would be answered no room, and not why.
    """
    around = (asked.lat, asked.lon, asked.radius_m)
    zone: Zone
    if asked.corners is not None and around == (None, None, None):
        zone = Inside(tuple(asked.corners))
    else:
        lat, lon, radius_m = around
        if asked.corners is not None or lat is None or lon is None or radius_m is None:
            raise Malformed
        zone = Near(lat=lat, lon=lon, radius_m=radius_m)
    measured(zone)
    return zone


async def note_look(call: Writing, asked: NeedNamed) -> None:
    """An operator who reads a household is seen doing so."""
    if await call.services.shelter.looking.exists(call.tx, NeedId(asked.need)):
        call.services.shelter.looked(call.tx, call.caller.person, asked.need)


async def state(call: Looking, asked: NeedNamed) -> NeedState:
    found = await call.services.shelter.looking.state(
        call.reading, call.caller.person, NeedId(asked.need)
    )
    # What there is to see is known there; who may see it is the access table's to say.
    hidden = [name for name, action in FIELDS.items() if not call.may(action)]
    return msgspec.structs.replace(found, **dict.fromkeys(hidden)) if hidden else found


async def options(call: Looking, asked: NeedNamed) -> Options:
    found = await call.services.shelter.looking.options(call.reading, NeedId(asked.need))
    if call.may("option.price"):
        return found
    return Options(options=[msgspec.structs.replace(it, price_cents=None) for it in found.options])


async def hold(call: Writing, asked: ShelterHold) -> HoldView:
    budget = None if asked.budget is None else BudgetId(asked.budget)
    if budget is not None and role_of(call.caller.role) is Role.CITIZEN:
        # Who pays is the business of those who answer for it.
        raise Malformed
    return await call.services.shelter.hold(
        call.tx, call.caller.person, NeedId(asked.need), asked.option, budget
    )


async def wave(call: Writing, asked: NeedNamed) -> Waving:
    return await call.services.shelter.wave(call.tx, call.caller.person, NeedId(asked.need))


async def close(call: Writing, asked: ShelterClose) -> Closed:
    return await call.services.shelter.close(
        call.tx,
        call.caller.person,
        NeedId(asked.need),
        Outcome(asked.outcome),
        None if asked.reason is None else Reason(asked.reason),
    )


async def mine(call: Looking, asked: Nothing) -> AskedNeeds:
    return await call.services.shelter.accompanying.mine(call.reading, call.caller.person)


async def board(call: Looking, asked: Nothing) -> ShelterBoard:
    return await call.services.shelter.board(call.reading)


async def followup(call: Writing, asked: FollowUp) -> FollowedUp:
    return await call.services.shelter.followed_up(
        call.tx, call.caller.person, HoldId(asked.hold), asked.day, done=asked.done
    )


async def unlock(call: Writing, asked: RevealUnlock) -> Unlocked:
    return await call.services.shelter.unlock(call.tx, call.caller.person, PersonId(asked.operator))


async def alarm_seen(call: Writing, asked: AlarmNamed) -> AlarmSeen:
    return await call.services.shelter.alarm_seen(call.tx, call.caller.person, asked.alarm)


async def alarm_desk(call: Writing, asked: AlarmNamed) -> AlarmDesk | AppError:
    """The telephone leads to the hotel: whoever reads it has shown a key within five minutes."""
    await call.services.staff.ask_step_up(call.tx, call.caller.session)
    return await call.services.shelter.alarm_desk(call.tx, call.caller.person, asked.alarm)


COMMANDS = (
    Writes(
        method="shelter.ask",
        title="Ask for a room. The answer comes after the commit: it is recorded.",
        takes=ShelterAsk,
        gives=NeedAsked,
        errors=(NeedAlreadyOpen, TooManyNeeds),
        run=ask,
    ),
    Reads(
        method="shelter.state",
        title="One need as the caller may see it now, and the room held for it.",
        takes=NeedNamed,
        gives=NeedState,
        about=_need,
        note=note_look,
        noted_for=STAFF,
        run=state,
    ),
    Reads(
        method="shelter.options",
        title="Rooms that fit, the best first, each with its reasons; none names its hotel.",
        takes=NeedNamed,
        gives=Options,
        about=_need,
        errors=(NeedEnded,),
        run=options,
    ),
    Writes(
        method="shelter.hold",
        title="Keep the room that an option stands for.",
        takes=ShelterHold,
        gives=HoldView,
        about=_need,
        errors=(NeedEnded, OptionGone, RoomTaken, AlreadyHeld, BudgetEmpty),
        # An alias and a word.
        sealed=lambda asked: need_key(NeedId(asked.need)),
        run=hold,
    ),
    Writes(
        method="shelter.wave",
        title="Ask hotels for a room, the best first, a few at a time.",
        takes=NeedNamed,
        gives=Waving,
        about=_need,
        errors=(NeedEnded,),
        run=wave,
    ),
    Writes(
        method="shelter.close",
        title="It is over, and how. Ended already, it answers how.",
        takes=ShelterClose,
        gives=Closed,
        about=_need,
        run=close,
    ),
    Reads(
        method="shelter.mine",
        title="Rooms the caller asked for others, open or over since yesterday: snapshot of me:#.",
        takes=Nothing,
        gives=AskedNeeds,
        run=mine,
    ),
    Reads(
        method="shelter.board",
        title="Open needs, rooms by hotel without its name, alarms: the snapshot of queue:shelter.",
        takes=Nothing,
        gives=ShelterBoard,
        run=board,
    ),
    Writes(
        method="stay.followup",
        title="Somebody has asked how she is, that many days after she came.",
        takes=FollowUp,
        gives=FollowedUp,
        about=lambda asked: Thing(Kind.HOLD, asked.hold),
        errors=(NotFound,),
        run=followup,
    ),
    Writes(
        method="reveal.unlock",
        title="Let somebody open addresses again who has opened too many.",
        takes=RevealUnlock,
        gives=Unlocked,
        errors=(NotFound,),
        run=unlock,
    ),
    Writes(
        method="alarm.seen",
        title="Have an alarm in hand.",
        takes=AlarmNamed,
        gives=AlarmSeen,
        run=alarm_seen,
    ),
    Writes(
        method="alarm.desk",
        title="Whom to call about a desk's alarm, and who stays there: counted like an address.",
        takes=AlarmNamed,
        gives=AlarmDesk,
        errors=(NotFound, StepUpNeeded, RevealsLocked),
        run=alarm_desk,
    ),
)
