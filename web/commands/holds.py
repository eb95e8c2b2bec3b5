"""A room held for her: keep it longer, let it go, agree to it, and find the way there."""

from alerts.shelter.errors import AddressClosed, RevealsLocked, SamePerson
from alerts.shelter.messages import HoldView, HotelAddress
from matching.shelter.errors import AlreadyExtended, CodeNotLocked, HoldEnded, RoomTaken
from matching.shelter.funds.errors import BudgetClosed, BudgetEmpty
from matching.shelter.holds.service import hold_key
from matching.shelter.values import HoldId
from realtime.kernel.errors import AppError
from web.access.tables import role_of
from web.access.vocabulary import Kind, Role, Thing
from web.auth.staff.errors import StepUpNeeded
from web.commands.fields import Asked, ClientId, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.shelter_fields import Nights


class HoldNamed(Asked, frozen=True):
    hold: PublicId


class HoldMore(Asked, frozen=True):
    id: ClientId
    hold: PublicId
    #: So many nights after those there are.
    nights: Nights


def _hold(asked: HoldNamed | HoldMore) -> Thing:
    return Thing(Kind.HOLD, asked.hold)


async def extend(call: Writing, asked: HoldNamed) -> HoldView:
    return await call.services.shelter.extend(call.tx, call.caller.person, HoldId(asked.hold))


async def cancel(call: Writing, asked: HoldNamed) -> HoldView:
    return await call.services.shelter.cancel(call.tx, call.caller.person, HoldId(asked.hold))


async def hold_state(call: Looking, asked: HoldNamed) -> HoldView:
    return await call.services.shelter.looking.hold_state(call.reading, HoldId(asked.hold))


async def approve(call: Writing, asked: HoldNamed) -> HoldView:
    return await call.services.shelter.approve(call.tx, call.caller.person, HoldId(asked.hold))


async def admit(call: Writing, asked: HoldNamed) -> HoldView:
    return await call.services.shelter.admit(call.tx, call.caller.person, HoldId(asked.hold))


async def more(call: Writing, asked: HoldMore) -> HoldView:
    return await call.services.shelter.more(
        call.tx, call.caller.person, HoldId(asked.hold), asked.nights
    )


async def address(call: Writing, asked: HoldNamed) -> HotelAddress | AppError:
    """She opens her own; whoever opens it for her has shown a key within five minutes."""
    if role_of(call.caller.role) is not Role.CITIZEN:
        await call.services.staff.ask_step_up(call.tx, call.caller.session)
    return await call.services.shelter.address(call.tx, call.caller.person, HoldId(asked.hold))


COMMANDS = (
    Reads(
        method="hold.state",
        title="A room held for her; the code she says at the desk once it is confirmed.",
        takes=HoldNamed,
        gives=HoldView,
        about=_hold,
        run=hold_state,
    ),
    Writes(
        method="hold.extend",
        title="Keep a room longer, once.",
        takes=HoldNamed,
        gives=HoldView,
        about=_hold,
        errors=(HoldEnded, AlreadyExtended),
        run=extend,
    ),
    Writes(
        method="hold.cancel",
        title="Let a room go.",
        takes=HoldNamed,
        gives=HoldView,
        about=_hold,
        errors=(HoldEnded,),
        run=cancel,
    ),
    Writes(
        method="hold.approve",
        title="Agree to a long stay, as a second person.",
        takes=HoldNamed,
        gives=HoldView,
        about=_hold,
        errors=(HoldEnded, SamePerson, BudgetEmpty, BudgetClosed),
        run=approve,
    ),
    Writes(
        method="hold.admit",
        title="Let her in by telephone: too many wrong codes were typed at the desk.",
        takes=HoldNamed,
        gives=HoldView,
        about=_hold,
        errors=(HoldEnded, CodeNotLocked),
        run=admit,
    ),
    Writes(
        method="hold.more",
        title="Stay so many nights more in the same room.",
        takes=HoldMore,
        gives=HoldView,
        about=_hold,
        errors=(HoldEnded, RoomTaken, BudgetEmpty, BudgetClosed),
        # An alias, a word, and the code she says at the desk.
        sealed=lambda asked: hold_key(HoldId(asked.hold)),
        run=more,
    ),
    Writes(
        method="hold.address",
        title="Where she goes, once the hotel has said yes: one address, on the record each time.",
        takes=HoldNamed,
        gives=HotelAddress,
        about=_hold,
        errors=(AddressClosed, StepUpNeeded, RevealsLocked),
        run=address,
    ),
)
