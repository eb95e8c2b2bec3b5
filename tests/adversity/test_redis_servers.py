"""Lines to Redis: over TLS, with passwords that nobody else sees, and given up soon when cut."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.asyncio import SSLConnection
from redis.asyncio.cluster import RedisCluster

from realtime.adapters.redis import servers as opening
from realtime.adapters.redis.address import Server
from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.describing import describe
from realtime.adapters.redis.servers import AWAY, RedisServers
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, random_id
from tests.support.broker_ears import Ear
from tests.support.faults.link import bad_link
from tests.support.ports import unused_port
from tests.support.redis_deployments import ClusterDeployment, SentinelDeployment
from tests.support.redis_servers import RedisServer, redis_alone

ROOM = Channel("room:1")
PASSWORD = "open-sesame-42"


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """The loop that serves; the other is in the conformance tests."""
    return "asyncio", {"use_uvloop": True}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server that speaks TLS, and whom to believe."""
    cert, key = certificate(tmp_path_factory.mktemp("tls"))
    port = str(unused_port())
    options = ("--tls-port", port, "--tls-cert-file", str(cert), "--tls-key-file", str(key),
               "--tls-ca-cert-file", str(cert), "--tls-auth-clients", "no")  # fmt: skip
    with redis_alone(*options, password=PASSWORD):
        yield f"rediss://:{PASSWORD}@127.0.0.1:{port}", cert


async def test_over_tls(tls: tuple[str, Path]) -> None:
    url, cert = tls
    async with RedisServers.open(f"{url}?ca={cert}") as servers:
        async with servers.asking():
            await servers.commands.set(servers.key("word"), "kept")
        async with RedisBroker(servers) as broker:
            ear = Ear(broker)
            await broker.subscribe(ROOM)
            await ear.say(ROOM, b"sealed twice")

            assert (await ear.next()).body == b"sealed twice"


async def test_a_server_that_nobody_vouches_for_is_refused(tls: tuple[str, Path]) -> None:
    url, _ = tls
    async with RedisServers.open(url) as servers:
        with pytest.raises(Unavailable):
            async with servers.asking():
                await servers.commands.ping()


async def test_a_wrong_password_is_unavailable_and_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logged: list[object] = []
    structlog.configure(processors=[lambda *it: logged.append(it) or str(it[2])])  # type: ignore[func-returns-value]
    with redis_alone(password=PASSWORD) as server:
        url = f"redis://:hush@127.0.0.1:{server.port}"
        async with RedisServers.open(url) as servers, RedisBroker(servers) as broker:
            assert broker.away
            with pytest.raises(Unavailable) as refused:
                async with servers.asking():
                    await servers.commands.ping()
            with pytest.raises(Unavailable):
                await Ear(broker).say(ROOM, b"")

            seen = [repr(servers), repr(servers.commands), repr(refused.value.__cause__), logged]
    assert logged
    assert "hush" not in repr(seen) + "".join(capsys.readouterr())


async def test_an_operator_is_told_what_the_servers_are(
    redis_server: RedisServer,
    valkey_server: RedisServer,
    redis_sentinel: SentinelDeployment,
    redis_cluster: ClusterDeployment,
) -> None:
    told = {}
    for deployment in (redis_server, valkey_server, redis_sentinel, redis_cluster):
        async with RedisServers.open(deployment.url) as servers:
            told[servers.kind, servers.address.servers[0].port] = await describe(servers)

    alone, other, watched, cluster = told.values()
    assert alone[0].server == Server("127.0.0.1", redis_server.port)
    assert alone[0].version.startswith("redis ")
    assert other[0].version.startswith("valkey ")
    assert watched[0].server.port == redis_sentinel.primary.port
    assert {it.server.port for it in cluster} == {it.port for it in redis_cluster.servers}
    assert {(it.eviction, it.keeps) for each in told.values() for it in each} == {
        ("noeviction", False)
    }


async def test_a_server_that_keeps_things_on_disk_or_forgets_them_is_told() -> None:
    options = ("--save", "60 1", "--maxmemory-policy", "allkeys-lru")
    with redis_alone(*options) as server:
        servers = RedisServers.open(server.url)
        async with servers as opened:
            [found] = await describe(opened)

    assert (found.eviction, found.keeps) == ("allkeys-lru", True)


@pytest.mark.parametrize("scheme", ["redis", "redis+cluster", "redis+sentinel"])
async def test_nobody_there_is_unavailable(scheme: str) -> None:
    name = "/main" if scheme.endswith("sentinel") else ""
    url = f"{scheme}://127.0.0.1:{unused_port()}{name}"
    async with RedisServers.open(url) as servers, asyncio.timeout(30):
        with pytest.raises(Unavailable):
            async with servers.asking():
                await servers.commands.get("key")
        with pytest.raises(Unavailable):
            await describe(servers)


async def test_a_server_that_says_nothing_is_unavailable(redis_server: RedisServer) -> None:
    async with (
        bad_link(redis_server.port) as link,
        RedisServers.open(f"redis://127.0.0.1:{link.port}") as servers,
        asyncio.timeout(30),
    ):
        await link.black_hole()
        with pytest.raises(Unavailable):
            async with servers.asking():
                await servers.commands.get("key")


async def test_a_question_that_takes_too_long_is_given_up(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ENOUGH_S", 0.01)
    async with RedisServers.open(redis_server.url) as servers, asyncio.timeout(30):
        with pytest.raises(Unavailable):
            async with servers.asking():
                await asyncio.Event().wait()


async def test_no_line_is_held_to_a_server_that_follows_another(
    redis_sentinel: SentinelDeployment,
) -> None:
    primary = redis_sentinel.primary
    async with RedisServers.open(redis_sentinel.url) as servers:
        for server in redis_sentinel.servers:
            opened = servers.line(Server("127.0.0.1", server.port))
            if server is primary:
                await (await opened).disconnect()
            else:
                with pytest.raises(AWAY):
                    await opened


async def test_a_connection_that_the_server_closed_is_opened_again(
    redis_server: RedisServer,
) -> None:
    async with RedisServers.open(redis_server.url, random_id()) as servers:
        async with servers.asking():
            await servers.commands.set(servers.key("word"), "kept")
        redis_server.kill_clients("normal")

        async with servers.asking():
            assert await servers.commands.get(servers.key("word")) == b"kept"


async def test_tls_is_for_sentinels_and_clusters_too(tls: tuple[str, Path]) -> None:
    _, cert = tls
    kinds = []
    for url in ("rediss+sentinel://127.0.0.1/main", "rediss+cluster://127.0.0.1"):
        async with RedisServers.open(f"{url}?ca={cert}") as servers:
            client = servers.commands
            if isinstance(client, RedisCluster):
                kinds.append(client.connection_kwargs["connection_class"])
                authorities = client.connection_kwargs["ssl_ca_certs"]
            else:
                kinds += [each.connection_pool.connection_class for each in servers.sentinels]
                kinds.append(client.connection_pool.connection_class)
                authorities = client.connection_pool.connection_kwargs["ssl_ca_certs"]
            assert authorities == str(cert)

    assert len(kinds) == 3
    assert all(issubclass(kind, SSLConnection) for kind in kinds)


@pytest.mark.parametrize("prefix", ["", "a:b", "{a}", "a b", "*"])
async def test_a_prefix_is_one_plain_word(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        async with RedisServers.open("redis://127.0.0.1", prefix):
            pass
