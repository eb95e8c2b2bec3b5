"""The server of the desks' bench: hotels with a tablet each, and operators."""

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.values import Address, Hotel, HotelId, KindId, RoomKind
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.load.measured_server import Orders as Base
from tests.load.measured_server import Ready, in_some, run
from web.access.vocabulary import Role
from web.bootstrap import Entraide


class Orders(Base, frozen=True, kw_only=True):
    desks: int
    operators: int


async def make(whole: Entraide, orders: Orders) -> Ready:
    """The tokens of desks and of operators."""

    async def hotel(tx: Transaction, number: int) -> str:
        return await _hotel(whole, tx, number)

    async def operator(tx: Transaction, number: int) -> str:
        return (await whole.services.sessions.open(tx, Role.OPERATOR)).token.reveal()

    desks = await in_some(whole, orders.desks, hotel)
    return {"desks": desks, "operators": await in_some(whole, orders.operators, operator)}


async def _hotel(whole: Entraide, tx: Transaction, number: int) -> str:
    """A hotel with one kind of room, and the session of its tablet."""
    name, lat, lon = HotelId(f"hotel-{number}"), 48.0 + number / 1_000, 2.0 + number / 1_000
    hotel = Hotel(
        hotel=name,
        commune="75056",
        # By this the bench knows on a screen which hotel has changed.
        commune_name=f"commune {number}",
        lat=lat,
        lon=lon,
        cell=cell_of(Point(lat=lat, lon=lon)),
        margin_m=0.0,
        desk_24h=True,
        canary=False,
        spoken_at=tx.now,
        accepted=0,
        refused=0,
    )
    kind = RoomKind(
        kind=KindId(f"kind-{number}"),
        hotel=name,
        people=2,
        cots=1,
        accessible=False,
        pets=False,
        ground_floor=False,
        price_cents=6_000,
        usual=1,
    )
    where = Address(name=f"Hotel {number}", street="1 rue", postcode="75010", city="Paris")
    await whole.services.sheltering.inventory.add_hotel(tx, hotel, [kind], where)
    desks = whole.services.staff.desks
    link = await desks.link(tx, name, PersonId("bench"))
    opened = await desks.open(tx, link.path.rpartition("#")[2], link.code, "bench")
    assert opened is not None
    return opened.token.reveal()


if __name__ == "__main__":
    run(Orders, make)
