"""Commands of transport that are spoilt one field at a time: refused by a stable number, or taken.

Never a failure of ours (500), never a word of what was sent in the answer, on both engines: what
one of them cannot keep is found out here.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from realtime.kernel.errors import every_error
from tests.support.service import Door, Person, service
from web.access.vocabulary import Role
from web.tramway import settle_tram

pytestmark = pytest.mark.timeout(120)

CANARY = "canari-7d2e"
Json = dict[str, object]
FIX: Json = {"lat": 43.668, "lon": 6.382, "ago_s": 3}
REPORT: Json = {
    "id": "report-0001",
    "as": "victim",
    "kind": "followed",
    "line": "demo:T1",
    "direction": 0,
    "stop": "demo:2",
    "car": "3",
    "trail": [FIX],
    "note": "…",
    "code": "abcdefg",
}
PLACE: Json = {"line": "demo:T1", "direction": 0, "stop": "demo:2", "venue": None}


def later(**gone: float) -> str:
    return (datetime.now(UTC) + timedelta(**gone)).isoformat()


@dataclass(frozen=True, slots=True)
class Good:
    """A command that would be taken, and who may give it."""

    method: str
    body: Json
    who: Role = Role.CITIZEN


ALERT, HELPER = "nobody-s", "nobody-s"
GOOD = [
    Good("transit.place", {"trail": [FIX]}),
    Good("transit.stops", {"line": "demo:T1", "direction": 0}),
    Good("transit.map", {"network": "demo"}, Role.OPERATOR),
    Good("transit.code", {"code": "abcdefg"}),
    Good("witness.report", REPORT),
    Good("witness.update", {"alert": ALERT, "kind": "other", "car": "3", "stop": "demo:2"}),
    Good("witness.cancel", {"alert": ALERT}),
    Good("witness.state", {"alert": ALERT}),
    Good("witness.received", {"alert": ALERT}),
    Good("witness.seen", {"alert": ALERT}),
    Good("witness.claim", {"alert": ALERT, "role": "sit", "done": False}),
    Good("witness.release", {"alert": ALERT}),
    Good("witness.decline", {"alert": ALERT}),
    Good("witness.confirm", {"alert": ALERT, "seen": True}),
    Good("witness.board", {}, Role.OPERATOR),
    Good("witness.state", {"alert": ALERT}, Role.OPERATOR),
    Good("witness.judge", {"alert": ALERT, "verdict": "confirmed"}, Role.OPERATOR),
    Good("witness.close", {"alert": ALERT, "outcome": "helped"}, Role.OPERATOR),
    Good("witness.hotspots", {"days": 30}, Role.OPERATOR),
    Good("witness.agent", {"helper": HELPER, "network": "demo"}, Role.OPERATOR),
    Good("watch.set", {"on": True}),
    Good("watch.mute", {"line": "demo:T1", "until": later(days=2)}),
    Good("watch.unmute", {"line": "demo:T1"}),
    Good("network.list", {}),
    Good("network.hooks", {}, Role.ADMIN),
    Good(
        "network.set",
        {
            "id": "network-0001",
            "network": "demo",
            "name": "Démonstration",
            "call": "3117",
            "sms": "31177",
            "alight": {"modes": ["bus"], "from": 22, "until": 5},
            "hook": "",
            "new_key": False,
        },
        Role.ADMIN,
    ),
    Good("network.retry", {"id": "network-0002", "network": "demo"}, Role.ADMIN),
    Good(
        "service.alert",
        {
            "id": "service-0001",
            "network": "demo",
            "effect": "DETOUR",
            "text": "disturbed",
            "until": later(hours=2),
            "line": "demo:T1",
            "stop": "demo:2",
            "alert": ALERT,
        },
        Role.SUPERVISOR,
    ),
    Good("service.end", {"id": "service-0002", "service": "nobody-s"}, Role.SUPERVISOR),
    Good("service.alerts", {"network": "demo", "language": "fr"}, Role.OPERATOR),
    Good("warning.list", {"language": "fr"}),
    Good(
        "campaign.create",
        {
            "id": "campaign-0001",
            "name": "Automne",
            "languages": ["fr"],
            "designs": ["calme"],
            "places": [PLACE],
        },
        Role.SUPERVISOR,
    ),
    Good("campaign.state", {"campaign": "nobody-s"}, Role.SUPERVISOR),
    Good("campaign.end", {"campaign": "nobody-s"}, Role.SUPERVISOR),
    Good(
        "campaign.drill",
        {
            "line": "demo:T1",
            "direction": 0,
            "id": "drill-00001",
            "at": later(days=1),
            "monthly": False,
        },
        Role.SUPERVISOR,
    ),
    Good("campaign.undrill", {"drill": "nobody-s"}, Role.SUPERVISOR),
]

#: What a field is spoilt with. ``...`` removes it.
NASTY: tuple[object, ...] = (
    ..., None, True, 0, -1, 7, 1.5, 2**31, 2**63, -(2**63), 10**40, 1e308, "", " ", CANARY,
    "a" * 5_000, "demo:" + "x" * 200, f"demo:{CANARY}", ":", "demo:", "../../etc/passwd",
    "'; DROP TABLE witness_event; --", "é\u0301", "\u202e", "\u2066x", "\u0000", "demo:\u0000",
    "demo:T1\n", [], [None], [[]], ["demo:T1"] * 500, [FIX] * 31, [{**FIX, "ago_s": -1}],
    [{**FIX, "ago_s": 1e300}], [{**FIX, "lat": 91}], [{**FIX, CANARY: 1}], [PLACE] * 2_000,
    [{**PLACE, "direction": 2}], {}, {"lat": 1}, "2026-12-01T00:00:00", "2026-12-01",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "2020-01-01T00:00:00Z", "http://127.0.0.1:9/", "ftp://x",
    "https://user:pass@example.org/", "https://" + "x" * 2_000,
)  # fmt: skip


def spoilt(good: Good) -> Iterator[Json]:
    yield good.body
    yield {**good.body, CANARY: CANARY}
    for field in good.body:
        for nasty in NASTY:
            body = dict(good.body)
            if nasty is ...:
                del body[field]
            else:
                body[field] = nasty
            yield body


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def door(tmp_path: Path, whole_address: str) -> AsyncIterator[Door]:
    async with service(tmp_path, database=whole_address) as made:
        whole = made.whole
        await settle_tram(whole.durable.ledger, whole.services.transit)
        yield made


async def helper(door: Door) -> Person:
    """Somebody vetted: what only they may do is tried to its end."""
    made, operator = await door.person(), await door.person(Role.OPERATOR)
    asked: Json = {"id": "apply-0001", "name": "Anna", "skills": ["come"], "languages": ["fr"]}
    await door.post("/api/helper/apply", {**asked, "charter": True}, who=made)
    approved = {"helper": made.caller.person, "tier": 1}
    answer = await door.post("/api/helper/approve", approved, who=operator)
    assert answer.status_code == 200
    return made


KNOWN = {(it.number, it.name): it.status for it in every_error()}
#: As many calls as one person is never slowed down for.
EACH = 40


async def test_each_is_taken_or_refused_by_a_number_that_is_known(door: Door) -> None:
    stride = 7 if door.whole.durable.database.shared else 3
    wrong: list[object] = []
    tried = refused = 0
    for good in GOOD:
        who: Person | None = None
        for number, body in enumerate(islice(spoilt(good), 0, None, stride)):
            if number % EACH == 0:
                citizen = good.who is Role.CITIZEN
                who = await helper(door) if citizen else await door.person(good.who)
            path = f"/api/{good.method.replace('.', '/')}"
            content = json.dumps(body)
            answer = await door.http.post(
                path,
                content=content,
                headers={"content-type": "application/json", **(who.bearer if who else {})},
            )
            tried += 1
            if answer.status_code < 400:
                continue
            refused += 1
            error = answer.json()["error"]
            if KNOWN.get((error["code"], error["name"])) != answer.status_code or (
                answer.status_code in {429, 500, 503} or CANARY in answer.text
            ):
                wrong.append((good.method, content[:300], answer.status_code, error))

    assert wrong == [], "\n".join(map(str, wrong))
    # Each engine is given a part of them: the commands read alike, the tables do not.
    assert tried > 4_000 / stride
    assert refused / tried > 0.7
