"""An alert, and the offers of a person, as they may be known at this moment.

Everything here only reads. The exact place and the note are opened for whom
``relations.may_see_place`` says, and nowhere else.
"""

from alerts import views
from alerts.help import store
from alerts.help.service import Help
from alerts.help.values import Alert
from alerts.messages import AlertLine, ComingHelper, HelpState
from alerts.ports import Rooms
from alerts.relations import Relation, hers, may_see_place, of_helper
from matching.dispatch import messages
from matching.dispatch.incident import AlertId, OfferId
from matching.dispatch.messages import OfferView
from matching.dispatch.service import Dispatch
from matching.helpers.service import Helpers
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading
from realtime.rooms.errors import NotAMember


class Looking:
    def __init__(self, helpers: Helpers, dispatch: Dispatch, requests: Help, rooms: Rooms) -> None:
        self._helpers = helpers
        self._dispatch = dispatch
        self._help = requests
        self._rooms = rooms

    async def state(
        self, reading: Reading, person: PersonId, alert: str, *, staff: bool
    ) -> HelpState:
        """An alert as this person may know it now; ``NotFound`` when that is not at all."""
        found = await self._help.find(reading, AlertId(alert))
        relations = await self._relations(reading, person, found)
        if not relations and not staff:
            raise NotFound
        head = await reading.place(found.channel)
        inside = staff or relations != {Relation.OFFERED}
        where, words = None, None
        if may_see_place(relations, staff=staff):
            where, words = await self._help.opened(reading, found)
        return HelpState(
            alert=found.alert,
            state=found.state,
            mode=found.mode,
            kind=found.kind,
            at=found.raised_at,
            delivered=found.counts.delivered,
            seen=found.counts.seen,
            accepted=found.counts.accepted,
            on_scene=found.counts.on_scene,
            mine=Relation.HERS in relations,
            epoch=head.epoch,
            offset=head.offset,
            room=found.room if inside else None,
            seat=await self._seat(reading, person, found),
            place=where,
            note=words,
            helpers=(
                await self._coming(reading, found) if staff or Relation.HERS in relations else None
            ),
        )

    async def offers_of(self, reading: Reading, person: PersonId) -> list[OfferView]:
        """What this person is asked, or has accepted."""
        live = await self._dispatch.live_offers(reading, person)
        return [messages.view(incident, offer) for incident, offer in live]

    async def alerts_of(self, reading: Reading, person: PersonId) -> list[AlertLine]:
        """Her own open request, and those this person goes to."""
        own = await store.open_of(reading.db, person)
        live = await self._dispatch.live_offers(reading, person)
        going = [incident.alert for incident, offer in live if offer.going]
        found = [*([own] if own else []), *await store.find_all(reading.db, going)]
        return [views.line(it, person) for it in found]

    async def relations(
        self, reading: Reading, person: PersonId, alert: str
    ) -> frozenset[Relation]:
        found = await store.find(reading.db, AlertId(alert))
        return frozenset() if found is None else await self._relations(reading, person, found)

    async def exists(self, reading: Reading, alert: str) -> bool:
        return await store.find(reading.db, AlertId(alert)) is not None

    async def offer_is_to(self, reading: Reading, person: PersonId, offer: str) -> bool:
        return await self._dispatch.is_to(reading, OfferId(offer), person)

    async def _relations(
        self, reading: Reading, person: PersonId, alert: Alert
    ) -> frozenset[Relation]:
        if alert.raiser == person:
            return hers()
        companion = await store.find_companion(reading.db, alert.alert, person)
        return of_helper(
            await self._dispatch.offer_to(reading, alert.alert, person),
            mode=alert.mode,
            ended=alert.ended,
            coming=alert.counts.accepted,
            released=companion is not None and companion.released,
        )

    async def _seat(self, reading: Reading, person: PersonId, alert: Alert) -> str | None:
        try:
            return await self._rooms.seat(reading, alert.room, person)
        except NotAMember:
            return None

    async def _coming(self, reading: Reading, alert: Alert) -> list[ComingHelper]:
        """Those who go there, or call: by first name, for her and the operators only."""
        incident = await self._dispatch.incident(reading, alert.alert)
        companions = await store.companions(reading.db, alert.alert)
        names = await self._helpers.names(reading, companions)
        return [
            ComingHelper(
                helper=offer.helper,
                name=names.get(offer.helper, ""),
                seat=companions[offer.helper].seat,
                state=offer.state,
                released=companions[offer.helper].released,
                ring=offer.ring,
            )
            for offer in incident.offers
            if offer.going
        ]
