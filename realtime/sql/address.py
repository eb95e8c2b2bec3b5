"""The address of a PostgreSQL server, read once: where it is, and whether the line is encrypted."""

import ssl
from ipaddress import ip_address

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

#: What may follow the ``?``.
OPTIONS = frozenset({"host", "port", "sslmode", "sslrootcert"})
MODES = ("disable", "require", "verify-ca", "verify-full")


def parsed(url: str) -> tuple[URL, ssl.SSLContext | bool]:
    """The address as the driver wants it, and its TLS; reads the certificates.

    Without ``sslmode`` the line is encrypted unless it stays on this machine. No error repeats the
    URL, in which there may be a password.
    """
    try:
        address = make_url(url).set(drivername="postgresql+asyncpg")
    except (ArgumentError, ValueError):
        raise ValueError("the address of the database cannot be read") from None
    if unknown := sorted(set(address.query) - OPTIONS):
        raise ValueError(f"the address of the database has unknown options: {', '.join(unknown)}")
    host = address.host or _only(address, "host")
    mode = _only(address, "sslmode") or ("disable" if _is_here(host) else "require")
    if mode not in MODES:
        raise ValueError(f"sslmode of the database must be one of {', '.join(MODES)}")
    tls = _context(mode, _only(address, "sslrootcert"))
    return address.difference_update_query(["sslmode", "sslrootcert"]), tls


def _only(address: URL, option: str) -> str:
    value = address.query.get(option, "")
    return value if isinstance(value, str) else value[-1]


def _is_here(host: str) -> bool:
    """Whether the line does not leave this machine."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _context(mode: str, authorities: str) -> ssl.SSLContext | bool:
    if mode == "disable":
        return False
    made = ssl.create_default_context(cafile=authorities or None)
    made.check_hostname = mode == "verify-full"
    if mode == "require":
        made.verify_mode = ssl.CERT_NONE
    return made
