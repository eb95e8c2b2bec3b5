"""The edge under load from one side or the other: nothing grows, nobody waits for a neighbour."""

import asyncio
import ssl
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.frames import Opcode

from realtime.edge import Edge, EdgeLimits
from realtime.frames import encode_text
from tests.support.client_frames import frame
from tests.support.echo import EchoPeer, EchoShell
from tests.support.echo_house import House, house, until
from tests.support.raw_client import RawClient, connected, request, talking

TEXT, CLOSE, PING = 1, 8, 9
#: What the kernel holds for a side of a connection (it doubles it): little is soon too much.
SMALL = 8192
LIMITS = EdgeLimits(message_bytes=1000, close_seconds=0.3)


@dataclass(slots=True, eq=False)
class Silent(EchoPeer):
    """Hears, and answers nothing."""

    def received(self, message: bytes, text: bool) -> None:
        self.heard.append(message)

    def pressure(self, paused: bool) -> None:
        self.pressures.append(paused)


@dataclass(slots=True, eq=False)
class OneAtATime(Silent):
    """Stops reading at each message, until told otherwise."""

    stops: bool = True

    def received(self, message: bytes, text: bool) -> None:
        self.heard.append(message)
        if self.stops:
            self.link.pause_reading()


def tight(makes: type[EchoPeer] = EchoPeer) -> AbstractAsyncContextManager[House]:
    return house(EchoShell(makes=makes), LIMITS, buffer=SMALL)


async def a_moment_has_passed(neighbour: RawClient) -> None:
    """A neighbour's question has come back: whatever was ready before it has been handled."""
    for number in range(3):
        neighbour.say(f"marker {number}")
        await neighbour.next()


def numbered(count: int) -> list[bytes]:
    return [f"{number:06}".encode() * 100 for number in range(count)]


# A client that is slow to read.


async def test_a_slow_reader_puts_its_peer_under_pressure_and_loses_nothing() -> None:
    async with tight(Silent) as at, talking(at.port, buffer=SMALL) as client:
        peer = await at.peer()
        client.transport.pause_reading()
        sent = numbered(1_000)

        for message in sent:
            peer.link.write(encode_text(message))
        await until(lambda: peer.pressures == [True])
        held = peer.link.buffered()
        client.transport.resume_reading()
        received = [(await client.heard()).encode() for _ in sent]

        assert held > 64 * 1024
        assert received == sent
        await until(lambda: peer.pressures == [True, False])
        assert peer.link.buffered() == 0


async def test_a_client_that_reads_nothing_is_dropped_after_the_goodbye() -> None:
    async with tight(Silent) as at, talking(at.port, buffer=SMALL) as client:
        peer = await at.peer()
        client.transport.pause_reading()
        peer.link.write(b"".join(encode_text(message) for message in numbered(1_000)))

        peer.link.close(1000)
        await peer.ended.wait()

        assert peer.endings == 1
        await at.empties()


async def test_pings_that_cannot_be_answered_are_answered_once() -> None:
    async with tight(Silent) as at, talking(at.port, buffer=SMALL) as client:
        peer = await at.peer()
        client.transport.pause_reading()
        pings = [frame(PING, f"{number:0125}".encode()) for number in range(6_000)]
        client.send(*pings)
        peak = 0

        while client.transport.get_write_buffer_size():
            peak = max(peak, peer.link.buffered())
            await asyncio.sleep(0)
        client.transport.resume_reading()
        answers = [await client.next()]
        while answers[-1] and int(bytes(answers[-1].data)) < len(pings) - 1:
            answers.append(await client.next())

        assert peak < 128 * 1024
        assert len(answers) < len(pings)
        assert all(answer and answer.opcode is Opcode.PONG for answer in answers)


# A client that floods.


async def test_a_peer_that_pauses_gets_one_message_of_many_in_a_read() -> None:
    async with tight(OneAtATime) as at, talking(at.port) as client:
        peer = await at.peer()
        client.send(*[frame(TEXT, f"{number}".encode()) for number in range(3)])
        heard = []

        for number in range(3):
            await until(lambda number=number: len(peer.heard) > number)  # type: ignore[misc]
            heard.append(list(peer.heard))
            peer.link.resume_reading()

        assert heard == [[b"0"], [b"0", b"1"], [b"0", b"1", b"2"]]


async def test_while_a_peer_has_paused_nothing_is_read_and_at_most_one_read_is_held() -> None:
    async with tight(OneAtATime) as at, talking(at.port, buffer=SMALL) as client:
        peer = cast("OneAtATime", await at.peer())
        sent = numbered(1_000)
        client.send(*(frame(TEXT, message) for message in sent))
        await until(lambda: bool(peer.heard))
        at.shell.makes = EchoPeer

        async with talking(at.port) as neighbour:
            await a_moment_has_passed(neighbour)
        reader = cast("Edge", peer.link)._reader
        heard, waiting = list(peer.heard), client.transport.get_write_buffer_size()
        peer.stops = False
        peer.link.resume_reading()
        await until(lambda: len(peer.heard) == len(sent))

        assert heard == sent[:1]
        assert waiting > 0
        assert reader is not None
        assert peer.heard == sent


async def test_a_pause_inside_a_fragmented_message_loses_nothing() -> None:
    async with tight(OneAtATime) as at, talking(at.port) as client:
        peer = cast("OneAtATime", await at.peer())
        client.send(frame(TEXT, b"one"), frame(TEXT, b"tw", final=False), frame(0, b"o")[:3])
        await until(lambda: bool(peer.heard))

        peer.stops = False
        peer.link.resume_reading()
        client.send(frame(0, b"o")[3:], frame(TEXT, b"three"))
        await until(lambda: len(peer.heard) == 3)

        assert peer.heard == [b"one", b"two", b"three"]


async def test_a_goodbye_reaches_a_client_whose_peer_had_paused() -> None:
    async with tight(OneAtATime) as at, talking(at.port) as client:
        peer = await at.peer()
        client.send(*[frame(TEXT, b"again")] * 50)
        await until(lambda: bool(peer.heard))

        peer.link.close(3000, "enough")

        assert await client.goodbye() == 3000
        await peer.ended.wait()
        assert peer.heard == [b"again"]


async def test_a_flood_leaves_the_others_their_turn() -> None:
    async with house(EchoShell(makes=Silent), LIMITS) as at, talking(at.port) as flooding:
        flooder = await at.peer()
        at.shell.makes = EchoPeer
        async with talking(at.port) as patient:
            flood = frame(TEXT, b"") * 40_000
            flooding.send(flood)
            await until(lambda: bool(flooder.heard))

            patient.say("and me?")
            await patient.heard()
            before = len(flooder.heard)
            await until(lambda: len(flooder.heard) == 40_000)

            assert before < 20_000


# Over TLS, where half a connection cannot be closed.


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


async def test_over_tls_everything_is_the_same(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=str(cert))
    async with house(limits=LIMITS, ssl_certfile=str(cert), ssl_keyfile=str(key)) as at:
        port = at.port
        async with connected(port, tls=trust) as client:
            ours = {"Origin": f"https://127.0.0.1:{port}"}
            status, _ = await client.ask(request(port, ours))
            client.say("à l'aide")
            answer = await client.heard()
            client.send(frame(TEXT, b"x" * 1001))
            code = await client.goodbye()
            await (await at.peer()).ended.wait()
        async with connected(port, tls=trust) as client:
            foreign, _ = await client.ask(request(port, {"Origin": f"http://127.0.0.1:{port}"}))

    assert (status, answer, code, foreign) == (101, "à l'aide", 1009, 403)
    assert at.shell.peers[0].endings == 1
