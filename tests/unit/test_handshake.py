"""The opening handshake by hand: the example of RFC 6455, and whose page an origin is."""

import logging

import pytest

from realtime.handshake import Refusal, Upgrade, read_request, refuse, same_origin
from realtime.link import Refused
from tests.support.raw_client import request

PATH = "/connection/websocket"


def upgrade(headers: dict[str, str | None]) -> Upgrade:
    answer = read_request(request(8000, headers), path=PATH, subprotocols=("ours",))
    assert isinstance(answer, Upgrade)
    return answer


def test_the_key_of_the_rfc_is_answered_with_its_accept() -> None:
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in upgrade({}).response


def test_what_decides_is_read_from_the_request() -> None:
    said = upgrade(
        {
            "Origin": "https://a.example",
            "Host": "a.example",
            "X-Forwarded-For": "192.0.2.1",
            "x-forwarded-proto": "https",
        }
    )

    assert (said.origin, said.host) == ("https://a.example", "a.example")
    assert said.forwarded == (
        (b"x-forwarded-for", b"192.0.2.1"),
        (b"x-forwarded-proto", b"https"),
    )


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(None, False), ("other", False), ("ours", True), ("other, ours", True)],
)
def test_only_a_subprotocol_of_ours_is_chosen(offered: str | None, chosen: bool) -> None:
    response = upgrade({"Sec-WebSocket-Protocol": offered}).response

    assert (b"Sec-WebSocket-Protocol: ours" in response) is chosen
    assert b"other" not in response


def test_a_refusal_repeats_nothing_of_the_request() -> None:
    answer = read_request(request(8000, {"Sec-WebSocket-Key": "<canary>"}), path=PATH)

    assert isinstance(answer, Refusal)
    assert answer.status == 400
    assert b"canary" not in answer.response
    assert answer.response.endswith(b"\r\n\r\nBad Request.\n")


def test_cookies_are_not_logged_even_when_everything_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "websockets.server")

    read_request(request(8000, {"Cookie": "s=canary"}), path=PATH)

    assert caplog.text == ""


@pytest.mark.parametrize(
    ("status", "header"),
    [(405, b"Allow: GET"), (426, b"Upgrade: websocket"), (503, b"Retry-After: 5")],
)
def test_a_refusal_says_what_its_status_must(status: int, header: bytes) -> None:
    assert header in refuse(status).response


@pytest.mark.parametrize(
    ("origin", "host", "secure", "ours"),
    [
        ("http://a.example", "a.example", False, True),
        ("http://a.example", "a.example:80", False, True),
        ("http://a.example:80", "a.example", False, True),
        ("https://A.example", "a.EXAMPLE", True, True),
        ("https://a.example:443", "a.example", True, True),
        ("http://[::1]:8000", "[::1]:8000", False, True),
        ("http://[::1]", "[::1]", False, True),
        (None, "a.example", True, True),
        ("http://a.example:443", "a.example", True, False),
        ("https://a.example:80", "a.example", True, False),
        ("http://a.example", "a.example", True, False),
        ("https://a.example", "a.example", False, False),
        ("http://a.example:8000", "a.example:8001", False, False),
        ("http://b.a.example", "a.example", False, False),
        ("http://a.example.evil.com", "a.example", False, False),
        ("http://a.example@evil.com", "a.example", False, False),
        ("http://a.example/", "a.example", False, False),
        ("http://a.example\n", "a.example", False, False),
        ("null", "null", False, False),
        ("", "", False, False),
        ("ws://a.example", "a.example", False, False),
    ],
)
def test_a_page_is_ours_by_scheme_name_and_port(
    origin: str | None, host: str, secure: bool, ours: bool
) -> None:
    assert same_origin(origin, host, secure=secure) is ours


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (request(8000, path="/elsewhere"), 404),
        (request(8000, path="/" + "x" * 9000), 414),
        (request(8000, {"X": "x" * 9000}), 431),
        (request(8000, {f"X-{number}": "x" for number in range(200)}), 431),
        (request(8000, {"Content-Length": "7"}), 400),
        (request(8000, {"Host": None}), 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /connection/websocket HTTP/1.1\r\nHalf: a head", 400),
    ],
)
def test_a_request_that_cannot_be_upgraded_is_refused(head: bytes, status: int) -> None:
    answer = read_request(head, path=PATH)

    assert isinstance(answer, Refusal)
    assert answer.status == status


def test_who_is_not_let_in_is_told_to_come_back_unless_something_else_is_said() -> None:
    assert (Refused().status, Refused(429).status) == (503, 429)
