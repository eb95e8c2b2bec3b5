"""Requests that nobody should send: each has its number and its name, and changes nothing.

None is answered with a traceback, a 500 or a piece of what was sent; afterwards the same service
answers an ordinary request.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.service import Door, Person, service
from web.access.vocabulary import Role

CANARY = "canary-8f3a"
APPLY: dict[str, object] = {
    "id": "apply-0001",
    "name": "Anna",
    "skills": ["come"],
    "languages": ["fr"],
    "charter": True,
}
RAISE: dict[str, object] = {
    "id": "raise-0001",
    "kind": "followed",
    "mode": "public",
    "place": {"lat": 43.668, "lon": 6.382, "accuracy_m": 20},
}


@dataclass(frozen=True, slots=True)
class Bad:
    """One request, as ``who``, and how it must be refused."""

    path: str
    body: object
    status: int = 400
    number: int = 107
    name: str = "malformed"
    who: Role | None = Role.CITIZEN
    method: str = "POST"
    kind: str = "application/json"

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def changed(good: dict[str, object], **fields: object) -> dict[str, object]:
    """A good command, spoilt. ``...`` removes a field."""
    whole = {**good, **fields}
    return {name: value for name, value in whole.items() if value is not ...}


def place(**fields: object) -> dict[str, object]:
    good: dict[str, object] = {"lat": 43.668, "lon": 6.382, "accuracy_m": 20}
    return changed(RAISE, place=changed(good, **fields))


HELP, HELPER = "/api/help/raise", "/api/helper/apply"
UNKNOWN = (404, 104, "unknown_method")
REFUSED = (403, 103, "not_allowed")
STRANGER = (401, 101, "unauthorized")
MISSING = (404, 404, "not_found")

BAD: list[Bad] = [
    # Not JSON, or not all of it.
    Bad(HELP, b"{"),
    Bad(HELP, b"\x00\x01\x02"),
    Bad(HELP, b"null"),
    Bad(HELP, b"[]"),
    Bad(HELP, b'"help"'),
    Bad(HELP, b"112"),
    Bad(HELP, b"{}"),
    Bad(HELP, b"{}{}"),
    Bad(HELP, b'{"id":"raise-0001",}'),
    Bad(HELP, b"{'id':'raise-0001'}"),
    Bad(HELP, b"[" * 60_000),
    Bad(HELP, b'{"place":' * 7_000),
    Bad(HELP, b'{"id":"\xff\xfe\xfd raise"}'),
    Bad(HELP, b'{"id":"\\ud800-raise-0001"}'),
    Bad(HELP, b"\xef\xbb\xbf{}"),
    Bad(HELP, b"{" + b" " * 65_536 + b"}", 413, 413, "too_large"),
    Bad(HELP, RAISE, 415, 803, "not_json", kind="text/plain"),
    Bad(HELP, b"id=raise-0001", 415, 803, "not_json", kind="application/x-www-form-urlencoded"),
    Bad(HELP, RAISE, 415, 803, "not_json", kind=""),
    # Fields that are missing, unknown, or of another type.
    *(Bad(HELP, changed(RAISE, **{field: ...})) for field in ("id", "kind", "mode", "place")),
    Bad(HELP, changed(RAISE, nots=CANARY)),
    Bad(HELP, changed(RAISE, person=CANARY)),
    Bad(HELP, changed(RAISE, id=12345678)),
    Bad(HELP, changed(RAISE, id=None)),
    Bad(HELP, changed(RAISE, kind=CANARY)),
    Bad(HELP, changed(RAISE, kind="FOLLOWED")),
    Bad(HELP, changed(RAISE, mode="private")),
    Bad(HELP, changed(RAISE, place="ici")),
    Bad(HELP, changed(RAISE, place=[43.6, 6.3, 20])),
    Bad(HELP, changed(RAISE, note=7)),
    # Ids that are no ids.
    Bad(HELP, changed(RAISE, id="short")),
    Bad(HELP, changed(RAISE, id="x" * 65)),
    Bad(HELP, changed(RAISE, id="with space")),
    Bad(HELP, changed(RAISE, id="raise-0001\n")),
    Bad(HELP, changed(RAISE, id="../../etc/pw")),
    Bad(HELP, changed(RAISE, id="'; DROP TABLE--")),
    Bad(HELP, changed(RAISE, id="idé-accentué")),
    # Texts.
    Bad(HELP, changed(RAISE, note=CANARY * 60)),
    Bad(HELP, changed(RAISE, note=f"{CANARY}\x00")),
    Bad(HELP, changed(RAISE, note=f"{CANARY}\u202e")),
    # Places that are nowhere.
    Bad(HELP, place(lat=90.001)),
    Bad(HELP, place(lat=-91)),
    Bad(HELP, place(lon=180.001)),
    Bad(HELP, place(lon=-1e9)),
    Bad(HELP, place(lat="43.668")),
    Bad(HELP, place(lat=True)),
    Bad(HELP, place(lat=None)),
    Bad(HELP, place(lat=...)),
    Bad(HELP, place(accuracy_m=-1)),
    Bad(HELP, place(accuracy_m=1e6)),
    Bad(HELP, place(altitude=35)),
    Bad(HELP, b'{"id":"raise-0001","kind":"other","mode":"public","place":{"lat":NaN}}'),
    Bad(HELP, b'{"id":"raise-0001","kind":"other","mode":"public","place":{"lat":1e999}}'),
    Bad(HELP, b'{"id":"raise-0001","kind":"other","mode":"public","place":{"lat":' + b"9" * 9_000),
    # Helpers.
    Bad(HELPER, changed(APPLY, charter=False)),
    Bad(HELPER, changed(APPLY, charter="yes")),
    Bad(HELPER, changed(APPLY, skills=[])),
    Bad(HELPER, changed(APPLY, skills=["fly"])),
    Bad(HELPER, changed(APPLY, skills=["come"] * 4)),
    Bad(HELPER, changed(APPLY, languages=["français"])),
    Bad(HELPER, changed(APPLY, languages=["fr"] * 11)),
    Bad(HELPER, changed(APPLY, name="")),
    Bad(HELPER, changed(APPLY, name="N" * 81)),
    Bad(HELPER, changed(APPLY, phone="call me")),
    Bad("/api/helper/move", {"position": {"lat": 43.6}}),
    Bad("/api/helper/move", {"position": {"lat": 143.6, "lon": 6.3}}),
    Bad("/api/helper/approve", {"helper": "x", "tier": 3}, who=Role.OPERATOR),
    Bad("/api/helper/approve", {"helper": "x", "tier": 0}, who=Role.OPERATOR),
    Bad("/api/helper/approve", {"helper": "", "tier": 1}, who=Role.OPERATOR),
    Bad("/api/helper/approve", {"helper": "nobody", "tier": 1}, *MISSING, who=Role.OPERATOR),
    Bad("/api/helper/duty", {"on": True, "lat": 43.6, "lon": 6.3}, *MISSING),
    Bad("/api/helper/prefer", {"quiet": {"start": "25:00", "end": "07:00"}, "budget": 3}),
    Bad("/api/helper/prefer", {"quiet": None, "budget": 21}),
    # Things that are not there, or somebody else's: alike.
    Bad("/api/help/state", {"alert": "nobody-s"}, *MISSING),
    Bad("/api/help/cancel", {"alert": "nobody-s"}, *MISSING),
    Bad("/api/help/close", {"alert": "nobody-s"}, *MISSING),
    Bad("/api/help/state", {"alert": "nobody-s"}, *MISSING, who=Role.OPERATOR),
    Bad("/api/help/close", {"alert": "nobody-s"}, *MISSING, who=Role.OPERATOR),
    Bad("/api/help/state", {"alert": "a b"}),
    Bad("/api/offer/accept", {"offer": "nobody-s"}, *MISSING),
    Bad("/api/room/state", {"room": "nobody-s"}, *MISSING),
    Bad("/api/room/state", {"room": "nobody-s"}, *MISSING, who=Role.OPERATOR),
    Bad("/api/room/say", {"room": "nobody-s", "id": "say-00001", "text": CANARY}, *MISSING),
    # Roles.
    Bad("/api/board/state", {}, *REFUSED),
    Bad("/api/helper/pending", {}, *REFUSED),
    Bad(HELP, RAISE, *REFUSED, who=Role.OPERATOR),
    Bad("/api/board/state", {}, *REFUSED, who=Role.ADMIN),
    Bad("/api/me/state", {}, *STRANGER, who=None),
    Bad(HELP, RAISE, *STRANGER, who=None),
    Bad("/api/session/ticket", {}, *STRANGER, who=None),
    # Addresses and verbs.
    Bad("/api/help/lower", {}, *UNKNOWN),
    Bad("/api/", {}, *UNKNOWN),
    Bad("/api/help/raise/", RAISE, *UNKNOWN),
    Bad("/api/help.raise", RAISE, *UNKNOWN),
    Bad("/api/help/raise%00", RAISE, *UNKNOWN),
    Bad(HELP, b"", 405, 802, "wrong_verb", method="GET"),
    Bad(HELP, RAISE, 405, 802, "wrong_verb", method="PUT"),
    Bad(HELP, b"", 405, 802, "wrong_verb", method="DELETE"),
    Bad("/api/config", {}, 405, 802, "wrong_verb"),
    Bad("/", {}, 405, 802, "wrong_verb"),
]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with service(tmp_path) as made:
        yield made


async def rows(door: Door) -> dict[str, int]:
    """How much every table holds, the sessions that tests make left aside."""
    async with door.whole.durable.ledger.reading() as reading:
        names = await reading.db.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))
        counts = {}
        for (name,) in names.all():
            if name not in {"session", "task"}:
                found = await reading.db.execute(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608
                counts[name] = int(found.scalar_one())
    return counts


def test_there_are_enough_of_them() -> None:
    assert len(BAD) >= 60


async def test_each_is_refused_by_its_number_and_name_and_leaves_no_trace(door: Door) -> None:
    callers: dict[Role, Person] = {}
    wrong = []
    before = await rows(door)
    for number, bad in enumerate(BAD):
        who = None
        if bad.who is not None:
            # Somebody new each time: so many mistakes at once would be too many requests.
            who = callers[bad.who] = await door.person(bad.who)
        answer = await door.http.request(
            bad.method,
            bad.path,
            content=bad.bytes,
            headers={
                **({"content-type": bad.kind} if bad.kind else {}),
                **(who.bearer if who else {}),
            },
        )
        error = answer.json().get("error", {}) if answer.content else {}
        got = (answer.status_code, error.get("code"), error.get("name"))
        if got != (bad.status, bad.number, bad.name):
            wrong.append((number, bad.path, bad.bytes[:60], got))
        assert CANARY not in answer.text
        assert "Traceback" not in answer.text

    assert wrong == []
    assert await rows(door) == before


async def test_after_all_of_them_the_door_still_opens(door: Door) -> None:
    for bad in BAD:
        await door.http.request(bad.method, bad.path, content=bad.bytes)

    opened = await door.post("/api/session")
    token = {"authorization": f"Bearer {opened.json()['token']}"}

    assert (await door.post("/api/session/ticket", headers=token)).status_code == 200


TOKENS = ["", "x", "x" * 43, "x" * 10_000, "' OR 1=1 --", "..", "\x7f" * 43]


async def test_a_token_that_is_none_is_nobody(door: Door) -> None:
    for scheme in ("Bearer", "bearer", "Basic"):
        for token in TOKENS:
            answer = await door.post(
                "/api/session/ticket", headers={"authorization": f"{scheme} {token}"}
            )
            assert answer.status_code == 401
            assert answer.json()["error"]["name"] == "unauthorized"
