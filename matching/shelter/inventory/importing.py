"""Loading the public list of hotels as hotels that could give rooms.

A hotel of the list is not *active*: nobody is sent to it, because it knows nothing of us. It
becomes so when it joins, with the rooms and the price that it says. A newer list moves and renames
those that have not joined, and those of them that are not on it any more go.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geo.errors import FileEmpty, NothingToLoad
from geo.places.files import Table, TableReader, open_table
from geo.places.rows import Refusals
from geo.point import Point
from matching.shelter.inventory import store
from matching.shelter.inventory.listed import store as listing
from matching.shelter.inventory.listed.drawn import drawn
from matching.shelter.inventory.listed.rows import (
    COLUMNS,
    SEPARATOR,
    Listed,
    as_hotel,
    communes,
    read,
)
from matching.shelter.inventory.service import Inventory
from matching.shelter.values import HotelId, RoomKind
from realtime.ledger import Ledger, Transaction

Progress = Callable[[int, int], None]
_TABLE: Table[Listed] = Table(SEPARATOR, COLUMNS, read)
#: Hotels written in one transaction, each with a key of its own: nobody waits long behind it.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did."""

    loaded: int
    gone: int
    refusals: Refusals


async def load(
    path: Path,
    ledger: Ledger,
    inventory: Inventory,
    *,
    draw: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the hotels of the list to what a file says.

    ``draw``: for proofs and the demo, never in production: by this seed rooms are invented for
    those that have none, and they count as having joined.
    """
    reader = await asyncio.to_thread(open_table, path, _TABLE)
    try:
        # Whole in memory: a commune's own point may stand on any line. A few MB.
        listed = await asyncio.to_thread(_all, reader)
    finally:
        reader.close()
    if not listed:
        raise NothingToLoad if reader.refusals.total else FileEmpty
    writing = _Writing(inventory, communes(listed), draw)
    for first in range(0, len(listed), BATCH):
        batch = listed[first : first + BATCH]
        await ledger.write(partial(writing.put, batch=batch))
        progress(first + len(batch), len(listed))
    gone = await _forget(ledger, inventory, {it.source for it in listed})
    await ledger.write(listing.look_over)
    return Report(len(listed), gone, reader.refusals)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is the same for every batch."""

    inventory: Inventory
    points: Mapping[str, Point]
    draw: int | None

    async def put(self, tx: Transaction, batch: Sequence[Listed]) -> None:
        known = await store.known(tx.db, [it.source for it in batch])
        new = [(it, HotelId(tx.ids())) for it in batch if it.source not in known]
        await self.inventory.add_hotels(
            tx,
            [
                (
                    as_hotel(it, hotel, self.points),
                    self._rooms(tx, it, hotel),
                    it.address,
                    it.source,
                )
                for it, hotel in new
            ],
            active=self.draw is not None,
        )
        await self._put_again(tx, {known[it.source]: it for it in batch if it.source in known})

    async def _put_again(self, tx: Transaction, known: Mapping[HotelId, Listed]) -> None:
        """Of who has joined the list says nothing any more: they say it themselves."""
        idle = await listing.idle(tx, known)
        old = [(it, hotel) for hotel, it in known.items() if hotel in idle]
        sealed = await self.inventory.sealed(tx, {hotel: it.address for it, hotel in old})
        await listing.moved(
            tx, [(as_hotel(it, hotel, self.points), sealed[hotel]) for it, hotel in old]
        )
        if self.draw is not None:
            for it, hotel in old:
                await listing.join(tx, hotel, self._rooms(tx, it, hotel))

    def _rooms(self, tx: Transaction, it: Listed, hotel: HotelId) -> list[RoomKind]:
        return [] if self.draw is None else drawn(it, hotel, tx.ids, self.draw)


async def _forget(ledger: Ledger, inventory: Inventory, listed: Collection[str]) -> int:
    """Delete hotels that never joined and are not listed any more, with their keys."""
    async with ledger.reading() as reading:
        idle = await listing.never_joined(reading)
    left = [hotel for source, hotel in idle.items() if source not in listed]
    gone = 0
    for first in range(0, len(left), BATCH):
        gone += await ledger.write(
            partial(_forget_some, inventory=inventory, names=left[first : first + BATCH])
        )
    return gone


async def _forget_some(tx: Transaction, inventory: Inventory, names: Sequence[HotelId]) -> int:
    gone = await listing.forget(tx, names)
    for hotel in gone:
        await inventory.shred(tx, hotel)
    return len(gone)


def _all(reader: TableReader[Listed]) -> list[Listed]:
    found: list[Listed] = []
    while batch := reader.batch():
        found += batch
    return found
