"""Hotels for browser tests: put into a data folder before its server starts, each with a tablet."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from playwright.async_api import Browser, ViewportSize, expect

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.inventory.service import Inventory
from matching.shelter.values import Address, Hotel, HotelId, KindId, RoomKind
from tests.browser.people import HER_PLACE, SOON_MS, Phone, phone
from web.bootstrap import open_durable
from web.settings import Settings

TABLET: ViewportSize = {"width": 1024, "height": 768}
#: Out of any circle that she draws around herself.
NORTH_KM = 6.0
NAMES = ("Hôtel du Canal", "Hôtel des Tilleuls")
STREET = "12 rue des Lilas"


@dataclass(frozen=True, slots=True)
class Link:
    """What an operator is given for a hotel's tablet."""

    path: str
    code: str


def hotel_id(number: int) -> HotelId:
    return HotelId(f"hotel-{number}")


async def open_hotels(data_dir: Path) -> None:
    """Two hotels north of her that have not said that anything is free."""
    inventory = Inventory()
    async with open_durable(Settings.read(data_dir=data_dir)) as durable:
        for number, name in enumerate(NAMES):
            new, kind = _hotel(number), _kind(number)
            address = Address(
                name=name, street=STREET, postcode="93400", city="Saint-Ouen", phone="+33140000000"
            )
            await durable.ledger.write(
                lambda tx, new=new, kind=kind, address=address: inventory.add_hotel(  # type: ignore[misc]
                    tx, new, [kind], address
                )
            )


def _hotel(number: int) -> Hotel:
    lat, lon = HER_PLACE[0] + (NORTH_KM + number) / 111.2, HER_PLACE[1]
    return Hotel(
        hotel=hotel_id(number),
        commune="93070",
        commune_name="Saint-Ouen",
        lat=lat,
        lon=lon,
        cell=cell_of(Point(lat=lat, lon=lon)),
        margin_m=0.0,
        desk_24h=True,
        canary=False,
        spoken_at=None,
        accepted=0,
        refused=0,
    )


def _kind(number: int) -> RoomKind:
    return RoomKind(
        kind=KindId(f"kind-{number}"),
        hotel=hotel_id(number),
        people=3,
        cots=1,
        accessible=True,
        pets=True,
        ground_floor=False,
        price_cents=6_000,
        usual=0,
    )


async def link(operator: Phone, number: int) -> Link:
    """An operator makes a link for the tablet of a hotel."""
    token: str = await operator.page.evaluate("sessionStorage.getItem('operator')")
    answer = await operator.context.request.post(
        "/api/desk/link",
        data=msgspec.json.encode({"hotel": hotel_id(number)}),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    made = msgspec.json.decode(await answer.body(), type=dict[str, str])
    return Link(made["path"], made["code"])


async def tablet(browser: Browser, url: str, found: Link) -> Phone:
    """The hotel's tablet, at the page that the link leads to."""
    desk = await phone(browser, url, found.path)
    await desk.page.set_viewport_size(TABLET)
    await expect(desk.see("desk-code")).to_be_visible(timeout=SOON_MS)
    return desk


async def type_code(person: Phone, field: str, code: str) -> None:
    await person.see(field).fill(code)
    await person.see(f"{field}-go").click()
