"""What a caller is to an object, asked of the services in the reading where it matters."""

from matching.shelter.values import AskId, BudgetId, HoldId, HotelId, NeedId
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading
from realtime.ports import Caller
from realtime.rooms.errors import NotAMember
from web.access.tables import role_of
from web.access.vocabulary import STAFF, Kind, Relation, Role, Thing
from web.funders import funder_of
from web.services import Services

#: What alerts answer that no access row asks about.
KNOWN = frozenset(relation.value for relation in Relation)
#: What rooms for tonight are about.
SHELTER = frozenset({Kind.NEED, Kind.HOLD, Kind.HOTEL, Kind.ASK, Kind.BUDGET})


class ServiceFacts:
    """Keeps the promises of ``web.access.ports.Facts``."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def relations(
        self, reading: Reading, caller: Caller, thing: Thing | None
    ) -> frozenset[Relation]:
        if not caller.session:
            return frozenset()
        services, person = self._services, caller.person
        match thing:
            case None:
                return await self._anywhere(reading, caller)
            case Thing(Kind.PERSON, name):
                return frozenset({Relation.SELF} if name == person else ())
            case Thing(Kind.ALERT, alert):
                return await self._of_alert(reading, person, alert)
            case Thing(Kind.OFFER, offer):
                to = await services.alerts.offer_is_to(reading, person, offer)
                return frozenset({Relation.OFFERED_TO} if to else ())
            case Thing(Kind.ROOM | Kind.CHAT, _):
                return await self._in_conversation(reading, caller, thing)
            case Thing(kind, name) if kind in SHELTER:
                return await self._of_shelter(reading, caller, kind, name)
            case _:
                return frozenset()

    async def _of_alert(
        self, reading: Reading, person: PersonId, alert: str
    ) -> frozenset[Relation]:
        """Whatever kind of alert it is."""
        for kind in self._services.carried:
            if found := await kind.relations(reading, person, alert):
                return frozenset(Relation(it) for it in found if it in KNOWN)
        return frozenset()

    async def _in_conversation(
        self, reading: Reading, caller: Caller, thing: Thing
    ) -> frozenset[Relation]:
        if thing.kind is Kind.CHAT:
            return await self._of_chat(reading, caller.person, thing.id)
        return await self._in_room(reading, caller, thing)

    async def _in_room(self, reading: Reading, caller: Caller, room: Thing) -> frozenset[Relation]:
        try:
            found = await self._services.rooms.member(reading, room.id, caller.person)
        except NotAMember:
            return frozenset()
        staff = found.staff and role_of(caller.role) in STAFF
        return frozenset({Relation.MEMBER, *({Relation.STAFF_MEMBER} if staff else ())})

    async def _of_chat(self, reading: Reading, person: PersonId, chat: str) -> frozenset[Relation]:
        helpline = self._services.helpline
        held = {
            Relation.OWN_CHAT: helpline.is_visitor,
            Relation.CHAT_OPERATOR: helpline.is_operator,
            Relation.CHAT_ASKED: helpline.is_asked,
            Relation.CHAT_BESIDE: helpline.is_beside,
        }
        return frozenset([it for it, ask in held.items() if await ask(reading, person, chat)])

    async def _anywhere(self, reading: Reading, caller: Caller) -> frozenset[Relation]:
        """What the caller is whatever it is about."""
        if role_of(caller.role) is Role.DESK:
            here = await self._hotel(reading, caller.person) is not None
            return frozenset({Relation.AT_DESK} if here else ())
        helps = await self._services.helpers.is_helper(reading, caller.person)
        return frozenset({Relation.HELPER} if helps else ())

    async def _owns_budget(self, reading: Reading, caller: Caller, name: str) -> bool:
        found = await self._services.sheltering.funds.budget(reading, BudgetId(name))
        return found is not None and found.funder == await funder_of(
            self._services, reading, caller
        )

    async def _of_shelter(
        self, reading: Reading, caller: Caller, kind: Kind, name: str
    ) -> frozenset[Relation]:
        """A desk has to do with what is its own hotel's; whoever asked, with their own needs."""
        if kind is Kind.BUDGET:
            mine = await self._owns_budget(reading, caller, name)
            return frozenset({Relation.OWN_BUDGET} if mine else ())
        if role_of(caller.role) is Role.DESK:
            here = await self._is_at_desk(reading, caller.person, kind, name)
            return frozenset({Relation.AT_DESK} if here else ())
        own = await self._is_own(reading, caller.person, kind, name)
        return frozenset({Relation.OWN_NEED} if own else ())

    async def _is_at_desk(self, reading: Reading, person: PersonId, kind: Kind, name: str) -> bool:
        hotel, looking = await self._hotel(reading, person), self._services.shelter.looking
        if hotel is None:
            return False
        match kind:
            case Kind.HOTEL:
                return hotel == name
            case Kind.HOLD:
                return await looking.hotel_of(reading, HoldId(name)) == hotel
            case Kind.ASK:
                return await looking.was_asked(reading, AskId(name), hotel)
            case _:
                return False

    async def _is_own(self, reading: Reading, person: PersonId, kind: Kind, name: str) -> bool:
        looking = self._services.shelter.looking
        match kind:
            case Kind.NEED:
                return await looking.is_own(reading, person, NeedId(name))
            case Kind.HOLD:
                return await looking.is_own_hold(reading, person, HoldId(name))
            case _:
                return False

    async def _hotel(self, reading: Reading, person: PersonId) -> HotelId | None:
        found = await self._services.staff.organisation_of(reading, person)
        return None if found is None else found.hotel

    async def exists(self, reading: Reading, thing: Thing) -> bool:
        if thing.kind is not Kind.ALERT:
            return False
        kinds = self._services.carried
        return any([await it.exists(reading, thing.id) for it in kinds])

    async def seat(
        self, reading: Reading, caller: Caller, room: Thing, *, among_staff: bool = False
    ) -> str | None:
        try:
            found = await self._services.rooms.member(reading, room.id, caller.person)
        except NotAMember:
            return None
        return "" if found.silent and not among_staff else found.seat
