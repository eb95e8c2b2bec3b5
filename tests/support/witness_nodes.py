"""Witnesses in transport on one database, each node with its own writer, and one live map."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from alerts.networks.values import ANYWHERE, Call, What
from alerts.networks.values import Event as NetworkEvent
from alerts.witness.carrying import Carrying
from alerts.witness.finding import Found
from alerts.witness.placing import Spoken
from alerts.witness.recording import Asked
from alerts.witness.service import Witness
from alerts.witness.values import As, EventId, Kind, Role
from geo.cells import cell_of
from geo.point import Point
from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.service import Transit
from geo.transit.values import Fix, Ride
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from realtime.adapters.memory import MemoryPresence
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Reading, Transaction
from realtime.writer import Committed
from tests.support.ledger import Deployment, counted_ids, deployment, insisted
from tests.support.transport import T1, network, place, trail
from web.channels import channel_table

T = TypeVar("T")
OPERATOR = PersonId("operator")


class Silence:
    """Networks that are told nothing, phones that nobody wakes."""

    async def tell(self, tx: Transaction, alert: str, what: What, body: NetworkEvent) -> None:
        """Nothing."""

    async def call(self, reading: Reading, network: str | None) -> Call:
        return ANYWHERE

    async def among(self, reading: Reading, people: Sequence[PersonId]) -> frozenset[PersonId]:
        return frozenset()

    def wake(self, tx: Transaction, person: PersonId, *, live: bool) -> None:
        """Nothing."""


@dataclass
class Node:
    made: Deployment
    clock: ManualClock
    helpers: Helpers
    presence: MemoryPresence
    transit: Transit
    witness: Witness

    @property
    def carrying(self) -> Carrying:
        return self.witness._carrying

    async def candidates(self, event: EventId) -> Found:
        return await self.witness._finding.candidates(event)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await insisted(self.made.ledger, work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    async def vetted(self, name: str, *, along_m: int = 3_000) -> PersonId:
        """An approved helper with a page open, who watches, in a tram."""
        person = PersonId(name)

        async def made(tx: Transaction) -> None:
            await self.helpers.apply(
                tx, person, name="Camille", skills=["come"], languages=["fr"], phone=None
            )
            await self.helpers.approve(tx, OPERATOR, person, tier=1)
            await self.witness.watching.set(tx, person, on=True)

        await self.write(made)
        await self.presence.arrive(person, f"of {name}")
        await self.rides(person, along_m=along_m)
        return person

    async def rides(self, person: PersonId, *, along_m: int = 3_000) -> None:
        lat, lon = place(along_m)
        ride = Ride(
            line=T1, direction=0, course=0, along_m=along_m, confidence=0.9,
            cell=cell_of(Point(lat=lat, lon=lon)), at=self.clock.now(),
        )  # fmt: skip
        await self.transit.aboard.put(person, ride)

    async def report(self, name: str, *, car: str = "", origin: str = "") -> EventId:
        """Somebody says what happens in the tram at 3 km."""
        now = self.clock.now()
        fixes = [
            Fix(lat=it["lat"], lon=it["lon"], at=now - timedelta(seconds=it["ago_s"]))
            for it in trail(3_000)
        ]
        asked = Asked(
            role=As.WITNESS,
            kind=Kind.VERBAL,
            spoken=Spoken(line=T1, direction=0),
            car=car,
            trail=fixes,
            origin=origin,
        )
        found = await self.write(lambda tx: self.witness.report(tx, PersonId(name), asked))
        return EventId(found.alert)

    async def step(self, event: EventId) -> int:
        found = await self.candidates(event)
        return await self.write(lambda tx: self.carrying.step(tx, event, found))

    async def claim(self, person: PersonId, event: EventId, role: Role) -> str:
        """What somebody who wants a part is told."""
        try:
            answer = await self.write(lambda tx: self.witness.claim(tx, person, event, role))
        except AppError as error:
            return error.name
        return answer.state


@asynccontextmanager
async def nodes(
    folder: Path,
    address: str,
    many: int,
    *,
    committed: Callable[[Committed], None] = lambda _: None,
) -> AsyncGenerator[list[Node]]:
    """So many writers on one database; tasks are run by hand."""
    clock, aboard, presence = ManualClock(), MemoryAboard(), MemoryPresence()
    async with AsyncExitStack() as stack:
        found = []
        for number in range(many):
            made = await stack.enter_async_context(
                deployment(
                    folder,
                    channel_table(),
                    clock=clock,
                    ids=counted_ids(f"node-{number}"),
                    address=address,
                    committed=committed,
                )
            )
            helpers = Helpers(Roster(), MemoryWhereabouts(), phone_key=Secret("kept elsewhere"))
            transit = Transit(made.ledger, aboard, clock)
            transit.network = network()
            silence = Silence()
            witness = Witness(made.ledger, transit, helpers, presence, silence, silence)
            found.append(Node(made, clock, helpers, presence, transit, witness))
        yield found
