"""The domains of help on a real SQLite ledger, without any door: people, a clock moved by hand."""

import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from alerts.messages import Ended, HelpState, Raised, Released
from alerts.service import Alerts
from geo.cells import Cell, cell_of, parent
from geo.point import Point
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from matching.dispatch.messages import OfferAnswer
from matching.dispatch.service import Dispatch
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from realtime.adapters.memory import MemoryPresence
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import Channel, PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Reading, Transaction
from realtime.rooms.service import Rooms
from realtime.store import Kept
from realtime.writer import Committed
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.settling import all_heard
from web.channels import channel_table

T = TypeVar("T")

ANNA, OPERATOR = PersonId("anna"), PersonId("operator")
#: Paris, in front of the town hall.
HERE = Point(lat=48.8566, lon=2.3522)


def north(metres: float, of: Point = HERE) -> Point:
    return Point(lat=of.lat + metres / 111_195, lon=of.lon)


@dataclass
class Stage:
    made: Deployment
    clock: ManualClock
    whereabouts: MemoryWhereabouts
    presence: MemoryPresence
    helpers: Helpers
    dispatch: Dispatch
    alerts: Alerts
    rooms: Rooms
    #: Everything published, clear, in order.
    said: list[tuple[Channel, dict[str, object]]] = field(default_factory=list)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.made.ledger.write(work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    async def helper(
        self,
        name: str,
        at: Point = HERE,
        *,
        tier: int = 1,
        skills: tuple[str, ...] = ("come", "call"),
        phone: str | None = None,
        online: bool = True,
    ) -> PersonId:
        """An approved helper, on duty there, live, with a phone that is connected."""
        person = PersonId(name)
        await self.write(
            lambda tx: self.helpers.apply(
                tx, person, name=name.title(), skills=skills, languages=["fr"], phone=phone
            )
        )
        await self.write(lambda tx: self.helpers.approve(tx, OPERATOR, person, tier=tier))
        await self.write(lambda tx: self.helpers.duty(tx, person, on=True, place=at))
        await self.helpers.move(person, at, self.clock.now())
        if online:
            await self.presence.arrive(person, f"phone of {name}")
        return person

    async def crowd(self, many: int, at: Point = HERE, **more: object) -> list[PersonId]:
        return [await self.helper(f"helper-{number:02d}", at) for number in range(many)]

    async def raise_help(
        self,
        person: PersonId = ANNA,
        *,
        mode: str = "public",
        place: Point = HERE,
        note: str | None = None,
        shown: Cell | None = None,
    ) -> Raised:
        coarse = shown or parent(cell_of(place), 8)
        answer = await self.write(
            lambda tx: self.alerts.raise_help(
                tx,
                person,
                kind="followed",
                mode=mode,
                place=place,
                accuracy_m=12.0,
                shown=coarse,
                note=note,
            )
        )
        await self.settle()
        return answer

    async def covered(self) -> tuple[str, PersonId, PersonId, list[PersonId]]:
        """A request that two of four have accepted: its id, both, and those who were thanked."""
        await self.crowd(4)
        raised = await self.raise_help(note="porte bleue")
        one, two, *others = [PersonId(it) for it in self.asked(raised.alert)]
        await self.says(one, raised.alert, "accept")
        await self.says(two, raised.alert, "accept")
        return raised.alert, one, two, others

    async def offer_of(self, person: PersonId, alert: str) -> str:
        """The newest offer pushed to somebody for this alert."""
        found = [it for it in self.told(person, "offer") if it["alert"] == alert]
        return str(found[-1]["offer"])

    async def says(self, person: PersonId, alert: str, word: str) -> OfferAnswer:
        """A helper answers: received, seen, accept, decline, arrived."""
        offer = await self.offer_of(person, alert)
        act = getattr(self.alerts, word)
        answer: OfferAnswer = await self.write(lambda tx: act(tx, person, offer))
        await self.settle()
        return answer

    async def cancel(self, alert: str) -> Ended:
        return await self.write(lambda tx: self.alerts.cancel(tx, ANNA, alert))

    async def release(self, actor: PersonId, alert: str, helper: PersonId) -> Released:
        return await self.write(lambda tx: self.alerts.release(tx, actor, alert, helper))

    async def exclude(
        self, person: PersonId, *, phone: str | None = None, helper: str | None = None
    ) -> int:
        """How many are on the silent list afterwards."""
        answer = await self.write(
            lambda tx: self.alerts.exclude(tx, person, phone=phone, helper=helper)
        )
        await self.settle()
        return answer.count

    async def state(self, alert: str, person: PersonId = ANNA, *, staff: bool = False) -> HelpState:
        return await self.read(lambda r: self.alerts.state(r, person, alert, staff=staff))

    def told(self, person: PersonId, kind: str | None = None) -> list[dict[str, object]]:
        """What has been pushed to one person, in order."""
        own = [body for channel, body in self.said if channel == f"me:#{person}"]
        return [it for it in own if kind in (None, it["type"])]

    def asked(self, alert: str, ring: str = "near") -> list[str]:
        """Who has been offered this alert, in order."""
        return [
            channel.removeprefix("me:#")
            for channel, body in self.said
            if body.get("type") == "offer" and body["alert"] == alert and body["ring"] == ring
        ]

    def revoked(self) -> list[tuple[str, str]]:
        return [
            (str(body["person"]), str(body["channel"]))
            for _, body in self.said
            if body.get("type") == "revoke"
        ]

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Return once nothing is due any more."""
        await all_heard(self.made, self.clock)


@asynccontextmanager
async def stage(
    folder: Path | None = None,
    *,
    clock: ManualClock | None = None,
    run: str = "first",
    address: str = "",
) -> AsyncGenerator[Stage]:
    """Everything joined as bootstrap does; on the same folder or address again, a restart."""
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            async with stage(Path(temporary), clock=clock, run=run, address=address) as made:
                yield made
        return
    time = clock or ManualClock()
    heard: list[Committed] = []
    listener: list[Callable[[Committed], None]] = [heard.append]
    async with deployment(
        folder,
        channel_table(),
        clock=time,
        ids=counted_ids(run),
        committed=lambda done: listener[0](done),
        address=address,
    ) as made:
        whereabouts, presence = MemoryWhereabouts(), MemoryPresence()
        helpers = Helpers(Roster(), whereabouts, phone_key=Secret("a key kept elsewhere"))
        dispatch = Dispatch(made.ledger, helpers, whereabouts, presence)
        rooms = Rooms(made.ledger)
        alerts = Alerts(made.ledger, helpers, dispatch, rooms, whereabouts)
        helpers.register(made.tasks, made.ledger)
        alerts.register(made.tasks)
        rooms.register(made.tasks)
        built = Stage(made, time, whereabouts, presence, helpers, dispatch, alerts, rooms)
        listener[0] = _listening(built)
        async with made.ledger.reading() as reading:
            await helpers.load(reading)
        await helpers.muster()
        async with made.tasks.running(alone=True):
            yield built


def _listening(built: Stage) -> Callable[[Committed], None]:
    def committed(done: Committed) -> None:
        for it in done.deliveries:
            body = built.made.ledger.opened_at_once(Kept(it.channel, it.offset, it.body))
            clear = msgspec.json.decode(body, type=dict[str, object]) if body else {}
            built.said.append((it.channel, clear))
        built.made.tasks.committed(done.tasks)

    return committed
