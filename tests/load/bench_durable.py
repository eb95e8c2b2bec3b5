"""What many commands at once gain by sharing a commit, where each commit reaches the disk.

The whole program without its sockets: two hundred rooms in which both members speak and read, four
hundred commands waiting at any moment. Beside it, in turns, the same with one command a commit.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec
import uvloop

from realtime import writer
from realtime.kernel.ids import random_id
from realtime.ledger import Transaction
from realtime.ports import Caller
from tests.load.disk import flushes
from tests.load.measured_server import in_some
from tests.load.paired import in_turns, middle, ratio
from tests.load.peers.peer import with_children
from tests.load.quantiles import quantile
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from web.access.vocabulary import Role
from web.bootstrap import Entraide, entraide
from web.settings import Settings

SAY, READ = "room.say", "room.read"
MANY, ONE = f"up to {writer.MOST_IN_A_BATCH}", "1"
LEAST_TIMES = 10.0
SYNCS = 40


@dataclass(frozen=True, slots=True)
class Size:
    rooms: int
    runs: int
    #: Commands of a run, for each member of each room; and where each has its own commit.
    each: int
    each_alone: int


FULL = Size(rooms=200, runs=5, each=4, each_alone=1)
REDUCED = Size(rooms=8, runs=2, each=4, each_alone=1)


@dataclass(frozen=True, slots=True)
class Run:
    a_second: float
    #: Processor time of a command, in microseconds: this process, and the database's.
    own_us: float
    database_us: float


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        f"Commands that survive a power cut, in {size.rooms} rooms",
        (
            "database", "command", "in a commit", "a second", "CPU µs each, database's",
            "a CPU-second", "times one a commit",
        ),
    )  # fmt: skip
    _measure(table, "SQLite", "", 0, size, random.Random(seed))
    server = Postgres()
    try:
        server.start()
        leader = server._process_id() or 0
        _measure(table, "PostgreSQL", server.new_database(), leader, size, random.Random(seed))
    finally:
        server.close()
    table.note("the database's processor time is in all figures; one a commit has as many waiting")
    return table


def _measure(
    table: Table, engine: str, address: str, leader: int, size: Size, dice: random.Random
) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="entraide-bench-")))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        house = runner.run(House.open(folder, address, size))
        stack.callback(lambda: runner.run(house.close()))

        def measure(name: str) -> Run:
            method, many = name.split(" ", 1)
            least = writer.MOST_IN_A_BATCH
            each = size.each if many == MANY else size.each_alone
            try:
                if many == ONE:
                    writer.MOST_IN_A_BATCH = 1
                return timed(leader, 2 * size.rooms * each, lambda: runner.run(house(method, each)))
            finally:
                writer.MOST_IN_A_BATCH = least

        names = [f"{method} {many}" for method in (SAY, READ) for many in (MANY, ONE)]
        # Twice, so that there is always something to read.
        for name in (*names[:2], *names):
            measure(name)
        found, again = in_turns(names, size.runs, measure, dice)
        syncs = flushes(folder / "beside", SYNCS)
    _told(table, engine, found, dice)
    table.note(
        f"{engine}: beside it, 4 KiB and fdatasync took {quantile(syncs, 0.5) * 1e3:.2f} ms "
        f"at p50, {quantile(syncs, 0.99) * 1e3:.2f} at p99"
        + (f"; {again} runs done again" if again else "")
    )


def _told(table: Table, engine: str, found: Mapping[str, list[Run]], dice: random.Random) -> None:
    rates = {name: [it.a_second for it in each] for name, each in found.items()}
    for name, each in found.items():
        method, many = name.split(" ", 1)
        cpu = [it.own_us + it.database_us for it in each]
        gained = ratio(rates[name], rates[f"{method} {ONE}"], dice)
        table.add(
            engine,
            method,
            many,
            middle(rates[name], dice),
            f"{statistics.median(cpu):.0f}, {statistics.median(it.database_us for it in each):.0f}",
            int(statistics.median(1e6 / it for it in cpu)),
            "" if many == ONE else gained,
        )
        if many == MANY:
            table.note(f"{engine}, {method}: {_bound(found[f'{method} {ONE}'], each)}")
            table.aim(
                f"{engine}, {method}: {LEAST_TIMES:g} times one command a commit",
                gained.value >= LEAST_TIMES,
            )


def _bound(alone: Sequence[Run], many: Sequence[Run]) -> str:
    """What the factor can be at most, by what each part takes on this machine."""
    whole = statistics.median(1e6 / it.a_second for it in alone)
    own = statistics.median(it.own_us + it.database_us for it in alone)
    work = statistics.median(it.own_us + it.database_us for it in many)
    waits = max(0.0, whole - own)
    shared = waits / writer.MOST_IN_A_BATCH + work
    return (
        f"one a commit takes {whole:,.0f} µs, {own:,.0f} of them work and {waits:,.0f} waiting; "
        f"in a full commit each takes {work:,.0f} µs of work: {whole / shared:.1f} times is the "
        f"most, and {whole / work:.1f} were nothing waited for"
    )


def timed(leader: int, commands: int, work: Callable[[], None]) -> Run:
    """What so many commands took, with the processes of a database whose first is ``leader``."""
    own, database, start = time.process_time(), _cpu_s(leader), time.perf_counter()
    work()
    took = time.perf_counter() - start
    return Run(
        a_second=commands / took,
        own_us=(time.process_time() - own) / commands * 1e6,
        database_us=(_cpu_s(leader) - database) / commands * 1e6,
    )


def _cpu_s(leader: int) -> float:
    """Of a database's processes; nothing when it has none."""
    if not leader:
        return 0.0
    spent = 0
    for pid in with_children(leader):
        try:
            spent += int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
        except OSError:
            continue
    return spent / 1e9


class House:
    """The whole program, with rooms of two who speak at once."""

    def __init__(self, whole: Entraide, stack: AsyncExitStack) -> None:
        self._whole = whole
        self._stack = stack
        self._members: list[tuple[str, Caller]] = []
        self._read: dict[tuple[str, Caller], int] = {}

    @classmethod
    async def open(cls, folder: Path, address: str, size: Size) -> "House":
        async with AsyncExitStack() as stack:
            settings = Settings.read(
                data_dir=folder, port=0, demo=False, database=address, broker="memory://"
            )
            house = cls(await stack.enter_async_context(entraide(settings)), stack)
            await house.more(size.rooms)
            house._stack = stack.pop_all()
            return house

    async def close(self) -> None:
        await self._stack.aclose()

    async def more(self, rooms: int) -> None:
        """So many rooms beside those that there are."""
        first = len(self._members) // 2

        async def room(tx: Transaction, number: int) -> str:
            return await self._room(tx, first + number)

        await in_some(self._whole, rooms, room)

    async def some_say(self, many: int) -> None:
        """So many members, evenly of all rooms, say a word at once."""
        step = max(1, len(self._members) // many)
        some = self._members[::step][:many]
        await asyncio.gather(*(self._go_on(SAY, 1, *it) for it in some))

    async def __call__(self, method: str, each: int) -> None:
        """Every member of every room at once, and each so many times."""
        await asyncio.gather(*(self._go_on(method, each, *it) for it in self._members))

    async def _go_on(self, method: str, each: int, room: str, caller: Caller) -> None:
        for _ in range(each):
            asked: dict[str, object] = {"room": room}
            if method == SAY:
                asked |= {"id": random_id(), "text": "Je suis là dans deux minutes."}
            else:
                self._read[room, caller] = self._read.get((room, caller), 0) + 1
                asked |= {"offset": self._read[room, caller]}
            await self._whole.pipeline.run(caller, method, msgspec.json.encode(asked))

    async def _room(self, tx: Transaction, number: int) -> str:
        sessions, rooms, name = (
            self._whole.services.sessions,
            self._whole.services.rooms,
            f"r{number}",
        )
        await rooms.open(tx, name, f"chat-{number}")
        for role, seat in ((Role.CITIZEN, "elle"), (Role.OPERATOR, "ecoutante")):
            caller = (await sessions.open(tx, role)).caller
            await rooms.join(
                tx,
                name,
                caller.person,
                seat,
                alone=role is Role.CITIZEN,
                staff=role is Role.OPERATOR,
            )
            self._members.append((name, caller))
        return name
