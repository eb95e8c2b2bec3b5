"""A page of somebody else's, open in the same browser, must not end what she has begun."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.service import BASE, OUR_PAGE, Door, service

FOREIGN = [
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "https://other.example"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with service(tmp_path) as made:
        yield made


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("verb", ["POST", "GET"])
async def test_a_foreign_page_cannot_erase_her_cookies(
    door: Door, verb: str, headers: dict[str, str]
) -> None:
    """SameSite keeps her cookies out of the request, but the answer would have erased them."""
    answer = await door.http.request(verb, "/api/session/leave", headers=headers)

    assert answer.status_code in {403, 405}
    assert "clear-site-data" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{}, OUR_PAGE, {"origin": BASE}], ids=str)
async def test_our_page_and_a_program_erase_them(door: Door, headers: dict[str, str]) -> None:
    answer = await door.http.post("/api/session/leave", headers=headers)

    assert answer.status_code == 204
    assert "clear-site-data" in answer.headers
    assert len(answer.headers.get_list("set-cookie")) == 2


async def test_a_beacon_of_our_page_ends_the_session_though_its_origin_is_null(door: Door) -> None:
    """Fetch: under ``Referrer-Policy: no-referrer`` a no-cors POST says ``Origin: null``."""
    anna = await door.person()
    await door.post("/api/session/keep", who=anna)
    beacon = {"origin": "null", "sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors"}

    answer = await door.http.post("/api/session/leave", headers=beacon)

    assert answer.status_code == 204
    assert (await door.post("/api/session/ticket", who=anna)).status_code == 401
