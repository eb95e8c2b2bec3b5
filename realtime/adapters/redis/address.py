"""What an address of Redis says, read once. The password goes into a ``Secret`` and nowhere else.

``redis://[user:password@]host[:port][/number]``, ``rediss://`` with TLS, and for many servers
``redis+sentinel://[user:password@]host:port,host:port/name`` and ``redis+cluster://host,host``,
with ``rediss+…`` again for TLS. After a question mark: ``ca=FILE`` (whom to believe, instead of the
system's authorities), and ``sentinel_password=`` for Sentinels that have one of their own.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from realtime.kernel.secret import Secret


class Kind(Enum):
    SINGLE = "single"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


class Server(NamedTuple):
    host: str
    port: int


_KINDS = {
    "redis": Kind.SINGLE,
    "redis+sentinel": Kind.SENTINEL,
    "redis+cluster": Kind.CLUSTER,
}
_PORTS = {Kind.SINGLE: 6379, Kind.SENTINEL: 26379, Kind.CLUSTER: 6379}
_OPTIONS = {"ca", "sentinel_password"}
#: Every scheme that is understood, for whoever chooses a backend by address.
SCHEMES = frozenset(
    scheme.replace("redis", start) for scheme in _KINDS for start in ("redis", "rediss")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    kind: Kind
    #: The server itself, the Sentinels, or some of the cluster.
    servers: tuple[Server, ...]
    #: What the Sentinels call the group; empty otherwise.
    name: str
    #: Which of the numbered databases of a single server.
    number: int
    user: str
    password: Secret
    sentinel_password: Secret
    tls: bool
    #: The file of authorities to believe; empty for the system's.
    ca: str

    @classmethod
    def read(cls, url: str) -> "Address":
        """Raise ``ValueError`` saying what is wrong, without the address: it holds a password."""
        parts = _split(url)
        kind = _KINDS[parts.scheme.replace("rediss", "redis")]
        login, _, hosts = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        options = parse_qs(parts.query, keep_blank_values=True)
        if unknown := sorted(options.keys() - _OPTIONS):
            raise ValueError(f"a Redis address knows no {', '.join(unknown)}")
        path = unquote(parts.path.strip("/"))
        return cls(
            kind=kind,
            servers=tuple(_server(each, _PORTS[kind]) for each in hosts.split(",")),
            name=_name(kind, path),
            number=_number(kind, path),
            user=unquote(user),
            password=Secret(unquote(password)),
            sentinel_password=Secret(options.get("sentinel_password", [""])[-1]),
            tls=parts.scheme.startswith("rediss"),
            ca=options.get("ca", [""])[-1],
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("this is not an address of Redis") from None
    if parts.scheme not in SCHEMES:
        raise ValueError(f"an address of Redis begins with one of {', '.join(sorted(SCHEMES))}")
    return parts


def _server(text: str, port: int) -> Server:
    """``host``, ``host:port`` or ``[v6]:port``."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port or port
    except ValueError:
        host = None
    if not host:
        raise ValueError("an address of Redis names a host and perhaps a port")
    return Server(host, port)


def _name(kind: Kind, path: str) -> str:
    if kind is not Kind.SENTINEL:
        return ""
    if not path:
        raise ValueError("an address of Sentinels ends with the name of the group they watch")
    return path


def _number(kind: Kind, path: str) -> int:
    if kind is Kind.SENTINEL or not path:
        return 0
    if kind is Kind.CLUSTER or not path.isdecimal():
        raise ValueError("only a single Redis has databases, and they are numbered")
    return int(path)
