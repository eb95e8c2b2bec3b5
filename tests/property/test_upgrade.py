"""A plain request is answered as ``websockets`` answers it, to the byte; or it is not ours.

As it comes, and as uvicorn would have read it and written it again.
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable
from typing import ClassVar, cast

from hypothesis import event, example, given
from hypothesis import strategies as st
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from realtime.handshake import Refusal, judge_request
from realtime.upgrade import Upgrade, plain_upgrade
from tests.support.echo import no_pages

PATH = "/connection/websocket"
DATE = re.compile(rb"Date: [^\r]*\r\n")
NAMES = [
    "Host",
    "host",
    "upgrade",
    "connection",
    "sec-websocket-key",
    "sec-websocket-version",
    "origin",
    "x-forwarded-for",
    "x-forwarded-proto",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
    "content-length",
    "transfer-encoding",
    "cookie",
    "user-agent",
    "expect",
    "te",
    "accept",
]
WORDS = (
    *("websocket", "WebSocket", "h2c", "Upgrade", "upgrade", "keep-alive, Upgrade", "close"),
    *("13", "8", "0", "7", "chunked", "https://a.example", "a.example:8000", "192.0.2.1", "https"),
    *(
        "",
        " ",
        "x y",
        "\t",
        "a,b",
        "é",
        "permessage-deflate; client_max_window_bits",
        "100-continue",
    ),
    *("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR==", "AAAA", "=" * 24, "A" * 24),
)

keys = st.binary(min_size=15, max_size=17).map(lambda it: b64encode(it).decode())
words = st.one_of(st.sampled_from(WORDS), keys, st.text("aé\x00\x7f \t,:=", max_size=6))
plain = st.fixed_dictionaries(
    {
        "host": st.sampled_from(["a.example", "127.0.0.1:8000", "[::1]:8000"]),
        "upgrade": st.sampled_from(["websocket", "WebSocket"]),
        "connection": st.sampled_from(["Upgrade", "upgrade", "keep-alive, Upgrade"]),
        "sec-websocket-key": st.binary(min_size=16, max_size=16).map(
            lambda it: b64encode(it).decode()
        ),
        "sec-websocket-version": st.just("13"),
    },
    optional={
        "origin": st.sampled_from(["https://a.example", "null"]),
        "x-forwarded-for": st.just("192.0.2.1"),
        "user-agent": st.just("a phone"),
        "sec-websocket-extensions": st.just("permessage-deflate; client_max_window_bits"),
    },
)


def head(headers: list[tuple[str, str]], request: str = f"GET {PATH} HTTP/1.1") -> bytes:
    lines = [request, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


class Again(asyncio.Protocol):
    """What uvicorn hands an upgrade to: it keeps the head that it is given."""

    heads: ClassVar[list[bytes]] = []

    def __init__(self, config: Config, server_state: ServerState, app_state: object) -> None: ...

    def data_received(self, data: bytes) -> None:
        self.heads.append(data)


class Nowhere(asyncio.Transport):
    """A connection of nobody."""

    def write(self, data: object) -> None: ...
    def close(self) -> None: ...
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None: ...
    def pause_reading(self) -> None: ...


CONFIG = Config(no_pages, ws=Again, log_config=None)
#: Nothing is done later: it is never asked.
LOOP = cast("asyncio.AbstractEventLoop", object())


def by_way_of_uvicorn(said: bytes) -> list[bytes]:
    """The heads it makes of what was said."""
    Again.heads.clear()
    protocol = HttpToolsProtocol(CONFIG, ServerState(), {}, LOOP)
    protocol.connection_made(Nowhere())
    protocol.data_received(said)
    return list(Again.heads)


def compare(said: bytes) -> None:
    ours, theirs = plain_upgrade(said, PATH), judge_request(said, path=PATH)

    event("ours" if ours else "not ours")
    if ours is not None:
        assert isinstance(theirs, Upgrade), said
        assert ours.response == DATE.sub(b"", theirs.response)
        assert (ours.origin, ours.host) == (theirs.origin, theirs.host)
        assert ours.forwarded == theirs.forwarded
        (again,) = by_way_of_uvicorn(said)
        assert plain_upgrade(again, PATH) == ours


@given(plain, st.randoms(), st.sampled_from([str.lower, str.upper, str.title]))
def test_every_plain_request_is_ours(
    headers: dict[str, str], dice: "object", written: Callable[[str], str]
) -> None:
    lines = [(written(name), value) for name, value in headers.items()]
    dice.shuffle(lines)  # type: ignore[attr-defined]  # hypothesis' Random

    assert plain_upgrade(head(lines), PATH) is not None
    compare(head(lines))


@given(
    plain,
    st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=4),
    st.lists(st.sampled_from(NAMES), max_size=2),
    st.booleans(),
)
def test_headers_changed_added_repeated_or_missing(
    headers: dict[str, str], others: list[tuple[str, str]], gone: list[str], repeat: bool
) -> None:
    lines = [*headers.items(), *others] if repeat else list((headers | dict(others)).items())
    compare(head([it for it in lines if it[0] not in gone]))


@given(plain, st.data())
def test_bytes_changed_added_or_missing(headers: dict[str, str], data: st.DataObject) -> None:
    said = head(list(headers.items()))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(said)))
        put = data.draw(
            st.sampled_from([b"", b" ", b"\r", b"\n", b"\r\n", b":", b"A", b"\xe9", b"\0"])
        )
        said = said[:at] + put + said[at + data.draw(st.integers(0, 2)) :]
    compare(said)


@given(st.binary(max_size=300))
@example(b"\r\n\r\n")
def test_anything_at_all(said: bytes) -> None:
    compare(said)


@given(
    plain,
    st.sampled_from(
        [
            "GET /elsewhere HTTP/1.1",
            f"GET {PATH} HTTP/1.0",
            f"POST {PATH} HTTP/1.1",
            f"GET {PATH}?a=b HTTP/1.1",
            f"GET  {PATH} HTTP/1.1",
            f"GET {PATH}  HTTP/1.1",
            "GET  HTTP/1.1",
        ]
    ),
)
def test_another_request(headers: dict[str, str], request: str) -> None:
    said = head(list(headers.items()), request)

    assert plain_upgrade(said, PATH) is None
    assert isinstance(judge_request(said, path=PATH), Refusal | Upgrade)
