"""The server of the dispatch bench, a process of its own: the real one, and a crowd on null links.

Orders come as one line of JSON on standard input, answers go as lines of JSON on standard output;
another line on standard input ends it, and it says what it has counted.
"""

import asyncio
import gc
import os
import resource
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec
import uvloop

from realtime import node
from realtime.seal import Seals
from tests.load.dispatch_null import Crowd, connect
from tests.load.dispatch_people import admit, everybody, settle
from tests.load.dispatch_world import Size, World, draw, read_stations
from web.bootstrap import Entraide, entraide, open_durable
from web.keys import read_key
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings


class Orders(msgspec.Struct, frozen=True):
    data_dir: str
    seed: int
    secret: str
    size: Size
    #: People's delays are multiplied by this, and their walks take so long.
    factor: float
    walk_s: float
    core: int | None


async def main(orders: Orders, line: asyncio.StreamReader) -> None:
    world = draw(read_stations(), orders.size, orders.seed)
    settings = Settings.read(
        data_dir=Path(orders.data_dir), port=0, demo=False, session_burst=100_000
    )
    # One process stands for many here: the bound on its sockets is of a server in service.
    node.MOST_CLIENTS = 10 * orders.size.helpers
    # While a hundred thousand people are made, looking for cycles among them only takes time.
    gc.disable()
    started = perf_counter()
    await populate(settings, world, orders)
    populated = perf_counter()
    async with entraide(settings) as whole:
        loaded = perf_counter()
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready(number: int) -> None:
            port.set_result(number)

        serving = asyncio.create_task(serve(whole, settings, ready))
        crowd = Crowd(
            node=whole.node, random=Random(orders.seed), factor=orders.factor, walk_s=orders.walk_s
        )
        others = list(everybody(world.others, "other", orders.seed))
        with trusting(whole):
            people = await connect(others, crowd, whole.services.tickets)
        gc.enable()
        gc.collect()
        tell(
            port=await port,
            populated_s=populated - started,
            loaded_s=loaded - populated,
            connected_s=perf_counter() - loaded,
            connected=len(people),
        )
        await line.readline()
        began, before = perf_counter(), _busy_s()
        await line.readline()
        tell(
            tally=crowd.tally,
            busy=(_busy_s() - before) / (perf_counter() - began),
            memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            task_failures=whole.tasks.failures,
        )
        serving.cancel()


@contextmanager
def trusting(whole: Entraide) -> Generator[None]:
    """Spare the crowd one question each to the database while it connects, which nobody measures.

    Their tickets are real and their sessions are in the table: only if they are open is not asked.
    """
    asked, whole.node._application = whole.node._application, Trusting(whole)
    try:
        yield
    finally:
        whole.node._application = asked


class Trusting:
    """The application, but for who is let in."""

    def __init__(self, whole: Entraide) -> None:
        self.authenticate = whole.services.tickets.redeem
        self.call = whole.application.call
        self.say = whole.application.say
        self.heard = whole.application.heard
        self.heard_at_once = whole.application.heard_at_once
        self.rank = whole.application.rank
        self.ordered = whole.application.ordered


async def populate(settings: Settings, world: World, orders: Orders) -> None:
    async with open_durable(settings) as durable:
        seals = Seals(await asyncio.to_thread(read_key, settings.seal_key_file))
        for spots, kind in ((world.sockets, "socket"), (world.others, "other")):
            people = list(everybody(spots, kind, orders.seed))
            await settle(durable.ledger, seals, people, orders.secret)
        asking = list(everybody(world.requests, "asking", orders.seed))
        await admit(durable.ledger, asking, orders.secret)


def _busy_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def tell(**what: object) -> None:
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


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
