"""Thousands of phones on real sockets in a process of their own, all cut off at one moment.

``python -m tests.proofs.storm.phones TOKENS PORT…``: a file of session tokens, a phone each. Says
``ready N`` once N are connected; each line on standard input cuts all of them off at once, and is
answered with ``back SECONDS REFUSED`` when the last is connected again. A refusal is waited out
as the SDKs do: full jitter, 0.5 s at first, then longer, up to 20 s.
"""

import asyncio
import json
import random
import resource
import sys
from pathlib import Path
from typing import cast

import aiohttp
import uvloop

from tests.support.client_frames import frame
from tests.support.raw_client import request

TEXT = 1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 20.0
TIMEOUT_S = 5.0
#: Greetings under way at once when the phones are first set up.
AT_ONCE = 64


class Refused(Exception):
    """Not now."""


class Socket(asyncio.Protocol):
    """Upgraded, greeted, then only answers pings."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if not self._answer.done():
            self._answer.set_result(data)
        elif data.endswith(b"\x81\x02{}"):
            self.transport.write(frame(TEXT, b"{}"))

    def connection_lost(self, error: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(Refused("closed"))

    async def ask(self, data: bytes) -> bytes:
        """The next thing said after this."""
        if self._answer.done():
            self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        async with asyncio.timeout(TIMEOUT_S):
            return await self._answer


class Phone:
    def __init__(self, token: str, ports: list[int], web: aiohttp.ClientSession) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._ports = ports
        self._web = web
        self._socket: Socket | None = None
        self.refused = 0

    def cut(self) -> None:
        if self._socket is not None:
            self._socket.transport.abort()
            self._socket = None

    async def come(self) -> None:
        """Connect, however often it takes."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._try(random.choice(self._ports))
            except (Refused, aiohttp.ClientError, OSError, TimeoutError):
                self.cut()
                self.refused += 1
                await asyncio.sleep(random.uniform(0, pause))
                pause = min(LONGEST_PAUSE_S, pause * 2)
            else:
                return

    async def _try(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}/api/session/ticket"
        async with self._web.post(address, json={}, headers=self._headers) as got:
            if got.status != 200:
                raise Refused(str(got.status))
            ticket = (await got.json())["ticket"]
        loop = asyncio.get_running_loop()
        _, self._socket = await loop.create_connection(Socket, "127.0.0.1", port)
        head = await self._socket.ask(request(port))
        if b" 101 " not in head:
            raise Refused("no upgrade")
        hello = {"id": 1, "connect": {"token": ticket}}
        answer = await self._socket.ask(frame(TEXT, json.dumps(hello).encode()))
        if b'"connect"' not in answer:
            raise Refused("not connected")


async def come(phones: list[Phone], at_once: int) -> float:
    """All of them connect; how long it took."""
    turn = asyncio.Semaphore(at_once)

    async def one(phone: Phone) -> None:
        async with turn:
            await phone.come()

    now = asyncio.get_running_loop().time
    began = now()
    await asyncio.gather(*(one(phone) for phone in phones))
    return now() - began


async def main(tokens: Path, ports: list[int]) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    timeout, connector = aiohttp.ClientTimeout(total=TIMEOUT_S), aiohttp.TCPConnector(limit=512)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as web:
        phones = [Phone(token, ports, web) for token in tokens.read_text().split()]
        await come(phones, AT_ONCE)
        _say(f"ready {len(phones)}")
        while await asyncio.to_thread(sys.stdin.readline):
            for phone in phones:
                phone.cut()
                phone.refused = 0
            took = await come(phones, len(phones))
            _say(f"back {took} {sum(phone.refused for phone in phones)}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    file, *numbers = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(Path(file), [int(number) for number in numbers]))
