"""The real hotels, a thousand needs with zones: ranked as if each hotel had been looked at.

How long it takes is told beside one statement written by hand for the same search, run on the same
connection just before or after, and told how far to look, which the program has to find out.
"""

import asyncio
import gc
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from geo.places.near.solid import FARTHEST
from matching.shelter.inventory.importing import load
from matching.shelter.inventory.service import Inventory
from matching.shelter.rules import OPTIONS
from matching.shelter.search.score import Ranked
from matching.shelter.search.service import Search
from matching.shelter.values import Near, Wanted
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.kernel.ids import Ids
from realtime.ledger import Ledger, Reading
from tests.proofs.rooms import bare, oracle
from tests.proofs.rooms.needs import needs
from tests.proofs.rooms.planted import PLANTED
from tests.proofs.rooms.reference import Exhaustive, Place
from tests.proofs.rooms.world import NOW, World, seen, settle
from tests.proofs.table import Table
from tests.support.ledger import deployment
from tests.support.lodging import LETTERS
from tests.support.postgres import Postgres

HOTELS = Path(__file__).parents[2].parent / "shared/data/hotels/hotels_france_2026.csv"
HOW_MANY, HOW_MANY_ROOMS = 13_236, 602_461
FULL, REDUCED = 1_000, 30
#: One hotel in so many, and so many needs, in the run of every test.
SHARE = 12
#: Asked before anything is timed.
WARM = 30
#: Needs asked again of each planted bug.
PLANTED_NEEDS = 60
#: As a hand-written statement takes, at most.
AT_MOST = 2.0
ENGINES = ("postgresql", "sqlite")


@dataclass(slots=True)
class Tally:
    """What one engine came to."""

    unlike: int = 0
    rooms: int = 0
    bare_unlike: int = 0
    seconds: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    #: What PostGIS finds of hotels that should be outside: the nearest to a zone, in metres.
    nearest_to_a_zone: float = FARTHEST

    def ratio(self) -> float:
        return median(it / of for it, of in zip(self.seconds, self.bare, strict=True))


def main(seed: int, reduced: bool) -> Table:
    server = Postgres(fsync=False)
    try:
        server.start()
        return asyncio.run(_prove(server.new_database(), seed, reduced=reduced))
    finally:
        server.close()


async def _prove(address: str, seed: int, *, reduced: bool) -> Table:
    async with AsyncExitStack() as stack:
        folder = Path(await asyncio.to_thread(stack.enter_context, tempfile.TemporaryDirectory()))
        file = await asyncio.to_thread(_some, folder) if reduced else HOTELS
        engines = {
            name: await stack.enter_async_context(_engine(folder, url, file, seed))
            for name, url in (("postgresql", address), ("sqlite", ""))
        }
        worlds = [await seen(ledger) for ledger in engines.values()]
        world = worlds[0]
        asked = needs(Random(seed), world.hotels, REDUCED if reduced else FULL)
        exhaustive = Exhaustive(world)
        right = [exhaustive.answer(it, limit=OPTIONS, now=NOW) for it in asked]
        # What has been made so far is here to stay: it is not gone through again and again.
        gc.collect()
        gc.freeze()
        tallies = {name: await _ask_all(name, of, asked, right) for name, of in engines.items()}
        gc.unfreeze()
        table = _table(tallies, asked, right, reduced=reduced)
        _require_the_file(table, worlds, reduced=reduced)
        await _plant_all(table, engines, asked[:PLANTED_NEEDS], right)
    return table


@asynccontextmanager
async def _engine(folder: Path, url: str, file: Path, seed: int) -> AsyncGenerator[Ledger]:
    """The ledger of an engine on which hotels are loaded, and their desks have spoken."""
    async with deployment(
        folder, ChannelTable([]), clock=ManualClock(), ids=_mixed_ids(), address=url
    ) as made:
        await load(file, made.ledger, Inventory(), draw=seed)
        await settle(made.ledger, Random(seed))
        yield made.ledger


def _mixed_ids() -> Ids:
    """Ids that a language orders otherwise than their bytes do."""
    numbers = count(1)
    return lambda: f"{LETTERS[(number := next(numbers)) * 7 % len(LETTERS)]}{number:06d}"


def _some(folder: Path) -> Path:
    """A part of the real file: one line in some, so all over the country."""
    lines = HOTELS.read_text(encoding="utf-8").splitlines(keepends=True)
    file = folder / "hotels.csv"
    file.write_text("".join([lines[0], *lines[1::SHARE]]), encoding="utf-8")
    return file


async def _ask_all(
    name: str, ledger: Ledger, asked: Sequence[Wanted], right: Sequence[list[Place]]
) -> Tally:
    tally = Tally()
    async with ledger.reading() as reading:
        await bare.teach(reading)
        for wanted in asked[:WARM]:
            await Search().rank(reading, wanted, limit=OPTIONS, now=NOW)
            await bare.ask(reading, wanted, reach=FARTHEST, most=OPTIONS, now=NOW)
        for number, (wanted, places) in enumerate(zip(asked, right, strict=True)):
            found, answer = await _both(reading, wanted, places, tally, bare_first=number % 2 > 0)
            tally.unlike += as_places(found) != places
            tally.bare_unlike += answer != [(it.hotel.hotel, it.kind.kind, it.free) for it in found]
            tally.rooms += len(found)
            if name == "postgresql":
                nearest = await oracle.outside(reading, wanted, found)
                tally.nearest_to_a_zone = min(tally.nearest_to_a_zone, nearest)
    return tally


async def _both(
    reading: Reading, wanted: Wanted, right: list[Place], tally: Tally, *, bare_first: bool
) -> tuple[list[Ranked], bare.Answer]:
    """Ours and the hand-written one, in turn the first: who comes second finds pages warm."""
    # As far as the last of them scores: none that is wanted is further away.
    reach = (right[-1][0] + 0.001) * 1_000 if len(right) == OPTIONS else FARTHEST
    found: list[Ranked] = []
    answer: bare.Answer = []
    for bare_now in (bare_first, not bare_first):
        started = perf_counter()
        if bare_now:
            answer = await bare.ask(reading, wanted, reach=reach, most=OPTIONS, now=NOW)
        else:
            found = await Search().rank(reading, wanted, limit=OPTIONS, now=NOW)
        (tally.bare if bare_now else tally.seconds).append(perf_counter() - started)
    return found, answer


def as_places(found: Sequence[Ranked]) -> list[Place]:
    return [(it.score, it.hotel.hotel, it.kind.kind) for it in found]


def _table(
    tallies: Mapping[str, Tally],
    asked: Sequence[Wanted],
    right: Sequence[list[Place]],
    *,
    reduced: bool,
) -> Table:
    table = Table(
        "Rooms ranked: as if every hotel had been looked at, and never in a zone",
        ("engine", "needs", "rooms named", "orders unlike", "p50 ms", "p99 ms", "by hand p50 ms",
         "by hand p99 ms", "ratio, median", "ratio of p99"),
    )  # fmt: skip
    say = table.aim if reduced else table.require
    for name, it in tallies.items():
        ours, theirs = _at(it.seconds, 0.99), _at(it.bare, 0.99)
        table.add(
            name, len(asked), it.rooms, it.unlike, median(it.seconds) * 1_000, ours * 1_000,
            median(it.bare) * 1_000, theirs * 1_000, it.ratio(), ours / theirs,
        )  # fmt: skip
        table.require(f"{name}: the order is that of looking at every hotel", not it.unlike)
        say(f"{name}: at most {AT_MOST:g} × the statement by hand, median", it.ratio() <= AT_MOST)
        say(f"{name}: and at the 99th percentile", ours <= AT_MOST * theirs)
        table.note(f"{name}: the statement by hand names other rooms {it.bare_unlike} times.")
    zones = [zone for it in asked for zone in it.zones]
    nearest = tallies["postgresql"].nearest_to_a_zone
    table.require("PostGIS finds every hotel outside every zone, margin and all", nearest > 0)
    table.note(
        f"{sum(isinstance(it, Near) for it in zones):,} circles and "
        f"{sum(not isinstance(it, Near) for it in zones):,} outlines; the nearest hotel is "
        f"{nearest:,.0f} m from one beyond its margin. "
        f"{sum(len(it) < OPTIONS for it in right)} needs have fewer than {OPTIONS} rooms."
    )
    return table


def _at(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[round(share * (len(seconds) - 1))]


def _require_the_file(table: Table, worlds: Sequence[World], *, reduced: bool) -> None:
    one, other = worlds
    rooms = sum(it.usual for it in one.kinds)
    table.require("both engines hold the same hotels, rooms and nights", one.same(other))
    table.note(f"{len(one.hotels):,} hotels, {rooms:,} rooms of {len(one.kinds):,} kinds.")
    if not reduced:
        whole = (len(one.hotels), rooms) == (HOW_MANY, HOW_MANY_ROOMS)
        table.require(f"all {HOW_MANY:,} hotels and {HOW_MANY_ROOMS:,} rooms of the file", whole)


async def _plant_all(
    table: Table,
    engines: Mapping[str, Ledger],
    asked: Sequence[Wanted],
    right: Sequence[list[Place]],
) -> None:
    for bug, planted in PLANTED.items():
        wrong = 0
        with planted():
            async with engines["sqlite"].reading() as reading:
                for wanted, places in zip(asked, right, strict=False):
                    found = await Search().rank(reading, wanted, limit=OPTIONS, now=NOW)
                    wrong += as_places(found) != places
        table.require(f"caught: {bug}", wrong > 0)
        table.note(f"Planted, {bug}: {wrong} of {len(asked)} orders wrong.")
