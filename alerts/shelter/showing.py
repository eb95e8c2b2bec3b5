"""Rooms as they are shown: to their own desk, and to operators, who see no more than a commune.

A hotel's rooms on the board are under a handle that is always the same and leads nowhere; the point
is the commune's own.
"""

from collections.abc import Iterable

from alerts.shelter.messages import BoardRooms, DeskKind, KindRooms
from alerts.shelter.pushes import DeskRooms, RoomsChanged
from alerts.shelter.tokens import Tokens
from alerts.shelter.values import BOARD
from matching.shelter.holds.service import desk_channel
from matching.shelter.inventory.freshness import freshness
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of
from matching.shelter.values import Count, Hotel, HotelId, RoomKind
from realtime.kernel.errors import NotFound
from realtime.ledger import Reading, Transaction

#: A hotel's kinds of rooms, each with its count tonight.
Counted = Iterable[tuple[RoomKind, Count]]


class Showing:
    def __init__(self, inventory: Inventory, tokens: Tokens) -> None:
        self._inventory = inventory
        self._tokens = tokens

    async def hotel(self, reading: Reading, hotel: HotelId) -> Hotel:
        found = await self._inventory.hotel(reading, hotel)
        if found is None:
            raise NotFound
        return found

    async def counted(self, reading: Reading, hotel: HotelId) -> list[tuple[RoomKind, Count]]:
        """Tonight's rooms."""
        return await self._inventory.rooms(reading, hotel, night_of(reading.now))

    async def tell(self, tx: Transaction, hotel: HotelId) -> list[DeskKind]:
        """A count has changed: the board sees it, and the hotel's other tablets."""
        of, rooms = await self.hotel(tx, hotel), await self.counted(tx, hotel)
        old = freshness(of.spoken_at, tx.now)
        kinds = [desk_kind(*it) for it in rooms]
        shown = self.board_rooms(of, rooms, tx)
        tx.publish(BOARD, RoomsChanged(**{it: getattr(shown, it) for it in BOARD_FIELDS}))
        said = DeskRooms(kinds=kinds, freshness=old, said_at=of.spoken_at)
        tx.publish(desk_channel(hotel), said)
        return kinds

    def board_rooms(self, of: Hotel, rooms: Counted, reading: Reading) -> BoardRooms:
        return BoardRooms(
            handle=self._tokens.handle(of.hotel),
            area=of.commune_name,
            lat=of.lat,
            lon=of.lon,
            kinds=[kind_rooms(*it) for it in rooms],
            freshness=freshness(of.spoken_at, reading.now),
            at=reading.now,
            said_at=of.spoken_at,
        )


BOARD_FIELDS = BoardRooms.__struct_fields__


def kind_rooms(kind: RoomKind, count: Count) -> KindRooms:
    return KindRooms(
        people=kind.people,
        cots=kind.cots,
        accessible=kind.accessible,
        pets=kind.pets,
        ground_floor=kind.ground_floor,
        total=count.total,
        occupied=count.occupied,
        held=count.held,
        free=count.free,
    )


def desk_kind(kind: RoomKind, count: Count) -> DeskKind:
    return DeskKind(
        kind=kind.kind,
        people=kind.people,
        cots=kind.cots,
        accessible=kind.accessible,
        pets=kind.pets,
        ground_floor=kind.ground_floor,
        total=count.total,
        occupied=count.occupied,
        held=count.held,
        free=count.free,
    )
