"""The Redis that one address stands for: a client for commands, connections for who holds a line.

Whatever does not answer is given up within two seconds (``Unavailable``): all that is kept here can
be done without, and a phone is waiting.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis, Sentinel, SSLConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.credentials import CredentialProvider
from redis.exceptions import ConnectionError as LineLost
from redis.exceptions import RedisClusterException, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from realtime.adapters.redis.address import Address, Kind, Server
from realtime.adapters.redis.cluster import Cluster
from realtime.kernel.errors import Unavailable
from realtime.kernel.secret import Secret

#: To open a connection, and to have an answer on it.
CONNECT_S = 1.0
ANSWER_S = 1.0
#: For a whole question, with its second attempt. Beyond it: ``Unavailable``.
ENOUGH_S = 2.0
#: Connections for commands, per node and server; further questions wait for one, ENOUGH_S at most.
MOST_CONNECTIONS = 32

#: What the driver raises when a server is away or refuses: not all of it is a RedisError.
#: uvloop says RuntimeError to who writes on a line that has just been closed.
AWAY = (RedisError, RedisClusterException, OSError, TimeoutError, RuntimeError)

Commands = Redis | RedisCluster


class _Credentials(CredentialProvider):
    """Gives the password when a connection is opened, and shows it to nobody else."""

    def __init__(self, user: str, password: Secret) -> None:
        self._user = user
        self._password = password

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        password = self._password.reveal()
        return (self._user, password) if self._user else (password,)

    async def get_credentials_async(self) -> tuple[str] | tuple[str, str]:
        return self.get_credentials()


class RedisServers:
    """Made by ``open``; what it holds is shared by every port that Redis keeps."""

    def __init__(self, address: Address, prefix: str) -> None:
        if not prefix or set(prefix) & set("{}*?[]: "):
            raise ValueError("a prefix of names in Redis is one plain word")
        self.address = address
        self.prefix = prefix
        self.sentinels: list[Redis] = []
        self.commands: Commands = self._client()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, prefix: str = "entraide") -> AsyncGenerator["RedisServers"]:
        """Nothing is asked of a server yet: it may be away, and come back.

        Everything is named ``prefix:…``, so that several installations can share a server. Raises
        ``ValueError`` for an address that cannot be read.
        """
        servers = cls(Address.read(url), prefix)
        try:
            yield servers
        finally:
            for client in (servers.commands, *servers.sentinels):
                await client.aclose()

    @property
    def kind(self) -> Kind:
        return self.address.kind

    def key(self, *parts: str) -> str:
        """The name of something in Redis.

        >>> RedisServers(Address.read("redis://127.0.0.1"), "entraide").key("ticket", "x")
        'entraide:ticket:x'
        """
        return ":".join((self.prefix, *parts))

    @asynccontextmanager
    async def asking(self) -> AsyncGenerator[None]:
        """A question to Redis: ``Unavailable`` unless it is over within two seconds."""
        with unavailable():
            async with asyncio.timeout(ENOUGH_S):
                yield

    async def line(self, server: Server) -> Connection:
        """An open connection of one's own; raises one of ``AWAY`` when there is none in a second.

        It speaks the older protocol: in the newer one, redis-py shows each message to a debug log
        before us. Reading has no time-out: whoever holds a line knows how long silence may last.
        """
        options = self._options() | {"protocol": 2, "socket_timeout": None, "db": 0}
        kind = options.pop("connection_class")
        connection: Connection = kind(host=server.host, port=server.port, **options)
        try:
            async with asyncio.timeout(CONNECT_S):
                await connection.connect()  # type: ignore[no-untyped-call]
                if self.kind is Kind.SENTINEL:
                    await _must_lead(connection)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        return connection

    def lone(self, server: Server) -> Redis:
        """A client for one server only."""
        pool = BlockingConnectionPool(
            host=server.host,
            port=server.port,
            max_connections=1,
            timeout=ENOUGH_S,
            **self._options(),
        )
        return Redis.from_pool(pool)

    def _client(self) -> Commands:
        match self.kind:
            case Kind.CLUSTER:
                return self._cluster()
            case Kind.SENTINEL:
                return self._by_sentinels()
            case Kind.SINGLE:
                pool = BlockingConnectionPool(
                    host=self.address.servers[0].host,
                    port=self.address.servers[0].port,
                    max_connections=MOST_CONNECTIONS,
                    timeout=ENOUGH_S,
                    **self._options(),
                )
                return Redis.from_pool(pool)

    def _by_sentinels(self) -> Redis:
        options = self._options()
        kind = options.pop("connection_class")
        options.pop("db")
        # As they are named: a Sentinel speaks the same protocol and has a password of its own.
        own = options | {"credential_provider": _login("", self.address.sentinel_password)}
        watch = Sentinel([], **options)  # type: ignore[no-untyped-call]
        watch.sentinels = [
            Redis.from_pool(
                BlockingConnectionPool(
                    host=each.host,
                    port=each.port,
                    connection_class=kind,
                    max_connections=4,
                    timeout=ENOUGH_S,
                    **own,
                )
            )
            for each in self.address.servers
        ]
        self.sentinels = list(watch.sentinels)
        primary: Redis = watch.master_for(
            self.address.name,
            connection_pool_class=SentinelConnectionPool,
            ssl=self.address.tls,
            max_connections=MOST_CONNECTIONS * 4,
        )
        return primary

    def _cluster(self) -> RedisCluster:
        options = self._options()
        options["ssl"] = issubclass(options.pop("connection_class"), SSLConnection)
        options.pop("db")
        return Cluster(
            startup_nodes=[ClusterNode(each.host, each.port) for each in self.address.servers],
            max_connections=MOST_CONNECTIONS * 4,
            # What a name's slot says is answered by that one server: the others may go on.
            require_full_coverage=False,
            # The addresses given stay: the nodes found may all be replaced one day.
            dynamic_startup_nodes=False,
            reinitialize_steps=1,
            **options,
        )

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "connection_class": SSLConnection if self.address.tls else Connection,
            "credential_provider": _login(self.address.user, self.address.password),
            "db": self.address.number,
            "socket_connect_timeout": CONNECT_S,
            "socket_timeout": ANSWER_S,
            # A kept connection may have been closed by a server that restarted: once more, at once.
            # Not after a time-out: a server that is slow is not helped by being asked again.
            "retry": Retry(NoBackoff(), 1, supported_errors=(LineLost,)),
            "maint_notifications_config": MaintNotificationsConfig(enabled=False),
            "driver_info": None,
        }
        if self.address.tls and self.address.ca:
            options["ssl_ca_certs"] = self.address.ca
        return options


@contextmanager
def unavailable() -> Generator[None]:
    """Raise ``Unavailable`` for whatever a driver, a socket or a clock says when Redis is away.

    Without its cause: the driver's text may name more than a log should hold.
    """
    try:
        yield
    except AWAY:
        raise Unavailable from None


async def _must_lead(connection: Connection) -> None:
    """Refuse a server that follows another: what is said there is heard by nobody else."""
    await connection.send_command("ROLE")
    role = await connection.read_response(disable_decoding=True)
    if role[0] != b"master":
        raise LineLost("this server follows another")


def _login(user: str, password: Secret) -> CredentialProvider | None:
    return _Credentials(user, password) if password else None
