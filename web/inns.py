"""The demo city's hotels, where one is shown: rooms, money, desks, a tablet to try."""

import asyncio
from datetime import timedelta

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.night import night_of
from matching.shelter.values import Address, Hotel, HotelId, KindId, RoomKind
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Ledger, Transaction
from web.auth.staff.service import Staff
from web.auth.staff.values import Issued
from web.demo.city import CITY, communes
from web.demo.inns import INNS, Inn, hotel_id
from web.sheltering import Sheltering

#: Who does what the demo does.
DEMO = PersonId("demo")
#: What a fund of the city has, for a year.
CENTS, DAYS = 2_000_000, 365
#: How often is looked whether the visitor's link has been used.
LOOK_S, SOON_S = 5.0, 0.5


async def settle_inns(ledger: Ledger, sheltering: Sheltering) -> None:
    """Hotels and a fund, once."""

    async def settle(tx: Transaction) -> None:
        if await sheltering.inventory.hotel(tx, HotelId(hotel_id(0))) is not None:
            return
        for number, inn in enumerate(INNS):
            hotel = _hotel(number, inn)
            kinds = _kinds(hotel.hotel, inn)
            commune = communes()[inn.commune]
            where = Address(name=inn.name, street=inn.street, postcode="00000", city=commune.name)
            await sheltering.inventory.add_hotel(tx, hotel, kinds, where)
            await sheltering.inventory.confirm(tx, hotel.hotel, DEMO)
        tonight = night_of(tx.now)
        await sheltering.funds.grant(
            tx,
            funder=DEMO,
            name=f"Fonds de {CITY.name}",
            area=_hotel(0, INNS[0]).area,
            first=tonight,
            last=tonight + timedelta(days=DAYS),
            cents=CENTS,
            actor=DEMO,
        )

    await ledger.write(settle)


async def demo_desks(ledger: Ledger, staff: Staff) -> list[Secret]:
    """A session at the desk of each of them, for those who answer there."""
    tokens = []
    for number in range(len(INNS)):
        link = await _link(ledger, staff, number)

        async def opened(tx: Transaction, link: Issued = link) -> Secret:
            found = await staff.desks.open(tx, _name(link), link.code, "demo")
            if found is None:
                raise AppError
            return found.token

        tokens.append(await ledger.write(opened))
    return tokens


class VisitorDesk:
    """A link and its code for a visitor's tablet: another once it has been used."""

    def __init__(self, ledger: Ledger, staff: Staff) -> None:
        self._ledger = ledger
        self._staff = staff
        self.link: Issued | None = None

    async def run(self) -> None:
        while True:
            try:
                if self.link is None or not await self._is_good(self.link):
                    self.link = await _link(self._ledger, self._staff, 0)
            except AppError:
                self.link = None
            await asyncio.sleep(LOOK_S if self.link else SOON_S)

    async def _is_good(self, link: Issued) -> bool:
        async with self._ledger.reading() as reading:
            return await self._staff.desks.waits(reading, _name(link))


async def _link(ledger: Ledger, staff: Staff, number: int) -> Issued:
    hotel = HotelId(hotel_id(number))
    return await ledger.write(lambda tx: staff.desks.link(tx, hotel, DEMO))


def _name(link: Issued) -> str:
    return link.path.rpartition("#")[2]


def _hotel(number: int, inn: Inn) -> Hotel:
    commune = communes()[inn.commune]
    lat, lon = CITY.degrees(inn.at)
    return Hotel(
        hotel=HotelId(hotel_id(number)),
        commune=commune.code,
        commune_name=commune.name,
        lat=commune.lat,
        lon=commune.lon,
        cell=cell_of(Point(lat=lat, lon=lon)),
        margin_m=0.0,
        desk_24h=inn.desk_24h,
        canary=False,
        spoken_at=None,
        accepted=0,
        refused=0,
    )


def _kinds(hotel: HotelId, inn: Inn) -> list[RoomKind]:
    return [
        RoomKind(
            kind=KindId(f"{hotel}-{number}"),
            hotel=hotel,
            people=it.people,
            cots=it.cots,
            accessible=it.accessible,
            pets=it.pets,
            ground_floor=it.ground_floor,
            price_cents=it.euros * 100,
            usual=it.usual,
        )
        for number, it in enumerate(inn.rooms)
    ]
