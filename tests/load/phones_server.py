"""The real server with helpers on duty, for what is measured on thousands of phones.

    python -m tests.load.phones_server PORT ORDERS_PORT SOCKETS

Each socket is an approved helper's, subscribed by the server to her own stream. A line on standard
input names a file to which a greeting for each is written: its ticket, and where the phone is. On
ORDERS_PORT each thousand positions taken are told by a byte. Positions come as fast as they can:
the limit of one every two seconds is lifted here, and still counted.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

import uvloop

from realtime.ports import Caller
from realtime.seal import Seals
from tests.load.dispatch_people import Somebody, everybody, settle
from tests.load.dispatch_world import Spot
from tests.load.fan_server import greetings
from tests.load.peers.told import Told
from web import moves
from web.bootstrap import Entraide, entraide, open_durable
from web.keys import read_key
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

SEED, SECRET = 7, "phones"
#: In and around Paris.
LAT, LON, SPREAD = 48.85, 2.35, 0.2


def position(lat: float, lon: float) -> str:
    return f'{{"send":{{"data":{{"position":{{"lat":{lat:.3f},"lon":{lon:.3f}}}}}}}}}'


async def main() -> None:
    port, orders, sockets = (int(it) for it in sys.argv[1:])
    moves.RATE, moves.BURST = 1e9, 10**9
    configure_logs(debug=False)
    dice = Random(SEED)
    spots = [
        Spot(LAT + dice.uniform(-SPREAD, SPREAD), LON + dice.uniform(-SPREAD, SPREAD))
        for _ in range(sockets)
    ]
    people = list(everybody(spots, "phone", SEED))
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        settings = Settings.read(
            data_dir=Path(folder), port=port, demo=False, session_burst=100_000
        )
        await _populate(settings, people)
        async with entraide(settings) as whole:
            told = Told(_nothing)
            _count(whole, told)

            async def ready(number: int) -> None:
                await told.listen(orders)

            async with asyncio.TaskGroup() as group:
                group.create_task(serve(whole, settings, ready))
                group.create_task(
                    greetings(
                        whole,
                        [it.caller for it in people],
                        lambda number: position(spots[number].lat, spots[number].lon),
                    )
                )


async def _populate(settings: Settings, people: list[Somebody]) -> None:
    async with open_durable(settings) as durable:
        seals = Seals(await asyncio.to_thread(read_key, settings.seal_key_file))
        await settle(durable.ledger, seals, people, SECRET)


async def _nothing() -> None:
    """Nothing is published here."""


def _count(whole: Entraide, told: Told) -> None:
    """Tell of each position that has been dealt with, whichever way it went."""
    application = whole.node._application
    heard, heard_at_once = application.heard, application.heard_at_once

    async def counted(caller: Caller, data: bytes) -> None:
        await heard(caller, data)
        told.heard()

    def counted_at_once(caller: Caller, data: bytes) -> bool:
        done = heard_at_once(caller, data)
        if done:
            told.heard()
        return done

    application.heard = counted  # type: ignore[method-assign]
    application.heard_at_once = counted_at_once  # type: ignore[method-assign]


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
