"""A whole service with hotels, their desks, operators and people who need a room tonight."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import msgspec

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.values import Address, Hotel, HotelId, KindId, RoomKind
from realtime.kernel.ids import PersonId
from realtime.ports import Caller
from tests.support.world import World, world
from web.access.vocabulary import Role
from web.services import Services

PARIS = (48.8566, 2.3522)
Json = dict[str, object]


def many(answer: Json, name: str) -> list[Json]:
    """A list in an answer."""
    return msgspec.convert(answer[name], list[dict[str, object]])


@dataclass(frozen=True, slots=True)
class Inn:
    """A hotel and whoever is at its desk."""

    hotel: HotelId
    kind: KindId
    desk: Caller
    channel: str


@dataclass
class Town:
    world: World
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def services(self) -> Services:
        return self.world.whole.services

    async def hotel(
        self,
        *,
        north_km: float = 1.0,
        usual: int = 1,
        people: int = 3,
        price_cents: int = 6_000,
        canary: bool = False,
        name: str = "Hôtel",
        street: str = "1 rue de la Paix",
        postcode: str = "75010",
        city: str = "Paris",
        phone: str = "+33123",
        spoken: bool = True,
    ) -> Inn:
        """So many kilometres north of the middle of Paris, with one kind of room."""
        number = next(self._numbers)
        hotel, kind = HotelId(f"hotel-{number}"), KindId(f"kind-{number}")
        lat, lon = PARIS[0] + north_km / 111.2, PARIS[1]
        ledger, inventory = self.world.whole.durable.ledger, self.services.sheltering.inventory
        new = Hotel(
            hotel=hotel,
            commune="75056",
            commune_name="Paris",
            lat=PARIS[0],
            lon=PARIS[1],
            cell=cell_of(Point(lat=lat, lon=lon)),
            margin_m=0.0,
            desk_24h=True,
            canary=canary,
            spoken_at=self.world.clock.now() if spoken else None,
            accepted=0,
            refused=0,
        )
        rooms = [
            RoomKind(
                kind=kind,
                hotel=hotel,
                people=people,
                cots=1,
                accessible=True,
                pets=True,
                ground_floor=False,
                price_cents=price_cents,
                usual=usual,
            )
        ]
        where = Address(name=name, street=street, postcode=postcode, city=city, phone=phone)
        await ledger.write(lambda tx: inventory.add_hotel(tx, new, rooms, where))
        return Inn(hotel, kind, await self.desk(hotel), f"desk:{hotel}")

    async def desk(self, hotel: HotelId) -> Caller:
        """A tablet of that hotel, opened by a link and its code."""
        ledger, desks = self.world.whole.durable.ledger, self.services.staff.desks
        link = await ledger.write(lambda tx: desks.link(tx, hotel, PersonId("installer")))
        name = link.path.rpartition("#")[2]
        opened = await ledger.write(lambda tx: desks.open(tx, name, link.code, "tablet"))
        assert opened is not None
        return opened.caller

    async def staff(
        self, role: str = "operator", *, stepped: bool = True, person: PersonId | None = None
    ) -> Caller:
        """Somebody with a session of this role, who has just shown a key or not; new or not."""
        sessions, ledger = self.services.sessions, self.world.whole.durable.ledger
        opened = await ledger.write(
            lambda tx: sessions.open(tx, Role(role), stepped=stepped, person=person)
        )
        return opened.caller

    async def prove(self, caller: Caller) -> None:
        """Show a key again."""
        sessions, ledger = self.services.sessions, self.world.whole.durable.ledger
        await ledger.write(lambda tx: sessions.step_up(tx, caller.session))

    async def ask(self, caller: Caller, method: str, **fields: object) -> Json:
        answer = await self.world.ask(caller, method, **fields)
        await self.world.settle()
        return answer

    async def needs(self, caller: Caller, **changes: object) -> str:
        """Somebody asks for a room tonight; answers the need."""
        asked: Json = {
            "id": f"need-{next(self._numbers):06d}",
            "household": {"adults": 1, "children": [1, 7], "pets": 0, "wheelchair": False},
            "days_ahead": 0,
            "nights": 1,
            "place": {"lat": PARIS[0], "lon": PARIS[1], "accuracy_m": 50},
        }
        answer = await self.ask(caller, "shelter.ask", **(asked | changes))
        assert "need" in answer, answer
        return str(answer["need"])

    async def options(self, caller: Caller, need: str) -> list[Json]:
        answer = await self.ask(caller, "shelter.options", need=need)
        return many(answer, "options")

    async def holds(self, caller: Caller, need: str, which: int = 0) -> Json:
        """Take one of the rooms offered, the best unless told otherwise."""
        options = await self.options(caller, need)
        return await self.ask(
            caller,
            "shelter.hold",
            id=f"hold-{next(self._numbers):06d}",
            need=need,
            option=options[which]["option"],
        )

    async def sheltered(self, caller: Caller, inn: Inn, need: str) -> Json:
        """A room of that hotel, held for a need and confirmed; answers it as she sees it."""
        held = await self.holds(caller, need)
        assert "hold" in held, held
        confirmed = await self.ask(inn.desk, "hold.confirm", hold=held["hold"])
        assert confirmed.get("state") == "confirmed", confirmed
        return await self.ask(caller, "hold.state", hold=held["hold"])

    def said_on(self, channel: str, kind: str | None = None) -> list[Json]:
        """What has been published on a channel, in order."""
        found = [
            msgspec.json.decode(body, type=dict[str, object])
            for name, body in self.world.said
            if name == channel
        ]
        return [it for it in found if kind in (None, it["type"])]


@asynccontextmanager
async def town(database: str = "", broker: str = "memory://") -> AsyncGenerator[Town]:
    async with world(database, broker) as made:
        yield Town(made)
