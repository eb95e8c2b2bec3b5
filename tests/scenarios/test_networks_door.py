"""Networks through the HTTP door: whom to call, who is told, what travellers' systems read."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from google.transit import gtfs_realtime_pb2 as wire

from alerts.cap import atom
from alerts.cap.reading import read
from alerts.cap.values import Message
from alerts.networks.messages import NetworkView
from alerts.networks.values import Event
from tests.support.campaigning import LINE, ville
from tests.support.gateway import Gateway, gateway
from tests.support.service import Door, Person, service
from tests.unit.test_cap_samples import schema
from web.access.vocabulary import Role
from web.api import feeds
from web.auth.addresses import READING_BURST
from web.settings import BadSettings, Settings

ORIGIN = "https://entraide.example"
HOST = {"host": "entraide.example"}


@dataclass
class Office:
    door: Door
    admin: Person
    supervisor: Person

    async def ask(
        self, method: str, who: Person, **fields: object
    ) -> tuple[int, dict[str, object]]:
        answer = await self.door.post(f"/api/{method.replace('.', '/')}", fields, who=who)
        return answer.status_code, msgspec.json.decode(answer.content, type=dict[str, object])

    async def done(self, method: str, who: Person, **fields: object) -> dict[str, object]:
        status, answer = await self.ask(method, who, **fields)
        assert status == 200, answer
        return answer

    async def set(self, **more: object) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": "set-00001", "network": "ville", "name": "Ville", "call": "17", "sms": "114",
            **more,
        }  # fmt: skip
        return await self.done("network.set", self.admin, **fields)

    async def alert(self, **more: object) -> tuple[int, dict[str, object]]:
        until = self.door.whole.durable.clock.now() + timedelta(hours=2)
        fields: dict[str, object] = {
            "id": "service-1", "network": "ville", "line": LINE, "effect": "SIGNIFICANT_DELAYS",
            "text": "delayed", "until": until.isoformat(), **more,
        }  # fmt: skip
        return await self.ask("service.alert", self.supervisor, **fields)

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        answer = await self.door.http.get(path, headers=headers)
        return answer.status_code, answer.content, dict(answer.headers)

    async def feed(self) -> list[Message]:
        _, body, _ = await self.get(feeds.ATOM)
        return [it.message for it in atom.read(body).entries if it.message is not None]

    async def standing(self) -> wire.FeedMessage:
        _, body, _ = await self.get(f"{feeds.TRANSIT}ville.pb")
        found = wire.FeedMessage()
        found.ParseFromString(body)
        return found


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Office]:
    # Answers are kept for seconds that no test waits for.
    monkeypatch.setattr(feeds, "FRESH", timedelta(0))
    async with service(tmp_path, hook_loopback=True) as door:
        door.whole.services.transit.network = ville()
        made = Office(door, await door.person(Role.ADMIN), await door.person(Role.SUPERVISOR))
        await made.set()
        yield made


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop: each starts a whole service."""
    return "asyncio", {"use_uvloop": True}


async def test_whoever_travels_learns_whom_to_call(office: Office) -> None:
    citizen = await office.door.person()
    await office.set(
        id="set-00002", call="3117", sms="31177",
        alight={"modes": ["bus", "tram"], "from": 22, "until": 5},
    )  # fmt: skip

    listed = await office.done("network.list", citizen)

    assert listed["otherwise"] == {"call": "17", "sms": "114"}
    networks = msgspec.convert(listed["networks"], list[NetworkView])
    by_name = {it.network: it for it in networks}
    assert by_name["idfm"].call == "3117"
    assert msgspec.to_builtins(by_name["ville"]) == {
        "network": "ville", "name": "Ville", "call": "3117", "sms": "31177",
        "alight": {"modes": ["bus", "tram"], "from": 22, "until": 5},
    }  # fmt: skip


async def test_a_hook_is_told_and_its_key_said_once(office: Office) -> None:
    async with gateway() as receiver:
        made = await office.set(id="set-00003", hook=receiver.url)
        again = await office.set(id="set-00003", hook=receiver.url)
        other = await office.set(id="set-00004", hook=receiver.url)
        await tell(office, "alert-1")
        await heard(receiver)
        hook = await taken(office)

    assert made["key"] == again["key"]
    assert other["key"] is None
    assert (hook["host"], hook["waiting"]) == ("127.0.0.1", 0)
    retried = await office.done("network.retry", office.admin, id="retry-001", network="ville")
    assert retried["events"] == 0


async def taken(office: Office) -> dict[str, object]:
    """The hook, once nothing waits for it."""
    async with asyncio.timeout(10):
        while True:
            answer = await office.done("network.hooks", office.supervisor)
            (hook,) = msgspec.convert(answer["hooks"], list[dict[str, object]])
            if not hook["waiting"]:
                return hook
            await asyncio.sleep(0.05)


async def tell(office: Office, alert: str) -> None:
    whole = office.door.whole
    now = whole.durable.clock.now()
    event = Event(network="ville", kind="verbal", began=now, until=now, line=LINE)
    await whole.durable.ledger.write(
        lambda tx: whole.services.networks.tell(tx, alert, "opened", event)
    )


async def heard(receiver: Gateway) -> None:
    async with asyncio.timeout(10):
        while not receiver.told:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)


async def test_a_hook_inward_is_refused(office: Office) -> None:
    for url in ("http://127.0.0.2:9/", "https://10.0.0.1/", "http://a.example/", "file:///x"):
        status, answer = await office.ask(
            "network.set", office.admin, id="set-00005", network="ville", name="V", call="17",
            sms="114", hook=url,
        )  # fmt: skip
        assert (status, error(answer)) == (400, "bad_hook")


def error(answer: dict[str, object]) -> str:
    return str(msgspec.convert(answer["error"], dict[str, object])["name"])


async def test_what_a_supervisor_decides_is_read_by_travellers_systems(office: Office) -> None:
    status, made = await office.alert(alert="event-of-hers")
    assert status == 200, made
    name = made["service"]

    (message,) = await office.feed()
    assert [it.headline for it in message.infos] == [
        "Retards à prévoir, ligne T9", "Expect delays, line T9",
    ]  # fmt: skip
    status, body, headers = await office.get(f"{feeds.CAP}{name}.xml")
    assert (status, headers["content-type"]) == (200, "application/cap+xml")
    assert list(schema().iter_errors(body.decode())) == []
    assert read(body) == message
    assert message.scope == "Public"
    standing = await office.standing()
    assert [it.id for it in standing.entity] == [name]
    assert standing.entity[0].alert.informed_entity[0].route_id == "T9"
    for path in (feeds.ATOM, f"{feeds.CAP}{name}.xml", f"{feeds.TRANSIT}ville.pb"):
        assert b"event-of-hers" not in (await office.get(path))[1]


async def test_its_end_is_told_too(office: Office) -> None:
    _, made = await office.alert()
    for number in (1, 2):
        await office.done(
            "service.end", office.supervisor, id=f"end-0000{number}", service=made["service"]
        )

    (message,) = await office.feed()
    assert message.kind == "Cancel"
    assert not (await office.standing()).entity
    listed = await office.done("service.alerts", office.supervisor)
    assert listed == {"services": [], "theirs": []}


async def test_staff_see_what_stands_and_for_which_event(office: Office) -> None:
    await office.alert(alert="event-1", stop="ville:2")

    listed = await office.done("service.alerts", office.supervisor, network="ville")
    (it,) = msgspec.convert(listed["services"], list[dict[str, object]])
    assert (it["line_name"], it["stop_name"], it["alert"]) == ("T9", "Gare du Nord", "event-1")
    assert (await office.done("service.alerts", office.supervisor, network="tam"))["services"] == []


async def test_what_cannot_be_told_to_travellers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: list[tuple[dict[str, object], int, str]] = [
        ({"line": "ville:none"}, 404, "not_of_network"),
        ({"stop": "tam:41"}, 404, "not_of_network"),
        ({"network": "tam"}, 404, "not_of_network"),
        ({"network": "nowhere"}, 404, "not_of_network"),
        ({"until": "2026-01-01T00:00:00+00:00"}, 400, "too_long_ahead"),
        ({"until": "2126-01-01T00:00:00+00:00"}, 400, "too_long_ahead"),
        ({"text": "a rumour"}, 400, "malformed"),
        ({"effect": "POLICE"}, 400, "malformed"),
    ]
    for change, status, name in wrong:
        found, answer = await office.alert(**change)
        assert (found, error(answer)) == (status, name)

    monkeypatch.setattr("alerts.networks.services.service.SERVICES_MOST", 1)
    await office.alert(id="service-000")
    found, answer = await office.alert(id="service-001")
    assert (found, error(answer)) == (409, "too_many_service_alerts")
    assert len(await office.feed()) == 1


async def test_only_a_supervisor_decides(office: Office) -> None:
    for role in (Role.OPERATOR, Role.CITIZEN, Role.ADMIN):
        who = await office.door.person(role)
        for method in ("service.alert", "service.end"):
            status, _ = await office.ask(method, who)
            assert status == 403


async def test_readers_may_keep_an_answer_and_ask_whether_it_has_changed(office: Office) -> None:
    _, _, headers = await office.get(feeds.ATOM)
    status, body, again = await office.get(feeds.ATOM, **{"if-none-match": headers["etag"]})

    assert (status, body) == (304, b"")
    assert again["etag"] == headers["etag"]
    assert headers["cache-control"].startswith("public, max-age=")
    await office.alert()
    status, _, _ = await office.get(feeds.ATOM, **{"if-none-match": headers["etag"]})
    assert status == 200


async def test_an_answer_is_made_once_in_a_while_whoever_asks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "FRESH", timedelta(minutes=1))
    assert await office.feed() == []
    await office.alert()
    assert await office.feed() == []


async def test_what_is_not_there_and_what_is_not_sent(office: Office) -> None:
    for path, status in (
        ("/api/cap/nothing.xml", 404),
        ("/api/cap/..%2f.xml", 404),
        ("/api/cap/" + "x" * 80 + ".xml", 404),
        ("/api/transit/alerts/nowhere.pb", 404),
        ("/api/transit/alerts/NOPE.pb", 404),
        ("/api/transit/alerts/idfm.pb", 200),
    ):
        assert (await office.get(path))[0] == status
    for path in (feeds.ATOM, f"{feeds.CAP}x.xml", f"{feeds.TRANSIT}ville.pb"):
        answer = await office.door.http.post(path, content=b"x")
        assert answer.status_code == 405


async def test_one_address_does_not_ask_for_ever(office: Office) -> None:
    statuses = [(await office.get(feeds.ATOM))[0] for _ in range(READING_BURST + 20)]

    assert statuses[:READING_BURST] == [200] * READING_BURST
    assert 429 in statuses


async def test_answers_that_are_kept_are_few(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "KEPT_MOST", 1)
    monkeypatch.setattr(feeds, "FRESH", timedelta(minutes=1))
    await office.get(f"{feeds.TRANSIT}ville.pb")
    await office.get(f"{feeds.TRANSIT}idfm.pb")
    await office.alert()

    assert len((await office.standing()).entity) == 1


async def test_we_are_called_by_our_public_name(tmp_path: Path) -> None:
    async with service(tmp_path, origins=(ORIGIN,)) as door:
        answer = await door.http.get(feeds.ATOM, headers=HOST)

        assert answer.status_code == 200
        assert f'href="{ORIGIN}{feeds.ATOM}"'.encode() in answer.content
        assert door.whole.services.networking.sender == "entraide.example"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"cap_feeds": "meteo=http://a.example/"}, "CAP_FEEDS"),
        ({"cap_feeds": "https://a.example/"}, "CAP_FEEDS"),
        ({"transit_feeds": "Tam=https://a.example/"}, "TRANSIT_FEEDS"),
        ({"transit_feeds": "tam=http://127.0.0.1:1/"}, "TRANSIT_FEEDS"),
        ({"cap_sender": "a, b"}, "CAP_SENDER"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, given: dict[str, object], problem: str) -> None:
    with pytest.raises(BadSettings, match=problem):
        Settings.read(data_dir=tmp_path, demo=False, **given)


def test_loopback_is_for_tests(tmp_path: Path) -> None:
    given = {"data_dir": tmp_path, "hook_loopback": True}

    Settings.read(**given, transit_feeds="tam=http://127.0.0.1:1/")
    with pytest.raises(BadSettings, match="HOOK_LOOPBACK must be off in production"):
        Settings.read(**given, production=True)
