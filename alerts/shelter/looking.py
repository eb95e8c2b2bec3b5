"""A need, the room held for it and the rooms it could have, as they may be known now.

Everything here only reads. No answer names a hotel: an option stands for one in this need only.
"""

from alerts.shelter import store
from alerts.shelter.machine import NeedPhase
from alerts.shelter.messages import (
    HoldView,
    HouseholdView,
    NeedState,
    Option,
    Options,
    OwnNeed,
    ReachView,
    ReasonView,
)
from alerts.shelter.need import Needs
from alerts.shelter.offering import Offering
from alerts.shelter.rules import how_many, night_wanted, second_person, whole_km
from alerts.shelter.tokens import Tokens
from alerts.shelter.values import Details, Need, wanted_by
from matching.shelter.asking.service import Asking
from matching.shelter.errors import OptionGone
from matching.shelter.holds.machine import arrives_until
from matching.shelter.holds.service import Holds
from matching.shelter.rules import OPTIONS, OPTIONS_MOST, TOKEN_AFTER
from matching.shelter.search.score import Ranked
from matching.shelter.search.why import why
from matching.shelter.values import AskId, Hold, HoldId, HoldState, HotelId, NeedId, Wanted
from realtime.channels import own_channel
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading


class Looking:
    def __init__(
        self, needs: Needs, holds: Holds, asking: Asking, offering: Offering, tokens: Tokens
    ) -> None:
        self._needs = needs
        self._holds = holds
        self._asking = asking
        self._offering = offering
        self._tokens = tokens

    async def state(self, reading: Reading, person: PersonId, need: NeedId) -> NeedState:
        """All there is to know; ``web`` leaves out what the caller may not."""
        found = await self._needs.find(reading, need)
        details = await self._needs.details(reading, found)
        holds = await self._holds.of_need(reading, need)
        last = holds[-1] if holds else None
        place = await reading.place(own_channel(person))
        return NeedState(
            need=need,
            state=found.phase,
            first=found.first,
            nights=found.nights,
            at=found.asked_at,
            mine=found.asker == person,
            asking=found.asking,
            epoch=place.epoch,
            offset=place.offset,
            household=None if details is None else _household(details),
            reach=None if details is None else ReachView(details.how, details.detail, details.when),
            hold=None if last is None else await self.hold_view(reading, last),
            may_agree=last is not None
            and last.alive
            and not last.approved
            and second_person(last, found.asker, person),
            escalation=found.escalation,
        )

    async def hold_view(self, reading: Reading, hold: Hold) -> HoldView:
        confirmed = hold.state is HoldState.CONFIRMED
        return HoldView(
            hold=hold.hold,
            state=hold.state,
            alias=hold.alias,
            word=hold.word,
            expires_at=hold.expires_at,
            extended=hold.extended,
            first=hold.first,
            nights=hold.nights,
            approved=hold.approved,
            code=await self._holds.code(reading, hold.hold) if confirmed else None,
            arrives_until=arrives_until(hold) if confirmed else None,
            locked=hold.locked,
        )

    async def outcome(self, reading: Reading, need: NeedId) -> tuple[NeedPhase, str | None]:
        """What has become of a need, and what the hotel calls her: nothing sealed is opened."""
        found = await self._needs.find(reading, need)
        holds = await self._holds.of_need(reading, need)
        return found.phase, (holds[-1].alias or None) if holds else None

    async def own(self, reading: Reading, person: PersonId) -> OwnNeed | None:
        """What she has asked for and is still open: a page that was reloaded finds it."""
        found = await store.open_of(reading.db, person)
        return None if found is None else OwnNeed(need=found.need, state=found.phase)

    async def hold_state(self, reading: Reading, hold: HoldId) -> HoldView:
        return await self.hold_view(reading, await self.found(reading, hold))

    async def found(self, reading: Reading, hold: HoldId) -> Hold:
        found = await self._holds.find(reading, hold)
        if found is None:
            raise NotFound
        return found

    async def is_own(self, reading: Reading, person: PersonId, need: NeedId) -> bool:
        return await store.asker_of(reading.db, need) == person

    async def is_own_hold(self, reading: Reading, person: PersonId, hold: HoldId) -> bool:
        found = await self._holds.find(reading, hold)
        return found is not None and await self.is_own(reading, person, found.need)

    async def hotel_of(self, reading: Reading, hold: HoldId) -> HotelId | None:
        found = await self._holds.find(reading, hold)
        return None if found is None else found.hotel

    async def was_asked(self, reading: Reading, ask: AskId, hotel: HotelId) -> bool:
        return await self._asking.is_asked(reading, ask, hotel)

    async def exists(self, reading: Reading, need: NeedId) -> bool:
        return await store.exists(reading.db, need)

    async def options(self, reading: Reading, need: NeedId) -> Options:
        """The rooms that fit best, the best first."""
        found = await self._needs.still_open(reading, need)
        details = await self._needs.details(reading, found)
        if details is None:
            raise Gone
        ranked = await self._offering.rooms(reading, found, details, OPTIONS)
        generation = await self._generation(reading, need)
        wanted = wanted_by(found, details, first=night_wanted(found.first, reading.now))
        return Options(options=[self._option(found, wanted, generation, it) for it in ranked])

    async def chosen(self, reading: Reading, need: Need, details: Details, option: str) -> Ranked:
        """What an option stands for, as long as it is free."""
        generation = await self._generation(reading, need.need)
        for limit in (OPTIONS, OPTIONS_MOST):
            # Most often it is one of those that were shown.
            for it in await self._offering.rooms(reading, need, details, limit):
                token = self._tokens.option(need.need, generation, it.hotel.hotel, it.kind.kind)
                if self._tokens.same(option, token):
                    return it
        raise OptionGone

    async def _generation(self, reading: Reading, need: NeedId) -> int:
        """Rooms lost an hour ago or more: what was offered before is worth nothing."""
        limit = reading.now - TOKEN_AFTER
        ended = [it.ended_at for it in await self._holds.of_need(reading, need)]
        return sum(at is not None and at <= limit for at in ended)

    def _option(self, need: Need, wanted: Wanted, generation: int, of: Ranked) -> Option:
        hotel, kind = of.hotel, of.kind
        return Option(
            option=self._tokens.option(need.need, generation, hotel.hotel, kind.kind),
            area=hotel.commune_name,
            people=kind.people,
            cots=kind.cots,
            accessible=kind.accessible,
            pets=kind.pets,
            ground_floor=kind.ground_floor,
            desk_24h=hotel.desk_24h,
            free=how_many(of.free),
            km=whole_km(of.metres),
            freshness=of.freshness,
            why=[ReasonView(it.key, dict(it.values)) for it in why(of, wanted)],
            said_at=hotel.spoken_at,
            price_cents=kind.price_cents,
        )


def _household(details: Details) -> HouseholdView:
    return HouseholdView(
        adults=details.adults,
        children=list(details.children),
        pets=details.pets,
        wheelchair=details.wheelchair,
    )
