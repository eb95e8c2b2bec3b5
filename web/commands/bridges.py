"""From a conversation to another help: an operator prepares it, she answers, and it is done.

On her yes the other use case runs as hers, in the same transaction: the need or the alert is
recorded and the bridge answered, or neither is.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from alerts.errors import AlertAlreadyOpen
from alerts.shelter.errors import NeedAlreadyOpen, TooManyNeeds
from matching.helpline.bridges.card import card
from matching.helpline.bridges.errors import BridgeAsked, BridgeOver, PlaceNeeded
from matching.helpline.bridges.machine import Bridge, State
from matching.helpline.bridges.machine import Kind as BridgeKind
from matching.helpline.bridges.messages import (
    BridgeAnswered,
    BridgeAsking,
    Bridges,
    BridgeView,
    SheetNames,
)
from matching.helpline.bridges.sheets import Sheet
from matching.helpline.queue import chat_key, chat_of
from matching.helpline.values import TALKING
from matching.shelter.values import NeedId
from realtime.kernel.errors import LimitExceeded, Malformed, NotFound
from web.commands import help as requests
from web.commands import shelter
from web.commands.fields import (
    Asked,
    ClientId,
    ExactPlace,
    Kind,
    LanguageTag,
    Mode,
    Nothing,
    PublicId,
)
from web.commands.helpline_fields import ChatNamed, of_chat
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.shelter_fields import DaysAhead, HouseholdAsked, Nights, PlaceAsked, ZoneAsked
from web.commands.tool_fields import ServiceName, SheetId


class ShelterPrepared(Asked, frozen=True):
    """A room, as ``shelter.ask`` takes it, without any place: those are hers to say."""

    household: HouseholdAsked
    nights: Nights = 1
    days_ahead: DaysAhead = 0


class HelpPrepared(Asked, frozen=True):
    """People nearby, as ``help.raise`` takes it, without her place and without a note."""

    kind: Kind
    mode: Mode


class SheetPrepared(Asked, frozen=True):
    """A sheet of ours, or a service of the directory: one of the two."""

    sheet: SheetId | None = None
    service: ServiceName | None = None
    language: LanguageTag = "fr"


class BridgeAsk(ChatNamed, frozen=True, kw_only=True):
    id: ClientId
    kind: Literal["shelter", "help", "sheet"]
    #: The one of the kind, and no other.
    shelter: ShelterPrepared | None = None
    help: HelpPrepared | None = None
    sheet: SheetPrepared | None = None


class BridgeAnswer(ChatNamed, frozen=True, kw_only=True):
    id: ClientId
    bridge: PublicId
    yes: bool
    #: Where she is: from her page, when she has said yes to what needs it.
    place: ExactPlace | None = None
    #: Where she must not be sent.
    zones: Annotated[list[ZoneAsked], Meta(max_length=10)] = field(default_factory=list)


async def ask(call: Writing, asked: BridgeAsk) -> BridgeAsking:
    chat = await chat_of(call.tx, asked.name)
    if chat.state not in TALKING:
        raise BridgeOver
    prepared, shown = await _prepared(call, asked)
    made = await call.services.tools.bridges.ask(
        call.tx,
        call.caller.person,
        chat=chat.chat,
        room=chat.room,
        kind=BridgeKind(asked.kind),
        prepared=msgspec.json.encode(prepared),
        shown=shown,
    )
    return BridgeAsking(bridge=made.bridge, state=made.state, until=made.until)


async def _prepared(
    call: Writing, asked: BridgeAsk
) -> tuple[ShelterPrepared | HelpPrepared | Sheet, dict[str, object]]:
    """What would be asked for, and what she is shown of it; ``Malformed`` if it is another kind."""
    given = {"shelter": asked.shelter, "help": asked.help, "sheet": asked.sheet}
    found = given.pop(asked.kind)
    if found is None or any(it is not None for it in given.values()):
        raise Malformed
    if not isinstance(found, SheetPrepared):
        return found, {asked.kind: found}
    sheet = await _sheet(call, found)
    return sheet, {"title": sheet.title}


async def _sheet(call: Writing, asked: SheetPrepared) -> Sheet:
    match asked.sheet, asked.service:
        case str() as name, None:
            return call.services.tools.bridges.sheet(name, asked.language)
        case None, str() as name:
            entry = await call.services.tools.directory.one(call.tx, name)
            if entry is None:
                raise NotFound
            return card(entry)
        case _:
            raise Malformed


async def answer(call: Writing, asked: BridgeAnswer) -> BridgeAnswered:
    chat = await chat_of(call.tx, asked.name)
    if chat.over:
        raise BridgeOver
    bridge, prepared = await call.services.tools.bridges.answer(
        call.tx, call.caller.person, chat=chat.chat, bridge=asked.bridge, yes=asked.yes
    )
    if bridge.state is not State.YES:
        return BridgeAnswered(bridge=bridge.bridge, state=bridge.state)
    match bridge.kind:
        case BridgeKind.SHELTER:
            return await _shelter(call, asked, bridge, prepared)
        case BridgeKind.HELP:
            return await _help(call, asked, bridge, prepared)
        case BridgeKind.SHEET:
            return await _read(call, bridge, prepared)


async def _shelter(
    call: Writing, asked: BridgeAnswer, bridge: Bridge, prepared: bytes
) -> BridgeAnswered:
    what, place = msgspec.json.decode(prepared, type=ShelterPrepared), _place(asked)
    need = await shelter.ask(
        call,
        shelter.ShelterAsk(
            id=asked.id,
            household=what.household,
            days_ahead=what.days_ahead,
            nights=what.nights,
            place=PlaceAsked(lat=place.lat, lon=place.lon, accuracy_m=place.accuracy_m),
            zones=asked.zones,
        ),
    )
    await call.services.tools.bridges.carried(call.tx, call.caller.person, bridge, need.need)
    return BridgeAnswered(bridge=bridge.bridge, state=bridge.state, need=need.need)


async def _help(
    call: Writing, asked: BridgeAnswer, bridge: Bridge, prepared: bytes
) -> BridgeAnswered:
    what, place = msgspec.json.decode(prepared, type=HelpPrepared), _place(asked)
    raised = await requests.raise_help(
        call, requests.HelpRaise(id=asked.id, kind=what.kind, mode=what.mode, place=place)
    )
    await call.services.tools.bridges.carried(call.tx, call.caller.person, bridge, raised.alert)
    return BridgeAnswered(
        bridge=bridge.bridge, state=bridge.state, alert=raised.alert, room=raised.room
    )


async def _read(call: Writing, bridge: Bridge, prepared: bytes) -> BridgeAnswered:
    sheet = msgspec.json.decode(prepared, type=Sheet)
    facts = {"title": sheet.title, "text": sheet.text}
    await call.services.tools.bridges.carried(call.tx, call.caller.person, bridge, None, facts)
    return BridgeAnswered(bridge=bridge.bridge, state=bridge.state, sheet=sheet)


def _place(asked: BridgeAnswer) -> ExactPlace:
    if asked.place is None:
        raise PlaceNeeded
    return asked.place


async def listed(call: Looking, asked: ChatNamed) -> Bridges:
    found = await call.services.tools.bridges.of_chat(call.reading, asked.chat)
    return Bridges([await _view(call, it) for it in found])


async def _view(call: Looking, bridge: Bridge) -> BridgeView:
    """What came of it is read as hers; who may see which of it is the access table's to say."""
    outcome, alias = await _came_of(call, bridge)
    return BridgeView(
        bridge=bridge.bridge,
        kind=bridge.kind,
        state=bridge.state,
        at=bridge.at,
        until=bridge.until,
        answered_at=bridge.answered_at,
        outcome=outcome if call.may("bridge.outcome") else None,
        alias=alias if call.may("bridge.alias") else None,
        subject=bridge.subject if call.may("bridge.subject") else None,
    )


async def _came_of(call: Looking, bridge: Bridge) -> tuple[str | None, str | None]:
    """A state, and an alias: of all that a need or an alert holds, nothing else is taken."""
    if bridge.subject is None:
        return None, None
    try:
        if bridge.kind is BridgeKind.SHELTER:
            need = NeedId(bridge.subject)
            return await call.services.shelter.looking.outcome(call.reading, need)
        return await call.services.alerts.outcome(call.reading, bridge.subject), None
    except NotFound:
        # Forgotten since.
        return None, None


async def sheets(call: Looking, asked: Nothing) -> SheetNames:
    return call.services.tools.bridges.sheet_names()


COMMANDS = (
    Writes(
        method="bridge.ask",
        title="Put to her, in the room, whether a room, people nearby or a sheet be asked for.",
        takes=BridgeAsk,
        gives=BridgeAsking,
        about=of_chat,
        errors=(BridgeAsked, BridgeOver, LimitExceeded, Malformed),
        run=ask,
    ),
    Writes(
        method="bridge.answer",
        title="Her yes or no. On a yes it is done at once, as hers; a no has no consequence.",
        takes=BridgeAnswer,
        gives=BridgeAnswered,
        about=of_chat,
        errors=(BridgeOver, PlaceNeeded, NeedAlreadyOpen, TooManyNeeds, AlertAlreadyOpen),
        # What she was given to read, and what came of her yes.
        sealed=lambda asked: chat_key(asked.name),
        run=answer,
    ),
    Reads(
        method="bridge.list",
        title="What was put to her in a chat, her answers, and what has become of it; never where.",
        takes=ChatNamed,
        gives=Bridges,
        about=of_chat,
        run=listed,
    ),
    Reads(
        method="sheet.list",
        title="The information sheets there are, by language.",
        takes=Nothing,
        gives=SheetNames,
        run=sheets,
    ),
)
