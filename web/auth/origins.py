"""Which pages and which host names are ours. Pure.

A cookie travels with any request a browser makes, whoever wrote the page that made it; so a call
that relies on one must say that it comes from our own page (Sec-Fetch-Site, or Origin).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from realtime.handshake import same_origin

_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?\Z")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


@dataclass(frozen=True, slots=True)
class Origins:
    """Our pages' origins: ``https://entraide.example``, or loopback on any port in development."""

    listed: frozenset[str]
    loopback: bool

    @classmethod
    def of(cls, listed: Iterable[str], *, loopback: bool) -> "Origins":
        return cls(frozenset(origin.rstrip("/") for origin in listed), loopback)

    def is_host(self, host: str) -> bool:
        """Whether a request addressed to this Host may be answered.

        Else a foreign name that was pointed at us (DNS rebinding) would make its pages
        same-origin with ours.

        >>> ours = Origins.of(["https://entraide.example"], loopback=False)
        >>> ours.is_host("entraide.example"), ours.is_host("entraide.example.evil.net")
        (True, False)
        """
        if self.loopback and bare(host) in LOOPBACK:
            return True
        return any(urlsplit(origin).netloc == host.lower() for origin in self.listed)

    def admits(self, origin: str | None, host: str, *, secure: bool) -> bool:
        """Whether a socket may be opened. A program sends no Origin; a browser always does."""
        return self.is_host(host) and same_origin(origin, host, secure=secure)

    def sockets(self) -> tuple[str, ...]:
        """The same origins for WebSockets: older browsers do not read them into 'self'."""
        return tuple(sorted(origin.replace("http", "ws", 1) for origin in self.listed))


def from_our_page(headers: Mapping[str, str], *, host: str, secure: bool) -> bool:
    """Whether a browser says that our own page made this call. Silence is a no.

    ``host`` is one of our names already.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin == "null" and site is not None:
        # A beacon from a page that sends no referrer, as ours: Fetch then says null for its origin.
        return True
    if origin is not None:
        return same_origin(origin, host, secure=secure)
    return site is not None


def from_foreign_page(headers: Mapping[str, str], *, host: str, secure: bool) -> bool:
    """Whether a browser says that somebody else's page made this call. Silence is a no.

    >>> from_foreign_page({"origin": "https://evil.example"}, host="localhost", secure=False)
    True
    >>> from_foreign_page({}, host="localhost", secure=False)
    False
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        # "none" is she herself: an address she typed.
        return site not in {"same-origin", "none"}
    return not same_origin(headers.get("origin"), host, secure=secure)


def bare(host: str) -> str:
    """A Host without its port; nothing when it is not one.

    >>> bare("127.0.0.1:8000"), bare("[::1]:80"), bare("localhost"), bare("a@b:80"), bare("a:b")
    ('127.0.0.1', '[::1]', 'localhost', '', '')
    """
    match = _HOST.match(host.lower())
    return match[1] if match else ""
