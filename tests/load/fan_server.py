"""The real server, for what is measured on thousands of sockets.

    python -m tests.load.fan_server PORT ORDERS_PORT SOCKETS [HELPERS]

The first sockets are so many HELPERS', each subscribed by the server to its own stream. Each other
socket is an operator's, subscribed to a line's durable stream, recoverable, by the rules of
the session and the access tables. A line on standard input names a file to which a greeting for
each of them is written (its ticket lives 30 s). On ORDERS_PORT each byte asks for one publication:
a transaction, its commit, the broker, the hub; ``LARGE`` for a long one; ``ALERT`` for an offer to
each helper, in one transaction. ``STATE`` is answered by a line of JSON: who reads too slowly.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import uvloop

from geo.cells import Cell
from matching.dispatch.incident import Kind, Mode, OfferState, Ring
from matching.dispatch.messages import Offered
from realtime import session
from realtime.channels import own_channel
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
#: Answered as a subscription is: the client knows by its number that the socket listens.
PING = '{"id":2,"ping":{}}'
ALERT, LARGE, STATE = b"A", b"L", b"S"
#: A publication that fills a socket's buffers sooner.
LARGE_FRAME = 4000
LARGE_BODY = {"text": "x" * (LARGE_FRAME - _AROUND)}
OFFER = Offered(
    offer="o" * 32,
    alert="a" * 32,
    ring=Ring.NEAR,
    kind=Kind.FOLLOWED,
    mode=Mode.PUBLIC,
    state=OfferState.OFFERED,
    expires_at=datetime(2026, 11, 1, tzinfo=UTC),
    cell=Cell("891fb46622fffff"),
)


class State(msgspec.Struct, frozen=True):
    #: Sockets open; of them full, and of those told to go.
    open: int
    full: int
    closing: int
    #: Where the line's stream stands.
    epoch: str
    offset: int


async def main() -> None:
    port, orders, sockets, helpers = (int(it) for it in (*sys.argv[1:], "0")[:4])
    configure_logs(debug=False)
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        settings = Settings.read(
            data_dir=Path(folder), port=port, demo=False, session_burst=100_000
        )
        async with entraide(settings) as whole:
            callers: list[Caller] = []

            async def person(tx: Transaction, number: int) -> str:
                role = Role.CITIZEN if number < helpers else Role.OPERATOR
                callers.append((await whole.services.sessions.open(tx, role)).caller)
                return ""

            await in_some(whole, sockets, person)

            async def publish(body: Mapping[str, str]) -> None:
                async def say(tx: Transaction) -> None:
                    tx.publish(LINE, body)

                await whole.durable.ledger.write(say)

            async def alert() -> None:
                async def say(tx: Transaction) -> None:
                    for it in callers[:helpers]:
                        tx.publish(own_channel(it.person), OFFER)

                await whole.durable.ledger.write(say)

            async def ready(number: int) -> None:
                told = Told(
                    partial(publish, BODY),
                    {
                        ALERT[0]: alert,
                        LARGE[0]: partial(publish, LARGE_BODY),
                        STATE[0]: partial(_state, whole),
                    },
                )
                await told.listen(orders)

            async with asyncio.TaskGroup() as group:
                group.create_task(serve(whole, settings, ready))
                group.create_task(
                    greetings(whole, callers, lambda it: PING if it < helpers else SUBSCRIBE)
                )


async def _state(whole: Entraide) -> bytes:
    place = await whole.durable.ledger.place(LINE)
    clients = whole.node.clients
    state = State(
        len(clients),
        sum(it._outbox is not None for it in clients),
        sum(it.session.state is session.State.CLOSED for it in clients),
        place.epoch,
        place.offset,
    )
    return msgspec.json.encode(state) + b"\n"


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
