"""A hotel's desk: its rooms, whom it expects, what it is asked, and the alarm it can give.

It is told an alias, a word, a shape and a window, and nothing else. Of the hotel itself it is told
the name, and no address: whoever stands there knows it, and whoever does not must not learn it.
"""

from alerts.shelter.guard.service import Guard
from alerts.shelter.messages import DeskKind, DeskSaid, DeskState, Incident
from alerts.shelter.showing import Showing, desk_kind
from alerts.shelter.values import AlarmKind
from matching.shelter.asking.service import Asking
from matching.shelter.holds.service import Holds, desk_channel
from matching.shelter.inventory.freshness import freshness
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import asks_again, night_of
from matching.shelter.values import HotelId, KindId
from realtime.kernel.errors import NotFound
from realtime.ledger import Reading, Transaction


class Desk:
    def __init__(
        self, inventory: Inventory, holds: Holds, asking: Asking, showing: Showing, guard: Guard
    ) -> None:
        self._inventory = inventory
        self._holds = holds
        self._asking = asking
        self._showing = showing
        self._guard = guard

    async def state(self, reading: Reading, hotel: HotelId) -> DeskState:
        """The snapshot of ``desk:<hotel>``."""
        of = await self._showing.hotel(reading, hotel)
        address = await self._inventory.address(reading, hotel)
        place = await reading.place(desk_channel(hotel))
        return DeskState(
            hotel=hotel,
            name="" if address is None else address.name,
            night=night_of(reading.now),
            kinds=[desk_kind(*it) for it in await self._showing.counted(reading, hotel)],
            freshness=freshness(of.spoken_at, reading.now),
            said_at=of.spoken_at,
            ask_now=asks_again(of.spoken_at, reading.now),
            holds=await self._holds.at_desk(reading, hotel),
            asks=await self._asking.at_desk(reading, hotel),
            epoch=place.epoch,
            offset=place.offset,
        )

    async def rooms(
        self, tx: Transaction, hotel: HotelId, kind: KindId, *, by: int, actor: str
    ) -> DeskKind:
        """So many rooms more or fewer tonight."""
        tonight = night_of(tx.now)
        await self._inventory.change(tx, hotel, kind, night=tonight, by=by, actor=actor)
        kinds = await self._showing.tell(tx, hotel)
        for it in kinds:
            if it.kind == kind:
                return it
        raise NotFound

    async def fresh(self, tx: Transaction, hotel: HotelId, *, actor: str) -> DeskSaid:
        """What the desk has said is still right."""
        await self._inventory.confirm(tx, hotel, actor)
        await self._showing.tell(tx, hotel)
        return DeskSaid(freshness=freshness(tx.now, tx.now), said_at=tx.now)

    async def incident(self, tx: Transaction, hotel: HotelId, kind: AlarmKind) -> Incident:
        """He is here: operators and the hotel's other tablets know at once."""
        alarm = await self._guard.alarm(tx, kind, hotel=hotel)
        return Incident(incident=alarm.alarm)
