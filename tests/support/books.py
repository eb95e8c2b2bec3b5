"""Hotels, holds and budgets on a real ledger, and nothing else of the shelter."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.funds.service import Funds
from matching.shelter.funds.values import Budget
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of
from matching.shelter.public.service import Unmet
from matching.shelter.values import (
    Address,
    BudgetId,
    Hold,
    HoldId,
    HoldState,
    Hotel,
    HotelId,
    KindId,
    NeedId,
    Night,
    RoomKind,
)
from realtime.kernel.clock import ManualClock
from realtime.ledger import Reading, Transaction
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.settling import settled
from web.channels import channel_table

T = TypeVar("T")

#: A Wednesday, at nine in the evening in Paris.
EVENING = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
LYON, PARIS = HotelId("hotel-lyon"), HotelId("hotel-paris")
PLACES = {LYON: ("69123", "Lyon", 45.76, 4.84), PARIS: ("75056", "Paris", 48.86, 2.35)}
FUNDER, OTHER = "ville-de-lyon", "fondation"


@dataclass
class Scene:
    """Holds are kept in memory here: what money asks of them is one."""

    made: Deployment
    clock: ManualClock
    unmet: Unmet
    funds: Funds
    holds: dict[HoldId, Hold] = field(default_factory=dict)

    async def find(self, reading: Reading, hold: HoldId) -> Hold | None:
        return self.holds.get(hold)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.made.ledger.write(work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    @property
    def tonight(self) -> Night:
        return night_of(self.clock.now())

    async def budget(
        self,
        cents: int = 100_000,
        *,
        area: str = "",
        nights: int = 60,
        funder: str = FUNDER,
        most_cents: int | None = None,
        name: str = "Nuits d’hiver",
    ) -> Budget:
        return await self.write(
            lambda tx: self.funds.grant(
                tx,
                funder=funder,
                name=name,
                area=area,
                first=self.tonight - timedelta(days=30),
                last=self.tonight + timedelta(days=nights),
                cents=cents,
                most_cents=most_cents,
                actor="funder",
            )
        )

    def hold(
        self,
        name: str,
        budget: BudgetId | None,
        *,
        nights: int = 3,
        at: HotelId = LYON,
        cents: int = 8_000,
        approved: bool = False,
    ) -> Hold:
        made = Hold(
            hold=HoldId(name),
            need=NeedId(f"need of {name}"),
            hotel=at,
            kind=KindId(f"kind of {at}"),
            first=self.tonight,
            nights=nights,
            state=HoldState.HELD,
            alias="Alix R.",
            word="noisette",
            held_at=self.clock.now(),
            expires_at=self.clock.now() + timedelta(minutes=90),
            extended=False,
            price_cents=cents,
            budget=budget,
            approved=approved,
            by="worker",
        )
        self.holds[made.hold] = made
        return made

    async def held(self, name: str, budget: BudgetId | None, **more: object) -> Hold:
        """A hold whose money has followed."""
        made = self.hold(name, budget, **more)  # type: ignore[arg-type]
        await self.write(lambda tx: self.funds.follow(tx, None, made))
        return made

    async def follow(self, hold: Hold) -> None:
        await self.write(lambda tx: self.funds.follow(tx, None, hold))

    async def becomes(self, hold: Hold, **changes: object) -> Hold:
        """A hold changes, and its money follows."""
        before = self.holds[hold.hold]
        after = replace(before, **changes)  # type: ignore[arg-type]
        await self.write(lambda tx: self.funds.follow(tx, before, after))
        self.holds[hold.hold] = after
        return after

    async def cents(self, budget: BudgetId) -> tuple[int, int, int]:
        """What is left, promised and spent."""
        state = await self.read(lambda r: self.funds.state(r, None, nights_given=0))
        (view,) = [it for it in state.budgets if it.budget == budget]
        return view.left, view.promised, view.spent

    async def pass_time(self, seconds: float) -> None:
        """A day at a time, so that each rollover is met."""
        while seconds > 0:
            self.clock.advance(min(seconds, 86_400.0))
            seconds -= 86_400.0
            await self.settle()

    async def settle(self) -> None:
        """Return once nothing is due any more."""
        await settled(self.made.tasks, self.made.database, self.clock)

    async def right(self) -> bool:
        return (await self.read(self.funds.audit)).right


async def put_hotels(tx: Transaction, suffix: str = "", *, spoken: bool = True) -> None:
    for known, (commune, commune_name, lat, lon) in PLACES.items():
        name = HotelId(f"{known}{suffix}")
        hotel = Hotel(
            hotel=name,
            commune=commune,
            commune_name=commune_name,
            lat=lat,
            lon=lon,
            cell=cell_of(Point(lat=lat, lon=lon)),
            margin_m=0.0,
            desk_24h=True,
            canary=False,
            spoken_at=tx.now if spoken else None,
            accepted=0,
            refused=0,
        )
        kind = RoomKind(
            kind=KindId(f"kind of {name}"),
            hotel=name,
            people=2,
            cots=1,
            accessible=False,
            pets=False,
            ground_floor=False,
            price_cents=8_000,
            usual=3,
        )
        address = Address(
            name="Hôtel des Canuts", street="4 rue Cachée", postcode="69001", city=commune_name
        )
        await Inventory().add_hotel(tx, hotel, [kind], address)


@asynccontextmanager
async def scene_in(folder: Path, address: str = "") -> AsyncGenerator[Scene]:
    clock = ManualClock(EVENING)
    async with deployment(
        folder, channel_table(), clock=clock, ids=counted_ids(), address=address
    ) as made:
        unmet = Unmet()
        holder: list[Scene] = []

        class Stays:
            async def find(self, reading: Reading, hold: HoldId) -> Hold | None:
                return await holder[0].find(reading, hold)

        funds = Funds(Stays(), unmet)
        funds.register(made.tasks)
        scene = Scene(made, clock, unmet, funds)
        holder.append(scene)
        await scene.write(put_hotels)
        async with made.tasks.running(alone=True):
            yield scene
