"""A run of the simulation: nodes, people and faults of one seed, from the start until all is quiet.

``play(seed)`` answers what happened. It is the same each time, in any process.
"""

import asyncio
import sys
import tempfile
from collections.abc import Coroutine, Generator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import assert_never

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from geo.whereabouts.adapters.memory import MemoryWhereabouts
from realtime.adapters.memory import MemoryPresence
from realtime.kernel.errors import AppError
from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.link import Shell
from tests.simulation import faults
from tests.simulation.broker import Bus
from tests.simulation.checks import Promised, Trace, Watch, Witness
from tests.simulation.database import IDLE_IN_TRANSACTION_S, START, Server, make_template
from tests.simulation.faults import Fault, Kind
from tests.simulation.line import Line
from tests.simulation.loop import HOST, PEOPLE, Host, VirtualLoop, on_host, virtual_loop
from tests.simulation.node import STEP, Shared, SimNode, done, on_models, serving, work
from tests.simulation.people import Asker, Helper, watch
from tests.simulation.phone import Network, Phone
from web.auth.store import session

HELPERS, ASKERS, CHAINS, STEPS = 5, 2, 3, 6
BEAT_S = 5.0
#: Nothing has been broken since ``faults.LAST_S``: by now all must be quiet.
END_S = 90.0
#: What was said that long before must have been heard: a broker refuses one in fifty at any time.
HEARD_S = 3.0


@dataclass(frozen=True, slots=True)
class Outcome:
    seed: int
    #: What was promised and is not true; empty when all is well.
    broken: tuple[str, ...]
    trace: Trace
    faults: tuple[Fault, ...]
    publications: int
    #: How often a listener was told to start over.
    restarts: int
    turns: int

    @property
    def replay(self) -> str:
        return f"./run prove simulation --seed {self.seed}"


def play(seed: int) -> Outcome:
    """One run."""
    loop = virtual_loop(seed)
    with tempfile.TemporaryDirectory(dir=_fast_folder()) as folder:
        world = World(loop, seed, Path(folder) / "model.db")
        with _heard_logs(world.trace), on_models(loop):
            return loop.run_until_complete(world.run())


@cache
def _template() -> bytes:
    """An empty database with every table, made once."""
    with tempfile.TemporaryDirectory(dir=_fast_folder()) as folder:
        path = Path(folder) / "template.db"
        make_template(path)
        return path.read_bytes()


def _fast_folder() -> str | None:
    """Memory, where there is some: nothing here has to survive."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _everybody() -> dict[str, str]:
    """Who takes part, and as what."""
    people = [f"helper-{it}" for it in range(HELPERS)] + [f"asker-{it}" for it in range(ASKERS)]
    return {"operator": "operator", **dict.fromkeys(people, "citizen")}


def _sessions() -> list[dict[str, object]]:
    return [
        {
            "token_hash": person.encode(),
            "id": f"session-{person}",
            "person": person,
            "role": role,
            "until": START + timedelta(days=1),
        }
        for person, role in _everybody().items()
    ]


@contextmanager
def _heard_logs(trace: Trace) -> Generator[None]:
    """What the program logs is part of what happens."""
    before = structlog.get_config()

    def note(logger: object, level: str, event: MutableMapping[str, object]) -> str:
        words = [f"{key}={event[key]}" for key in ("error", "kind") if key in event]
        trace.add(HOST.get().name, "logs", level, event["event"], *words)
        if level in {"error", "critical"}:
            trace.breaks(f"{HOST.get().name} logged {event['event']}: {event.get('exc_info')}")
        raise structlog.DropEvent

    structlog.configure(processors=[_with_error, note])
    try:
        yield
    finally:
        structlog.configure(**before)


def _with_error(
    logger: object, level: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    if event.get("exc_info") is True:
        event["exc_info"] = repr(sys.exc_info()[1])
    return event


class World:
    def __init__(self, loop: VirtualLoop, seed: int, path: Path) -> None:
        self._loop = loop
        self._seed = seed
        self._dice = Random(f"world {seed}")
        self.trace = Trace(loop.time)
        self._witness = Witness(self.trace, loop.time)
        path.write_bytes(_template())
        self._server = Server(loop, seed, path)
        self._bus = Bus(loop, seed)
        self._promised = Promised()
        self._watch = Watch(self._server, self.trace, self._promised)
        self._shared = Shared(
            server=self._server,
            bus=self._bus,
            presence=MemoryPresence(),
            whereabouts=MemoryWhereabouts(),
            dice=Random(f"work {seed}"),
            steps=STEPS,
        )
        names = ["north", "south", "east"][: self._dice.choice([2, 2, 2, 3])]
        self._hosts = [Host(name) for name in names]
        self._faults = faults.drawn(self._dice, len(names))
        self._runs = 0
        #: Who serves, by the name of its host.
        self._up: dict[str, SimNode] = {}
        self._phones: list[Phone] = []
        self._own: set[asyncio.Task[None]] = set()
        self._calm_since = 0.0

    async def run(self) -> Outcome:
        self._server.fill(session.insert(), _sessions())
        for index in range(len(self._hosts)):
            self._start(index)
        self._soon(self._people())
        for fault in self._faults:
            self._loop.call_at(fault.at, partial(self._begin, fault))
        self._loop.call_at(faults.LAST_S, self._calm)
        self._loop.call_at(END_S - HEARD_S, self._watch.quieter)
        while self._loop.time() < END_S and not self.trace.broken:
            await asyncio.sleep(BEAT_S)
            self._look()
        if not self.trace.broken:
            await self._all_quiet()
        outcome = self._outcome()
        self.trace.lines = list(self.trace.lines)
        await self._end()
        return outcome

    def _begin(self, fault: Fault) -> None:
        self._soon(self._break(fault))

    def _calm(self) -> None:
        self._server.unsteady = False

    def _outcome(self) -> Outcome:
        return Outcome(
            self._seed,
            (*self.trace.broken, *self._loop.failures),
            self.trace,
            tuple(self._faults),
            self._witness.publications,
            self._witness.restarts,
            self._loop.turns,
        )

    async def _end(self) -> None:
        """Everything is cancelled, nodes first: nobody looks any more."""
        self.trace.closed = True
        self._server.leave()
        await self._loop.bury(lambda host: host is not PEOPLE)
        await self._loop.bury(lambda host: True)
        self._server.close()

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._own.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._own.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.trace.breaks(f"a person or a fault failed: {task.exception()!r}")

    # Nodes.

    def _start(self, index: int) -> None:
        self._runs += 1
        host = self._hosts[index]
        skew = timedelta(seconds=self._dice.choice([0, 0, -3600, 3600, 7]))
        serve = self._serve(host, self._runs, skew)
        served = self._loop.create_task(serve, context=on_host(host))
        served.add_done_callback(self._died)

    def _died(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self.trace.breaks(f"a node died: {task.exception()!r}")

    async def _serve(self, host: Host, run: int, skew: timedelta) -> None:
        """As a supervisor does: start it, and again when it could not start."""
        while True:
            try:
                async with serving(host, self._shared, run, skew) as node:
                    work(node.whole.tasks, self._shared)
                    self._up[host.name] = node
                    self.trace.add(host.name, "serves")
                    await asyncio.Event().wait()
            except* (AppError, OperationalError) as group:
                if host.name in self._up:
                    self.trace.breaks(f"{host.name} died: {group.exceptions!r}")
                self.trace.add(host.name, "could not start")
            finally:
                self._up.pop(host.name, None)
            await asyncio.sleep(0.5)

    def _shell(self, host: Host) -> Shell | None:
        found = self._up.get(host.name)
        return found.whole.node if found is not None and found.host is host else None

    # Faults.

    async def _break(self, fault: Fault) -> None:  # noqa: C901 - one case a kind
        self._server.unsteady = self._loop.time() < faults.LAST_S
        self.trace.add("fault", fault.kind, f"{fault.seconds:.3f}", self._hosts[fault.node].name)
        host, seconds = self._hosts[fault.node], fault.seconds
        match fault.kind:
            case Kind.CRASH:
                await self._crash(fault.node, seconds)
            case Kind.PAUSE:
                await self._pause(host, seconds)
            case Kind.BROKER_AWAY:
                self._bus.leave()
                await asyncio.sleep(seconds)
                self._bus.come_back()
            case Kind.BROKER_CUT:
                self._bus.cut(host)
                await asyncio.sleep(seconds)
                self._bus.mend(host)
            case Kind.DATABASE_AWAY:
                self._server.leave()
                await asyncio.sleep(seconds)
                self._server.come_back()
            case Kind.DATABASE_CUT:
                self._server.cut(host)
                await asyncio.sleep(seconds)
                self._server.mend(host)
            case Kind.PHONES_CUT:
                for line in self._some_lines():
                    line.cut()
            case Kind.PHONES_SLOW:
                for line in self._some_lines():
                    line.deafen(seconds)
            case _:
                assert_never(fault.kind)
        self._calm_since = self._loop.time()

    async def _crash(self, index: int, seconds: float) -> None:
        host = self._hosts[index]
        if host.dead:
            return
        self._loop.kill_host(host)
        node = self._up.pop(host.name, None)
        if node is not None:
            self._soon(node.presence.forget())
        self._server.lose(host)
        self._bus.brokers.pop(host.name, None)
        for line in self._lines():
            if line.host is host:
                line.cut()
        await asyncio.sleep(seconds)
        self._hosts[index] = Host(host.name)
        self._start(index)

    async def _pause(self, host: Host, seconds: float) -> None:
        if host.stopped:
            return
        self._loop.stop_host(host)
        await asyncio.sleep(min(IDLE_IN_TRANSACTION_S, seconds))
        if seconds > IDLE_IN_TRANSACTION_S:
            self._server.lose(host)
            await asyncio.sleep(seconds - IDLE_IN_TRANSACTION_S)
        if not host.dead:
            self._loop.resume_host(host)

    def _lines(self) -> list[Line]:
        return [it.line for it in self._phones if it.line is not None]

    def _some_lines(self) -> list[Line]:
        return [line for line in self._lines() if self._dice.random() < 0.5]

    # People.

    def _phone(self, person: str, role: str = "citizen") -> Phone:
        network = Network(
            self._loop, self._dice, lambda: [it for it in self._hosts if not it.dead], self._shell
        )
        phone = Phone(network, self._witness, person, role)
        self._phones.append(phone)
        self._soon(phone.run())
        return phone

    async def _people(self) -> None:
        operator = self._phone("operator", "operator")
        self._soon(watch(operator, self._dice))
        helpers = [f"helper-{number}" for number in range(HELPERS)]
        for number, name in enumerate(helpers):
            self._soon(Helper(self._phone(name), self._dice, number).apply(operator))
        for number in range(CHAINS):
            self._soon(self._chain(number))
        for number in range(ASKERS):
            unwanted = helpers[0] if number % 2 else None
            asker = Asker(self._phone(f"asker-{number}"), self._dice, self._promised)
            self._soon(asker.live(unwanted))

    async def _chain(self, number: int) -> None:
        """Begin a chain of steps, from whichever node can write."""

        async def begin(tx: Transaction) -> None:
            known = await tx.db.execute(select(done.c.row).where(done.c.chain == name).limit(1))
            if known.first() is None:
                tx.schedule(STEP, name, due=tx.now + timedelta(seconds=number), payload=b"1")

        name = f"chain-{number}"
        await asyncio.sleep(self._dice.uniform(0, 30))
        while True:
            node = self._up.get(self._dice.choice(self._hosts).name)
            if node is not None and not node.host.stopped:
                work = self._loop.create_task(
                    node.whole.durable.ledger.write(begin), context=on_host(node.host)
                )
                # Whatever became of it, somebody has looked.
                work.add_done_callback(lambda it: it.cancelled() or it.exception())
                # Not awaited itself: its node may be dead before it has ended.
                await asyncio.wait({work}, timeout=5)
                if work.done() and not work.cancelled() and work.exception() is None:
                    self.trace.add(name, "begins")
                    return
            await asyncio.sleep(0.5)

    # Checks.

    def _look(self) -> None:
        calm = START + timedelta(seconds=max(self._calm_since, self._trouble_until()))
        self._watch.live_requests(self._server.now(), calm)

    def _trouble_until(self) -> float:
        """Until when something is broken that has begun."""
        now = self._loop.time()
        return max((it.at + it.seconds for it in self._faults if it.at <= now), default=0.0)

    async def _all_quiet(self) -> None:
        self._watch.kept()
        self._watch.audit()
        self._watch.steps(CHAINS, STEPS)
        if not self._faults:
            self._watch.begun_once(self._shared.begun)
        for phone in self._phones:
            self._watch.told_all(phone.person, phone.hears, phone.places)
        if len(self._up) < len(self._hosts):
            self.trace.breaks(f"only {sorted(self._up)} serve")
            return
        node = self._up[self._hosts[0].name]
        for room, name in self._promised.messages:
            since = await node.whole.durable.ledger.history(
                Channel(f"room:{room}"), limit=100, since=0, reverse=False
            )
            self._watch.message(room, name, [it.body for it in since.missed or ()])
