"""Hotels, their rooms and holds on a real ledger, without any door, on a clock moved by hand."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.asking.service import Asking
from matching.shelter.funds.service import Funds
from matching.shelter.holds.service import Change, Holds
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of
from matching.shelter.public.service import Unmet
from matching.shelter.values import (
    Address,
    Count,
    HoldId,
    HoldState,
    Hotel,
    HotelId,
    Household,
    KindId,
    NeedId,
    Night,
    RoomKind,
    Wanted,
)
from realtime.kernel.clock import Clock, ManualClock
from realtime.kernel.ids import Channel
from realtime.ledger import Reading, Transaction
from realtime.store import Kept
from realtime.writer import Committed
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.settling import all_heard
from web.channels import channel_table

T = TypeVar("T")
MOTHER = Household(adults=1, children=(1, 7))
DESK, OPERATOR, WORKER = "desk", "operator", "worker"


def a_hotel(name: str = "h1", *, lat: float = 48.85, lon: float = 2.35) -> Hotel:
    return Hotel(
        hotel=HotelId(name),
        commune="75056",
        commune_name="Paris",
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


def a_kind(name: str = "k1", hotel: str = "h1", *, usual: int = 1, people: int = 3) -> RoomKind:
    return RoomKind(
        kind=KindId(name),
        hotel=HotelId(hotel),
        people=people,
        cots=1,
        accessible=False,
        pets=False,
        ground_floor=False,
        price_cents=6_000,
        usual=usual,
    )


AN_ADDRESS = Address(
    name="Hôtel du Canari", street="3 rue Secrète", postcode="75010", city="Paris", phone="+331"
)


@dataclass(frozen=True, slots=True)
class Found:
    hotel: Hotel
    kind: RoomKind


@dataclass
class Listed:
    """A search that finds what it is told to find."""

    found: list[Found] = field(default_factory=list)

    async def fitting(self, reading: Reading, wanted: Wanted, *, limit: int) -> Sequence[Found]:
        return self.found[:limit]


@dataclass
class Shelter:
    made: Deployment
    clock: Clock
    inventory: Inventory
    holds: Holds
    asking: Asking
    search: Listed
    #: Everything published, clear, in order.
    said: list[tuple[Channel, dict[str, object]]] = field(default_factory=list)
    #: What time did to holds, as those who follow them hear it.
    followed: list[Change] = field(default_factory=list)
    #: Needs for which no hotel said yes.
    over: list[NeedId] = field(default_factory=list)
    #: Whose money follows holds; None: nobody's.
    funds: Funds | None = None

    @property
    def tonight(self) -> Night:
        return night_of(self.clock.now())

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.made.ledger.write(work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    async def open(self, hotel: Hotel | None = None, *kinds: RoomKind) -> None:
        """A hotel comes in, with one room of one kind unless told otherwise."""
        new = hotel or a_hotel()
        rooms = kinds or (a_kind(hotel=new.hotel),)
        await self.write(lambda tx: self.inventory.add_hotel(tx, new, rooms, AN_ADDRESS))

    async def join(self, tx: Transaction, change: Change) -> None:
        """What follows a hold, in its transaction: its money."""
        if self.funds is not None and change.after != change.before:
            await self.funds.follow(tx, change.before, change.after)

    async def take(
        self,
        need: str,
        *,
        hotel: str = "h1",
        kind: str = "k1",
        first: Night | None = None,
        nights: int = 1,
        minutes: int = 90,
        approved: bool = True,
        household: Household = MOTHER,
    ) -> Change:
        return await self.write(
            lambda tx: self.holds.hold(
                tx,
                need=NeedId(need),
                household=household,
                hotel=HotelId(hotel),
                kind=KindId(kind),
                first=first or self.tonight,
                nights=nights,
                minutes=minutes,
                budget=None,
                price_cents=6_000,
                by=WORKER,
                approved=approved,
            )
        )

    async def says(self, verb: str, hold: HoldId, **rest: object) -> HoldState:
        """Somebody says a word about a hold; what it has become."""
        act = getattr(self.holds, verb)
        change: Change = await self.write(lambda tx: act(tx, hold, **({"actor": DESK} | rest)))
        if change.refused is not None:
            raise change.refused
        return change.after.state

    async def count(
        self, kind: str = "k1", *, hotel: str = "h1", night: Night | None = None
    ) -> Count:
        on = night or self.tonight
        rooms = await self.read(lambda r: self.inventory.rooms(r, HotelId(hotel), on))
        return next(count for of, count in rooms if of.kind == kind)

    async def change(self, by: int, *, kind: str = "k1", night: Night | None = None) -> Count:
        return await self.write(
            lambda tx: self.inventory.change(
                tx, HotelId("h1"), KindId(kind), night=night or self.tonight, by=by, actor=DESK
            )
        )

    def told(self, hotel: str = "h1", kind: str = "hold") -> list[dict[str, object]]:
        """What has been pushed to a desk, in order."""
        own = [body for channel, body in self.said if channel == f"desk:{hotel}"]
        return [it for it in own if it["type"] == kind]

    async def pass_time(self, seconds: float) -> None:
        assert isinstance(self.clock, ManualClock)
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Return once nothing is due any more."""
        await all_heard(self.made, self.clock)


@asynccontextmanager
async def shelter(
    folder: Path,
    address: str = "",
    *,
    clock: Clock | None = None,
    run: str = "first",
    alone: bool = True,
    paid: bool = False,
) -> AsyncGenerator[Shelter]:
    """On a file in that folder, or on the database at that address; again there, a restart."""
    time = clock or ManualClock()
    listener: list[Callable[[Committed], None]] = [lambda done: None]
    async with deployment(
        folder,
        channel_table(),
        clock=time,
        ids=counted_ids(run),
        committed=lambda done: listener[0](done),
        address=address,
    ) as made:
        inventory, search = Inventory(), Listed()
        holds = Holds(inventory, chance=Random(1))
        asking = Asking(made.ledger, inventory, holds, search)
        built = Shelter(made, time, inventory, holds, asking, search)

        async def followed(tx: Transaction, change: Change) -> None:
            await built.join(tx, change)
            built.followed.append(change)

        async def over(tx: Transaction, need: NeedId) -> None:
            built.over.append(need)

        if paid:
            built.funds = Funds(holds, Unmet())
            built.funds.register(made.tasks)
        holds.register(made.tasks, followed)
        asking.register(made.tasks, over)
        listener[0] = _listening(built)
        async with made.tasks.running(alone=alone):
            yield built


def _listening(built: Shelter) -> Callable[[Committed], None]:
    def committed(done: Committed) -> None:
        for it in done.deliveries:
            body = built.made.ledger.opened_at_once(Kept(it.channel, it.offset, it.body))
            clear = msgspec.json.decode(body, type=dict[str, object]) if body else {}
            built.said.append((it.channel, clear))
        built.made.tasks.committed(done.tasks)

    return committed
