"""The last room goes to one, and after any mix of operations and kills everything adds up.

A thousand want one room at the same moment, on two nodes of PostgreSQL and on many connections to
an SQLite file, round after round. Then processes that take and give rooms are killed with SIGKILL
at random moments, and what they leave is counted anew, row by row; money too.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from matching.shelter.errors import RoomTaken
from matching.shelter.inventory import reconciling
from matching.shelter.values import HoldState
from tests.proofs.promised.looking import answered, left
from tests.proofs.promised.worker import hurried
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.server import ROOT
from tests.support.shelter_model import some_kinds
from tests.support.shelter_play import furnish, lock_nothing
from tests.support.shelter_race import AGAIN, nodes, race
from tests.support.sheltering import Shelter

#: Longest life of a process between two kills, in seconds.
LONGEST_LIFE = 4.0
#: Until it has got as far as its first operations, on a busy machine.
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    racers: int
    operations: int
    kills: int
    #: What must have happened, or it was no mix.
    mix: tuple[str, ...]


MIX = ("held", "confirmed", "room_taken", "counted")
FULL = Size(5, 1_000, 10_000, 20, (*MIX, "arrived", "left", "cancelled"))
REDUCED = Size(2, 100, 200, 1, MIX)


@dataclass
class Raced:
    told: Counter[str]
    seconds: list[float]


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table("The last room goes to one, and everything adds up", ("what", "figure"))
    server = Postgres()
    try:
        server.start()
        asyncio.run(_prove(seed, size, server, table))
    finally:
        server.close()
    return table


async def _prove(seed: int, size: Size, server: Postgres, table: Table) -> None:
    for engine, many in (("PostgreSQL, two nodes", 2), ("SQLite, eight connections", 8)):
        with tempfile.TemporaryDirectory() as folder:
            address = server.new_database() if many == 2 else ""
            raced = await _races(Path(folder), address, many, size)
        losers = size.rounds * (size.racers - 1)
        table.add(f"{engine}: rounds of {size.racers:,} racers", size.rounds)
        table.add(f"{engine}: who got the room", raced.told["held"])
        table.add(f"{engine}: told that it has just been taken", raced.told["room_taken"])
        again = raced.told.pop(AGAIN, 0)
        table.add(f"{engine}: told anything else", raced.told.total() - size.rounds * size.racers)
        table.add(f"{engine}: times somebody was asked to try again first", again)
        table.add(f"{engine}: seconds until the last is told", f"{max(raced.seconds):.2f}")
        plain = raced.told == Counter({"held": size.rounds, "room_taken": losers})
        table.require(f"{engine}: one winner each round, the others told plainly", plain)
    with tempfile.TemporaryDirectory() as folder:
        drift = await _unlocked(Path(folder), server.new_database())
    table.add("the same without the lock planted: drift", drift)
    table.require("the planted bug is caught", drift > 0)
    for engine, many in (("PostgreSQL", 2), ("SQLite", 1)):
        address = server.new_database() if many == 2 else ""
        await _killed(engine, address, many, seed, size, table)


async def _races(folder: Path, address: str, many: int, size: Size) -> Raced:
    raced = Raced(Counter(), [])
    async with AsyncExitStack() as stack:
        places = await nodes(stack, folder, address, many)
        await places[0].open()
        for number in range(size.rounds):
            start = time.perf_counter()
            raced.told += await race(places, size.racers, name=f"round-{number}")
            raced.seconds.append(time.perf_counter() - start)
    return raced


async def _unlocked(folder: Path, address: str) -> int:
    """Nobody waits for anybody: how many rooms were promised that there are not."""
    async with AsyncExitStack() as stack:
        places = await nodes(stack, folder, address, 2)
        await places[0].open()
        with pytest.MonkeyPatch.context() as patch:
            lock_nothing(patch)
            for number in range(20):
                told = await race(places, 20, name=f"round-{number}")
                if told["drift"]:
                    return told["drift"]
    return 0


async def _killed(
    engine: str, address: str, many: int, seed: int, size: Size, table: Table
) -> None:
    """Kill processes that take and give rooms, until enough was answered; look at what is left."""
    began, chance = time.time(), Random(seed)
    looked: list[int] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with hurried(folder, address, began, "parent") as place:
            await furnish(place, some_kinds())
            await _grant(place, "rich", 100_000_000)
            await _grant(place, "poor", 60_000)
            crew = Crew(folder, address, began, seed)
            try:
                for _ in range(many):
                    crew.start()
                    await crew.speaks()
                while crew.kills < size.kills or len(answered(crew.logs)) < size.operations:
                    await asyncio.sleep(chance.uniform(0.2, LONGEST_LIFE))
                    crew.kill(chance)
                    looked.append(await place.read(reconciling.drift))
                    crew.start()
                    await crew.speaks()
            finally:
                crew.end()
            found = await left(place, crew.logs)
            said = answered(crew.logs)
    outcomes = Counter(became for _, _, became in said)
    table.add(f"{engine}: times killed (SIGKILL, in the midst of it)", crew.kills)
    table.add(f"{engine}: random operations answered", len(said))
    table.add(f"{engine}: of them done, refused for want of a room", _mix(outcomes))
    table.add(f"{engine}: holds made, alive at the end", f"{found.holds:,}, {found.alive:,}")
    table.add(f"{engine}: drift after each kill, and at the end", f"{sum(looked)}, {found.drift}")
    table.add(f"{engine}: what does not add up, counted anew", len(found.wrong))
    table.add(f"{engine}: cents that all accounts together have", found.balance)
    for line in found.wrong[:20]:
        table.note(line)
    table.require(f"{engine}: nothing drifts", not sum(looked) and not found.drift)
    table.require(f"{engine}: everything answered is there, and adds up", not found.wrong)
    table.require(f"{engine}: the money balances", found.balance == 0)
    table.require(f"{engine}: enough was answered", len(said) >= size.operations)
    table.require(f"{engine}: it was a real mix", min(outcomes[it] for it in size.mix) > 0)


def _mix(outcomes: Counter[str]) -> str:
    done = sum(outcomes[it.value] for it in HoldState) + outcomes["counted"]
    return f"{done:,}, {outcomes[RoomTaken.name]:,}"


async def _grant(place: Shelter, name: str, cents: int) -> None:
    funds, first = place.funds, place.tonight
    assert funds is not None
    await place.write(
        lambda tx: funds.grant(
            tx,
            funder="funder",
            name=name,
            area="75",
            first=first,
            last=first + timedelta(days=60),
            cents=cents,
            actor="funder",
        )
    )


@dataclass
class Crew:
    """Processes at work, and what they have written down."""

    folder: Path
    address: str
    began: float
    seed: int

    def __post_init__(self) -> None:
        self.kills = 0
        self.logs: list[Path] = []
        self._alive: list[subprocess.Popen[bytes]] = []

    @property
    def _errors(self) -> Path:
        return self.folder / "errors"

    def start(self) -> None:
        number = len(self.logs)
        log = self.folder / f"answers-{number}.jsonl"
        self.logs.append(log)
        words = (
            sys.executable, "-m", "tests.proofs.promised.worker", str(self.folder), self.address,
            str(log), str(self.seed + number), str(self.began),
        )  # fmt: skip
        with self._errors.open("ab") as errors:
            made = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        self._alive.append(made)

    async def speaks(self) -> None:
        """Return once the newest has answered somebody."""
        async with asyncio.timeout(PATIENCE_S):
            while not (self.logs[-1].exists() and self.logs[-1].stat().st_size):
                if self._alive[-1].poll() is not None:
                    raise RuntimeError(self._errors.read_text()[-4000:])
                await asyncio.sleep(0.05)

    def kill(self, chance: Random) -> None:
        victim = self._alive.pop(chance.randrange(len(self._alive)))
        victim.kill()
        victim.wait(PATIENCE_S)
        self.kills += 1

    def end(self) -> None:
        for it in self._alive:
            it.kill()
            it.wait(PATIENCE_S)
        self._alive.clear()
