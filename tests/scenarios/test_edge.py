"""The edge under real uvicorn, on real sockets: what passes, what is refused, how it ends."""

import asyncio

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.frames import Opcode

from realtime.edge import EdgeLimits, Link, edge_for
from realtime.frames import encode_text
from tests.support.client_frames import frame
from tests.support.echo import EchoPeer, EchoShell, serving
from tests.support.echo_house import house, until
from tests.support.raw_client import connected, request, talking

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
PATIENT = EdgeLimits(message_bytes=1000)
QUICK = EdgeLimits(message_bytes=1000, close_seconds=0.2)


# What passes.


async def test_messages_come_back_whole_and_in_order() -> None:
    async with house(limits=PATIENT) as at, connect(at.url) as client:
        sent: list[str | bytes] = ["à l'aide", b"\xff\x00", "", "x" * 1000]

        for message in sent:
            await client.send(message)

        assert [await client.recv() for _ in sent] == sent


async def test_frames_may_be_joined_in_one_write_and_cut_anywhere() -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        stream = b"".join(frame(TEXT, f"numéro {number}".encode()) for number in range(5))
        client.send(stream)
        for byte in stream:
            client.send(bytes((byte,)))
            await asyncio.sleep(0)

        assert [await client.heard() for _ in range(10)] == [
            f"numéro {number}" for number in (*range(5), *range(5))
        ]


async def test_no_extension_is_agreed_to_and_a_subprotocol_only_if_it_is_ours() -> None:
    protocol = edge_for(EchoShell(), subprotocols=("centrifuge-json",))
    async with serving(protocol) as server:
        async with connected(server.port) as client:
            _, known = await client.ask(
                request(
                    server.port,
                    {
                        "Sec-WebSocket-Protocol": "other, centrifuge-json",
                        "Sec-WebSocket-Extensions": "permessage-deflate",
                    },
                )
            )
        async with connected(server.port) as client:
            status, unknown = await client.ask(
                request(server.port, {"Sec-WebSocket-Protocol": "other"})
            )

    assert "Sec-WebSocket-Protocol: centrifuge-json" in known
    assert "Extensions" not in known
    assert status == 101
    assert "Protocol:" not in unknown


async def test_a_ping_is_answered() -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        client.send(frame(PING, b"one"), frame(PING, b"two"))

        answers = [await client.next(), await client.next()]

        assert [(it.opcode, bytes(it.data)) for it in answers if it] == [
            (Opcode.PONG, b"one"),
            (Opcode.PONG, b"two"),
        ]


async def test_idle_sockets_cost_no_task() -> None:
    async with house(limits=PATIENT) as at:
        before = len(asyncio.all_tasks())
        async with talking(at.port), talking(at.port), talking(at.port):
            await until(lambda: len(at.shell.peers) == 3)

            assert len(asyncio.all_tasks()) == before


# What is refused.


VIOLATIONS = [
    (frame(TEXT, b"x" * 1001), 1009),
    (frame(TEXT, b"x" * 600, final=False) + frame(0, b"x" * 401), 1009),
    (frame(TEXT, b"\xff"), 1007),
    (frame(TEXT, b"hello", masked=False), 1002),
    (frame(3, b""), 1002),
    (frame(TEXT, b"hello", reserved=0x40), 1002),
    (frame(PING, bytes(126)), 1002),
    (frame(CLOSE, b"\x03\xed"), 1002),
]


async def test_a_client_that_breaks_the_protocol_is_told_why(subtests: pytest.Subtests) -> None:
    async with house(limits=PATIENT) as at:
        for sent, code in VIOLATIONS:
            with subtests.test(sent=sent[:10], code=code):
                async with talking(at.port) as client:
                    client.say("before")
                    client.send(sent, frame(TEXT, b"after"))

                    assert await client.heard() == "before"
                    assert await client.goodbye() == code
                    await at.shell.peers[-1].ended.wait()
                    assert at.shell.peers[-1].heard == [b"before"]


async def test_the_reason_reaches_a_client_that_was_still_talking() -> None:
    """Closing with its bytes unread would reset the connection and lose the close frame."""
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        client.send(frame(3, b""), *[frame(TEXT, b"x" * 900)] * 2000)

        assert await client.goodbye() == 1002


# How it ends.


@pytest.mark.parametrize(
    ("payload", "code"), [(b"", None), (b"\x03\xe8bye", 1000), (b"\x0f\xa1", 4001)]
)
async def test_a_client_that_leaves_is_answered_with_its_code(
    payload: bytes, code: int | None
) -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        client.send(frame(CLOSE, payload), frame(TEXT, b"too late"))

        assert await client.goodbye() == code
        client.writer.close()
        await at.only.ended.wait()
        assert (at.only.heard, at.only.endings) == ([], 1)


async def test_after_our_goodbye_nothing_is_delivered_or_written() -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        client.say("before")
        await client.heard()

        at.only.link.close(4000, "au revoir")
        at.only.link.write(encode_text(b"too late"))
        client.say("after")
        goodbye = await client.next()
        client.send(frame(TEXT, b"later still"), frame(CLOSE, b"\x0f\xa0"))

        assert goodbye is not None
        assert (goodbye.opcode, bytes(goodbye.data)) == (Opcode.CLOSE, b"\x0f\xa0au revoir")
        assert await client.reader.read() == b""
        await at.only.ended.wait()
        assert at.only.heard == [b"before"]


async def test_a_client_that_does_not_go_is_dropped() -> None:
    async with house(limits=QUICK) as at, talking(at.port) as client:
        await until(lambda: bool(at.shell.peers))

        at.only.link.close(4000)
        await client.next()
        async with asyncio.timeout(2):
            await at.only.ended.wait()

        assert at.only.endings == 1


async def test_a_client_that_says_goodbye_and_stays_is_dropped() -> None:
    async with house(limits=QUICK) as at, talking(at.port) as client:
        client.send(frame(CLOSE, b""))
        await client.goodbye()

        async with asyncio.timeout(2):
            await at.empties()

        assert at.only.endings == 1


@pytest.mark.parametrize("politely", [True, False])
async def test_a_client_that_vanishes_is_noticed_once(politely: bool) -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        client.say("before")
        await client.heard()

        if politely:
            client.writer.write_eof()
        else:
            client.writer.transport.abort()
        await at.only.ended.wait()
        await at.empties()

        assert at.only.endings == 1


async def test_a_link_may_be_used_when_it_is_too_late() -> None:
    async with house(limits=PATIENT) as at:
        async with talking(at.port):
            await until(lambda: bool(at.shell.peers))
        await at.only.ended.wait()
        await at.empties()
        link = at.only.link

        link.write(encode_text(b"too late"))
        link.close(4000)
        link.pause_reading()
        link.resume_reading()
        link.abort()

        assert link.buffered() == 0
        assert at.only.endings == 1


async def test_an_aborted_connection_delivers_nothing_more() -> None:
    class Abrupt(EchoPeer):
        def received(self, message: bytes, text: bool) -> None:
            super().received(message, text)
            self.link.abort()

    async with house(limits=PATIENT) as at:
        at.shell.makes = Abrupt
        async with talking(at.port) as client:
            client.send(*[frame(TEXT, b"again")] * 10)
            await until(lambda: bool(at.shell.peers))
            await at.only.ended.wait()

            assert (at.only.heard, at.only.endings) == ([b"again"], 1)


async def test_when_uvicorn_stops_clients_are_told_to_come_back() -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as client:
        await until(lambda: bool(at.shell.peers))

        at.server.should_exit = True

        assert await client.goodbye() == 1012
        client.writer.close()
        await at.only.ended.wait()


async def test_uvicorn_stops_even_if_a_client_does_not_go() -> None:
    async with house(limits=QUICK) as at, talking(at.port):
        await until(lambda: bool(at.shell.peers))

        at.server.should_exit = True
        async with asyncio.timeout(3):
            await at.only.ended.wait()


class Broken(EchoPeer):
    def received(self, message: bytes, text: bool) -> None:
        raise ValueError

    def closed(self) -> None:
        super().closed()
        raise ValueError


@pytest.mark.parametrize("cut", [False, True])
async def test_a_peer_that_fails_costs_its_own_connection_only(cut: bool) -> None:
    async with house(limits=PATIENT) as at, talking(at.port) as other:
        at.shell.makes = Broken
        with capture_logs() as logs:
            async with talking(at.port) as client:
                sent = frame(TEXT, b"secret words")
                client.send(sent[: 5 if cut else None])
                await asyncio.sleep(0)
                client.send(sent[5:] if cut else b"")
                code = await client.goodbye()
                await at.shell.peers[1].ended.wait()
        other.say("still here")

        assert code == 1011
        assert await other.heard() == "still here"
        assert [line["event"] for line in logs] == ["message_not_taken", "end_not_taken"]


async def test_a_shell_that_fails_refuses_and_serves_on() -> None:
    class Failing(EchoShell):
        broken = ""

        def admits(self, origin: str | None, host: str, secure: bool) -> bool:
            if self.broken == "admits":
                raise ValueError
            return super().admits(origin, host, secure)

        def opened(self, link: Link) -> EchoPeer:
            if self.broken == "opened":
                raise ValueError
            return super().opened(link)

    shell = Failing()
    async with asyncio.timeout(20), serving(edge_for(shell)) as server:
        with capture_logs() as logs:
            shell.broken = "admits"
            async with connected(server.port) as client:
                unjudged, _ = await client.ask(request(server.port))
            shell.broken = "opened"
            async with talking(server.port) as client:
                unopened = await client.goodbye()
        shell.broken = ""
        async with talking(server.port) as client:
            client.say("all is well")

            assert await client.heard() == "all is well"

    assert (unjudged, unopened) == (500, 1011)
    assert [line["event"] for line in logs] == ["request_not_judged", "connection_not_opened"]
