"""A plain request for an upgrade, as SDKs and browsers make it, answered at once. Pure.

Only what is understood to the last byte is answered here: the form in which they write a head (and
uvicorn writes it again), our path, each header once, a key as the RFC makes it. Anything else is
"not mine", and the libraries' to judge (``handshake.py``): all answer alike (tests/property).
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha1

#: Longer heads are not plain: the library has its own bounds and its own answers for them.
LONGEST_HEAD, MOST_HEADERS = 4096, 64
#: RFC 6455, section 1.3.
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HEAD = re.compile(
    rb"GET ([\x21-\x7e]+) HTTP/1\.1\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?\r\n)+)\r\n"
)
#: One header of such a head.
_HEADER = re.compile(rb"([^:]+): ([^\r]+)\r\n")
#: Sixteen bytes in base64, without a bit too many.
_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==")
_CONNECTIONS = frozenset({b"upgrade", b"keep-alive, upgrade"})
#: A body, or a choice between subprotocols: not plain.
_NOT_PLAIN = frozenset({b"content-length", b"transfer-encoding", b"sec-websocket-protocol"})


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A request that may become a WebSocket, if its origin and the house's capacity allow."""

    origin: str | None
    host: str
    #: ``x-forwarded-*`` as ASGI writes them, for the proxy rules.
    forwarded: tuple[tuple[bytes, bytes], ...]
    #: The whole 101 response.
    response: bytes


def plain_upgrade(head: bytes, path: str) -> Upgrade | None:
    """Answer a plain request; ``None`` says nothing about it but that it is not one.

    Without a ``Date``, which a 101 need not have (RFC 9110, section 6.6.1).
    """
    plain = _HEAD.fullmatch(head) if len(head) <= LONGEST_HEAD else None
    if plain is None:
        return None
    headers = _HEADER.findall(plain[2])
    said = {name.lower(): value for name, value in headers}
    if not len(said) == len(headers) <= MOST_HEADERS or not _NOT_PLAIN.isdisjoint(said):
        return None
    key, host, origin = (said.get(it, b"") for it in (b"sec-websocket-key", b"host", b"origin"))
    if (
        plain[1] != path.encode()
        or said.get(b"sec-websocket-version") != b"13"
        or said.get(b"upgrade", b"").lower() != b"websocket"
        or said.get(b"connection", b"").lower() not in _CONNECTIONS
        or not _KEY.fullmatch(key)
        or not host
    ):
        return None
    accept = b64encode(sha1(key + _GUID, usedforsecurity=False).digest())
    return Upgrade(
        origin.decode() if origin else None,
        host.decode(),
        tuple([it for it in said.items() if it[0].startswith(b"x-forwarded-")]),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept,
    )
