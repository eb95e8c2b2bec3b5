"""The kit that breaks things is tried itself: a fault that does not happen proves nothing."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.support.faults.link import BadLink, Direction, bad_link
from tests.support.faults.processes import is_stopped, kill, paused
from tests.support.faults.weather import BLACK_HOLE, STILL, Weather
from tests.support.phone import until

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """The kit runs in tests' processes, on the loop that has real sockets."""
    return "asyncio", {}


class Echo:
    """Says everything back, and knows who it believes is there."""

    def __init__(self) -> None:
        self.there: set[asyncio.StreamWriter] = set()
        self.heard = bytearray()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.there.add(writer)
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                self.heard += data
                writer.write(data)
                await writer.drain()
        self.there.discard(writer)
        writer.close()


@asynccontextmanager
async def line() -> AsyncGenerator[tuple[Echo, BadLink]]:
    echo = Echo()
    server = await asyncio.start_server(echo.answer, "127.0.0.1", 0)
    async with bad_link(server.sockets[0].getsockname()[1]) as link:
        yield echo, link
    await until(lambda: not echo.there)
    server.close()


@asynccontextmanager
async def caller(
    link: BadLink,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def says(ends: tuple[asyncio.StreamReader, asyncio.StreamWriter], word: bytes) -> bytes:
    """What comes back, as long as what was said."""
    ends[1].write(word)
    async with asyncio.timeout(PATIENCE_S):
        return await ends[0].readexactly(len(word))


async def ended(reader: asyncio.StreamReader) -> None:
    """Until the other side is gone, politely or not."""
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(OSError):
            while await reader.read(1 << 16):
                pass


async def test_a_fair_line_carries_everything_both_ways() -> None:
    async with line() as (_, link), caller(link) as ends:
        word = bytes(range(256)) * 4096

        assert await says(ends, word) == word
        assert link.bytes == {Direction.UP: len(word), Direction.DOWN: len(word)}


async def test_a_delayed_line_is_late_and_keeps_the_order() -> None:
    async with line() as (_, link), caller(link) as ends:
        await link.turn(Weather(delay_s=0.05), Direction.UP)
        now = asyncio.get_running_loop().time
        began = now()

        for word in (b"one", b"two", b"three"):
            assert await says(ends, word) == word

        assert now() - began >= 0.15


async def test_a_throttled_line_takes_its_time() -> None:
    async with line() as (_, link), caller(link) as ends:
        await link.turn(Weather(rate=100_000), Direction.DOWN)
        now = asyncio.get_running_loop().time
        began = now()

        assert await says(ends, b"x" * 20_000) == b"x" * 20_000

        assert now() - began >= 0.2


async def test_a_line_that_stands_still_loses_nothing() -> None:
    async with line() as (echo, link), caller(link) as ends:
        await link.turn(STILL)
        ends[1].write(b"later")
        async with caller(link) as other:
            # A marker on a line that is fair upwards, so that its arrival says: enough time.
            await link.turn(Weather(), Direction.UP)
            other[1].write(b"marker")
            await until(lambda: echo.heard.endswith(b"marker") or b"later" in echo.heard)
        await link.fair()

        assert await says(ends, b"!") + await ends[0].readexactly(5) in {b"later!", b"l" + b"ater!"}


async def test_a_black_hole_swallows_and_dooms_the_connection() -> None:
    async with line() as (echo, link), caller(link) as ends:
        assert await says(ends, b"before") == b"before"
        await link.turn(BLACK_HOLE)
        ends[1].write(b"lost")
        async with caller(link) as new:
            new[1].write(b"lost too")
            await until(lambda: len(link) == 2)
            await asyncio.sleep(0)
        await until(lambda: any(it.doomed for it in link.connections))

        await link.fair()

        await ended(ends[0])
        assert bytes(echo.heard) == b"before"


async def test_one_direction_may_be_broken_alone() -> None:
    async with line() as (echo, link), caller(link) as ends:
        assert await says(ends, b"before") == b"before"
        await link.turn(BLACK_HOLE, Direction.DOWN)

        ends[1].write(b"done, but not answered")

        await until(lambda: b"answered" in echo.heard)
        await until(lambda: any(it.doomed for it in link.connections))
        await link.fair()
        await ended(ends[0])


async def test_a_cut_resets_everybody_and_may_refuse_who_comes() -> None:
    async with line() as (_, link), caller(link) as ends:
        assert await says(ends, b"before") == b"before"

        link.cut(refuse=True)

        await ended(ends[0])
        async with caller(link) as refused:
            await ended(refused[0])
        await link.fair()
        async with caller(link) as again:
            assert await says(again, b"after") == b"after"


async def test_half_open_the_server_believes_that_somebody_is_there() -> None:
    async with line() as (echo, link), caller(link) as ends:
        assert await says(ends, b"before") == b"before"

        link.half_open()

        await ended(ends[0])
        async with caller(link) as again:
            assert await says(again, b"after") == b"after"
            assert len(echo.there) == 2


async def test_a_server_that_is_not_there_is_a_line_that_ends() -> None:
    server = await asyncio.start_server(Echo().answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    async with bad_link(port) as link, caller(link) as ends:
        await ended(ends[0])


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    """A process with a child; who uses it kills both."""
    program = (
        "import subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print(child.pid, flush=True); child.wait()"
    )
    return subprocess.Popen((sys.executable, "-c", program), stdout=subprocess.PIPE)


async def test_a_paused_process_stands_still_with_all_its_children(
    sleeper: subprocess.Popen[bytes],
) -> None:
    assert sleeper.stdout is not None
    child = int(sleeper.stdout.readline())
    try:
        async with paused(sleeper.pid, 0):
            await until(lambda: is_stopped(sleeper.pid) and is_stopped(child))
        await until(lambda: not is_stopped(sleeper.pid) and not is_stopped(child))
    finally:
        kill(sleeper.pid)
        sleeper.stdout.close()

    assert sleeper.wait() == -signal.SIGKILL
    await until(lambda: not is_stopped(child))
