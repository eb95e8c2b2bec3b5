"""Rooms: who may speak, under which name, and what is left when all is over."""

from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest

from realtime.channels import CONTROL
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms import store
from realtime.rooms.errors import NotAMember, RoomClosed
from realtime.rooms.messages import RoomState, channel_of
from realtime.rooms.service import PAGE, Rooms
from tests.support.house import House, house_in

SHE, ANNA, BEA = PersonId("she"), PersonId("anna"), PersonId("bea")


class Place:
    """A house with one room: she, Anna and Bea."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.rooms = Rooms(house.made.ledger)

    async def open(self) -> list[str]:
        async def work(tx: Transaction) -> list[str]:
            await self.rooms.open(tx, "r1", "alert-1")
            return [
                await self.rooms.join(tx, "r1", SHE, "elle", alone=True),
                await self.rooms.join(tx, "r1", ANNA, "aide"),
                await self.rooms.join(tx, "r1", BEA, "aide"),
            ]

        return await self.house.made.ledger.write(work)

    async def join(self, person: PersonId, role: str) -> str:
        return await self.house.made.ledger.write(
            lambda tx: self.rooms.join(tx, "r1", person, role)
        )

    async def leave(self, person: PersonId) -> None:
        await self.house.write(lambda tx: self.rooms.leave(tx, "r1", person))

    async def close(self) -> None:
        await self.house.write(lambda tx: self.rooms.close(tx, "r1"))

    async def say(self, person: PersonId, text: str, *, room: str = "r1") -> None:
        await self.house.write(
            lambda tx: self.rooms.say(tx, room, person, id=f"id-{text}", text=text)
        )

    async def state(self, person: PersonId, *, room: str = "r1") -> RoomState:
        async with self.house.made.ledger.reading() as reading:
            return await self.rooms.state(reading, room, person)

    async def of(self, person: PersonId) -> list[tuple[str, str, str]]:
        async with self.house.made.ledger.reading() as reading:
            return await self.rooms.of(reading, person)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncGenerator[Place]:
    async with house_in(tmp_path) as house:
        yield Place(house)


async def test_a_seat_says_the_role_and_nothing_of_the_person(place: Place) -> None:
    assert await place.open() == ["elle", "aide-1", "aide-2"]


async def test_who_returns_has_the_same_seat_and_who_comes_new_another(place: Place) -> None:
    await place.open()
    await place.leave(ANNA)

    assert await place.join(PersonId("cleo"), "aide") == "aide-3"
    assert await place.join(ANNA, "aide") == "aide-1"
    assert await place.join(ANNA, "aide") == "aide-1"


async def test_what_is_said_is_read_in_order_under_the_seats(place: Place) -> None:
    await place.open()
    await place.say(SHE, "bonjour")
    await place.say(BEA, "j'arrive")

    state = await place.state(ANNA)

    assert [(it.seat, it.text, it.offset) for it in state.messages] == [
        ("elle", "bonjour", 1),
        ("aide-2", "j'arrive", 2),
    ]
    assert (state.seat, state.subject, state.open, state.offset) == ("aide-1", "alert-1", True, 2)
    assert [(it.seat, it.role, it.here) for it in state.members] == [
        ("aide-1", "aide", True),
        ("aide-2", "aide", True),
        ("elle", "elle", True),
    ]
    assert "anna" not in msgspec.json.encode(state).decode()


async def test_a_snapshot_holds_the_newest_page(place: Place) -> None:
    await place.open()
    for number in range(PAGE + 3):
        await place.say(SHE, f"{number}")

    state = await place.state(SHE)

    assert [it.text for it in state.messages] == [str(number) for number in range(3, PAGE + 3)]
    assert state.messages[-1].offset == state.offset == PAGE + 3


@pytest.mark.parametrize("room", ["r1", "no such room"])
async def test_who_is_not_a_member_is_told_the_same_whether_there_is_a_room_or_not(
    place: Place, room: str
) -> None:
    await place.open()

    with pytest.raises(NotAMember):
        await place.say(PersonId("stranger"), "hello?", room=room)
    with pytest.raises(NotAMember):
        await place.state(PersonId("stranger"), room=room)


async def test_who_left_speaks_and_reads_no_more_and_every_node_is_told(place: Place) -> None:
    await place.open()

    await place.leave(ANNA)

    with pytest.raises(NotAMember):
        await place.say(ANNA, "still here")
    with pytest.raises(NotAMember):
        await place.state(ANNA)
    orders = [
        msgspec.json.decode(it.body)
        for each in place.house.committed
        for it in each.deliveries
        if it.channel == CONTROL
    ]
    assert orders == [
        {"type": "revoke", "person": "anna", "channel": channel}
        for channel in ("room:r1", "typing:r1")
    ]
    assert (await place.state(SHE)).members[0].here is False


async def test_in_a_closed_room_nothing_is_said_and_what_was_said_is_read(place: Place) -> None:
    await place.open()
    await place.say(SHE, "merci")

    await place.close()

    with pytest.raises(RoomClosed):
        await place.say(SHE, "encore")
    state = await place.state(SHE)
    assert [it.text for it in state.messages] == ["merci"]
    assert not state.open


async def test_a_person_has_the_rooms_that_are_open_and_not_left(place: Place) -> None:
    await place.open()
    assert await place.of(ANNA) == [("r1", "alert-1", "aide-1")]

    await place.leave(ANNA)
    assert await place.of(ANNA) == []
    assert await place.of(SHE) == [("r1", "alert-1", "elle")]
    await place.close()
    assert await place.of(SHE) == []


async def test_a_shredded_room_says_nothing_and_its_offsets_do_not_go_back(place: Place) -> None:
    await place.open()
    await place.say(SHE, "canary-word")

    await place.house.write(lambda tx: place.rooms.shred(tx, "r1"))

    state = await place.state(SHE)
    assert state.messages == []
    assert state.offset == 1
    assert (await place.house.made.ledger.place(channel_of("r1"))).offset == 1


async def test_a_room_whose_members_are_known_and_which_is_not_there_is_not_found(
    place: Place,
) -> None:
    async def strange(tx: Transaction) -> None:
        await store.put_member(tx.db, "ghost", store.MemberRow(SHE, "elle", "elle", None))

    await place.house.write(strange)

    with pytest.raises(NotFound):
        await place.state(SHE, room="ghost")
    with pytest.raises(RoomClosed):
        await place.say(SHE, "hello", room="ghost")
