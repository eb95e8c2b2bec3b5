"""What the HTTP door does for phones that ring: the worker's file, a cookie that lasts, leaving."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from matching.reach import store
from tests.support.push_service import PushService, push_service
from tests.support.service import OUR_PAGE, Door, Person, service
from web.access.vocabulary import Role
from web.auth.sessions import LIFETIME


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the door."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def phones() -> AsyncGenerator[PushService]:
    async with push_service() as made:
        yield made


@pytest.fixture
async def door(tmp_path: Path) -> AsyncGenerator[Door]:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("index.html", "aider.html", "operateur.html", "sw.js"):
        (pages / name).write_text(name)
    async with service(tmp_path / "data", pages=pages, push_loopback=True) as made:
        yield made


async def helper(door: Door) -> Person:
    """Somebody approved."""
    person, operator = await door.person(), await door.person(Role.OPERATOR)
    applied = {
        "id": "apply-0001", "name": "Camille", "skills": ["come"], "languages": ["fr"],
        "charter": True,
    }  # fmt: skip
    await door.post("/api/helper/apply", applied, who=person)
    await door.post(
        "/api/helper/approve", {"helper": person.caller.person, "tier": 1}, who=operator
    )
    return person


async def devices(door: Door) -> int:
    async with door.whole.durable.ledger.reading() as reading:
        return await store.count(reading.db)


async def test_the_worker_is_a_script_at_the_root_that_nobody_stores(door: Door) -> None:
    answer = await door.http.get("/sw.js")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-store"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert "service-worker-allowed" not in answer.headers


@pytest.mark.parametrize(
    ("path", "only"), [("/aider", "worker"), ("/", "'none'"), ("/operateur", "'none'")]
)
async def test_one_page_alone_may_name_a_worker(door: Door, path: str, only: str) -> None:
    policy = (await door.http.get(path)).headers["content-security-policy"]

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["trusted-types"] == only
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["worker-src"] == "'self'"


async def test_a_cookie_lasts_only_when_that_is_asked_for(door: Door) -> None:
    person = await door.person()
    plain = await door.post("/api/session/keep", who=person)
    long = await door.post("/api/session/keep", {"long": True}, who=person)

    assert not any("Max-Age" in it for it in plain.headers.get_list("set-cookie"))
    session, mark = long.headers.get_list("set-cookie")
    lasts = f"Max-Age={int(LIFETIME[Role.CITIZEN].total_seconds())}"
    assert lasts in session
    assert lasts in mark
    assert "HttpOnly" in session
    assert "SameSite=Strict" in session
    assert "HttpOnly" not in mark


@pytest.mark.parametrize("body", [{"long": "yes"}, {"long": 1}, {"short": True}])
async def test_nothing_else_can_be_asked_of_the_cookie(door: Door, body: dict[str, object]) -> None:
    answer = await door.post("/api/session/keep", body, who=await door.person())

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_a_worker_with_the_cookie_may_ask_what_for(door: Door) -> None:
    person = await helper(door)
    await door.post("/api/session/keep", {"long": True}, who=person)

    asked = await door.post("/api/me/state", headers=OUR_PAGE)
    received = await door.post("/api/push/received", headers=OUR_PAGE)
    foreign = await door.post("/api/me/state", headers={"sec-fetch-site": "cross-site"})

    assert asked.json()["person"] == person.caller.person
    assert received.json() == {"test": False}
    assert foreign.status_code == 403


async def test_leaving_ends_the_phone_too(door: Door, phones: PushService) -> None:
    person = await helper(door)
    subscribed = await door.post("/api/push/subscribe", phones.subscribe().told, who=person)
    assert subscribed.status_code == 200
    assert await devices(door) == 1

    await door.post("/api/session/leave", who=person)

    assert await devices(door) == 0


async def test_without_push_a_page_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phones: PushService
) -> None:
    """As in production without a contact."""
    monkeypatch.setattr("web.push_settings.PushSettings.pushes", lambda *_, production: False)
    async with service(tmp_path / "off") as door:
        person = await helper(door)
        key = await door.post("/api/push/key", who=person)
        subscribed = await door.post("/api/push/subscribe", phones.subscribe().told, who=person)
        operator = await door.person(Role.OPERATOR)
        board = (await door.post("/api/push/board", who=operator)).json()

    assert key.json() == {"key": None, "on": False}
    assert subscribed.json()["error"]["name"] == "not_available"
    assert (board["on"], board["devices"], board["hosts"]) == (False, 0, [])
