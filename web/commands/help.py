"""Requests for help, from raise to close."""

import msgspec

from alerts.errors import AlertAlreadyOpen, AlertEnded, HelperNotComing
from alerts.messages import Ended, HelpState, Raised, Released
from geo.cells import cell_of
from geo.point import Point
from realtime.haste import Haste
from realtime.kernel.ids import PersonId
from web.access.tables import role_of
from web.access.vocabulary import STAFF, Thing
from web.access.vocabulary import Kind as About
from web.commands.fields import Asked, ClientId, ExactPlace, Kind, Mode, Note, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing


class HelpRaise(Asked, frozen=True):
    id: ClientId
    kind: Kind
    mode: Mode
    place: ExactPlace
    note: Note | None = None


class AlertAsked(Asked, frozen=True):
    alert: PublicId


class HelpRelease(Asked, frozen=True):
    alert: PublicId
    helper: PublicId


#: Fields of an alert that not everyone who sees it may see.
FIELDS = {
    "place": "alert.place",
    "note": "alert.note",
    "helpers": "alert.helpers",
    "room": "alert.room",
}


def _alert(asked: AlertAsked | HelpRelease) -> Thing:
    return Thing(About.ALERT, asked.alert)


async def raise_help(call: Writing, asked: HelpRaise) -> Raised:
    place = Point(lat=asked.place.lat, lon=asked.place.lon)
    shown = await call.services.places.shown_cell(call.tx, cell_of(place))
    return await call.services.alerts.raise_help(
        call.tx,
        call.caller.person,
        kind=asked.kind,
        mode=asked.mode,
        place=place,
        accuracy_m=asked.place.accuracy_m,
        shown=shown,
        note=asked.note,
    )


async def note_look(call: Writing, asked: AlertAsked) -> None:
    """An operator who sees a place is seen doing so."""
    if await call.services.alerts.exists(call.tx, asked.alert):
        call.services.alerts.looked(call.tx, call.caller.person, asked.alert)


async def state(call: Looking, asked: AlertAsked) -> HelpState:
    staff = role_of(call.caller.role) in STAFF
    found = await call.services.alerts.state(
        call.reading, call.caller.person, asked.alert, staff=staff
    )
    # The alerts know what there is to see; who may see it is the access table's to say, again.
    hidden = [name for name, action in FIELDS.items() if not call.may(action)]
    return msgspec.structs.replace(found, **dict.fromkeys(hidden)) if hidden else found


async def cancel(call: Writing, asked: AlertAsked) -> Ended:
    return await call.services.alerts.cancel(call.tx, call.caller.person, asked.alert)


async def close(call: Writing, asked: AlertAsked) -> Ended:
    return await call.services.alerts.close(call.tx, call.caller.person, asked.alert)


async def release(call: Writing, asked: HelpRelease) -> Released:
    return await call.services.alerts.release(
        call.tx, call.caller.person, asked.alert, PersonId(asked.helper)
    )


COMMANDS = (
    Writes(
        method="help.raise",
        title="Ask for help. The answer comes after the commit: it is recorded.",
        takes=HelpRaise,
        gives=Raised,
        errors=(AlertAlreadyOpen,),
        run=raise_help,
        haste=Haste.URGENT,
    ),
    Reads(
        method="help.state",
        title="One request as the caller may see it now: the snapshot of alert:<id>.",
        takes=AlertAsked,
        gives=HelpState,
        about=_alert,
        note=note_look,
        noted_for=STAFF,
        run=state,
    ),
    Writes(
        method="help.cancel",
        title="Take one's own request back. Ended already, it answers how.",
        takes=AlertAsked,
        gives=Ended,
        about=_alert,
        run=cancel,
    ),
    Writes(
        method="help.close",
        title="Say that help has been given. Ended already, it answers how.",
        takes=AlertAsked,
        gives=Ended,
        about=_alert,
        run=close,
    ),
    Writes(
        method="help.release",
        title="Open the exact place to one helper who has accepted.",
        takes=HelpRelease,
        gives=Released,
        about=_alert,
        errors=(AlertEnded, HelperNotComing),
        run=release,
    ),
)
