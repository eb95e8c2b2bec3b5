"""The server of the rooms' bench, a process of its own: the real one, with rooms and sessions.

Orders come as one line of JSON on standard input, answers go as lines of JSON on standard output;
another line on standard input ends it.
"""

import asyncio
import os
import resource
import sys
from pathlib import Path
from time import perf_counter

import msgspec
import uvloop

from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.load.dispatch_server import tell
from web.access.vocabulary import Role
from web.bootstrap import Entraide, entraide
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

#: Rooms made in one transaction.
AT_ONCE = 50


class Orders(msgspec.Struct, frozen=True):
    data_dir: str
    rooms: int
    #: Operators, each with as many rooms as it takes.
    operators: int
    core: int | None
    database: str = ""
    broker: str = "memory://"


async def main(orders: Orders, line: asyncio.StreamReader) -> None:
    settings = Settings.read(
        data_dir=Path(orders.data_dir),
        port=0,
        demo=False,
        session_burst=100_000,
        database=orders.database,
        broker=orders.broker,
    )
    async with entraide(settings) as whole:
        operators = await whole.durable.ledger.write(lambda tx: _operators(whole, tx, orders))
        visitors = await _rooms(whole, orders, [person for person, _ in operators])
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready(number: int) -> None:
            port.set_result(number)

        serving = asyncio.create_task(serve(whole, settings, ready))
        tell(port=await port, operators=[token for _, token in operators], visitors=visitors)
        await line.readline()
        began, before = perf_counter(), _busy_s()
        await line.readline()
        used = resource.getrusage(resource.RUSAGE_SELF)
        tell(
            busy=(_busy_s() - before) / (perf_counter() - began), memory_mib=used.ru_maxrss // 1024
        )
        serving.cancel()


async def _operators(
    whole: Entraide, tx: Transaction, orders: Orders
) -> list[tuple[PersonId, str]]:
    sessions = whole.services.sessions
    opened = [await sessions.open(tx, Role.OPERATOR) for _ in range(orders.operators)]
    return [(it.caller.person, it.token.reveal()) for it in opened]


async def _rooms(whole: Entraide, orders: Orders, operators: list[PersonId]) -> list[str]:
    """Rooms ``r0``, ``r1``, … with a visitor and an operator each; the visitors' tokens."""
    sessions, rooms = whole.services.sessions, whole.services.rooms
    tokens: list[str] = []
    for first in range(0, orders.rooms, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, orders.rooms))

        async def some(tx: Transaction, numbers: range = numbers) -> list[str]:
            made = []
            for number in numbers:
                opened = await sessions.open(tx, Role.CITIZEN)
                operator = operators[number % len(operators)]
                await rooms.open(tx, f"r{number}", f"chat-{number}")
                await rooms.join(tx, f"r{number}", opened.caller.person, "elle", alone=True)
                await rooms.join(tx, f"r{number}", operator, "ecoutante", staff=True)
                made.append(opened.token.reveal())
            return made

        tokens += await whole.durable.ledger.write(some)
    return tokens


def _busy_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
