"""The real server, for what is measured on thousands of sockets.

    python -m tests.load.fan_server PORT ORDERS_PORT SOCKETS

Each socket is an operator's, subscribed to a line's durable stream, recoverable, by the rules of
the session and the access tables. A line on standard input names a file to which a greeting for
each of them is written (its ticket lives 30 s). On ORDERS_PORT each byte asks for one publication:
a transaction, its commit, the broker, the hub.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import uvloop

from realtime.kernel.ids import Channel
from realtime.ledger import Transaction
from realtime.ports import Caller
from tests.load.measured_server import in_some
from tests.load.peers.told import Told
from web.access.vocabulary import Role
from web.bootstrap import Entraide, entraide
from web.observe import configure_logs
from web.serve import serve
from web.settings import Settings

LINE = Channel("queue:help")
#: A publication as long as the floor's, with an offset of one digit; a byte more for each other.
FRAME = 300
_AROUND = len('{"push":{"channel":"queue:help","pub":{"data":{"text":""},"offset":1}}}')
SUBSCRIBE = f'{{"id":2,"subscribe":{{"channel":"{LINE}","recoverable":true}}}}'
BODY = {"text": "x" * (FRAME - _AROUND)}


async def main() -> None:
    port, orders, sockets = (int(it) for it in sys.argv[1:])
    configure_logs(debug=False)
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        settings = Settings.read(
            data_dir=Path(folder), port=port, demo=False, session_burst=100_000
        )
        async with entraide(settings) as whole:
            callers: list[Caller] = []

            async def operator(tx: Transaction, number: int) -> str:
                callers.append((await whole.services.sessions.open(tx, Role.OPERATOR)).caller)
                return ""

            await in_some(whole, sockets, operator)

            async def fan_out() -> None:
                async def say(tx: Transaction) -> None:
                    tx.publish(LINE, BODY)

                await whole.durable.ledger.write(say)

            async def ready(number: int) -> None:
                await Told(fan_out).listen(orders)

            async with asyncio.TaskGroup() as group:
                group.create_task(serve(whole, settings, ready))
                group.create_task(greetings(whole, callers, lambda number: SUBSCRIBE))


async def greetings(whole: Entraide, callers: Sequence[Caller], then: Callable[[int], str]) -> None:
    """Write a greeting for each, with what it says ``then``, whenever a file is named."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while name := (await lines.readline()).decode().strip():
        said = [
            f'{{"id":1,"connect":{{"token":"{await whole.services.tickets.issue(it)}"}}}}\t'
            f"{then(number)}\n"
            for number, it in enumerate(callers)
        ]
        await asyncio.to_thread(Path(name).write_text, "".join(said), encoding="utf-8")
        sys.stdout.write("written\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
