"""Money: budgets, their entries, hotels paid; and what everyone may know of rooms and needs."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from matching.shelter.funds.errors import MonthNotOver, NothingOwed
from matching.shelter.funds.messages import Entries, FundState, Granted, Paid
from matching.shelter.funds.rules import MOST_CENTS
from matching.shelter.public.messages import PublicFeed
from matching.shelter.values import BudgetId, HotelId
from realtime.kernel.errors import Malformed, NotFound
from web.access.vocabulary import Kind, Thing
from web.commands.fields import PRINTABLE, Asked, ClientId, Nothing, PublicId
from web.commands.registry import Door, Looking, Reads, Writes, Writing
from web.funders import funder_of

BudgetName = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
#: A département: 01 to 95, 2A, 2B, 971 to 976. Nothing: everywhere.
Area = Annotated[str, Meta(pattern=r"^([0-9][0-9AB][0-9]?)?\Z", max_length=3)]
Cents = Annotated[int, Meta(ge=1, le=MOST_CENTS)]
Month = Annotated[str, Meta(pattern=r"^20[0-9][0-9]-(0[1-9]|1[0-2])\Z", max_length=7)]


class Grant(Asked, frozen=True):
    id: ClientId
    name: BudgetName
    first: date
    last: date
    cents: Cents
    area: Area = ""
    #: What a night may cost at most.
    most_cents: Cents | None = None


class EntriesAsked(Asked, frozen=True):
    budget: PublicId
    #: The voucher before which to go on.
    before: PublicId | None = None


class Pay(Asked, frozen=True):
    id: ClientId
    hotel: PublicId
    month: Month


async def state(call: Looking, asked: Nothing) -> FundState:
    sheltering = call.services.sheltering
    return await sheltering.funds.state(
        call.reading,
        await funder_of(call.services, call.reading, call.caller),
        nights_given=await sheltering.unmet.nights_given(call.reading),
    )


async def grant(call: Writing, asked: Grant) -> Granted:
    made = await call.services.sheltering.funds.grant(
        call.tx,
        funder=await funder_of(call.services, call.tx, call.caller) or call.caller.person,
        name=asked.name.strip() or "?",
        area=asked.area,
        first=asked.first,
        last=asked.last,
        cents=asked.cents,
        most_cents=asked.most_cents,
        actor=call.caller.person,
    )
    return Granted(budget=made.budget)


async def entries(call: Looking, asked: EntriesAsked) -> Entries:
    funds, budget = call.services.sheltering.funds, BudgetId(asked.budget)
    if await funds.budget(call.reading, budget) is None:
        raise NotFound
    return await funds.entries(call.reading, budget, asked.before)


async def pay(call: Writing, asked: Pay) -> Paid:
    return await call.services.sheltering.funds.pay(
        call.tx,
        hotel=HotelId(asked.hotel),
        month=asked.month,
        funder=await funder_of(call.services, call.tx, call.caller),
        actor=call.caller.person,
    )


async def public(call: Looking, asked: Nothing) -> PublicFeed:
    return await call.services.sheltering.unmet.feed(call.reading)


COMMANDS = (
    Reads(
        method="fund.state",
        title="One's budgets, when they run dry, and what hotels have earned month by month.",
        takes=Nothing,
        gives=FundState,
        run=state,
    ),
    Writes(
        method="fund.grant",
        title="A new budget: for a département or everywhere, from a night to another.",
        takes=Grant,
        gives=Granted,
        errors=(Malformed,),
        run=grant,
    ),
    Reads(
        method="fund.entries",
        title="What has moved in a budget, the newest first, a page at a time.",
        takes=EntriesAsked,
        gives=Entries,
        about=lambda asked: Thing(Kind.BUDGET, asked.budget),
        errors=(NotFound,),
        run=entries,
    ),
    Writes(
        method="fund.pay",
        title="A hotel has been paid what is owed to it for a month that is over.",
        takes=Pay,
        gives=Paid,
        errors=(NothingOwed, MonthNotOver),
        run=pay,
    ),
    Reads(
        method="shelter.public",
        title="Rooms tonight in a word, nights given, needs not met; small counts are not told.",
        takes=Nothing,
        gives=PublicFeed,
        door=Door.HTTP,
        verb="GET",
        run=public,
    ),
)
