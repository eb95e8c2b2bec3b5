"""What one socket, one message in and one frame out cost the serving process, under uvicorn.

User time is what the program spends, system time what the kernel does; DESIGN 5 has the figures
of others on the same kind of machine.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import uvloop

from tests.proofs.table import Table
from tests.support.client_frames import frame
from tests.support.raw_client import request
from tests.support.server import ROOT

TEXT = 1
#: 95 bytes, as phones send.
POSITION = b'{"id":17,"send":{"data":{"position":{"lat":48.853,"lon":2.349}}}}' + b" " * 30
MOST_MEMORY = 4096
#: Several times what a quiet machine needs: beyond, the short ways have been lost.
MOST_USER_US = 8.0


@dataclass(frozen=True, slots=True)
class Spent:
    user: float
    system: float
    memory: float
    heard: float


class Client(asyncio.Protocol):
    """Upgraded once, then listens only for the answer to a question."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if not self.answer.done() and data.endswith((b"}", b"\r\n\r\n")):
            self.answer.set_result(data)

    async def ask(self, word: str) -> Spent:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(frame(TEXT, word.encode()))
        data = await self.answer
        return Spent(**json.loads(data[data.rindex(b"{") :]))


def main(seed: int, reduced: bool) -> Table:
    del seed  # nothing is drawn by lot
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(300 if reduced else 2000, rounds=10 if reduced else 50))


async def _measure(sockets: int, *, rounds: int) -> Table:
    table = Table("What a socket costs", ("what", "user µs", "system µs", "other"))
    async with _server() as port:
        asking, *_ = [await _connect(port) for _ in range(100)]
        before, began = await asking.ask("collect"), time.perf_counter()
        clients = [await _connect(port) for _ in range(sockets)]
        took = time.perf_counter() - began
        after = await asking.ask("collect")
        memory = (after.memory - before.memory) / sockets
        table.add("accept and upgrade", *_each(before, after, sockets), f"{sockets / took:.0f}/s")
        table.add("an idle socket", "", "", f"{memory:.0f} B resident")
        received = await _receive(asking, clients, rounds)
        table.add(f"receive {len(POSITION)} bytes of text", *received, "")
        written = await _write(asking, sockets + 100, rounds)
        table.add("write 300 bytes", *written, "")
    table.aim(f"an idle socket holds at most {MOST_MEMORY} bytes", memory <= MOST_MEMORY)
    table.aim(f"a message in costs at most {MOST_USER_US} µs", received[0] <= MOST_USER_US)
    table.aim(f"a frame out costs at most {MOST_USER_US} µs", written[0] <= MOST_USER_US)
    return table


async def _receive(asking: Client, clients: list[Client], rounds: int) -> tuple[float, float]:
    sent = frame(TEXT, POSITION)
    before = now = await asking.ask("spent")
    for _ in range(rounds):
        for client in clients:
            client.transport.write(sent)
        await asyncio.sleep(0)
    while now.heard - before.heard < rounds * len(clients):
        now = await asking.ask("spent")
    return _each(before, now, rounds * len(clients))


async def _write(asking: Client, sockets: int, rounds: int) -> tuple[float, float]:
    before = await asking.ask("spent")
    for _ in range(rounds):
        await asking.ask("fan")
        await asyncio.sleep(0.02)
    return _each(before, await asking.ask("spent"), rounds * sockets)


def _each(before: Spent, after: Spent, count: int) -> tuple[float, float]:
    return (
        (after.user - before.user) / count * 1e6,
        (after.system - before.system) / count * 1e6,
    )


async def _connect(port: int) -> Client:
    _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
    client.transport.write(request(port))
    await client.answer
    return client


@asynccontextmanager
async def _server() -> AsyncGenerator[int]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.load.sockets_server"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield int((await process.stdout.readline()).split()[1])
    finally:
        process.terminate()
        await process.wait()
