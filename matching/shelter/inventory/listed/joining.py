"""Hotels of the public list that join, by a file of the association's: a line for a kind of room.

All of a file or none of it: a hotel that gave half of its rooms would look full.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import FileEmpty
from geo.places.files import Table, TableReader, open_table
from geo.places.rows import Reason, Refusals, Row, number, text
from matching.shelter.errors import HotelJoined, HotelNotListed
from matching.shelter.inventory import store
from matching.shelter.inventory.listed import store as listing
from matching.shelter.rules import ROOMS_MOST
from matching.shelter.values import HotelId, KindId, RoomKind
from realtime.ledger import Transaction

COLUMNS = (
    "hotel", "people", "cots", "accessible", "pets", "ground_floor", "price_cents", "rooms",
)  # fmt: skip
SEPARATOR = ","
#: What a room can be: a dormitory is none, and neither is a palace.
PEOPLE_MOST, COTS_MOST, CENTS_MOST = 12, 4, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Rooms alike that one hotel gives each night, unless its desk says otherwise."""

    #: Its number in the public list.
    source: str
    people: int
    cots: int
    accessible: bool
    pets: bool
    ground_floor: bool
    price_cents: int
    rooms: int

    @property
    def key(self) -> str:
        """Two lines that differ in price or number alone are a mistake."""
        shape = (self.people, self.cots, self.accessible, self.pets, self.ground_floor)
        return f"{self.source} {shape}"


def read(row: Row) -> Given:
    """The rooms of a line, or ``Refused``. Yes is 1, no is 0."""
    return Given(
        source=text(row, "hotel", missing=Reason.NO_ID),
        people=number(row, "people", least=1, most=PEOPLE_MOST),
        cots=number(row, "cots", most=COTS_MOST),
        accessible=number(row, "accessible", most=1) == 1,
        pets=number(row, "pets", most=1) == 1,
        ground_floor=number(row, "ground_floor", most=1) == 1,
        price_cents=number(row, "price_cents", most=CENTS_MOST),
        rooms=number(row, "rooms", most=ROOMS_MOST),
    )


async def given_in(path: Path) -> tuple[list[Given], Refusals]:
    """What a file says, and what of it cannot be understood."""
    return await asyncio.to_thread(_read, path)


async def join_all(tx: Transaction, given: Sequence[Given]) -> dict[str, HotelId]:
    """These hotels give these rooms from now on; answers which each number is.

    ``HotelNotListed`` or ``HotelJoined`` when that is true of any: then none of them joins.
    """
    known = await store.known(tx.db, sorted({it.source for it in given}))
    if any(it.source not in known for it in given):
        raise HotelNotListed
    if await listing.idle(tx, known.values()) != set(known.values()):
        raise HotelJoined
    for source, hotel in sorted(known.items()):
        rooms = [_kind(tx, hotel, it) for it in given if it.source == source]
        await listing.join(tx, hotel, rooms)
        tx.record("command-line", "shelter.join", hotel)
    return known


async def joined(tx: Transaction, source: str) -> HotelId:
    """The hotel of that number, which has joined."""
    hotel = (await store.known(tx.db, [source])).get(source)
    if hotel is None or await listing.idle(tx, [hotel]):
        raise HotelNotListed
    return hotel


def _kind(tx: Transaction, hotel: HotelId, it: Given) -> RoomKind:
    return RoomKind(
        kind=KindId(tx.ids()),
        hotel=hotel,
        people=it.people,
        cots=it.cots,
        accessible=it.accessible,
        pets=it.pets,
        ground_floor=it.ground_floor,
        price_cents=it.price_cents,
        usual=it.rooms,
    )


def _read(path: Path) -> tuple[list[Given], Refusals]:
    reader: TableReader[Given] = open_table(path, Table(SEPARATOR, COLUMNS, read))
    try:
        found: list[Given] = []
        while batch := reader.batch():
            found += batch
    finally:
        reader.close()
    if not found and not reader.refusals.total:
        raise FileEmpty
    return found, reader.refusals
