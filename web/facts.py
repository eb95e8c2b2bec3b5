"""What a caller is to an object, asked of the services in the reading where it matters."""

from realtime.ledger import Reading
from realtime.ports import Caller
from realtime.rooms.errors import NotAMember
from web.access.tables import role_of
from web.access.vocabulary import STAFF, Kind, Relation, Thing
from web.services import Services

#: What alerts answer that no access row asks about.
KNOWN = frozenset(relation.value for relation in Relation)


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
                helps = await services.helpers.is_helper(reading, person)
                return frozenset({Relation.HELPER} if helps else ())
            case Thing(Kind.PERSON, name):
                return frozenset({Relation.SELF} if name == person else ())
            case Thing(Kind.ALERT, alert):
                found = await services.alerts.relations(reading, person, alert)
                return frozenset(Relation(it.value) for it in found if it.value in KNOWN)
            case Thing(Kind.OFFER, offer):
                to = await services.alerts.offer_is_to(reading, person, offer)
                return frozenset({Relation.OFFERED_TO} if to else ())
            case Thing(Kind.ROOM, _):
                if await self.seat(reading, caller, thing) is None:
                    return frozenset()
                staff = role_of(caller.role) in STAFF
                return frozenset({Relation.MEMBER, *({Relation.STAFF_MEMBER} if staff else ())})
            case _:
                return frozenset()

    async def exists(self, reading: Reading, thing: Thing) -> bool:
        return thing.kind is Kind.ALERT and await self._services.alerts.exists(reading, thing.id)

    async def seat(self, reading: Reading, caller: Caller, room: Thing) -> str | None:
        try:
            return await self._services.rooms.seat(reading, room.id, caller.person)
        except NotAMember:
            return None
