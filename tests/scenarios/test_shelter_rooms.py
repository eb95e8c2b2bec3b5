"""Rooms and holds on both engines: what is held is not free, and what ends is free again."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

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
from matching.shelter.inventory import store as rooms_store
from matching.shelter.inventory.freshness import Freshness, freshness
from matching.shelter.rules import TRIES
from matching.shelter.values import BudgetId, Count, HoldId, HoldState, HotelId, KindId, NeedId
from realtime.kernel.errors import LimitExceeded, Malformed, NotAllowed, NotFound
from tests.support.sheltering import (
    AN_ADDRESS,
    DESK,
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
    hotel = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
    assert hotel is not None
    assert hotel.accepted == 1

    # Nobody says that she has left: noon after the last night does.
    await place.pass_time(3 * 24 * 3600)
    assert [it.after.state for it in place.followed] == [HoldState.LEFT]
    assert await place.count() == Count(1, 0, 0)
    assert [it["state"] for it in place.told()] == ["held", "confirmed", "arrived", "left"]


# What hotels and she say.


async def test_a_desk_gives_more_and_fewer_rooms_but_none_that_is_promised(place: Shelter) -> None:
    assert await place.change(2) == Count(3, 0, 0)
    await place.take("need-1")
    assert await place.change(-2) == Count(1, 0, 1)
    with pytest.raises(RoomsPromised):
        await place.change(-1)
    with pytest.raises(Malformed):
        await place.change(5_000)

    async def occupied(by: int) -> Count:
        return await place.write(
            lambda tx: place.inventory.occupy(
                tx, HotelId("h1"), KindId("k1"), night=place.tonight, by=by, actor=DESK
            )
        )

    with pytest.raises(RoomsPromised):
        await occupied(1)
    with pytest.raises(Malformed):
        await occupied(-1)
    await place.change(1)
    assert await occupied(1) == Count(2, 1, 1)


async def test_what_a_desk_said_has_an_age(place: Shelter) -> None:
    async def spoken() -> Freshness:
        hotel = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
        assert hotel is not None
        return freshness(hotel.spoken_at, place.clock.now())

    assert await spoken() is Freshness.STALE
    await place.change(1)
    assert await spoken() is Freshness.FRESH
    await place.pass_time(3 * 3600)
    assert await spoken() is Freshness.AGING
    await place.write(lambda tx: place.inventory.confirm(tx, HotelId("h1"), DESK))
    assert await spoken() is Freshness.FRESH


async def test_an_address_is_sealed_and_nothing_else_leads_to_it(place: Shelter) -> None:
    found = await place.read(lambda r: place.inventory.address(r, HotelId("h1")))
    unknown = await place.read(lambda r: place.inventory.address(r, HotelId("h2")))
    hotel = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
    async with place.made.database.snapshot() as db:
        row = (await db.execute(select(rooms_store.hotel))).one()

    assert (found, unknown) == (AN_ADDRESS, None)
    for secret in ("Canari", "Secrète", "+331"):
        assert secret not in repr(hotel)
        assert secret.encode() not in bytes(row.sealed)
    await place.write(lambda tx: tx.shred("hotel:h1"))
    assert await place.read(lambda r: place.inventory.address(r, HotelId("h1"))) is None


async def test_rooms_that_are_not_there(place: Shelter) -> None:
    with pytest.raises(NotFound):
        await place.take("need-1", kind="k2")
    with pytest.raises(NotFound):
        await place.take("need-1", hotel="h2")
    with pytest.raises(Malformed):
        await place.take("need-1", nights=0)
    with pytest.raises(Malformed):
        await place.open(a_hotel("h3"), a_kind("k3", "h4"))
    with pytest.raises(NotFound):
        await place.write(lambda tx: place.holds.confirm(tx, HoldId("none"), actor=DESK))
    with pytest.raises(NotFound):
        await place.write(lambda tx: place.inventory.confirm(tx, HotelId("h9"), DESK))


async def test_one_room_at_a_time_for_a_need(place: Shelter) -> None:
    await place.change(3)
    first = (await place.take("need-1")).after
    with pytest.raises(AlreadyHeld):
        await place.take("need-1")

    assert await place.read(lambda r: place.holds.alive_of(r, NeedId("need-1"))) == first
    await place.says("decline", first.hold, reason="full")
    await place.pass_time(1)
    second = (await place.take("need-1")).after

    found = await place.read(lambda r: place.holds.of_need(r, NeedId("need-1")))
    assert [it.hold for it in found] == [first.hold, second.hold]
    refused = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
    assert refused is not None
    assert (refused.accepted, refused.refused) == (0, 1)


async def test_a_hold_expires_unless_it_is_extended_once(place: Shelter) -> None:
    held = (await place.take("need-1", minutes=90)).after
    await place.pass_time(89 * 60)
    assert await place.write(lambda tx: place.holds.expire(tx, held.hold)) is None
    assert await place.says("extend", held.hold) is HoldState.HELD
    with pytest.raises(AlreadyExtended):
        await place.says("extend", held.hold)
    await place.pass_time(90 * 60)
    assert place.followed == []
    await place.pass_time(60)

    assert [(it.after.state, it.actor) for it in place.followed] == [(HoldState.EXPIRED, "shelter")]
    assert place.told()[-1]["state"] == "expired"
    assert (await place.count()).free == 1
    with pytest.raises(HoldEnded):
        await place.says("confirm", held.hold)


async def test_who_does_not_come_is_released_an_hour_after_her_window(place: Shelter) -> None:
    held = (await place.take("need-1")).after
    await place.says("confirm", held.hold)
    await place.pass_time(5 * 3600 - 1)
    assert (await place.count(night=held.first)).held == 1
    await place.pass_time(1)

    assert [it.after.state for it in place.followed] == [HoldState.NO_SHOW]
    assert (await place.count(night=held.first)).held == 0
    assert await place.write(lambda tx: place.holds.no_show(tx, held.hold)) is None


async def test_wrong_codes_are_counted_and_then_the_helpline_says_who_it_is(
    place: Shelter,
) -> None:
    held = (await place.take("need-1")).after
    await place.says("confirm", held.hold)
    code = await place.read(lambda r: place.holds.code(r, held.hold))
    assert code is not None
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(TRIES):
        change = await place.write(lambda tx: place.holds.arrive(tx, held.hold, wrong, actor=DESK))
        assert isinstance(change.refused, WrongCode)
        assert not change.moved
    with pytest.raises(CodeLocked):
        await place.says("arrive", held.hold, code=code)

    assert await place.says("arrive", held.hold, code=None) is HoldState.ARRIVED


async def test_a_long_stay_needs_two_people(place: Shelter) -> None:
    held = (await place.take("need-1", nights=8, approved=False)).after
    with pytest.raises(NotApproved):
        await place.says("confirm", held.hold)
    with pytest.raises(NotAllowed):
        await place.says("approve", held.hold, actor=WORKER)
    await place.says("approve", held.hold, actor=OPERATOR)
    # Said twice.
    await place.says("approve", held.hold, actor=OPERATOR)

    assert await place.says("confirm", held.hold) is HoldState.CONFIRMED


async def test_more_nights_are_taken_where_there_is_room(place: Shelter) -> None:
    held = (await place.take("need-1")).after
    await place.says("confirm", held.hold)
    tomorrow = place.tonight + timedelta(days=1)

    longer = await place.write(lambda tx: place.holds.more(tx, held.hold, 1, actor=WORKER))
    assert longer.after.nights == 2
    assert await place.count(night=tomorrow) == Count(1, 0, 1)
    after = tomorrow + timedelta(days=1)
    await place.change(-1, night=after)
    with pytest.raises(RoomTaken):
        await place.write(lambda tx: place.holds.more(tx, held.hold, 1, actor=WORKER))
    with pytest.raises(LimitExceeded):
        await place.write(lambda tx: place.holds.more(tx, held.hold, 90, actor=WORKER))


async def test_another_budget_may_pay(place: Shelter) -> None:
    held = (await place.take("need-1")).after

    change = await place.write(
        lambda tx: place.holds.pay_from(tx, held.hold, BudgetId("b1"), actor=OPERATOR)
    )

    assert change.after.budget == "b1"
    assert await place.read(lambda r: place.holds.find(r, held.hold)) == change.after


async def test_what_is_personal_is_gone_a_day_after_the_hold(place: Shelter) -> None:
    held = (await place.take("need-1")).after
    await place.says("cancel", held.hold)
    await place.pass_time(24 * 3600)

    found = await place.read(lambda r: place.holds.find(r, held.hold))
    assert found is not None
    assert (found.alias, found.word, found.state) == ("", "", HoldState.CANCELLED)
    assert await place.read(lambda r: place.holds.code(r, held.hold)) is None


async def test_a_desk_is_told_an_alias_and_a_shape_and_nothing_else(place: Shelter) -> None:
    await place.change(1)
    one, two = (await place.take("need-1")).after, (await place.take("need-2")).after
    seen = await place.read(lambda r: place.holds.at_desk(r, HotelId("h1")))

    assert {it.alias for it in seen} == {one.alias, two.alias}
    assert len({it.alias for it in seen}) == len({it.word for it in seen}) == 2
    pushed = place.told()
    assert set(pushed[0]) - {"type"} == {
        "hold", "alias", "word", "state", "people", "children", "cots", "pets", "wheelchair",
        "kind", "first", "nights", "arrives_from", "arrives_until", "expires_at", "locked",
    }  # fmt: skip
    for secret in ("need-1", WORKER, "price", "budget"):
        assert secret not in str(pushed)
