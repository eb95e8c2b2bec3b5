"""Pictures in a room over HTTP: sent by members, made anew, shown to members and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
import structlog.testing
from PIL import Image

from realtime.ledger import Transaction
from tests.support.service import Door, Person, service
from web.access.vocabulary import Role

CANARY = b"canari-48.8566"


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


def photograph() -> bytes:
    found = Image.Exif()
    found[0x010E] = CANARY.decode()
    out = BytesIO()
    Image.new("RGB", (300, 200), "green").save(out, "JPEG", exif=found)
    return out.getvalue()


@dataclass
class Scene:
    door: Door
    her: Person
    listener: Person
    stranger: Person

    async def send(
        self, who: Person, body: bytes, kind: str = "image/jpeg", room: str = "r1"
    ) -> httpx2.Response:
        return await self.door.http.post(
            f"/api/room/attach/{room}",
            content=body,
            headers={**who.bearer, "content-type": kind},
        )

    async def see(self, who: Person, name: str, room: str = "r1") -> httpx2.Response:
        return await self.door.http.get(f"/api/room/attachment/{room}/{name}", headers=who.bearer)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with service(tmp_path) as door:
        her, stranger = await door.person(), await door.person()
        listener = await door.person(Role.OPERATOR)
        rooms = door.whole.services.rooms

        async def work(tx: Transaction) -> None:
            await rooms.open(tx, "r1", "chat-1")
            await rooms.join(tx, "r1", her.caller.person, "elle", alone=True)
            await rooms.join(tx, "r1", listener.caller.person, "ecoutante", staff=True)

        await door.whole.durable.ledger.write(work)
        yield Scene(door, her, listener, stranger)


async def test_a_picture_goes_from_one_member_to_another_without_what_stood_beside(
    scene: Scene, tmp_path: Path
) -> None:
    sent = await scene.send(scene.her, photograph())
    name = sent.json()["attachment"]
    said = await scene.door.post(
        "/api/room/say",
        {"room": "r1", "id": "line-0001", "text": "", "attachment": name},
        who=scene.her,
    )
    seen = await scene.see(scene.listener, name)
    state = (await scene.door.post("/api/room/state", {"room": "r1"}, who=scene.listener)).json()

    assert sent.json() == {
        "attachment": name, "width": 300, "height": 200, "bytes": len(seen.content),
    }  # fmt: skip
    assert said.status_code == 200
    assert state["attachments"] == [sent.json()]
    assert state["messages"][0]["attachment"] == name
    shown = Image.open(BytesIO(seen.content))
    assert (shown.format, shown.size) == ("JPEG", (300, 200))
    assert CANARY not in seen.content
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["cache-control"] == "no-store"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["content-disposition"].startswith("inline")
    files = b"".join(it.read_bytes() for it in tmp_path.rglob("*") if it.is_file())
    assert CANARY not in files
    # Neither is it there in clear: it is sealed under the room's key.
    assert seen.content[200:400] not in files


async def test_a_room_is_its_members_affair(scene: Scene) -> None:
    name = (await scene.send(scene.her, photograph())).json()["attachment"]

    refused = [
        await scene.send(scene.stranger, photograph()),
        await scene.send(scene.her, photograph(), room="none-such"),
        await scene.send(scene.her, photograph(), room="a%00b"),
        await scene.see(scene.stranger, name),
        await scene.see(scene.her, name, room="none-such"),
        await scene.see(scene.listener, "none-such"),
        await scene.see(scene.listener, "a.b"),
    ]

    assert {it.status_code for it in refused} == {404}
    nobody = await scene.door.http.get(f"/api/room/attachment/r1/{name}")
    assert nobody.status_code == 401
    # A cookie alone says nothing of which page asks.
    foreign = await scene.door.http.get(
        f"/api/room/attachment/r1/{name}",
        headers={"cookie": "session=x; here=1", "sec-fetch-site": "cross-site"},
    )
    assert foreign.status_code in {401, 403}


async def test_what_is_not_a_picture_or_too_much_is_refused_without_a_word_of_it(
    scene: Scene,
) -> None:
    with structlog.testing.capture_logs() as logs:
        answers = {
            "words": await scene.send(scene.her, CANARY),
            "kind": await scene.send(scene.her, photograph(), "image/svg+xml"),
            "size": await scene.send(scene.her, photograph() + b"0" * (5 * 1024 * 1024)),
            "verb": await scene.door.http.get("/api/room/attach/r1", headers=scene.her.bearer),
            "show": await scene.door.post("/api/room/attachment/r1/x", who=scene.her),
        }

    names = {word: it.json()["error"]["name"] for word, it in answers.items()}
    assert names == {
        "words": "not_a_picture",
        "kind": "not_a_picture",
        "size": "too_large",
        "verb": "wrong_verb",
        "show": "wrong_verb",
    }
    routes = {it["route"] for it in logs if "route" in it}
    assert routes == {"/api/room/attach", "/api/room/attachment"}
    assert CANARY.decode() not in str(logs)


async def test_pictures_of_one_person_are_counted(scene: Scene) -> None:
    answers = [await scene.send(scene.her, b"x") for _ in range(11)]

    assert {it.status_code for it in answers[:10]} == {415}
    assert answers[10].status_code == 429


async def test_one_person_sends_one_picture_at_a_time(scene: Scene) -> None:
    """Files wait in memory while others are decoded: a person has one there, not ten."""
    begun, go = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def slow() -> AsyncIterator[bytes]:
        begun.set()
        await go.wait()
        order.append("first")
        yield photograph()

    async def eager() -> AsyncIterator[bytes]:
        order.append("second")
        yield photograph()

    async def send(body: AsyncIterator[bytes], who: Person) -> httpx2.Response:
        headers = {**who.bearer, "content-type": "image/jpeg"}
        return await scene.door.http.post("/api/room/attach/r1", content=body, headers=headers)

    first = asyncio.create_task(send(slow(), scene.her))
    await begun.wait()
    second = asyncio.create_task(send(eager(), scene.her))
    # Another person's goes through meanwhile; by then the second has come as far as it can.
    assert (await scene.send(scene.listener, photograph())).status_code == 200
    go.set()

    assert [it.status_code for it in await asyncio.gather(first, second)] == [200, 200]
    assert order == ["first", "second"]
