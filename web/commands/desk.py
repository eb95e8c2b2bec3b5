"""A hotel's desk: its rooms, who is expected, what is asked of it, and the alarm."""

from typing import Literal

from alerts.shelter.messages import (
    AskAnswered,
    DeskKind,
    DeskSaid,
    DeskState,
    HoldAnswered,
    Incident,
)
from alerts.shelter.values import AlarmKind
from matching.shelter.errors import (
    AskCovered,
    CodeLocked,
    HoldEnded,
    NotApproved,
    RoomDoesNotFit,
    RoomsPromised,
    RoomTaken,
    WrongCode,
)
from matching.shelter.values import AskId, HoldId, HotelId, KindId
from realtime.kernel.errors import AppError, NotAllowed
from realtime.ledger import Reading
from realtime.ports import Caller
from web.access.vocabulary import Kind, Thing
from web.commands.fields import Asked, ClientId, Nothing, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.shelter_fields import ArrivalCode, Change, DeclineReason
from web.services import Services


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


def _hold(asked: DeskHoldNamed | HoldDecline | HoldArrive) -> Thing:
    return Thing(Kind.HOLD, asked.hold)


def _ask(asked: AskNamed | AskAccept) -> Thing:
    return Thing(Kind.ASK, asked.ask)


async def _hotel(services: Services, reading: Reading, caller: Caller) -> HotelId:
    """The caller's own: nobody says which hotel they speak for."""
    found = await services.staff.organisation_of(reading, caller.person)
    if found is None or found.hotel is None:
        raise NotAllowed
    return found.hotel


async def state(call: Looking, asked: Nothing) -> DeskState:
    hotel = await _hotel(call.services, call.reading, call.caller)
    return await call.services.shelter.desk.state(call.reading, hotel)


async def rooms(call: Writing, asked: DeskRoomsAsked) -> DeskKind:
    hotel = await _hotel(call.services, call.tx, call.caller)
    return await call.services.shelter.desk.rooms(
        call.tx, hotel, KindId(asked.kind), by=asked.by, actor=call.caller.person
    )


async def fresh(call: Writing, asked: DeskFresh) -> DeskSaid:
    hotel = await _hotel(call.services, call.tx, call.caller)
    return await call.services.shelter.desk.fresh(call.tx, hotel, actor=call.caller.person)


async def confirm(call: Writing, asked: DeskHoldNamed) -> HoldAnswered:
    return await call.services.shelter.hotel.confirm(
        call.tx, call.caller.person, HoldId(asked.hold)
    )


async def decline(call: Writing, asked: HoldDecline) -> HoldAnswered:
    return await call.services.shelter.hotel.decline(
        call.tx, call.caller.person, HoldId(asked.hold), asked.reason
    )


async def arrive(call: Writing, asked: HoldArrive) -> HoldAnswered | AppError:
    return await call.services.shelter.hotel.arrive(
        call.tx, call.caller.person, HoldId(asked.hold), asked.code
    )


async def left(call: Writing, asked: DeskHoldNamed) -> HoldAnswered:
    return await call.services.shelter.hotel.left(call.tx, call.caller.person, HoldId(asked.hold))


async def accept(call: Writing, asked: AskAccept) -> AskAnswered:
    hotel = await _hotel(call.services, call.tx, call.caller)
    kind = None if asked.kind is None else KindId(asked.kind)
    return await call.services.shelter.hotel.accept(
        call.tx, call.caller.person, hotel, AskId(asked.ask), kind
    )


async def refuse(call: Writing, asked: AskNamed) -> AskAnswered:
    hotel = await _hotel(call.services, call.tx, call.caller)
    return await call.services.shelter.hotel.refuse(
        call.tx, call.caller.person, hotel, AskId(asked.ask)
    )


async def incident(call: Writing, asked: DeskIncident) -> Incident:
    hotel = await _hotel(call.services, call.tx, call.caller)
    return await call.services.shelter.desk.incident(call.tx, hotel, AlarmKind(asked.kind))


COMMANDS = (
    Reads(
        method="desk.state",
        title="The desk's own rooms, holds and questions: the snapshot of desk:<hotel>.",
        takes=Nothing,
        gives=DeskState,
        run=state,
    ),
    Writes(
        method="desk.rooms",
        title="So many rooms more, or fewer, tonight.",
        takes=DeskRoomsAsked,
        gives=DeskKind,
        errors=(RoomsPromised,),
        run=rooms,
    ),
    Writes(
        method="desk.fresh",
        title="What the desk has said is still right.",
        takes=DeskFresh,
        gives=DeskSaid,
        run=fresh,
    ),
    Writes(
        method="hold.confirm",
        title="The hotel expects her.",
        takes=DeskHoldNamed,
        gives=HoldAnswered,
        about=_hold,
        errors=(HoldEnded, NotApproved),
        run=confirm,
    ),
    Writes(
        method="hold.decline",
        title="The hotel cannot take her in.",
        takes=HoldDecline,
        gives=HoldAnswered,
        about=_hold,
        errors=(HoldEnded,),
        run=decline,
    ),
    Writes(
        method="hold.arrive",
        title="She is at the desk, and has said her code.",
        takes=HoldArrive,
        gives=HoldAnswered,
        about=_hold,
        errors=(HoldEnded, WrongCode, CodeLocked),
        run=arrive,
    ),
    Writes(
        method="hold.left",
        title="Her stay is over.",
        takes=DeskHoldNamed,
        gives=HoldAnswered,
        about=_hold,
        errors=(HoldEnded,),
        run=left,
    ),
    Writes(
        method="ask.accept",
        title="Take her in: the first to say so has her.",
        takes=AskAccept,
        gives=AskAnswered,
        about=_ask,
        errors=(AskCovered, RoomDoesNotFit, RoomTaken),
        run=accept,
    ),
    Writes(
        method="ask.decline",
        title="Not this time.",
        takes=AskNamed,
        gives=AskAnswered,
        about=_ask,
        run=refuse,
    ),
    Writes(
        method="desk.incident",
        title="He is here, or calls: operators know at once.",
        takes=DeskIncident,
        gives=Incident,
        run=incident,
    ),
)
