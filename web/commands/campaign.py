"""Campaigns: made, listed, looked at, ended; exercises; and where a poster's letters lead."""

from typing import Annotated

from msgspec import Meta

from programmes.campaign.drills.service import Wanted
from programmes.campaign.errors import (
    CampaignEnded,
    DrillTime,
    DrillTooSoon,
    NoPlace,
    TooManyDrills,
    UnknownCode,
    UnknownPlace,
)
from programmes.campaign.messages import (
    CampaignMade,
    CampaignOver,
    Campaigns,
    CampaignState,
    CodeRead,
    Drilled,
    Drills,
)
from programmes.campaign.rules import MOST_PLACES
from programmes.campaign.values import CampaignId, Design, Language, Place
from realtime.kernel.errors import NotAvailable, NotFound
from web.commands.fields import PRINTABLE, Asked, ClientId, Done, Instant, Nothing, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing

CampaignName = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
#: ``idfm:C01376``, ``demo:T1``.
LineOrStop = Annotated[str, Meta(min_length=3, max_length=120, pattern=PRINTABLE)]
#: A name on a poster: as long as the longest stop.
Venue = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
Direction = Annotated[int, Meta(ge=0, le=1)]
#: What somebody has typed, or scanned: anything short is read.
AnyCode = Annotated[str, Meta(min_length=1, max_length=32)]


class PosterPlace(Asked, frozen=True):
    line: LineOrStop | None = None
    direction: Direction | None = None
    stop: LineOrStop | None = None
    venue: Venue | None = None


class Create(Asked, frozen=True):
    id: ClientId
    name: CampaignName
    languages: Annotated[list[Language], Meta(min_length=1, max_length=2)]
    designs: Annotated[list[Design], Meta(min_length=1, max_length=3)]
    places: Annotated[list[PosterPlace], Meta(min_length=1, max_length=MOST_PLACES)]


class OneCampaign(Asked, frozen=True):
    campaign: PublicId


class CodeAsked(Asked, frozen=True):
    code: AnyCode


class DrillAsked(Asked, frozen=True):
    line: LineOrStop
    direction: Direction
    #: Makes a repeated command the same exercise.
    id: ClientId | None = None
    #: None: now.
    at: Instant | None = None
    monthly: bool = False


class OneDrill(Asked, frozen=True):
    drill: PublicId


async def create(call: Writing, asked: Create) -> CampaignMade:
    return await call.services.campaign.campaigning.create(
        call.tx,
        name=asked.name.strip() or "?",
        designs=asked.designs,
        languages=asked.languages,
        places=[
            Place(
                line=it.line, direction=it.direction, stop=it.stop, venue=(it.venue or "").strip()
            )
            for it in asked.places
        ],
        actor=call.caller.person,
    )


async def everything(call: Looking, asked: Nothing) -> Campaigns:
    return await call.services.campaign.campaigning.list(call.reading)


async def state(call: Looking, asked: OneCampaign) -> CampaignState:
    campaigning = call.services.campaign.campaigning
    return await campaigning.state(call.reading, CampaignId(asked.campaign))


async def end(call: Writing, asked: OneCampaign) -> CampaignOver:
    return await call.services.campaign.campaigning.end(
        call.tx, CampaignId(asked.campaign), actor=call.caller.person
    )


async def code(call: Looking, asked: CodeAsked) -> CodeRead:
    return await call.services.campaign.campaigning.read(call.reading, asked.code)


async def drill(call: Writing, asked: DrillAsked) -> Drilled:
    return await call.services.campaign.drilling.drill(
        call.tx,
        Wanted(line=asked.line, direction=asked.direction, at=asked.at, monthly=asked.monthly),
        actor=call.caller.person,
    )


async def undrill(call: Writing, asked: OneDrill) -> Done:
    drilling = call.services.campaign.drilling
    await drilling.cancel(call.tx, asked.drill, actor=call.caller.person)
    return Done()


async def drills(call: Looking, asked: Nothing) -> Drills:
    return await call.services.campaign.drilling.told(call.reading)


COMMANDS = (
    Writes(
        method="campaign.create",
        title="A new campaign: a short link for each place, design and language.",
        takes=Create,
        gives=CampaignMade,
        errors=(NoPlace, UnknownPlace),
        run=create,
    ),
    Reads(
        method="campaign.list",
        title="All campaigns, the newest first.",
        takes=Nothing,
        gives=Campaigns,
        run=everything,
    ),
    Reads(
        method="campaign.state",
        title="A campaign's posters, and what was counted; counts below five are not told.",
        takes=OneCampaign,
        gives=CampaignState,
        errors=(NotFound,),
        run=state,
    ),
    Writes(
        method="campaign.end",
        title="Count no more; the posters that still hang lead where they led.",
        takes=OneCampaign,
        gives=CampaignOver,
        errors=(NotFound, CampaignEnded),
        run=end,
    ),
    Writes(
        method="campaign.drill",
        title="An exercise on a line, now or later, once or every four weeks.",
        takes=DrillAsked,
        gives=Drilled,
        errors=(UnknownPlace, DrillTooSoon, DrillTime, TooManyDrills, NotAvailable),
        run=drill,
    ),
    Writes(
        method="campaign.undrill",
        title="An exercise that is planned does not take place.",
        takes=OneDrill,
        gives=Done,
        errors=(NotFound,),
        run=undrill,
    ),
    Reads(
        method="campaign.drills",
        title="Exercises planned and past: delivered, seen, claimed, and how fast, by month.",
        takes=Nothing,
        gives=Drills,
        run=drills,
    ),
    Reads(
        method="transit.code",
        title="Where the letters on a poster lead: a line, a stop, a venue.",
        takes=CodeAsked,
        gives=CodeRead,
        errors=(UnknownCode,),
        run=code,
    ),
)
