"""The server of the desks' bench, a process of its own: the real one, with hotels and sessions.

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

from geo.cells import cell_of
from geo.point import Point
from matching.shelter.values import Address, Hotel, HotelId, KindId, RoomKind
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.load.dispatch_server import tell
from web.access.vocabulary import Role
from web.bootstrap import Entraide, entraide
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

#: Hotels and sessions made in one transaction.
AT_ONCE = 50


class Orders(msgspec.Struct, frozen=True):
    data_dir: str
    desks: int
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
        desks = await _hotels(whole, orders.desks)
        operators = await whole.durable.ledger.write(
            lambda tx: _sessions(whole, tx, Role.OPERATOR, orders.operators)
        )
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def ready(number: int) -> None:
            port.set_result(number)

        serving = asyncio.create_task(serve(whole, settings, ready))
        tell(port=await port, desks=desks, operators=operators)
        await line.readline()
        began, before = perf_counter(), _busy_s()
        await line.readline()
        tell(busy=(_busy_s() - before) / (perf_counter() - began))
        serving.cancel()


async def _hotels(whole: Entraide, many: int) -> list[str]:
    tokens: list[str] = []
    for first in range(0, many, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, many))

        async def some(tx: Transaction, numbers: range = numbers) -> list[str]:
            return [await _hotel(whole, tx, it) for it in numbers]

        tokens += await whole.durable.ledger.write(some)
    return tokens


async def _hotel(whole: Entraide, tx: Transaction, number: int) -> str:
    """A hotel with one kind of room, and the session of its tablet."""
    name, lat, lon = HotelId(f"hotel-{number}"), 48.0 + number / 1_000, 2.0 + number / 1_000
    hotel = Hotel(
        hotel=name,
        commune="75056",
        # By this the bench knows on a screen which hotel has changed.
        commune_name=f"commune {number}",
        lat=lat,
        lon=lon,
        cell=cell_of(Point(lat=lat, lon=lon)),
        margin_m=0.0,
        desk_24h=True,
        canary=False,
        spoken_at=tx.now,
        accepted=0,
        refused=0,
    )
    kind = RoomKind(
        kind=KindId(f"kind-{number}"),
        hotel=name,
        people=2,
        cots=1,
        accessible=False,
        pets=False,
        ground_floor=False,
        price_cents=6_000,
        usual=1,
    )
    where = Address(name=f"Hotel {number}", street="1 rue", postcode="75010", city="Paris")
    await whole.services.sheltering.inventory.add_hotel(tx, hotel, [kind], where)
    desks = whole.services.staff.desks
    link = await desks.link(tx, name, PersonId("bench"))
    opened = await desks.open(tx, link.path.rpartition("#")[2], link.code, "bench")
    assert opened is not None
    return opened.token.reveal()


async def _sessions(whole: Entraide, tx: Transaction, role: Role, many: int) -> list[str]:
    opened = [await whole.services.sessions.open(tx, role) for _ in range(many)]
    return [it.token.reveal() for it in opened]


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
