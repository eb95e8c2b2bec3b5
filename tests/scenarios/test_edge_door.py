"""Who gets in: origins, proxies, paths and requests, before the 101, under real uvicorn."""

import pytest

from tests.support.echo_house import house, until
from tests.support.raw_client import connected, request

ORIGINS = [
    ("http://127.0.0.1:{port}", 101),
    (None, 101),  # an app or a script: it holds no cookie that a page could ride on
    ("http://evil.com", 403),
    ("null", 403),
    ("http://127.0.0.1:{port}.evil.com", 403),
    ("http://127.0.0.1.evil.com:{port}", 403),
    ("http://evil.com/127.0.0.1:{port}", 403),
    ("http://127.0.0.1:{port}@evil.com", 403),
    ("https://127.0.0.1:{port}", 403),
    ("http://127.0.0.1", 403),
    ("http://127.0.0.1:1", 403),
    ("http://localhost:{port}", 403),
    ("file://", 403),
    ("", 403),
]


async def test_only_our_own_pages_and_apps_get_in(subtests: pytest.Subtests) -> None:
    async with house() as at:
        for origin, status in ORIGINS:
            with subtests.test(origin=origin):
                async with connected(at.port) as client:
                    said = origin if origin is None else origin.format(port=at.port)

                    answered, head = await client.ask(request(at.port, {"Origin": said}))

                    assert answered == status
                    assert ("Sec-WebSocket-Accept" in head) is (status == 101)
        assert len(at.shell.peers) == 2


async def test_a_refusal_is_read_to_its_end_and_the_socket_is_closed() -> None:
    async with house() as at, connected(at.port) as client:
        await client.ask(request(at.port, {"Origin": "http://evil.com"}))

        assert await client.reader.read() == b"Forbidden.\n"


async def test_behind_a_proxy_that_is_trusted_https_pages_get_in() -> None:
    async with house() as at, connected(at.port) as client:
        asked = request(
            at.port,
            {
                "Host": "help.example.org",
                "Origin": "https://help.example.org",
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": "203.0.113.7",
            },
        )

        answered, _ = await client.ask(asked)
        await until(lambda: bool(at.shell.peers))

        assert answered == 101
        assert at.shell.seen == [("https://help.example.org", "help.example.org", True)]
        assert at.only.link.address == "203.0.113.7"


async def test_what_a_stranger_says_about_proxies_is_ignored() -> None:
    async with house(forwarded_allow_ips="10.9.8.7") as at:
        forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        async with connected(at.port) as page, connected(at.port) as app:
            from_page, _ = await page.ask(
                request(at.port, forged | {"Origin": f"https://127.0.0.1:{at.port}"})
            )
            from_app, _ = await app.ask(request(at.port, dict(forged)))

        assert (from_page, from_app) == (403, 101)
        assert at.only.link.address == "127.0.0.1"


async def test_a_full_house_says_so_before_the_101() -> None:
    async with house() as at, connected(at.port) as client:
        at.shell.full = True

        status, head = await client.ask(request(at.port))

        assert status == 503
        assert "Retry-After: 5" in head


WRONG: list[tuple[dict[str, str | None], int]] = [
    ({"Sec-WebSocket-Key": None}, 400),
    ({"Sec-WebSocket-Key": "short"}, 400),
    ({"Sec-WebSocket-Version": "8"}, 400),
    ({"Content-Length": "3"}, 400),
    ({"Host": None}, 400),
    ({"Origin": "http://a\r\nOrigin: http://b"}, 400),
    ({"X": "y" * 9000}, 431),
    ({"Upgrade": "h2c"}, 404),  # not asked of us: a page that does not exist
]

PATHS = [
    ("GET", "/connection/websocket?transport=websocket", 101),
    ("GET", "/", 404),
    ("GET", "/connection/websocket/", 404),
    ("GET", "/Connection/websocket", 404),
    ("GET", "/" + "x" * 9000, 414),
    ("POST", "/connection/websocket", 405),
]


async def test_a_request_that_is_wrong_is_refused(subtests: pytest.Subtests) -> None:
    async with house() as at:
        for wrong, status in WRONG:
            with subtests.test(wrong=wrong):
                async with connected(at.port) as client:
                    answered, _ = await client.ask(request(at.port, wrong))

                    assert answered == status
        assert at.shell.peers == []


async def test_only_one_path_is_upgraded(subtests: pytest.Subtests) -> None:
    async with house() as at:
        for method, path, status in PATHS:
            with subtests.test(method=method, path=path[:60]):
                async with connected(at.port) as client:
                    answered, _ = await client.ask(request(at.port, path=path, method=method))

                    assert answered == status


async def test_http_1_0_is_not_upgraded() -> None:
    async with house() as at, connected(at.port) as client:
        old = request(at.port).replace(b"HTTP/1.1", b"HTTP/1.0")

        answered, _ = await client.ask(old)

        assert answered == 505


async def test_pages_are_still_served_on_the_same_port_and_socket() -> None:
    async with house() as at, connected(at.port) as client:
        page = f"GET /page HTTP/1.1\r\nHost: 127.0.0.1:{at.port}\r\n\r\n".encode()

        status, head = await client.ask(page)
        length = 12 if "chunked" not in head else 0
        body = await client.reader.readuntil(b"0\r\n\r\n" if not length else b"here")
        upgraded, _ = await client.ask(request(at.port))

        assert (status, upgraded) == (404, 101)
        assert b"no page here" in body
