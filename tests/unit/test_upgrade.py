"""What a plain request for an upgrade is, and what is left to ``websockets``."""

import pytest

from realtime.upgrade import LONGEST_HEAD, MOST_HEADERS, plain_upgrade
from tests.support.raw_client import KEY

PATH = "/connection/websocket"
PLAIN = {
    "host": "a.example",
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec-websocket-key": KEY,
    "sec-websocket-version": "13",
}


def head(
    changed: dict[str, str | None] | None = None, first: str = f"GET {PATH} HTTP/1.1"
) -> bytes:
    said = PLAIN | (changed or {})
    lines = (f"{name}: {value}" for name, value in said.items() if value is not None)
    return "\r\n".join((first, *lines, "", "")).encode("latin-1")


def test_the_key_of_the_rfc_is_answered_with_its_accept() -> None:
    answer = plain_upgrade(head(), PATH)

    assert answer is not None
    assert answer.response == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    )
    assert (answer.origin, answer.host, answer.forwarded) == (None, "a.example", ())


def test_what_decides_is_read_from_the_request() -> None:
    said: dict[str, str | None] = {
        "x-forwarded-for": "192.0.2.1",
        "origin": "https://a.example",
        "cookie": "x-forwarded-host: b",
        "x-forwarded-proto": "https",
        "connection": "keep-alive, Upgrade",
        "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
    }

    answer = plain_upgrade(head(said), PATH)

    assert answer is not None
    assert answer.origin == "https://a.example"
    assert answer.forwarded == (
        (b"x-forwarded-for", b"192.0.2.1"),
        (b"x-forwarded-proto", b"https"),
    )


@pytest.mark.parametrize(
    "changed",
    [
        *({name: None} for name in PLAIN),
        {"upgrade": "h2c"},
        {"connection": "close"},
        {"connection": "Upgrade, close"},
        {"sec-websocket-version": "8"},
        {"sec-websocket-key": KEY + "="},
        {"sec-websocket-key": KEY[:-3] + "R=="},
        {"sec-websocket-protocol": "centrifuge-protobuf"},
        {"content-length": "0"},
        {"transfer-encoding": "chunked"},
        {"x-empty": ""},
        {"x-trailing": "a "},
        {"x-foreign": "é"},
        {"Host": "b.example"},
        {f"x-{number}": "y" for number in range(MOST_HEADERS)},
        {"cookie": "x" * LONGEST_HEAD},
    ],
)
def test_anything_else_is_not_ours(changed: dict[str, str | None]) -> None:
    assert plain_upgrade(head(changed), PATH) is None


@pytest.mark.parametrize(
    "said",
    [
        head()[:-2],
        head() + b"\x81\x80",
        head()[:-2] + b"host: b.example\r\n\r\n",
        head(first=f"POST {PATH} HTTP/1.1"),
        head(first=f"GET {PATH}?a=b HTTP/1.1"),
        head(first="GET /elsewhere HTTP/1.1"),
        head().replace(b": ", b":"),
        head().replace(b"\r\n", b"\n"),
        b"",
    ],
)
def test_a_head_in_another_form_is_not_ours(said: bytes) -> None:
    assert plain_upgrade(said, PATH) is None
