"""Networks on a real ledger, without any door: what is posted to their hooks is kept here."""

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from alerts.networks import ours
from alerts.networks.hooks.telling import Body
from alerts.networks.messages import NetworkSet, NetworkView
from alerts.networks.service import Networks
from alerts.networks.values import Event, What
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.push.addresses import is_callable
from realtime.push.policy import Outcome, Verdict
from tests.support.ledger import Deployment, counted_ids, deployment
from tests.support.settling import all_heard
from web.channels import channel_table

T = TypeVar("T")
ADMIN = PersonId("admin")
URL, HOST = "https://hook.tam.example/entraide", "hook.tam.example"
SENDER = "entraide.example"
TAKEN, BROKEN = Outcome(Verdict.SENT, status=204), Outcome(Verdict.FAILED, status=500)
SETTLE_S = 20.0


@dataclass(frozen=True, slots=True)
class Posted:
    url: str
    key: bytes
    name: str
    body: Body


@dataclass
class Receiver:
    """A hook: what it was sent, and what it answers next (otherwise it takes everything)."""

    posted: list[Posted] = field(default_factory=list)
    answers: "deque[Outcome | Exception]" = field(default_factory=deque)
    #: Nobody is answered while this is not set.
    open: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    def fits(self, url: str) -> bool:
        return is_callable(url)

    async def post(self, url: str, key: bytes, name: str, body: bytes) -> Outcome:
        self.posted.append(Posted(url, key, name, msgspec.json.decode(body, type=Body)))
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        answer = self.answers.popleft() if self.answers else TAKEN
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def has_one(self) -> None:
        """Return once somebody waits to be answered."""
        async with asyncio.timeout(SETTLE_S):
            while not self.waiting:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.01)

    def sequence(self, alert: str) -> list[int]:
        return [it.body.seq for it in self.posted if it.body.alert == alert]


@dataclass
class Desk:
    made: Deployment
    clock: ManualClock
    networks: Networks
    receiver: Receiver

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.made.ledger.write(work)

    async def read(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        async with self.made.ledger.reading() as reading:
            return await work(reading)

    async def set(
        self, network: str = "tam", *, hook: str | None = URL, new_key: bool = False
    ) -> NetworkSet:
        view = NetworkView(network, "TaM", "17", "114")
        return await self.write(
            lambda tx: self.networks.set(tx, view, hook=hook, new_key=new_key, actor=ADMIN)
        )

    def event(self, **more: object) -> Event:
        now = self.clock.now()
        given = {
            "network": "tam",
            "kind": "sexual",
            "began": now,
            "until": now + timedelta(minutes=30),
            "line": "tam:T1",
            "line_name": "T1",
            "headsign": "Odysseum",
            "stop": "tam:41",
            "stop_name": "Comédie",
            **more,
        }
        return msgspec.convert(given, Event)

    async def tell(self, what: What = "opened", alert: str = "alert-1", **more: object) -> None:
        body = self.event(**more)
        await self.write(lambda tx: self.networks.tell(tx, alert, what, body))

    async def waits(self) -> int:
        """Messages that were not taken yet."""
        found = await self.read(self.networks.hooks)
        return sum(it.waiting for it in found.hooks)

    async def told(self) -> None:
        """Return once nothing waits any more."""
        async with asyncio.timeout(SETTLE_S):
            while await self.waits():  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.02)

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Return once nothing is due any more."""
        await all_heard(self.made, self.clock, relays=True)


@asynccontextmanager
async def desk(
    address: str = "",
    *,
    folder: Path | None = None,
    clock: ManualClock | None = None,
    receiver: Receiver | None = None,
    run: str = "first",
) -> AsyncGenerator[Desk]:
    """On the same folder or address again: another node, or a restart."""
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            async with desk(
                address, folder=Path(temporary), clock=clock, receiver=receiver, run=run
            ) as made:
                yield made
        return
    time, hook = clock or ManualClock(), receiver or Receiver()
    if receiver is None:
        hook.open.set()
    async with deployment(
        folder, channel_table(), clock=time, ids=counted_ids(run), address=address
    ) as made:
        made.writer.committed = lambda done: made.tasks.committed(done.tasks)
        known = await asyncio.to_thread(ours.read)
        networks = Networks(made.ledger, hook, known, sender=SENDER, new_key=lambda: b"k" * 32)
        networks.register(made.tasks)
        async with made.tasks.running(alone=not address):
            await made.ledger.write(networks.plan)
            yield Desk(made, time, networks, hook)
