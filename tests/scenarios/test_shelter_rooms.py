"""Rooms and holds on both engines: what is held is not free, and what ends is free again."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from matching.shelter.errors import (
    AlreadyExtended,
    AlreadyHeld,
    CodeLocked,
    HoldEnded,
    NotApproved,
    RoomsPromised,
    RoomTaken,
    WrongCode,
)
from matching.shelter.values import Count, HoldId, HoldState, HotelId, NeedId
from realtime.kernel.errors import LimitExceeded, Malformed, NotAllowed, NotFound
from tests.support.sheltering import (
    AN_ADDRESS,
    DESK,
    MOTHER,
    OPERATOR,
    WORKER,
    Shelter,
    a_hotel,
    a_kind,
    shelter,
)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def place(tmp_path: Path, address: str) -> AsyncGenerator[Shelter]:
    async with shelter(tmp_path, address) as made:
        await made.open()
        yield made


async def test_what_is_held_is_not_free_and_what_ends_is_free_again(place: Shelter) -> None:
    assert await place.count() == Count(1, 0, 0)

    held = (await place.take("need-1")).after
    assert await place.count() == Count(1, 0, 1)
    with pytest.raises(RoomTaken):
        await place.take("need-2")

    await place.write(lambda tx: place.holds.cancel(tx, held.hold, actor=WORKER))
    assert await place.count() == Count(1, 0, 0)
    assert (await place.take("need-2")).after.state is HoldState.HELD


async def test_a_stay_from_the_asking_to_the_last_morning(place: Shelter) -> None:
    held = (await place.take("need-1", nights=2)).after
    confirmed = await place.write(lambda tx: place.holds.confirm(tx, held.hold, actor=DESK))
    code = await place.read(lambda r: place.holds.code(r, held.hold))
    arrived = await place.write(lambda tx: place.holds.arrive(tx, held.hold, code, actor=DESK))

    assert confirmed.after.state is HoldState.CONFIRMED
    assert arrived.refused is None
    assert arrived.after.state is HoldState.ARRIVED
    [seen] = await place.read(lambda r: place.holds.at_desk(r, HotelId("h1")))
    assert (seen.people, seen.children, seen.cots, seen.state) == (3, 2, 1, "arrived")
    assert (await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))).accepted == 1

    # Nobody says that she has left: noon after the last night does.
    await place.pass_time(3 * 24 * 3600)
    assert [it.after.state for it in place.followed] == [HoldState.LEFT]
    assert await place.count() == Count(1, 0, 0)
    assert [it["state"] for it in place.told()] == ["held", "confirmed", "arrived", "left"]
