"""PostGIS and SQLite name what is nearest alike, and rightly: the order, and whole millimetres."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

from geo.cells import COARSE_RES, cell_of
from geo.places import store
from geo.places.communes import Commune
from geo.places.importers import load
from geo.places.near.store import nearest
from geo.point import Point
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.ledger import Ledger, Transaction
from tests.proofs.near.planted import PLANTED
from tests.proofs.near.world import Measuring, Place, Question, World, hotel_questions
from tests.proofs.table import Table
from tests.support.ledger import counted_ids, deployment
from tests.support.postgres import Postgres

HOTELS = Path(__file__).parents[2].parent / "shared/data/hotels/hotels_france_2026.csv"
FULL, REDUCED = 10_000, 300
SHARE_OF_HOTELS = 0.2
#: Each bug is planted for a share of the questions, which are in no order, and at most so many.
PLANTED_SHARE, PLANTED_MOST = 0.2, 300
MILLIMETRE = 0.001

Answer = list[tuple[str, float]]
#: Questions with what measuring every place answers.
Asked = Sequence[tuple[Question, Answer]]


@dataclass(slots=True)
class Tally:
    """What one aim came to."""

    questions: int = 0
    places: int = 0
    #: Answers in another order, or with other places, than measuring them all gives.
    wrong: dict[str, int] = field(default_factory=lambda: {"postgresql": 0, "sqlite": 0})
    seconds: dict[str, float] = field(default_factory=lambda: {"postgresql": 0.0, "sqlite": 0.0})
    unlike: int = 0
    furthest_apart: float = 0.0


def main(seed: int, reduced: bool) -> Table:
    server = Postgres(fsync=False)
    try:
        server.start()
        return asyncio.run(_prove(server.new_database(), seed, REDUCED if reduced else FULL))
    finally:
        server.close()


async def _prove(address: str, seed: int, number: int) -> Table:
    dice = Random(seed)
    hotels = round(number * SHARE_OF_HOTELS)
    world = World(dice, questions=number)
    async with AsyncExitStack() as stack:
        folder = await asyncio.to_thread(stack.enter_context, tempfile.TemporaryDirectory())
        engines = {
            name: await stack.enter_async_context(_engine(Path(folder), url, world.places))
            for name, url in (("postgresql", address), ("sqlite", ""))
        }
        places = {"communes": world.places, "hotels": await _hotels(engines["sqlite"])}
        questions = [*world.questions, *hotel_questions(dice, places["hotels"], hotels)]
        dice.shuffle(questions)
        measuring = {kind: Measuring(of) for kind, of in places.items()}
        asked = [(it, measuring[it.kind].answer(it)) for it in questions]
        table = _table(await _ask_all(engines, asked), len(asked), number)
        await _plant_all(table, engines, asked[: min(round(number * PLANTED_SHARE), PLANTED_MOST)])
    return table


@asynccontextmanager
async def _engine(folder: Path, url: str, places: Sequence[Place]) -> AsyncGenerator[Ledger]:
    """The ledger of an engine on which the real hotels and the invented places are loaded."""
    async with deployment(
        folder, ChannelTable([]), clock=ManualClock(), ids=counted_ids(), address=url
    ) as made:
        await load("hotels", HOTELS, made.ledger)
        await _settle(made.ledger, places)
        yield made.ledger


async def _settle(ledger: Ledger, places: Sequence[Place]) -> None:
    async def settle(tx: Transaction) -> None:
        rows = [asdict(_commune(place)) for place in places]
        await store.add(tx, "communes", "world", 0, rows)
        await store.make_current(tx, "communes", "world", loaded=len(rows), refused=0)

    await ledger.write(settle)
    await ledger.write(lambda tx: store.look_over(tx, "communes"))


def _commune(place: Place) -> Commune:
    cell = cell_of(Point(lat=place.lat, lon=place.lon), COARSE_RES)
    return Commune(insee=place.key, name="x", population=1, lat=place.lat, lon=place.lon, cell=cell)


async def _hotels(ledger: Ledger) -> list[Place]:
    async with ledger.reading() as reading:
        rows = await reading.db.execute(store.hotel.select())
        return [Place(row.id, row.lat, row.lon) for row in rows]


async def _ask_all(engines: Mapping[str, Ledger], asked: Asked) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for question, right in asked:
        tally = tallies.setdefault(question.aim, Tally())
        answers = {}
        for name, ledger in engines.items():
            started = perf_counter()
            answers[name] = await _ask(ledger, question)
            tally.seconds[name] += perf_counter() - started
            tally.wrong[name] += not _alike(answers[name], right)
        one, other = answers.values()
        tally.questions += 1
        tally.places += len(right)
        tally.unlike += not _alike(one, other)
        apart = [abs(a[1] - b[1]) for a, b in zip(one, other, strict=False)]
        tally.furthest_apart = max(tally.furthest_apart, *apart, 0.0)
    return tallies


async def _ask(ledger: Ledger, question: Question) -> Answer:
    async with ledger.reading() as reading:
        found = await nearest(reading, question.kind, question.point, question.k)
    return [(it.key, it.metres) for it in found]


def _alike(one: Answer, other: Answer) -> bool:
    """The same places in the same order; a millimetre may fall on either side of its half."""
    return [key for key, _ in one] == [key for key, _ in other] and all(
        abs(a - b) <= MILLIMETRE * 1.001 for (_, a), (_, b) in zip(one, other, strict=True)
    )


def _table(tallies: Mapping[str, Tally], asked: int, wanted: int) -> Table:
    table = Table(
        "Nearest places: PostGIS and SQLite answer alike",
        ("aimed at", "questions", "places named", "answers unlike", "PostGIS wrong",
         "SQLite wrong", "mm apart at most", "PostGIS ms", "SQLite ms"),
    )  # fmt: skip
    for aim, it in sorted(tallies.items()):
        table.add(
            aim, it.questions, it.places, it.unlike, it.wrong["postgresql"], it.wrong["sqlite"],
            it.furthest_apart * 1000,
            *(it.seconds[name] / it.questions * 1000 for name in ("postgresql", "sqlite")),
        )  # fmt: skip
    every = tallies.values()
    table.require(f"{asked:,} questions were asked, of {wanted:,}", asked >= wanted)
    table.require(
        "both engines name the same places in the same order, and metres to the millimetre",
        not any(it.unlike for it in every),
    )
    table.require(
        "and what they answer is what measuring every place gives",
        not any(sum(it.wrong.values()) for it in every),
    )
    return table


async def _plant_all(table: Table, engines: Mapping[str, Ledger], asked: Asked) -> None:
    for bug, (name, planted) in PLANTED.items():
        wrong: dict[str, int] = {}
        with planted:
            for question, right in asked:
                if not _alike(await _ask(engines[name], question), right):
                    wrong[question.aim] = wrong.get(question.aim, 0) + 1
        table.require(f"caught: {bug}", bool(wrong))
        found = ", ".join(f"{count} at {aim}" for aim, count in sorted(wrong.items()))
        table.note(f"Planted, {bug}: wrong {found} of {len(asked):,} questions.")
