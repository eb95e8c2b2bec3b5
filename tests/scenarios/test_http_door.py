"""The HTTP door: sessions, cookies, origins, headers, health. The whole service, without a port."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.kernel.errors import TicketExpired
from tests.support.service import BASE, OUR_PAGE, Door, Person, service
from web.access.vocabulary import Role
from web.auth.addresses import BURST
from web.commands.pipeline import Pipeline


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with service(tmp_path) as made:
        yield made


async def test_a_session_is_a_pseudonym_and_a_token_that_no_table_holds(
    door: Door, tmp_path: Path
) -> None:
    answer = await door.post("/api/session")

    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "person"}
    assert len(answer.json()["token"]) == 43
    on_disk = b"".join(it.read_bytes() for it in tmp_path.glob("entraide.db*"))
    assert answer.json()["token"].encode() not in on_disk


async def test_a_ticket_opens_one_socket_and_only_while_its_session_lives(door: Door) -> None:
    anna = await door.person()
    spent = (await door.post("/api/session/ticket", who=anna)).json()["ticket"]
    late = (await door.post("/api/session/ticket", who=anna)).json()["ticket"]
    application = door.whole.application

    assert (await application.authenticate(spent)).person == anna.caller.person
    with pytest.raises(TicketExpired):
        await application.authenticate(spent)
    await door.post("/api/session/leave", who=anna)
    with pytest.raises(TicketExpired):
        await application.authenticate(late)


async def test_a_session_that_was_left_opens_nothing(door: Door) -> None:
    anna = await door.person()

    left = await door.post("/api/session/leave", who=anna)

    assert left.status_code == 204
    assert left.headers["clear-site-data"] == '"cookies", "storage"'
    assert (await door.post("/api/session/ticket", who=anna)).status_code == 401
    again = await door.post("/api/session/leave", who=anna)
    assert again.status_code == 204
    assert "clear-site-data" in again.headers


async def kept(door: Door) -> Person:
    """Somebody whose browser holds the two cookies, and no bearer any more."""
    anna = await door.person()
    answer = await door.post("/api/session/keep", who=anna)
    assert answer.status_code == 204
    assert set(door.http.cookies) == {"s", "p"}
    return anna


async def test_a_reloaded_tab_is_the_same_person_by_its_cookies(door: Door) -> None:
    await kept(door)

    answer = await door.post("/api/session/ticket", headers=OUR_PAGE)

    assert answer.status_code == 200


async def test_without_the_readable_cookie_the_session_cookie_is_ignored(door: Door) -> None:
    await kept(door)
    door.http.cookies.delete("p")

    answer = await door.post("/api/session/ticket", headers=OUR_PAGE)

    assert answer.json()["error"]["name"] == "unauthorized"


async def test_leaving_by_cookie_ends_the_session_and_erases_both(door: Door) -> None:
    anna = await kept(door)

    answer = await door.http.post("/api/session/leave", headers=OUR_PAGE)

    assert answer.status_code == 204
    assert not door.http.cookies
    assert (await door.post("/api/session/ticket", who=anna)).status_code == 401


async def test_leaving_works_though_the_page_has_erased_its_cookie_first(door: Door) -> None:
    anna = await kept(door)
    door.http.cookies.delete("p")

    await door.http.post("/api/session/leave", headers=OUR_PAGE)

    assert (await door.post("/api/session/ticket", who=anna)).status_code == 401


async def test_leaving_without_a_session_writes_nothing_and_is_counted_by_address(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of them at once once made the next alarm refused."""
    anna = await door.person()
    await door.post("/api/session/leave", who=anna)
    written = []
    monkeypatch.setattr(Pipeline, "_write", lambda *asked: written.append(asked))

    answers = [await door.http.post("/api/session/leave", headers=OUR_PAGE) for _ in range(BURST)]
    ended = await door.post("/api/session/leave", who=anna)

    assert {it.status_code for it in answers} == {204}
    assert ended.json()["error"]["name"] == "too_many_requests"
    # Whatever is answered, what the browser holds is erased.
    assert all("clear-site-data" in it.headers for it in (*answers, ended))
    assert not written


FOREIGN: list[dict[str, str]] = [
    {},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:8001"},
    {"origin": "https://127.0.0.1:8000"},
    {"origin": BASE, "sec-fetch-site": "cross-site"},
    {"origin": BASE, "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
]


async def test_a_foreign_page_cannot_speak_with_her_cookies(door: Door) -> None:
    await kept(door)

    for path in ("/api/session/ticket", "/api/session/keep", "/api/help/raise"):
        for headers in FOREIGN:
            answer = await door.post(path, headers=headers)
            assert answer.status_code == 403, headers
            assert answer.json()["error"]["name"] == "foreign_origin"

    assert (await door.post("/api/session/ticket", headers=OUR_PAGE)).status_code == 200


async def test_a_bearer_needs_no_origin_and_comes_before_the_cookies(door: Door) -> None:
    await kept(door)
    cleo = await door.person()

    answer = await door.post("/api/session/ticket", who=cleo)

    assert answer.status_code == 200


async def test_over_https_the_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    async with service(tmp_path, origins="https://entraide.example") as door:
        anna = await door.person()
        answer = await door.http.post(
            "https://entraide.example/api/session/keep", json={}, headers=anna.bearer
        )

    lines = answer.headers.get_list("set-cookie")
    assert [line.partition("=")[0] for line in lines] == ["__Host-s", "__Host-p"]
    assert all("Secure" in line and "SameSite=Strict" in line for line in lines)
    assert all("Domain" not in line and "xpires" not in line for line in lines)


async def test_between_two_machines_without_https_nothing_is_kept(tmp_path: Path) -> None:
    async with service(tmp_path, origins="http://entraide.example") as door:
        anna = await door.person()
        answer = await door.http.post(
            "http://entraide.example/api/session/keep", json={}, headers=anna.bearer
        )

    assert answer.json()["error"]["name"] == "not_available"
    assert "set-cookie" not in answer.headers


async def test_every_answer_wears_the_headers(door: Door) -> None:
    paths = ["/", "/nowhere", "/api/config", "/api/nowhere", "/livez", "/api/openapi.json"]

    for path in paths:
        answer = await door.http.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert answer.headers["cache-control"] == "no-store", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "server" not in answer.headers


async def test_a_foreign_name_pointed_at_us_is_not_answered(door: Door) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example:8000", "10.1.2.3", ""):
        answer = await door.http.get("/api/config", headers={"host": host})
        assert answer.status_code == 421, host
        assert answer.json()["error"]["name"] == "foreign_host"
        assert (await door.http.get("/livez", headers={"host": host})).status_code == 200


async def test_one_address_cannot_open_sessions_for_ever(tmp_path: Path) -> None:
    async with service(tmp_path, session_burst=3) as door:
        answers = [await door.post("/api/session") for _ in range(5)]

    assert [it.status_code for it in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].json()["error"]["name"] == "sign_in_limited"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 5


async def test_one_person_cannot_call_without_end(door: Door) -> None:
    anna = await door.person()

    statuses = [(await door.post("/api/session/ticket", who=anna)).status_code for _ in range(90)]

    assert statuses[:60] == [200] * 60
    assert 429 in statuses


async def test_anyone_may_read_what_a_page_needs(door: Door) -> None:
    answer = await door.http.get("/api/config")

    assert answer.json() == {
        "demo": None,
        "languages": ["fr", "en"],
        "exit_url": "https://meteofrance.com/",
        "numbers": [
            {"number": "17", "way": "call"},
            {"number": "112", "way": "call"},
            {"number": "114", "way": "sms"},
        ],
        "notice": "under_construction",
        "development": True,
    }


async def test_health_says_when_to_stop_sending_work(door: Door) -> None:
    assert (await door.http.get("/livez")).status_code == 200
    assert (await door.http.get("/readyz")).status_code == 200

    door.whole.draining.now = True

    assert (await door.http.get("/livez")).status_code == 200
    assert (await door.http.get("/readyz")).status_code == 503


async def test_the_figures_are_for_this_machine(door: Door) -> None:
    await door.post("/api/session")

    local = await door.http.get("/metrics")
    forwarded = await door.http.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})

    assert 'entraide_commands_total{method="session",outcome="ok"} 1.0' in local.text
    assert "entraide_sockets 0.0" in local.text
    assert forwarded.status_code == 404


async def test_an_unbuilt_checkout_says_so(door: Door) -> None:
    answer = await door.http.get("/")

    assert answer.status_code == 503
    assert "./run" in answer.text


async def test_pages_are_served_from_memory_and_hashed_files_for_ever(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>" + "bonjour " * 200)
    (dist / "aider.html").write_text("<!doctype html>aider")
    (dist / "assets" / "page-BxT2uJ9a.js").write_text("export {}")
    (dist / "assets" / "plain.js").write_text("export {}")
    (tmp_path / "secret").write_text("canary")
    (dist / "link").symlink_to(tmp_path / "secret")
    async with service(tmp_path, pages=dist) as door:
        home = await door.http.get("/")
        help_page = await door.http.get("/aider")
        script = await door.http.get("/assets/page-BxT2uJ9a.js")
        plain = await door.http.get("/assets/plain.js")
        again = await door.http.get(
            "/assets/page-BxT2uJ9a.js", headers={"if-none-match": script.headers["etag"]}
        )
        posted = await door.http.post("/aider")
        strays = [
            await door.http.get(path)
            for path in ("/link", "/../secret", "/%2e%2e/secret", "/assets", "/assets/..%2f../x")
        ]

    assert "bonjour" in home.text
    assert home.headers["content-encoding"] == "gzip"
    assert home.headers["cache-control"] == "no-store"
    assert help_page.text == "<!doctype html>aider"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"].startswith("text/javascript")
    assert plain.headers["cache-control"] == "no-store"
    assert again.status_code == 304
    assert posted.json()["error"]["name"] == "wrong_verb"
    assert [it.status_code for it in strays] == [404] * 5


async def test_an_operator_has_a_session_like_everyone_else(door: Door) -> None:
    opal = await door.person(Role.OPERATOR)

    assert (await door.post("/api/session/ticket", who=opal)).status_code == 200
    assert (await door.post("/api/helper/pending", who=opal)).json() == {"applications": []}
