"""Cookies, origins, headers and logs: the pure parts of the doors."""

import io
import json
import logging

import pytest
import structlog

from matching.helpline.errors import WordsLimited
from realtime.adapters.memory import MemoryLimits
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import TooManyRequests
from web.api.headers import security_headers
from web.auth import cookies
from web.auth.addresses import A_PERSON, AN_ADDRESS, EVERYBODY, Addresses, network
from web.auth.origins import Origins, from_our_page
from web.auth.tokens import hash_of, looks_like_token, random_token
from web.errors import SignInLimited, tamed
from web.observe import configure_logs, redact

TOKEN = "t" * 43


def test_the_session_cookie_is_strict_hidden_and_without_expiry() -> None:
    session, page = cookies.kept(cookies.OVER_HTTPS, TOKEN)

    assert session == f"__Host-s={TOKEN}; Path=/; SameSite=Strict; Secure; HttpOnly"
    assert page == "__Host-p=1; Path=/; SameSite=Strict; Secure"


def test_on_loopback_browsers_refuse_secure_cookies_so_there_are_none() -> None:
    session, page = cookies.kept(cookies.ON_LOOPBACK, TOKEN)

    assert session == f"s={TOKEN}; Path=/; SameSite=Strict; HttpOnly"
    assert page == "p=1; Path=/; SameSite=Strict"


def test_leaving_erases_both() -> None:
    assert all("Max-Age=0" in line for line in cookies.erased(cookies.OVER_HTTPS))


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ({"__Host-s": TOKEN, "__Host-p": "1"}, TOKEN),
        ({"__Host-s": TOKEN}, None),
        ({"__Host-s": TOKEN, "__Host-p": ""}, None),
        ({"__Host-p": "1"}, None),
        ({"s": TOKEN, "p": "1"}, None),
        ({"__Host-s": "not a token", "__Host-p": "1"}, None),
    ],
)
def test_a_session_cookie_counts_only_beside_the_other(
    held: dict[str, str], found: str | None
) -> None:
    assert cookies.token_in(cookies.OVER_HTTPS, held) == found


def test_leaving_needs_the_session_cookie_alone() -> None:
    assert cookies.token_in(cookies.OVER_HTTPS, {"__Host-s": TOKEN}, leaving=True) == TOKEN


OURS = "https://entraide.example"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": OURS}, True),
        ({"origin": OURS, "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://entraide.example.evil.example"}, False),
        ({"origin": "http://entraide.example"}, False),
        ({"origin": "https://entraide.example:8443"}, False),
        ({"origin": OURS, "sec-fetch-site": "cross-site"}, False),
        ({"origin": OURS, "sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
    ],
)
def test_a_cookie_call_must_come_from_our_own_page(headers: dict[str, str], ours: bool) -> None:
    assert from_our_page(headers, host="entraide.example", secure=True) is ours


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("127.0.0.1:8000", True),
        ("localhost:3", True),
        ("[::1]:8000", True),
        ("entraide.example", True),
        ("ENTRAIDE.example", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil.example@127.0.0.1", False),
        ("127.0.0.1:8000/x", False),
        ("", False),
        ("10.0.0.1", False),
    ],
)
def test_only_our_own_names_are_answered(host: str, answered: bool) -> None:
    assert Origins.of([OURS], loopback=True).is_host(host) is answered


def test_in_production_loopback_is_not_one_of_our_names() -> None:
    assert not Origins.of([OURS], loopback=False).is_host("127.0.0.1:8000")


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://entraide.example"])
def test_a_foreign_page_opens_no_socket(origin: str) -> None:
    ours = Origins.of([OURS], loopback=False)

    assert ours.admits(OURS, "entraide.example", secure=True)
    assert ours.admits(None, "entraide.example", secure=True)
    assert not ours.admits(origin, "entraide.example", secure=True)
    assert not ours.admits(None, "evil.example", secure=True)


def test_the_policy_lets_nothing_in_but_our_own_files() -> None:
    headers = security_headers(Origins.of([OURS], loopback=False))
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self' wss://entraide.example"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["request-otr"] == "1"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert headers["strict-transport-security"].startswith("max-age=63072000")


def test_plain_http_promises_no_https() -> None:
    assert "strict-transport-security" not in security_headers(Origins.of([], loopback=True))


def test_a_token_is_256_bits_and_only_its_hash_is_kept() -> None:
    token = random_token()

    assert looks_like_token(token)
    assert token.encode() not in hash_of(token)
    assert len(hash_of(token)) == 32
    assert not looks_like_token(token + "\n")


async def test_one_address_cannot_open_sessions_for_ever() -> None:
    clock = ManualClock()
    door = Addresses(MemoryLimits(clock), b"k" * 32, burst=3)
    for _ in range(3):
        await door.spend("203.0.113.9")

    with pytest.raises(SignInLimited):
        await door.spend("203.0.113.9")
    await door.spend("203.0.113.10")
    clock.advance(1)
    await door.spend("203.0.113.9")


async def test_three_words_are_tried_slowly_by_one_person_one_address_and_everybody() -> None:
    clock = ManualClock()
    door = Addresses(MemoryLimits(clock), b"k" * 32)

    async def tries(address: str, person: str) -> bool:
        try:
            await door.guess(address, person)
        except WordsLimited:
            return False
        return True

    one_person = [await tries(f"203.0.113.{number}", "eve") for number in range(7)]
    one_address = [await tries("198.51.100.1", f"eve-{number}") for number in range(12)]
    # As many addresses and sessions as one likes.
    everybody = [
        await tries(f"192.0.2.{number % 250}", f"eve-{number + 20}") for number in range(320)
    ]

    assert one_person == [True] * A_PERSON[1] + [False] * 2
    assert one_address == [True] * AN_ADDRESS[1] + [False] * 2
    assert sum(everybody) == EVERYBODY[1] - A_PERSON[1] - AN_ADDRESS[1]
    # In a year, with fifty conversations open, in so many of 2**33.
    assert EVERYBODY[0] * 365 * 86_400 * 50 / 2**33 < 0.1


def test_one_subscriber_of_ipv6_is_one_address() -> None:
    assert network("2001:db8::1") == network("2001:db8::2")
    assert network("::ffff:203.0.113.9") == network("203.0.113.9")


def test_what_nobody_foresaw_is_told_as_internal_and_nothing_else() -> None:
    assert tamed(KeyError("canary-word"), where="test").name == "internal"
    assert tamed(TooManyRequests(), where="test").name == "too_many_requests"


CANARIES = {
    "note": "il me suit",
    "where": "48.85661",
    "event": "token " + "x1" * 20,
    "person": "aIu9HJJKmSRk5VlwTVGpww",
    "error": "IntegrityError: (person, note) VALUES ('il me suit')",
    "route": "/api/help/state?alert=aIu9HJJKmSRk5VlwTVGpww",
    "count": [48.85661],
}


def test_a_log_line_holds_names_and_counts_of_ours_only() -> None:
    line = redact(None, "info", dict(CANARIES))

    text = json.dumps(line)
    for word in ("suit", "48.85", "x1x1", "aIu9"):
        assert word not in text
    assert line["dropped"] == len(CANARIES)


def test_ordinary_lines_pass() -> None:
    line: dict[str, object] = {
        "event": "refused",
        "level": "info",
        "route": "/api/help/raise",
        "status": 429,
        "milliseconds": 1.25,
    }

    assert redact(None, "info", dict(line)) == line


def test_libraries_and_exceptions_are_quoted_by_name_only() -> None:
    out = io.StringIO()
    saved = logging.getLogger().handlers[:]
    try:
        configure_logs(out)
        logging.getLogger("uvicorn.error").error("GET /?token=canary-word failed")
        try:
            int("canary-word")
        except ValueError:
            structlog.get_logger("here").exception("writer.bug", note="canary-word")
            logging.getLogger("there").exception("canary-word %s", "canary-word")
    finally:
        logging.getLogger().handlers[:] = saved
        structlog.reset_defaults()

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert "canary" not in out.getvalue()
    assert "Traceback" not in out.getvalue()
    assert [line["event"] for line in lines] == ["library", "writer.bug", "library"]
    assert [line.get("error") for line in lines] == [None, "ValueError", "ValueError"]
