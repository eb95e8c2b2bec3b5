"""What hotels give tonight: what their desks say, and rooms taken and given back.

Free is counted each time: total, less occupied, less the rows of holds that are alive. Whoever
changes any of it has locked the hotel's row, so that of two who want the last room one gets it.
What must always be true is asserted after each change; were it not, ``CountDrifted`` undoes it.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import structlog

from matching.shelter.errors import CountDrifted, RoomsPromised, RoomTaken
from matching.shelter.inventory import store
from matching.shelter.inventory.counting import store as counting
from matching.shelter.inventory.listing import store as listing
from matching.shelter.inventory.listing.store import Rooms
from matching.shelter.night import night_of, nights
from matching.shelter.rules import ROOMS_MOST
from matching.shelter.values import (
    Address,
    Count,
    Hold,
    Hotel,
    HotelId,
    KindId,
    Night,
    RoomKind,
)
from realtime.kernel.errors import Gone, Malformed, NotFound
from realtime.ledger import Reading, Transaction
from realtime.seal import lock

log = structlog.get_logger(__name__)
_ADDRESS = "hotel address"


def _key(hotel: HotelId) -> str:
    return f"hotel:{hotel}"


class Inventory:
    def __init__(self) -> None:
        #: What did not add up and was undone, since the start: for the metrics.
        self.violations = 0

    # Hotels.

    async def add_hotel(
        self,
        tx: Transaction,
        hotel: Hotel,
        kinds: Sequence[RoomKind],
        address: Address,
        source: str | None = None,
    ) -> None:
        await self.add_hotels(tx, [(hotel, kinds, address, source)])

    async def add_hotels(
        self,
        tx: Transaction,
        new: Iterable[tuple[Hotel, Sequence[RoomKind], Address, str | None]],
        *,
        active: bool = True,
    ) -> None:
        """The same for some hundreds, in two statements beside their keys."""
        new = list(new)
        if any(of.hotel != hotel.hotel for hotel, kinds, _, _ in new for of in kinds):
            raise Malformed
        sealed = await self.sealed(tx, {hotel.hotel: address for hotel, _, address, _ in new})
        rows = [
            store.NewHotel(hotel, source, sealed[hotel.hotel], active)
            for hotel, _, _, source in new
        ]
        await store.add(tx, rows, [of for _, kinds, _, _ in new for of in kinds])

    async def sealed(
        self, tx: Transaction, addresses: Mapping[HotelId, Address]
    ) -> dict[HotelId, bytes]:
        """What the table keeps of these addresses, each under its own key."""
        keys = await tx.held_keys([_key(it) for it in addresses])
        return {
            hotel: lock(keys[_key(hotel)], msgspec.json.encode(address), _ADDRESS)
            for hotel, address in addresses.items()
        }

    async def shred(self, tx: Transaction, hotel: HotelId) -> None:
        """Nobody reads this address again."""
        await tx.shred(_key(hotel))

    async def hotel(self, reading: Reading, hotel: HotelId) -> Hotel | None:
        return await store.find(reading.db, hotel)

    async def kind(self, reading: Reading, kind: KindId) -> RoomKind | None:
        return await store.find_kind(reading.db, kind)

    async def address(self, reading: Reading, hotel: HotelId) -> Address | None:
        """Where it is: for one person at a time, by whoever has asked whether she may know."""
        sealed = await store.sealed(reading.db, hotel)
        if sealed is None:
            return None
        try:
            clear = await reading.open(_key(hotel), sealed, context=_ADDRESS)
        except Gone:
            return None
        return msgspec.json.decode(clear, type=Address)

    # What a desk says.

    async def rooms(
        self, reading: Reading, hotel: HotelId, night: Night
    ) -> list[tuple[RoomKind, Count]]:
        return await counting.rooms(reading.db, hotel, night)

    async def shown(self, reading: Reading, night: Night, limit: int) -> list[tuple[Hotel, Rooms]]:
        """Hotels with their counts, those whose desks spoke last first: communes, no streets."""
        return await listing.shown(reading.db, night, limit)

    async def canaries(self, reading: Reading, night: Night) -> list[tuple[Hotel, Rooms]]:
        """Hotels that do not exist: search knows none of them."""
        return await listing.canaries(reading.db, night)

    async def change(
        self, tx: Transaction, hotel: HotelId, kind: KindId, *, night: Night, by: int, actor: str
    ) -> Count:
        """So many rooms more, or fewer, are given on a night."""
        return await self._say(tx, hotel, kind, night, actor, total=by)

    async def occupy(
        self, tx: Transaction, hotel: HotelId, kind: KindId, *, night: Night, by: int, actor: str
    ) -> Count:
        """So many of the rooms given are taken by others, or free again."""
        return await self._say(tx, hotel, kind, night, actor, occupied=by)

    async def make_room(
        self, tx: Transaction, hotel: HotelId, kind: KindId, stay: Sequence[Night], *, actor: str
    ) -> None:
        """A desk that had said it was full has found a room for these nights."""
        await store.lock(tx.db, hotel)
        counts = await counting.counts(tx.db, await self._kind(tx, hotel, kind), stay)
        for night, count in counts.items():
            if count.free < 1:
                await self._say(tx, hotel, kind, night, actor, total=1 - count.free)

    async def confirm(self, tx: Transaction, hotel: HotelId, actor: str) -> None:
        """What its desk has said is still right."""
        await store.lock(tx.db, hotel)
        await store.spoke(tx.db, hotel, tx.now)
        tx.record(actor, "shelter.fresh", hotel)

    async def answered(
        self, tx: Transaction, hotel: HotelId, *, accepted: int = 0, refused: int = 0
    ) -> None:
        """A hotel has accepted a hold, or not: its history."""
        await store.lock(tx.db, hotel)
        await store.answered(tx.db, hotel, accepted=accepted, refused=refused)

    async def _say(
        self,
        tx: Transaction,
        hotel: HotelId,
        kind: KindId,
        night: Night,
        actor: str,
        *,
        total: int = 0,
        occupied: int = 0,
    ) -> Count:
        await store.lock(tx.db, hotel)
        of = await self._kind(tx, hotel, kind)
        before = (await counting.counts(tx.db, of, [night]))[night]
        after = Count(before.total + total, before.occupied + occupied, before.held)
        if after.total > ROOMS_MOST or after.occupied < 0:
            raise Malformed
        if after.free < 0:
            raise RoomsPromised
        await counting.say(tx.db, of, night, after)
        if night >= night_of(tx.now):
            # A tap that comes after its night says nothing of this one.
            await store.spoke(tx.db, hotel, tx.now)
        tx.record(actor, "shelter.rooms", kind)
        said = (await counting.counts(tx.db, of, [night]))[night]
        if said != after:
            raise self._drifted("said")
        return said

    # What is held.

    async def take(self, tx: Transaction, hold: Hold) -> None:
        """Give a hold every night of its stay that it has no room on yet, or ``RoomTaken``."""
        of = await self._kind(tx, hold.hotel, hold.kind)
        missing = await self._missing(tx, hold)
        # Looked at first without the lock: whoever comes too late waits for nobody.
        await self._refuse_full(tx, of, missing)
        await store.lock(tx.db, hold.hotel)
        await self._refuse_full(tx, of, missing)
        if missing:
            await counting.take(tx.db, hold, missing)
        await self.check(tx, hold)
        counts = await counting.counts(tx.db, of, missing)
        if any(it.free < 0 for it in counts.values()):
            raise self._drifted("free")

    async def give_back(self, tx: Transaction, hold: Hold) -> None:
        """Free all nights of a hold that has ended."""
        await store.lock(tx.db, hold.hotel)
        await counting.give_back(tx.db, hold.hold)
        await self.check(tx, hold)

    async def check(self, tx: Transaction, hold: Hold) -> None:
        """Assert that a hold which is alive has exactly its nights, and one that is dead none."""
        wanted = nights(hold.first, hold.nights) if hold.alive else []
        if await counting.nights_of(tx.db, hold.hold) != [(it, hold.kind) for it in wanted]:
            raise self._drifted("nights")

    async def _missing(self, tx: Transaction, hold: Hold) -> list[Night]:
        have = {it for it, _ in await counting.nights_of(tx.db, hold.hold)}
        return [it for it in nights(hold.first, hold.nights) if it not in have]

    async def _refuse_full(self, tx: Transaction, of: RoomKind, wanted: Sequence[Night]) -> None:
        counts = await counting.counts(tx.db, of, wanted)
        if any(it.free <= 0 for it in counts.values()):
            raise RoomTaken

    async def _kind(self, tx: Transaction, hotel: HotelId, kind: KindId) -> RoomKind:
        found = await store.find_kind(tx.db, kind)
        if found is None or found.hotel != hotel:
            raise NotFound
        return found

    def _drifted(self, which: str) -> CountDrifted:
        self.violations += 1
        log.error("shelter.count_drifted", kind=which)
        return CountDrifted()
