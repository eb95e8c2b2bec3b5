"""The server of the dispatch bench, a process of its own: the real one, with all of France on duty.

Orders come as one line of JSON on standard input, answers go as lines of JSON on standard output.
Those with a page are helpers in the tables; the others are placed on the live map as the server
starts, with the bits that make them eligible: a search passes over them, as their page is closed.
"""

import asyncio
import gc
import os
import resource
import sys
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec
import uvloop

from geo.cells import cell_of
from geo.point import Point
from geo.whereabouts.ports import Whereabouts
from matching.helpers.tags import COME, REMOTE
from realtime.kernel.ids import PersonId
from realtime.seal import Seals
from tests.load.dispatch_people import Somebody, admit, everybody, settle
from tests.load.dispatch_world import Size, World, draw, others
from tests.load.processes import busy_s, tell
from web.bootstrap import Entraide, entraide, open_durable
from web.keys import read_key
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

#: As many nearest are asked for as in the bench of the nearest; questions beside the run.
WANT, QUESTIONS = 50, 1_000
#: How many of those placed may be called or written to, too.
ALSO_REMOTE = 0.3


class Orders(msgspec.Struct, frozen=True):
    data_dir: str
    seed: int
    secret: str
    size: Size
    core: int | None
    database: str = ""


async def main(orders: Orders, line: asyncio.StreamReader) -> None:
    world = draw(orders.size, orders.seed)
    settings = Settings.read(
        data_dir=Path(orders.data_dir),
        port=0,
        demo=False,
        session_burst=100_000,
        database=orders.database,
    )
    # While a million people are made, looking for cycles among them only takes time.
    gc.disable()
    await populate(settings, world, orders)
    async with entraide(settings) as whole:
        whereabouts = whole.services.alerts._board._whereabouts
        started = perf_counter()
        await place(whole, whereabouts, orders)
        placed_s = perf_counter() - started
        gc.enable()
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready(number: int) -> None:
            port.set_result(number)

        serving = asyncio.create_task(serve(whole, settings, ready))
        tell(port=await port, placed_s=placed_s)
        callers = [it.caller for it in (*helpers(world, orders), *askers(world, orders))]
        began, before = perf_counter(), busy_s()
        while (order := (await line.readline()).decode().split()) and order[0] != "stop":
            match order:
                case ["tickets", first, beyond]:
                    tickets = whole.services.tickets
                    asked = callers[int(first) : int(beyond)]
                    tell(tickets=[await tickets.issue(it) for it in asked])
                case _:
                    began, before = perf_counter(), busy_s()
        spent = busy_s() - before
        tell(
            busy=spent / (perf_counter() - began),
            spent_s=spent,
            memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            task_failures=whole.tasks.failures,
            nearest_s=await nearest(whole, whereabouts, world),
        )
        serving.cancel()


async def place(whole: Entraide, whereabouts: Whereabouts, orders: Orders) -> None:
    """Everybody without a page, on duty and placed just now."""
    dice, now = Random(orders.seed), whole.durable.clock.now()
    for number, point in enumerate(others(orders.size, orders.seed)):
        person = PersonId(f"other-{number:07}")
        await whereabouts.enlist(person, COME | (REMOTE if dice.random() < ALSO_REMOTE else 0))
        await whereabouts.move(person, cell_of(point), now)


async def nearest(whole: Entraide, whereabouts: Whereabouts, world: World) -> list[float]:
    """Seconds of questions to the same map, one after the other."""
    taken, now = [], whole.durable.clock.now()
    for number in range(QUESTIONS):
        spot = world.asking[number % len(world.asking)]
        origin = cell_of(Point(lat=spot.lat, lon=spot.lon))
        started = perf_counter()
        await whereabouts.near(
            origin, ring=None, want=WANT, now=now, tags_all=COME, salt=f"{number}"
        )
        taken.append(perf_counter() - started)
    return taken


def helpers(world: World, orders: Orders) -> list[Somebody]:
    return list(everybody(world.sockets, "socket", orders.seed))


def askers(world: World, orders: Orders) -> list[Somebody]:
    return list(everybody(world.asking, "asking", orders.seed))


async def populate(settings: Settings, world: World, orders: Orders) -> None:
    async with open_durable(settings) as durable:
        seals = Seals(await asyncio.to_thread(read_key, settings.seal_key_file))
        await settle(durable.ledger, seals, helpers(world, orders), orders.secret)
        await admit(durable.ledger, askers(world, orders), orders.secret)


async def _run() -> None:
    line = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(line), sys.stdin
    )
    orders = msgspec.json.decode(await line.readline(), type=Orders)
    if orders.core is not None:
        os.sched_setaffinity(0, {orders.core})
    configure_logs(debug=False)
    await main(orders, line)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run())
