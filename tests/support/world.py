"""The whole service in the test's own process, on a clock moved by hand.

Commands go in where the doors put them; what leaves is read where it is committed.
"""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import msgspec

from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError, NotAllowed, NotFound, Unauthorized
from realtime.kernel.ids import Channel, PersonId
from realtime.ports import Caller
from realtime.rooms.errors import OnlyListening
from realtime.store import Kept
from realtime.writer import Committed
from tests.support.settling import settled
from web.bootstrap import Entraide, entraide
from web.settings import Settings

#: A publication on each kind of channel that takes any.
WORDS: dict[str, dict[str, object]] = {
    "room": {"text": "bonjour"},
    "staff": {"kind": "note", "text": "bonjour"},
    "typing": {"on": True},
    "looking": {"state": "looking"},
}
#: Those that are kept are known by an id.
KEPT = frozenset({"room", "staff"})


@dataclass
class World:
    whole: Entraide
    clock: ManualClock
    folder: Path
    #: Everything published, clear, in order.
    said: list[tuple[Channel, bytes]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def somebody(self, role: str = "citizen") -> Caller:
        number = next(self._numbers)
        return Caller(PersonId(f"person-{number:06d}"), role, f"session-{number:06d}")

    async def ask(self, caller: Caller, method: str, **fields: object) -> dict[str, object]:
        """Run a command; a refusal is an answer too, by its name."""
        try:
            answer = await self.whole.pipeline.run(caller, method, msgspec.json.encode(fields))
        except AppError as error:
            return {"error": error.name}
        return msgspec.json.decode(answer, type=dict[str, object])

    async def lets_say(self, caller: Caller, channel: Channel) -> bool:
        """Whether what is published there is taken for the caller's to say; then it is said."""
        kind = channel.partition(":")[0]
        named = {"id": f"line-{next(self._numbers):05d}"} if kind in KEPT else {}
        data = msgspec.json.encode(WORDS.get(kind, {}) | named)
        try:
            await self.whole.application.say(caller, channel, data)
        except (NotAllowed, NotFound, Unauthorized):
            return False
        except OnlyListening:
            # Theirs, and yet they have chosen to say nothing.
            return True
        return True

    async def helper(
        self, *, lat: float, lon: float, tier: int = 1, skills: tuple[str, ...] = ("come", "call")
    ) -> Caller:
        """An approved helper, on duty there, with a phone that is connected."""
        caller, operator = self.somebody(), self.somebody("operator")
        await self.ask(
            caller,
            "helper.apply",
            id=f"apply-{caller.person}",
            name="Camille",
            skills=list(skills),
            languages=["fr"],
            charter=True,
        )
        await self.ask(operator, "helper.approve", helper=caller.person, tier=tier)
        await self.ask(caller, "helper.prefer", quiet=None, budget=20)
        await self.whole.services.presence.arrive(caller.person, f"phone of {caller.person}")
        duty = await self.ask(caller, "helper.duty", on=True, lat=lat, lon=lon)
        if duty != {"on": True}:
            raise AssertionError(duty)
        await self.settle()
        await self.ask(caller, "helper.move", position={"lat": lat, "lon": lon})
        return caller

    async def raise_help(self, caller: Caller, **changes: object) -> dict[str, object]:
        asked: dict[str, object] = {
            "id": f"raise-{next(self._numbers):06d}",
            "kind": "followed",
            "mode": "public",
            "place": {"lat": 48.857, "lon": 2.352, "accuracy_m": 20},
        }
        answer = await self.ask(caller, "help.raise", **(asked | changes))
        await self.settle()
        return answer

    def told(self, caller: Caller) -> list[bytes]:
        """What has been published to one person, in order."""
        return [body for channel, body in self.said if channel == f"me:#{caller.person}"]

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Return once nothing is due any more."""
        await settled(self.whole.tasks, self.whole.durable.database, self.clock)


@asynccontextmanager
async def world(database: str = "", broker: str = "memory://") -> AsyncGenerator[World]:
    """A service on its own SQLite file and memory, or on the engines at these addresses."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        clock, numbers = ManualClock(), count(1)
        settings = Settings.read(data_dir=folder, demo=False, database=database, broker=broker)
        ids = lambda: f"made-{next(numbers):08d}"  # noqa: E731
        async with entraide(settings, clock=clock, ids=ids) as whole:
            made = World(whole, clock, folder)
            listen = whole.durable.writer.committed

            def committed(done: Committed) -> None:
                for it in done.deliveries:
                    kept = Kept(it.channel, it.offset, it.body)
                    body = whole.durable.ledger.opened_at_once(kept)
                    made.said.append((it.channel, body or b"sealed"))
                listen(done)

            whole.durable.writer.committed = committed
            yield made
