"""The promises A1 to A4 that alerts need of rooms (``alerts/ports.py``), on every backend."""

from collections.abc import AsyncGenerator

import pytest

from alerts.ports import Rooms
from realtime.kernel.ids import Channel, PersonId
from realtime.rooms.errors import NotAMember, RoomClosed
from realtime.store import wrapped_key
from tests.support.helping import ANNA, Stage, stage

CAMILLE = PersonId("camille")


@pytest.fixture
async def scene(address: str) -> AsyncGenerator[Stage]:
    async with stage(address=address) as built:
        await built.write(lambda tx: built.rooms.open(tx, "room", "alert"))
        yield built


async def join(scene: Stage, person: PersonId, role: str) -> str:
    rooms: Rooms = scene.rooms
    alone = role == "elle"
    return await scene.write(lambda tx: rooms.join(tx, "room", person, role, alone=alone))


async def test_a1_who_returns_has_the_same_seat(scene: Stage) -> None:
    seats = [await join(scene, ANNA, "elle"), await join(scene, CAMILLE, "aide")]
    await scene.write(lambda tx: scene.rooms.leave(tx, "room", CAMILLE))
    seats.append(await join(scene, PersonId("dora"), "aide"))
    seats.append(await join(scene, CAMILLE, "aide"))

    assert seats == ["elle", "aide-1", "aide-2", "aide-1"]


async def test_a2_who_has_left_is_no_member_and_hears_nothing(scene: Stage) -> None:
    await join(scene, CAMILLE, "aide")

    await scene.write(lambda tx: scene.rooms.leave(tx, "room", CAMILLE))
    await scene.settle()

    assert scene.revoked() == [(CAMILLE, "room:room"), (CAMILLE, "typing:room")]
    with pytest.raises(NotAMember):
        await scene.read(lambda r: scene.rooms.seat(r, "room", CAMILLE))


async def test_a3_in_a_closed_room_nothing_more_is_said(scene: Stage) -> None:
    await join(scene, ANNA, "elle")
    await scene.write(lambda tx: scene.rooms.say(tx, "room", ANNA, id="message-1", text="là"))

    await scene.write(lambda tx: scene.rooms.close(tx, "room"))

    with pytest.raises(RoomClosed):
        await scene.write(lambda tx: scene.rooms.say(tx, "room", ANNA, id="message-2", text="?"))
    assert await scene.read(lambda r: scene.rooms.seat(r, "room", ANNA)) == "elle"


async def test_a4_what_was_said_in_a_shredded_room_cannot_be_read(scene: Stage) -> None:
    await join(scene, ANNA, "elle")
    await scene.write(lambda tx: scene.rooms.say(tx, "room", ANNA, id="message-1", text="là"))

    await scene.write(lambda tx: scene.rooms.shred(tx, "room"))

    async with scene.made.database.snapshot() as db:
        assert await wrapped_key(db, Channel("room:room")) is None
