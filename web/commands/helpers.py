"""Helpers: apply, be vetted, go on duty, move, prefer."""

from typing import Literal

from geo.point import Point
from matching.helpers.errors import (
    AlreadyApplied,
    BadPhone,
    DutyNeedsAPlace,
    NotAHelper,
)
from matching.helpers.messages import (
    Applications,
    Applied,
    Approved,
    Duty,
    Preferences,
    Refused,
)
from realtime.kernel.errors import Malformed, NotFound
from realtime.kernel.ids import PersonId
from web.commands.fields import (
    Asked,
    Budget,
    ClientId,
    Done,
    Languages,
    Latitude,
    Longitude,
    Nothing,
    PersonName,
    Phone,
    Position,
    PublicId,
    Quiet,
    Skills,
    Tier,
)
from web.commands.registry import Lives, Living, Looking, Reads, Writes, Writing


class HelperApply(Asked, frozen=True):
    id: ClientId
    name: PersonName
    skills: Skills
    languages: Languages
    #: The charter has been read and accepted: nothing else is a yes.
    charter: Literal[True]
    phone: Phone | None = None


class HelperApprove(Asked, frozen=True):
    helper: PublicId
    tier: Tier


class HelperAsked(Asked, frozen=True):
    helper: PublicId


class DutyAsked(Asked, frozen=True):
    on: bool
    lat: Latitude | None = None
    lon: Longitude | None = None


class Move(Asked, frozen=True):
    position: Position


class Prefer(Asked, frozen=True):
    quiet: Quiet | None
    budget: Budget


async def apply(call: Writing, asked: HelperApply) -> Applied:
    return await call.services.helpers.apply(
        call.tx,
        call.caller.person,
        name=asked.name,
        skills=asked.skills,
        languages=asked.languages,
        phone=asked.phone,
    )


async def pending(call: Looking, asked: Nothing) -> Applications:
    return await call.services.helpers.pending(call.reading)


async def approve(call: Writing, asked: HelperApprove) -> Approved:
    return await call.services.helpers.approve(
        call.tx, call.caller.person, PersonId(asked.helper), tier=asked.tier
    )


async def refuse(call: Writing, asked: HelperAsked) -> Refused:
    helper = PersonId(asked.helper)
    answer = await call.services.alerts.refuse(call.tx, call.caller.person, helper)
    await call.services.witness.depart(call.tx, helper)
    await call.services.reach.forget(call.tx, helper)
    return answer


async def duty(call: Writing, asked: DutyAsked) -> Duty:
    place = None
    if asked.lat is not None and asked.lon is not None:
        place = Point(lat=asked.lat, lon=asked.lon)
    elif asked.lat is not None or asked.lon is not None:
        # Half a place is a mistake, not a wish to have none.
        raise Malformed
    return await call.services.helpers.duty(call.tx, call.caller.person, on=asked.on, place=place)


async def move(call: Living, asked: Move) -> Done:
    """Ignored unless on duty or watching, and nobody is told which it was."""
    point = Point(lat=asked.position.lat, lon=asked.position.lon)
    person, now = call.caller.person, call.services.clock.now()
    await call.services.helpers.move(person, point, now)
    await call.services.witness.watching.moved(person, point, now)
    return Done()


async def prefer(call: Writing, asked: Prefer) -> Preferences:
    quiet = None if asked.quiet is None else (asked.quiet.start, asked.quiet.end)
    return await call.services.helpers.prefer(
        call.tx, call.caller.person, quiet=quiet, budget=asked.budget
    )


COMMANDS = (
    Writes(
        method="helper.apply",
        title="Apply to help; an operator will vet it.",
        takes=HelperApply,
        gives=Applied,
        errors=(AlreadyApplied, BadPhone),
        run=apply,
    ),
    Reads(
        method="helper.pending",
        title="The applications that wait for an answer.",
        takes=Nothing,
        gives=Applications,
        run=pending,
    ),
    Writes(
        method="helper.approve",
        title="Let somebody help: tier 1 in public places, tier 2 at homes too.",
        takes=HelperApprove,
        gives=Approved,
        errors=(NotFound,),
        run=approve,
    ),
    Writes(
        method="helper.refuse",
        title="Refuse an application, or end an approval; open offers end with it.",
        takes=HelperAsked,
        gives=Refused,
        errors=(NotFound,),
        run=refuse,
    ),
    Writes(
        method="helper.duty",
        title="Go on or off duty. The place becomes a zone of about five square kilometres.",
        takes=DutyAsked,
        gives=Duty,
        errors=(NotAHelper, DutyNeedsAPlace),
        run=duty,
    ),
    Lives(
        method="helper.move",
        title="Say where one is, to three decimals. Kept for ten minutes, in memory only.",
        takes=Move,
        gives=Done,
        run=move,
    ),
    Writes(
        method="helper.prefer",
        title="Quiet hours, and how many alerts a day at most.",
        takes=Prefer,
        gives=Preferences,
        errors=(NotAHelper,),
        run=prefer,
    ),
)
