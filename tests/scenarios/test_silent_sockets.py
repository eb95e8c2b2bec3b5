"""Sockets that say nothing, or too little, or too much, are closed; those that ask are answered."""

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from realtime.edge import Edge, edge_for
from realtime.slices import IN_TURN
from tests.support.echo import EchoShell
from tests.support.raw_client import connected, request
from web.patience import MOST_HEAD_BYTES, Patience, PatientProtocol, patient

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.patience.EVERY_S", 0.05)


class Upgraded(asyncio.Protocol):
    """What a socket becomes: it answers that it is open, and says nothing more."""

    def __init__(self, config: object, server_state: object, app_state: object) -> None: ...

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(b"HTTP/1.1 101 Open\r\n\r\n")  # type: ignore[attr-defined]


async def answers(scope: object, receive: object, send: object) -> None:
    while (await receive()).get("more_body"):  # type: ignore[operator]
        pass
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    await send(head)  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]


@asynccontextmanager
async def served(edge: type[Edge] | None = None) -> AsyncGenerator[tuple[int, Patience]]:
    patience = Patience(0.3)
    config = uvicorn.Config(
        answers,
        http=patient(patience, edge),
        ws=edge or Upgraded,
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server, listener = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    run = asyncio.create_task(server._serve([listener]))
    wheel = asyncio.create_task(patience.run())
    try:
        while not server.started:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1], patience
    finally:
        wheel.cancel()
        server.should_exit = server.force_exit = True
        await run


async def read(reader: asyncio.StreamReader) -> bytes:
    """All that comes until it is closed."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: he",
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nonly",
        b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        # After a request that was whole, the next one.
        GET + b"GET / HT",
    ],
)
async def test_who_does_not_finish_asking_is_closed(said: bytes) -> None:
    async with served() as (port, patience):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)

        answer = await read(reader)

        assert answer.count(b" 200 ") == said.startswith(GET)
        assert (patience.closed, len(patience)) == (1, 0)
        writer.close()


async def test_a_byte_at_a_time_does_not_buy_time() -> None:
    async with served() as (port, patience):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def drip() -> None:
            while True:
                writer.write(b"G" if not patience.closed else b"")
                await asyncio.sleep(0.05)

        writer.write(b"GET / HTTP/1.1\r\nX: ")
        dripping = asyncio.create_task(drip())

        assert await read(reader) == b""
        dripping.cancel()
        writer.close()


async def test_a_head_without_end_is_refused() -> None:
    async with served() as (port, patience):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"x" * (MOST_HEAD_BYTES + 1))

        answer = await read(reader)

        assert answer == b"" or b" 400 " in answer
        assert patience.closed == 0
        writer.close()


async def test_who_asks_in_time_is_answered_and_an_open_socket_is_left_alone() -> None:
    async with served() as (port, patience):
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        (ask, asking), (wait, waiting), (_, silent) = lines
        waiting.write(request(port))
        assert b"101" in await wait.readline()

        for _ in range(3):
            asking.write(GET)
            async with asyncio.timeout(PATIENCE_S):
                answer = await ask.readuntil(b"ok")
            assert b" 200 " in answer

        # The third, which says nothing, was opened last: when it is closed, they would have been.
        async with asyncio.timeout(PATIENCE_S):
            while not patience.closed:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        asking.write(GET)
        assert b" 200 " in await ask.readline()
        assert not wait.at_eof()
        for line in (asking, waiting, silent):
            line.close()


async def test_a_crowd_that_asks_at_once_is_begun_a_few_in_each_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is said to others meanwhile does not wait for all of them; and each is answered."""
    crowd, loop, turn = 5 * IN_TURN, asyncio.get_running_loop(), 0
    begun: list[int] = []
    take = PatientProtocol._take

    def counted(protocol: PatientProtocol, data: bytes) -> None:
        begun.append(turn)
        take(protocol, data)

    def passes() -> None:
        nonlocal turn
        turn += 1
        if len(begun) < crowd:
            loop.call_soon(passes)

    monkeypatch.setattr(PatientProtocol, "_take", counted)
    async with served() as (port, _):
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(crowd)]
        passes()
        for number, (_, writer) in enumerate(lines):
            writer.write(GET if number % 2 else request(port))
        heads = [await reader.readuntil(b"\r\n\r\n") for reader, _ in lines]

        assert [it.split(b" ")[1] for it in heads] == [b"101", b"200"] * (crowd // 2)
        assert max(begun.count(it) for it in begun) <= IN_TURN
        for _, writer in lines:
            writer.close()


@pytest.mark.parametrize("plain", [True, False])
async def test_whoever_is_upgraded_leaves_nothing_of_its_request_behind(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even for the collector: with thousands of sockets, that is what it would find."""
    readers: list[weakref.ref[PatientProtocol]] = []
    as_http: list[bytes] = []
    made, take = PatientProtocol.connection_made, PatientProtocol._take

    def noted(protocol: PatientProtocol, transport: asyncio.Transport) -> None:
        readers.append(weakref.ref(protocol))
        made(protocol, transport)

    def taken(protocol: PatientProtocol, data: bytes) -> None:
        as_http.append(data)
        take(protocol, data)

    monkeypatch.setattr(PatientProtocol, "connection_made", noted)
    monkeypatch.setattr(PatientProtocol, "_take", taken)
    gc.disable()
    try:
        shell = EchoShell()
        async with served(edge_for(shell)) as (port, patience), connected(port) as client:
            status, _ = await client.ask(request(port, {} if plain else {"X-Empty": ""}))

            left = [it() for it in readers]
    finally:
        gc.enable()
    assert (status, len(shell.peers), len(patience)) == (101, 1, 0)
    assert len(as_http) == (0 if plain else 1)
    assert left == [None]
