"""Where our passkeys work: the name they are bound to, and the pages that may ask for one. Pure.

A browser binds a passkey to a name, never to an address of numbers: in development that name is
``localhost``, and a page opened as ``http://127.0.0.1`` cannot use one.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Relying:
    """``name`` is what the browser calls the relying party's id; empty: no passkey can be used."""

    name: str
    origins: frozenset[str]
    #: Any port of this machine, in development.
    loopback: bool

    @classmethod
    def of(cls, listed: Sequence[str], *, loopback: bool) -> "Relying":
        """The first of our origins that has a name gives it; they are in the order of settings.

        >>> Relying.of(["https://entraide.example"], loopback=False).name
        'entraide.example'
        >>> Relying.of([], loopback=True).name, Relying.of(["https://[::1]"], loopback=False).name
        ('localhost', '')
        """
        named = [host for host in map(_host, listed) if _is_name(host)]
        name = named[0] if named else (LOCAL if loopback else "")
        ours = frozenset(it for it in listed if _is_under(_host(it), name))
        return cls(name, ours, loopback and name == LOCAL)

    def admits(self, origin: str) -> bool:
        """Whether a page of this origin may have asked.

        >>> Relying.of([], loopback=True).admits("http://localhost:8000")
        True
        >>> Relying.of([], loopback=True).admits("http://localhost.evil.example")
        False
        """
        if origin in self.origins:
            return True
        return self.loopback and _host(origin) == LOCAL and origin.startswith("http://")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False


def _is_under(host: str, name: str) -> bool:
    return bool(name) and (host == name or host.endswith(f".{name}"))
