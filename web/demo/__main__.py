"""``python -m web.demo``: started by the server, which writes its orders on standard input.

One line of JSON: {"base": "http://127.0.0.1:8000", "operator": "<an operator's session token>",
"people_file": "<optional>"}. The demo stops when its standard input ends: it cannot outlive its
server. Nothing secret is on the command line or in the environment.
"""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from random import Random, SystemRandom

import uvloop

from web.demo.api import Refused
from web.demo.driver import NotADemo, Orders, run


async def main() -> int:
    loop = asyncio.get_running_loop()
    given = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(given), sys.stdin)
    try:
        orders = Orders.read((await given.readline()).decode())
    except (ValueError, AttributeError, Refused):
        sys.stderr.write("demo: expected one line of JSON: base, operator\n")
        return 2
    living = asyncio.create_task(run(orders, Random(SystemRandom().getrandbits(64))))
    ending = asyncio.create_task(given.read())
    await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not living.done():
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
        return 0
    try:
        living.result()
    except NotADemo:
        sys.stderr.write("demo: refused, this server does not run a demo\n")
        return 2
    return 0


if __name__ == "__main__":
    # Ctrl-C in a terminal is for the server, whose end is ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
