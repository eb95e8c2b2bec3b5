"""Rooms and holds on both engines: what is held is not free, and what ends is free again."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from matching.shelter.errors import (
    AlreadyExtended,
    AlreadyHeld,
    CodeLocked,
    CountDrifted,
    HoldEnded,
    NotApproved,
    RoomsPromised,
    RoomTaken,
    WrongCode,
)
from matching.shelter.holds import machine
from matching.shelter.inventory import store as rooms_store
from matching.shelter.inventory.counting import store as counting
from matching.shelter.inventory.freshness import Freshness, freshness
from matching.shelter.inventory.reconciling import Reconciliation, drift
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import PARIS
from matching.shelter.rules import TRIES
from matching.shelter.values import BudgetId, Count, HoldId, HoldState, HotelId, KindId, NeedId
from realtime import store as realtime_store
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import LimitExceeded, Malformed, NotAllowed, NotFound
from realtime.ledger import Transaction
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


async def hold(place: Shelter, verb: str, name: HoldId, **rest: object) -> HoldState:
    act = getattr(place.holds, verb)
    change = await place.write(lambda tx: act(tx, name, **({"actor": DESK} | rest)))
    assert change.refused is None
    state: HoldState = change.after.state
    return state


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
    place.clock.advance(3 * 3600)
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
    await hold(place, "decline", first.hold, reason="full")
    place.clock.advance(1)
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
    assert await hold(place, "extend", held.hold) is HoldState.HELD
    with pytest.raises(AlreadyExtended):
        await hold(place, "extend", held.hold)
    await place.pass_time(90 * 60)
    assert place.followed == []
    await place.pass_time(60)

    assert [(it.after.state, it.actor) for it in place.followed] == [(HoldState.EXPIRED, "shelter")]
    assert place.told()[-1]["state"] == "expired"
    assert (await place.count()).free == 1
    with pytest.raises(HoldEnded):
        await hold(place, "confirm", held.hold)


async def test_who_does_not_come_is_released_an_hour_after_her_window(place: Shelter) -> None:
    held = (await place.take("need-1")).after
    await hold(place, "confirm", held.hold)
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
    await hold(place, "confirm", held.hold)
    code = await place.read(lambda r: place.holds.code(r, held.hold))
    assert code is not None
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(TRIES):
        change = await place.write(lambda tx: place.holds.arrive(tx, held.hold, wrong, actor=DESK))
        assert isinstance(change.refused, WrongCode)
        assert not change.moved
    with pytest.raises(CodeLocked):
        await hold(place, "arrive", held.hold, code=code)

    assert await hold(place, "arrive", held.hold, code=None) is HoldState.ARRIVED


async def test_a_long_stay_needs_two_people(place: Shelter) -> None:
    held = (await place.take("need-1", nights=8, approved=False)).after
    with pytest.raises(NotApproved):
        await hold(place, "confirm", held.hold)
    with pytest.raises(NotAllowed):
        await hold(place, "approve", held.hold, actor=WORKER)
    await hold(place, "approve", held.hold, actor=OPERATOR)
    # Said twice.
    await hold(place, "approve", held.hold, actor=OPERATOR)

    assert await hold(place, "confirm", held.hold) is HoldState.CONFIRMED


async def test_more_nights_are_taken_where_there_is_room(place: Shelter) -> None:
    held = (await place.take("need-1")).after
    await hold(place, "confirm", held.hold)
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
    await hold(place, "cancel", held.hold)
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
        "kind", "first", "nights", "arrives_from", "arrives_until", "expires_at",
    }  # fmt: skip
    for secret in ("need-1", WORKER, "price", "budget"):
        assert secret not in str(pushed)


# Time.


async def test_a_hold_of_ten_to_six_stays_of_its_night(tmp_path: Path, address: str) -> None:
    clock = ManualClock(datetime(2026, 11, 26, 4, 50, tzinfo=UTC))
    async with shelter(tmp_path, address, clock=clock) as place:
        await place.open()
        asked_for = place.tonight
        held = (await place.take("need-1")).after
        await place.pass_time(20 * 60)

        # It is another night; nobody has a room of it, and hers is as it was.
        assert asked_for.isoformat() == "2026-11-25"
        assert place.tonight.isoformat() == "2026-11-26"
        assert await place.count(night=asked_for) == Count(1, 0, 1)
        assert await place.count() == Count(1, 0, 0)
        assert await hold(place, "confirm", held.hold) is HoldState.CONFIRMED
        assert (await place.take("need-2")).after.first == place.tonight
        assert await place.read(drift) == 0


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
async def test_the_odd_nights_of_2026_are_one_night_each(
    tmp_path: Path, address: str, day: str
) -> None:
    evening = datetime.fromisoformat(f"{day}T20:00:00").replace(tzinfo=UTC)
    async with shelter(tmp_path, address, clock=ManualClock(evening)) as place:
        await place.open()
        held = (await place.take("need-1", nights=2)).after
        await hold(place, "confirm", held.hold)
        await hold(place, "arrive", held.hold, code=None)
        until = machine.ends(held)
        while place.clock.now() < until - timedelta(hours=1):
            await place.pass_time(3600)
            # On each of both nights, whatever the hour: hers, and only those two.
            expected = int(place.tonight < held.first + timedelta(days=2))
            assert (await place.count()).held == expected
        assert (await place.read(lambda r: place.holds.alive_of(r, NeedId("need-1")))) is not None
        await place.pass_time(3600)

        assert place.clock.now().astimezone(PARIS).hour == 12
        assert [it.after.state for it in place.followed] == [HoldState.LEFT]
        assert await place.read(drift) == 0


async def test_a_desk_that_is_silent_for_a_night_gives_what_it_usually_does(
    place: Shelter,
) -> None:
    await place.change(2)
    yesterday = place.tonight
    await place.pass_time(12 * 3600)

    # What it said was of that night; the new one begins as usual, and is known to be old.
    assert await place.count(night=yesterday) == Count(3, 0, 0)
    assert await place.count() == Count(1, 0, 0)
    hotel = await place.read(lambda r: place.inventory.hotel(r, HotelId("h1")))
    assert hotel is not None
    assert freshness(hotel.spoken_at, place.clock.now()) is Freshness.STALE
    # A tap that comes late is of the night that it is sent for.
    assert await place.change(-1, night=yesterday) == Count(2, 0, 0)
    assert await place.count() == Count(1, 0, 0)


# What does not add up.


async def test_what_does_not_add_up_is_told_and_repaired_on_the_record(place: Shelter) -> None:
    counted = Reconciliation(place.made.ledger, place.inventory)
    counted.register(place.made.tasks)
    await place.change(2)
    dead, lacking, wrong = [(await place.take(f"need-{it}")).after for it in range(3)]
    await hold(place, "cancel", dead.hold)

    async def tamper(tx: Transaction) -> None:
        rows = rooms_store.hold_night
        await counting.take(tx.db, dead, [dead.first])
        await tx.db.execute(rows.delete().where(rows.c.hold == lacking.hold))
        other = {"night": wrong.first + timedelta(days=9)}
        await tx.db.execute(rows.update().where(rows.c.hold == wrong.hold).values(**other))
        # Of a hold that nobody knows.
        await counting.take(tx.db, replace(dead, hold=HoldId("ghost")), [dead.first])

    await place.write(tamper)
    assert await place.read(drift) == 4
    await place.write(counted.plan)
    await place.settle()

    assert counted.drift == 4
    assert await place.read(drift) == 0
    async with place.made.database.snapshot() as db:
        lines = [it for it in await realtime_store.read_audit(db) if it.action == "shelter.repair"]
    assert {it.thing for it in lines} == {dead.hold, lacking.hold, wrong.hold, "ghost"}
    await place.pass_time(300)
    assert counted.drift == 0


async def test_what_cannot_be_repaired_stays_an_alarm(place: Shelter) -> None:
    counted = Reconciliation(place.made.ledger, place.inventory)
    counted.register(place.made.tasks)
    await place.change(1)
    lacking, _ = (await place.take("need-1")).after, (await place.take("need-2")).after

    async def tamper(tx: Transaction) -> None:
        rows, night = rooms_store.hold_night, rooms_store.night
        await tx.db.execute(rows.delete().where(rows.c.hold == lacking.hold))
        await tx.db.execute(night.update().values(total=0, occupied=1))

    await place.write(tamper)
    await place.write(counted.plan)
    await place.settle()
    await place.pass_time(300)

    assert counted.drift == 2


async def test_a_violation_is_undone_counted_and_told(
    place: Shelter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def takes_nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(counting, "take", takes_nothing)
    with pytest.raises(CountDrifted):
        await place.take("need-1")
    monkeypatch.setattr(counting, "say", takes_nothing)
    with pytest.raises(CountDrifted):
        await place.change(1)

    assert place.inventory.violations == 2
    assert await place.read(lambda r: place.holds.of_need(r, NeedId("need-1"))) == []


async def test_more_than_there_is_cannot_be_taken_even_by_mistake(
    place: Shelter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks_at_nothing(*_: object) -> None:
        return None

    await place.take("need-1")
    monkeypatch.setattr(Inventory, "_refuse_full", looks_at_nothing)
    with pytest.raises(CountDrifted):
        await place.take("need-2")

    assert await place.count() == Count(1, 0, 1)
