"""The real server in a process of its own, to be measured: made ready, told to begin and to stop.

Orders come as one line of JSON on standard input, answers go as lines of JSON on standard output: a
port and whatever was made ready. Another line begins the measurement and a third ends it, answered
by how busy the process was meanwhile, as a share of a core, and by its memory.
"""

import asyncio
import os
import resource
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import msgspec
import uvloop

from realtime.ledger import Transaction
from tests.load.processes import busy_s, tell
from web.bootstrap import Entraide, entraide
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

#: Hotels, rooms or sessions made in one transaction.
AT_ONCE = 50


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    data_dir: str
    #: The processor to stay on; None: any.
    core: int | None
    database: str = ""
    broker: str = "memory://"


Ordered = TypeVar("Ordered", bound=Orders)
Ready = Mapping[str, list[str]]


def run(orders: type[Ordered], make: Callable[[Entraide, Ordered], Awaitable[Ready]]) -> None:
    """Serve until told to stop; ``make`` fills the service, and says what its clients must know."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(orders, make))


async def in_some(
    whole: Entraide, many: int, make: Callable[[Transaction, int], Awaitable[str]]
) -> list[str]:
    """Make so many, numbered from 0, some in each transaction; what each made answered."""
    made: list[str] = []
    for first in range(0, many, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, many))

        async def some(tx: Transaction, numbers: range = numbers) -> list[str]:
            return [await make(tx, it) for it in numbers]

        made += await whole.durable.ledger.write(some)
    return made


async def _run(
    orders: type[Ordered], make: Callable[[Entraide, Ordered], Awaitable[Ready]]
) -> None:
    line = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(line), sys.stdin
    )
    given = msgspec.json.decode(await line.readline(), type=orders)
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    configure_logs(debug=False)
    settings = Settings.read(
        data_dir=Path(given.data_dir),
        port=0,
        demo=False,
        session_burst=100_000,
        database=given.database,
        broker=given.broker,
    )
    async with entraide(settings) as whole:
        made = await make(whole, given)
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready(number: int) -> None:
            port.set_result(number)

        serving = asyncio.create_task(serve(whole, settings, ready))
        tell(port=await port, **made)
        await line.readline()
        began, before = perf_counter(), busy_s()
        await line.readline()
        tell(
            busy=(busy_s() - before) / (perf_counter() - began),
            memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        )
        serving.cancel()
