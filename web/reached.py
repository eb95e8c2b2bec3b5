"""How the database and the broker are reached: addresses that say nothing, and lines that leak.

What passes on these lines is who asks for help and where. Within one machine or one private network
that is its operator's affair; beyond, it is encrypted and the other side asks who we are.
"""

import ipaddress
from urllib.parse import SplitResult, parse_qs, urlsplit

from realtime.adapters.redis.address import SCHEMES, Address

#: What PostgreSQL calls a line that is encrypted or not made at all.
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
#: One machine, and the networks that nobody else is in (RFC 1918, 4193, 6598, link-local).
NEAR = tuple(
    map(
        ipaddress.ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
            *("169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)


def database_problems(url: str, name: str, *, production: bool) -> list[str]:
    """Everything wrong with ``sqlite:///file`` or ``postgresql://…``; ``name`` is the setting's."""
    parts = _split(url)
    if parts is None or parts.scheme not in {"sqlite", "postgresql"}:
        return [f"{name} must be sqlite:///file or postgresql://…"]
    if parts.scheme == "sqlite":
        if url.partition("://")[2].removeprefix("/") in {"", ".", ":memory:"}:
            return [f"{name} must name a file: what is in memory is lost"]
        # SQLite reads options there: some of them make a memory of what looks like a file.
        return [f"{name}: nothing may follow the file's name"] if "?" in url else []
    asked = parse_qs(parts.query)
    # The driver takes several, in one word or in many: each of them must be near.
    hosts = ",".join(asked.get("host", [parts.hostname or ""])).split(",")
    if not parts.path.strip("/"):
        return [f"{name} must name the database after the host"]
    if not production or all(is_near(it) for it in hosts):
        return []
    found = []
    if asked.get("sslmode", [""])[-1] not in ENCRYPTED:
        found.append(f"{name}: beyond a private network, ?sslmode=verify-full encrypts the line")
    if not parts.password:
        found.append(f"{name}: beyond a private network, PostgreSQL must ask for a password")
    return found


def broker_problems(url: str, name: str, *, production: bool) -> list[str]:
    """Everything wrong with ``memory://`` or an address of Redis."""
    scheme = url.partition("://")[0]
    if scheme == "memory":
        return []
    if scheme not in SCHEMES:
        return [f"{name} must be memory:// or redis://…"]
    try:
        address = Address.read(url)
    except ValueError as error:
        return [f"{name}: {error}"]
    if not production or all(is_near(it.host) for it in address.servers):
        return []
    found = []
    if not address.tls:
        found.append(f"{name}: beyond a private network, rediss:// encrypts the line")
    if not address.password.reveal():
        found.append(f"{name}: beyond a private network, Redis must ask for a password")
    return found


def is_near(host: str) -> bool:
    """Whether it is on this machine or in a private network, as far as its name tells.

    A name without a dot is one of a private network's own: a container's, a neighbour's.

    >>> [is_near(it) for it in ("", "/run/postgresql", "localhost", "db", "10.1.2.3", "::1")]
    [True, True, True, True, True, True]
    >>> [is_near(it) for it in ("db.example.org", "203.0.113.9", "8.8.8.8")]
    [False, False, False]
    """
    if not host or host.startswith("/"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".internal", ".local", ".localhost"))
    return any(address in network for network in NEAR)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
